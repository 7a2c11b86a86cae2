"""The door: what others write leaves at once, before all that waits."""

import logging
import smtplib

from django.core.mail import EmailMessage, get_connection, send_mail

import pytest

from notices.backends import KIND_HEADER
from notices.models import DoorMail, Notice

pytestmark = pytest.mark.django_db
CODE = "7F3K9Q"


def send_code(**fields):
    message = EmailMessage(
        "Votre code", f"Code : {CODE}", None, ["marie@exemple.test"],
        headers={KIND_HEADER: "login_code"},
    )  # fmt: skip
    return message.send(**fields)


@pytest.mark.both_databases
def test_a_code_is_handed_over_at_once_and_stored_nowhere(smtp):
    assert send_code() == 1
    (letter,) = smtp.to("marie@exemple.test")
    assert CODE in letter.text
    assert letter.message["auto-submitted"] == "auto-generated"
    assert letter.message[KIND_HEADER] is None
    row = DoorMail.objects.get()
    assert (row.kind, row.is_handed_over, row.error) == ("login_code", True, "")
    assert 0 <= row.seconds < 5
    assert Notice.objects.count() == 0
    stored = str(DoorMail.objects.values())
    assert CODE not in stored
    assert "marie" not in stored


def test_whoever_names_no_kind_is_other(smtp):
    send_mail("Objet", "Texte", None, ["a@exemple.test"])
    assert DoorMail.objects.get().kind == "other"


def test_several_messages_share_a_connection_and_are_counted_apart(smtp):
    messages = [EmailMessage("O", "T", None, [f"p{n}@exemple.test"]) for n in range(3)]
    with get_connection() as door:
        assert door.send_messages(messages) == 3
    assert len(smtp) == DoorMail.objects.count() == 3
    assert len({letter.received for letter in smtp.letters}) == 3


def test_a_failing_server_is_logged_and_raised_without_the_address(smtp, monkeypatch, caplog):
    async def refuse(self, server, session, envelope, address, options):
        return f"550 5.1.1 <{address}> unknown"

    monkeypatch.setattr(type(smtp), "handle_RCPT", refuse, raising=False)
    with caplog.at_level(logging.DEBUG, logger="notices"), pytest.raises(smtplib.SMTPException):
        send_code()
    row = DoorMail.objects.get()
    assert (row.is_handed_over, row.error) == (
        False, "SMTPRecipientsRefused: 550 5.1.1 <…> unknown",
    )  # fmt: skip
    ours = [record for record in caplog.records if record.name.startswith("notices")]
    assert "marie" not in " ".join(record.getMessage() for record in ours)


def test_a_server_that_is_not_there_is_raised_too(settings):
    settings.EMAIL_BACKEND = "notices.backends.DoorBackend"
    settings.EMAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(ConnectionRefusedError):
        send_code()
    assert send_code(fail_silently=True) == 0
    assert list(DoorMail.objects.values_list("is_handed_over", flat=True)) == [False, False]
