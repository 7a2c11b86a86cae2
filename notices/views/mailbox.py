"""The demonstration's mailbox: every message the site has sent, for whoever tries it. It does not
exist outside a demonstration.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from csp.decorators import csp

from notices.readers import Mail
from notices.selectors.mailbox import find_mail, latest_mails
from people.policies import policy

PER_PAGE = 40
# A message is shown as mail programs show it: no script, no request, links in a tab of their own.
MAIL_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "script-src": ["'none'"],
    "img-src": ["data:"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


def in_demonstration(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """404 unless settings.DEMO: a page that is not there, not a page that refuses."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return answer


@policy("site.demo")
@in_demonstration
@never_cache
@require_GET
def demo_mailbox(request: HttpRequest) -> HttpResponse:
    """The latest messages, newest first; `to` keeps those of one address."""
    sought = request.GET.get("to", "").strip()
    entries = [each for each in latest_mails() if sought.lower() in each.mail.to.lower()]
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "notices/demo_mailbox.html",
        {"page": page, "sought": sought, "query": query.urlencode()},
    )


@policy("site.demo")
@in_demonstration
@never_cache
@require_GET
def demo_mail(request: HttpRequest, name: str) -> HttpResponse:
    crumbs = [{"label": _("Mail sent"), "url": reverse("notices:demo_mailbox")}]
    context = {"mail": _mail_or_404(name), "name": name, "crumbs": crumbs}
    return render(request, "notices/demo_mail.html", context)


@policy("site.demo")
@in_demonstration
@never_cache
@csp(MAIL_POLICY)  # type: ignore[arg-type]
@require_GET
def demo_mail_page(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, for a frame."""
    html = _mail_or_404(name).html
    if not html:
        raise Http404
    return HttpResponse(html.replace("<head>", '<head><base target="_blank">', 1))


@policy("site.demo")
@in_demonstration
@never_cache
@require_GET
def demo_attachment(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """An attached file, to be kept, never shown inside our pages."""
    attachments = _mail_or_404(name).attachments
    if not 1 <= number <= len(attachments):
        raise Http404
    attachment = attachments[number - 1]
    return HttpResponse(
        attachment.content,
        content_type=attachment.media_type,
        headers={"Content-Disposition": f'attachment; filename="{attachment.name}"'},
    )


def _mail_or_404(name: str) -> Mail:
    mail = find_mail(name)
    if mail is None:
        raise Http404
    return mail
