import os

from django.core.mail import EmailMessage, get_connection

import pytest

from notices.selectors import mailbox
from notices.selectors.mailbox import find_mail, latest_mails

FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def write(*subjects: str, moment: int) -> None:
    """Those messages in one file, as Django's backend writes them, at that moment."""
    before = set(os.listdir(get_connection(FILE_BACKEND).file_path))
    messages = [EmailMessage(subject, "texte", "a@b.test", ["c@d.test"]) for subject in subjects]
    connection = get_connection(FILE_BACKEND)
    connection.send_messages(messages)
    (new,) = set(os.listdir(connection.file_path)) - before
    os.utime(os.path.join(connection.file_path, new), (moment, moment))


def subjects() -> list[str]:
    return [entry.mail.subject for entry in latest_mails()]


def test_an_empty_or_missing_folder_shows_nothing(folder, settings):
    assert latest_mails() == []
    settings.EMAIL_FILE_PATH = str(folder / "absent")
    assert latest_mails() == []


def test_the_newest_come_first(folder):
    write("Un", moment=100)
    write("Deux", "Trois", moment=200)
    assert subjects() == ["Trois", "Deux", "Un"]


def test_a_line_leads_to_its_message(folder):
    write("Un", "Deux", moment=100)
    found = [(find_mail(entry.name).subject, find_mail(entry.name).text.strip()) for entry in
             latest_mails()]  # fmt: skip
    assert found == [("Deux", "texte"), ("Un", "texte")]


def test_only_the_latest_are_shown(folder, monkeypatch):
    monkeypatch.setattr(mailbox, "LATEST", 3)
    write("a", "b", moment=100)
    write("c", "d", moment=200)
    assert subjects() == ["d", "c", "b"]


def test_a_huge_file_is_not_a_message(folder, monkeypatch):
    write("Un", moment=100)
    name = latest_mails()[0].name
    monkeypatch.setattr(mailbox, "LARGEST", 10)
    assert (latest_mails(), find_mail(name)) == ([], None)


@pytest.mark.parametrize(
    "name",
    [
        "../secret.0", "20261117-120000-1", "20261117-120000-1.99", "20261117-120000-1.0/..",
        "..", "", "%2e%2e", "20261117-120000-1.0\n",
    ],
)  # fmt: skip
def test_no_name_leaves_the_folder(folder, name):
    (folder.parent / "secret.log").write_text("Subject: secret\n\ntexte")
    (folder / "20261117-120000-1.log").write_text("Subject: Un\n\ntexte")
    assert find_mail("20261117-120000-1.0").subject == "Un"
    assert find_mail(name) is None
