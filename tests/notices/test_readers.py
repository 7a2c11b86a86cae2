from datetime import UTC, datetime

from django.core.mail import EmailMultiAlternatives

from notices.readers import SEPARATOR, read_headers, read_mail, split_mails


def written(subject: str = "Votre place est réservée", **fields) -> bytes:
    """A message as Django's file backend writes it."""
    message = EmailMultiAlternatives(
        subject,
        "Bonjour Ève,",
        "Académie <a@exemple.test>",
        ["eve@exemple.test"],
        headers={"Date": "Tue, 17 Nov 2026 12:00:00 -0000"} | fields,
    )
    message.attach_alternative("<p>Bonjour Ève,</p>", "text/html")
    message.attach("invitation.ics", b"BEGIN:VCALENDAR\r\n", "application/ics")
    return message.message().as_bytes()


def test_split_mails_gives_each_message_of_a_file():
    data = written("Un") + SEPARATOR + written("Deux") + SEPARATOR
    assert [read_headers(each).subject for each in split_mails(data)] == ["Un", "Deux"]


def test_read_mail_gives_what_a_reader_sees():
    mail = read_mail(written())
    assert (mail.sender, mail.to) == ("Académie <a@exemple.test>", "eve@exemple.test")
    assert mail.subject == "Votre place est réservée"
    assert mail.sent_at == datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
    assert (mail.text.strip(), mail.html) == ("Bonjour Ève,", "<p>Bonjour Ève,</p>")
    (attachment,) = mail.attachments
    assert (attachment.name, attachment.media_type) == ("invitation.ics", "application/ics")
    assert attachment.content == b"BEGIN:VCALENDAR\r\n"


def test_read_headers_reads_no_part():
    mail = read_headers(written())
    assert mail.subject == "Votre place est réservée"
    assert (mail.text, mail.html, mail.attachments) == ("", "", ())


def test_odd_mail_is_read_as_far_as_it_goes():
    mail = read_mail(b"Subject: =?utf-8?q?=C3=89?=\nDate: jamais\n\n\xff\xfe")
    assert (mail.subject, mail.sent_at, mail.to) == ("É", None, "")
    assert read_mail(b"").subject == ""
