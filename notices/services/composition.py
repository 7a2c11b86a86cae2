"""From facts to a message on its way: words from templates, headers, parts, transport.

The outbox does not pass the door (backends.DoorBackend): it speaks to EMAIL_TRANSPORT itself, so
that the door's log counts only what others write.
"""

from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from notices.choices import TEXTS
from notices.letters import masked, message_id, one_line, tidy
from notices.models import Notice
from notices.selectors.facts import Facts
from notices.selectors.samples import sample_facts

UNSUBSCRIBE = "List-Unsubscribe"


class WholeHeader(Header):
    """A header on one line: an address has no place where it may be folded, and folding before it
    leaves an empty first line.
    """

    def encode(
        self, splitchars: str = "", maxlinelen: int | None = None, linesep: str = "\n"
    ) -> str:
        return super().encode(splitchars, 0, linesep)


class FoldedMail(EmailMultiAlternatives):
    """Django folds a long subject without counting its name, which leaves an empty first line that
    RFC 5322 forbids and readers show as a space. Folded here by the standard library instead.
    """

    def message(self, **options: Any) -> Any:
        message = super().message(**options)  # refuses line ends in any header
        message.replace_header("Subject", Header(str(self.subject), header_name="Subject"))
        if UNSUBSCRIBE in message:
            message.replace_header(UNSUBSCRIBE, WholeHeader(message[UNSUBSCRIBE]))
        return message


@dataclass(frozen=True)
class Letter:
    """One message ready to hand over; `kept_text` is its text without the capabilities in it."""

    message: FoldedMail
    message_id: str
    subject: str
    kept_text: str


def compose(*, notice: Notice, facts: Facts) -> Letter:
    """Renders templates/emails/<kind>.{subject.txt,txt,html} in the active language.

    Always a text part, then HTML, then the invitation. A message that a person may refuse says how
    in its headers, for mail programs to show (RFC 2369, and RFC 8058: one POST, no sign-in). Line
    ends in names and titles cannot become headers: subjects are put on one line and Django refuses
    what is left.
    """
    words = facts.words | {
        "site_name": settings.WAGTAIL_SITE_NAME,
        "public_base_url": settings.PUBLIC_BASE_URL,
        "support_email": settings.SUPPORT_EMAIL,
        "privacy_officer": settings.PRIVACY_OFFICER,
    }
    subject = one_line(
        facts.subject or render_to_string(f"emails/{notice.kind}.subject.txt", words)
    )
    if words.get("is_trial"):
        subject = one_line(_("[Test] %(subject)s") % {"subject": subject})
    text = tidy(render_to_string(f"emails/{notice.kind}.txt", words))
    html = render_to_string(f"emails/{notice.kind}.html", words | {"subject": subject})
    identity = message_id(notice.key, urlsplit(settings.PUBLIC_BASE_URL).hostname or "localhost")
    message = FoldedMail(
        subject=subject,
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[notice.address or str(notice.recipient.email)],
        reply_to=[settings.SUPPORT_EMAIL],
        headers={
            "Message-ID": identity,
            "Auto-Submitted": "auto-generated",  # RFC 3834: no « absent » in return
            "X-Auto-Response-Suppress": "OOF, AutoReply",  # the same, said to Exchange
            "Content-Language": notice.language,
            **_unsubscribe_headers(facts.unsubscribe_url),
        },
    )
    message.attach_alternative(html, "text/html")
    if facts.calendar:
        message.attach_alternative(
            facts.calendar.decode(), f"text/calendar; method={facts.calendar_method}"
        )
    for name, content, mimetype in facts.files:
        message.attach(name, content, mimetype)
    return Letter(message, identity, subject, masked(text, facts.secrets))


def _unsubscribe_headers(url: str) -> dict[str, str]:
    if not url:
        return {}
    return {
        UNSUBSCRIBE: f"<{url}>",
        f"{UNSUBSCRIBE}-Post": "List-Unsubscribe=One-Click",
    }


def built_in_subjects(*, at: datetime) -> dict[str, str]:
    """Our own subject of each kind whose words staff may write, on a sample, in the active
    language.
    """
    words = sample_facts(at).words
    return {
        kind: one_line(render_to_string(f"emails/{kind.value}.subject.txt", words))
        for kind in TEXTS
    }


def hand_over(letter: Letter) -> None:
    """Gives the message to the transport; raises what the transport raises."""
    letter.message.connection = get_connection(settings.EMAIL_TRANSPORT)
    letter.message.send()
