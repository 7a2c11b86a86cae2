"""A refused publication answers with a sentence, whichever of Wagtail's screens asked for it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from people.services import Refusal


class RefusalMiddleware:
    """Turns a refusal that leaves a screen of the content admin into a message.

    The editor shows its own refusals (cms.viewsets); this is for bulk publication, workflow and
    the screens of wagtail-localize, which know nothing of our rules.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        admin = reverse("wagtailadmin_home")
        if request.method != "POST" or not request.path.startswith(admin):
            return None
        if not isinstance(exception, (Refusal, ValidationError)):
            return None
        words = exception.messages if isinstance(exception, ValidationError) else [str(exception)]
        for sentence in words:
            messages.error(request, sentence)
        return HttpResponseRedirect(_before(request) or admin)


def _before(request: HttpRequest) -> str:
    referer = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(
        referer, {request.get_host()}, require_https=request.is_secure()
    )
    return referer if is_ours else ""
