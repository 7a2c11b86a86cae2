"""What allauth asks of us: the language of its mails, where one goes on, which address is safe."""

from typing import Any

from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse

from people.selectors.accounts import is_complete
from people.selectors.addresses import find_by_address

LOGGED_IN = "account/messages/logged_in.txt"
# Said by the page that follows; the second code, asked for on that page itself, is worth a word.
REPEATED = {
    ("account/messages/login_code_sent.txt", "account_login"),
    ("account/messages/login_code_sent.txt", "account_request_login_code"),
    ("account/messages/email_confirmed.txt", "account_confirm_login_code"),
    ("account/messages/email_confirmation_sent.txt", "account_email"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by a code sent to an address; one journey for those we know and those we do not."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("This is not the code we sent. Check it, or ask for another."),
        "too_many_login_attempts": _(
            "Too many attempts for this address. Wait a few minutes, then ask for a new code."
        ),
        "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
        "email_taken": _("This address belongs to another account."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the reader's language where we know it, else in the one the page was read in.

        A mail server that does not answer becomes a page that says so and loses nothing; it keeps
        the language of the page, which tells nobody whose address this is.
        """
        reader = find_by_address(email)
        profile = getattr(reader, "profile", None)
        try:
            with translation.override(profile.language if profile else translation.get_language()):
                super().send_mail(template_prefix, email, context)
        except OSError as failure:
            raise ImmediateHttpResponse(self._mail_down()) from failure

    def _mail_down(self) -> HttpResponse:
        again = {"again": self.request.get_full_path()}
        return render(self.request, "people/mail_down.html", again, status=503)

    def render_mail(self, template_prefix: str, *args: Any, **options: Any) -> EmailMessage:
        """Names its kind to the door, which logs that and never the words."""
        message = super().render_mail(template_prefix, *args, **options)
        message.extra_headers["X-Academy-Kind"] = template_prefix.rpartition("/")[2]
        return message

    def is_safe_url(self, url: str) -> bool:
        """Only our own host, and never from HTTPS to HTTP."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, {request.get_host()}, require_https=request.is_secure()
        )

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **options: Any,
    ) -> None:
        """Leaves out what the next page says by itself: a code was sent, one is signed in."""
        page = request.resolver_match.url_name if request.resolver_match else ""
        if (message_template, page) in REPEATED or message_template == LOGGED_IN:
            return
        super().add_message(request, level, message_template, *args, **options)

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        """To where one was going; a first visit passes by the page that completes the account."""
        response = super().post_login(request, user, **options)
        if is_complete(user):
            return response
        query = urlencode({"next": response["Location"]})
        return redirect(f"{reverse('people:onboarding')}?{query}")
