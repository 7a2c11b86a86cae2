"""The door: EMAIL_BACKEND of what others write (allauth's codes, Wagtail's workflow)."""

import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from notices.letters import error_words
from notices.services.door import record_door_mail

KIND_HEADER = "X-Academy-Kind"  # whoever writes may name the kind of message; it never leaves
UNNAMED = "other"


class DoorBackend(BaseEmailBackend):
    """Hands each message to EMAIL_TRANSPORT at once, in the caller's process and by a connection of
    its own: a sign-in code never stands behind the outbox, however much waits there.

    Each message is logged as a DoorMail without its words or its address. A failing transport is
    logged and raised again, as every backend of Django does: people.adapters turns it into a plain
    sentence for whoever asked for a code.
    """

    def __init__(self, fail_silently: bool = False, **options: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self.transport = get_connection(settings.EMAIL_TRANSPORT, **options)

    def open(self) -> bool | None:
        return self.transport.open()

    def close(self) -> None:
        self.transport.close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(self._hand_over(message) for message in email_messages)

    def _hand_over(self, message: EmailMessage) -> int:
        message.extra_headers = dict(message.extra_headers)
        kind = message.extra_headers.pop(KIND_HEADER, UNNAMED)
        message.extra_headers.setdefault("Auto-Submitted", "auto-generated")
        began, error = time.monotonic(), ""
        try:
            return self.transport.send_messages([message]) or 0
        except Exception as failure:
            error = error_words(failure)
            if self.fail_silently:
                return 0
            raise
        finally:
            record_door_mail(
                kind=kind,
                seconds=time.monotonic() - began,
                is_handed_over=not error,
                error=error,
                at=timezone.now(),
            )
