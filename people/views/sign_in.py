"""The one door: an address, a code, and on to where one was going."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from allauth.account.utils import (
    get_next_redirect_url,
    passthrough_next_redirect_url,
    perform_login,
)
from allauth.account.views import RequestLoginCodeView

from people.choices import DEMO_ACCOUNTS
from people.policies import policy
from people.selectors.addresses import find_by_address
from people.services.accounts import begin_account


@policy("site.sign_in")
class SignInView(RequestLoginCodeView):
    """Asks for an address and sends it a code, whether or not an account has it.

    An unknown address begins an account that only its code can open; so the answer, the mail and
    what follows are the same for everybody, and nothing tells who is known here.
    """

    template_name = "account/login.html"

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["email"].widget.attrs.pop("placeholder", None)  # its label says the same
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        form._user = begin_account(email=form.cleaned_data["email"], at=timezone.now())
        return super().form_valid(form)

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """A code was sent already: the person may still correct the address."""
        return


sign_in = SignInView.as_view()


@policy("site.sign_in")
def sign_up(request: HttpRequest) -> HttpResponse:
    """There is no other page for newcomers: signing in begins an account."""
    return redirect(passthrough_next_redirect_url(request, reverse("account_login"), "next"))


@policy("site.demo")
@never_cache
@require_http_methods(["GET", "POST"])
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """One-click sign-in as a fictional person. Exists only where DEMO is on."""
    if not settings.DEMO:
        raise Http404
    if request.method == "POST":
        user = find_by_address(DEMO_ACCOUNTS.get(request.POST.get("account", ""), ""))
        if user is None:
            raise Http404
        return perform_login(request, user, redirect_url=get_next_redirect_url(request))
    accounts = [
        (key, user) for key, address in DEMO_ACCOUNTS.items() if (user := find_by_address(address))
    ]
    return render(
        request,
        "people/demo_sign_in.html",
        {"accounts": accounts, "next_url": get_next_redirect_url(request) or ""},
    )
