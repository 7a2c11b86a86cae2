"""Messages as Django's file backend writes them: bytes in, what a reader sees out. Pure."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

SEPARATOR = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True)
class Attachment:
    """One attached file."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """One message as people read it; `sent_at` is aware, or None where the header says nothing."""

    sender: str
    to: str
    subject: str
    sent_at: datetime | None
    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()


def split_mails(data: bytes) -> Iterator[bytes]:
    """The messages of one file, in the order they were written."""
    return (each for each in data.split(SEPARATOR) if each.strip())


def read_headers(data: bytes) -> Mail:
    """Who, to whom, what about: for a list. Never raises on odd mail."""
    return _mail(data.partition(b"\n\n")[0] + b"\n\n", with_parts=False)


def read_mail(data: bytes) -> Mail:
    """The whole message: text, HTML, attachments. Never raises on odd mail."""
    return _mail(data, with_parts=True)


def _mail(data: bytes, *, with_parts: bool) -> Mail:
    message = email.message_from_bytes(data, _class=EmailMessage, policy=email.policy.default)
    mail = Mail(
        sender=str(message["From"] or ""),
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        sent_at=_moment(str(message["Date"] or "")),
    )
    if not with_parts:
        return mail
    return replace(
        mail,
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=tuple(_attachments(message)),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    payload = part.get_payload(decode=True) if part is not None else b""
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _attachments(message: EmailMessage) -> Iterator[Attachment]:
    for part in message.iter_attachments():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and part.get_filename():
            yield Attachment(str(part.get_filename()), part.get_content_type(), payload)


def _moment(header: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # « -0000 » is UTC (RFC 5322)
