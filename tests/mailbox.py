"""A real SMTP server on the loopback that keeps what it is given."""

import asyncio
import email.policy
import threading
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.servers import free_port


@dataclass(frozen=True)
class Letter:
    """One message as it arrived: handed to whom, when (monotonic seconds), and what it says."""

    recipients: tuple[str, ...]
    received: float
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["subject"])

    @property
    def text(self) -> str:
        """The plain text part."""
        part = self.message.get_body(("plain",))
        return part.get_content() if part else ""

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        return part.get_content() if part else ""

    def attachment(self, content_type: str) -> bytes:
        """The bytes of the first part of that type, wherever it stands."""
        for part in self.message.walk():
            if part.get_content_type() == content_type:
                content = part.get_payload(decode=True)
                assert isinstance(content, bytes)
                return content
        raise AssertionError(f"no {content_type} in « {self.subject} »")


class Mailbox:
    """Every letter received, oldest first. `delay` makes the server slow (seconds per message)."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.delay = 0.0
        self.host, self.port = "127.0.0.1", 0
        self._arrived = threading.Condition()
        self._controller: Controller | None = None

    # ------------------------------------------------------------------ server
    def __enter__(self) -> Self:
        for attempt in range(5):  # somebody may take the free port first
            self.port = free_port()
            controller = Controller(self, hostname=self.host, port=self.port)
            try:
                controller.start()
            except OSError:
                if attempt == 4:
                    raise
            else:
                self._controller = controller
                break
        return self

    def __exit__(self, *_: object) -> None:
        if self._controller is not None:
            self._controller.stop()

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        """aiosmtpd calls this once a message has come in whole."""
        if self.delay:
            await asyncio.sleep(self.delay)
        message = BytesParser(EmailMessage, policy=email.policy.default).parsebytes(
            envelope.content
        )
        with self._arrived:
            self.letters.append(Letter(tuple(envelope.rcpt_tos), time.monotonic(), message))
            self._arrived.notify_all()
        return "250 kept"

    # ------------------------------------------------------------------ reading
    @property
    def url(self) -> str:
        """For EMAIL_URL."""
        return f"smtp://{self.host}:{self.port}"

    def __len__(self) -> int:
        return len(self.letters)

    def clear(self) -> None:
        with self._arrived:
            self.letters.clear()

    def to(self, address: str, subject_contains: str = "") -> list[Letter]:
        """The letters handed to `address` so far."""
        return [
            letter
            for letter in self.letters
            if address.lower() in (each.lower() for each in letter.recipients)
            and subject_contains in letter.subject
        ]

    def wait_for(
        self, to: str, subject_contains: str = "", *, count: int = 1, seconds: float = 30
    ) -> Letter:
        """The `count`-th letter to that address whose subject has those words; waits for it."""
        deadline = time.monotonic() + seconds
        with self._arrived:
            while len(found := self.to(to, subject_contains)) < count:
                left = deadline - time.monotonic()
                if left <= 0 or not self._arrived.wait(left):
                    got = [f"{', '.join(each.recipients)}: {each.subject}" for each in self.letters]
                    raise AssertionError(
                        f"no letter « {subject_contains} » to {to} in {seconds} s; received: {got}"
                    )
        return found[count - 1]
