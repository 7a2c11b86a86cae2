"""The ground that tests stand on: real databases, real mail, no network, samples in CI."""

import os
import smtplib
import socket
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation

import pytest

from people.models import Community
from tests.mailbox import Mailbox
from tests.network import NetworkForbiddenError

ROOT = Path(settings.BASE_DIR)


def make_community(code: str) -> Community:
    return Community.objects.create(code=code, name_fr=code, founded_year=2018)


# ------------------------------------------------------------------ databases
@pytest.mark.both_databases
@pytest.mark.django_db
def test_database_is_the_kind_this_pass_asks_for() -> None:
    assert connection.vendor == settings.TEST_DATABASE


@pytest.mark.both_databases
@pytest.mark.django_db
def test_database_holds_what_migrations_wrote() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug FROM wagtailcore_page WHERE depth = 1")

        assert cursor.fetchall() == [("root",)]


@pytest.mark.both_databases
@pytest.mark.parametrize("turn", ["first", "second"])
@pytest.mark.django_db(transaction=True)
def test_transactional_tests_leave_nothing_to_each_other(turn: str) -> None:
    before = Community.objects.filter(code="left-over").count()

    make_community("left-over")

    assert before == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM wagtailcore_page WHERE depth = 1")
        assert cursor.fetchone() == (1,)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_sqlite_is_opened_as_the_one_gate_needs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")

        assert cursor.fetchone() == ("wal",)
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_child_process_works_on_the_same_database(child_environment: dict[str, str]) -> None:
    make_community("seen-by-the-child")
    code = (
        "import django; django.setup(); from people.models import Community;"
        "print(Community.objects.get(code__contains='child').code)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=child_environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "seen-by-the-child"


# ------------------------------------------------------------------ each test alone
@pytest.mark.parametrize("turn", ["first", "second"])
def test_cache_and_language_end_with_their_test(turn: str) -> None:
    before = (cache.get("left-over"), translation.get_language())

    cache.set("left-over", turn)
    translation.activate("en")

    assert before == (None, "fr")


# ------------------------------------------------------------------ network
@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "academie.example"])
def test_connection_beyond_the_loopback_is_refused(host: str) -> None:
    with pytest.raises(NetworkForbiddenError, match=host):
        socket.create_connection((host, 80), timeout=1)


def test_datagram_beyond_the_loopback_is_refused() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
        pytest.raises(NetworkForbiddenError),
    ):
        sender.sendto(b"?", ("192.0.2.1", 53))


def test_connection_to_the_loopback_passes() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=1) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_browser_cannot_resolve_another_host(page: Any) -> None:
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://academie.example/")


# ------------------------------------------------------------------ mail
def letter(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"] = subject, "academie@academie.example"
    message.set_content("Bonjour, voici votre séance.")
    return message


def test_mailbox_keeps_what_it_is_given() -> None:
    with Mailbox() as mailbox, smtplib.SMTP(mailbox.host, mailbox.port, timeout=5) as client:
        client.send_message(letter("Votre place"), to_addrs=["Ana@hopital.example"])

        received = mailbox.wait_for("ana@hopital.example", "place", seconds=5)

        assert received.text.strip() == "Bonjour, voici votre séance."
        assert [each.subject for each in mailbox.letters] == ["Votre place"]


def test_mailbox_says_what_came_instead() -> None:
    with Mailbox() as mailbox, smtplib.SMTP(mailbox.host, mailbox.port, timeout=5) as client:
        client.send_message(letter("Autre chose"), to_addrs=["ana@hopital.example"])

        with pytest.raises(AssertionError, match=r"ana@hopital\.example: Autre chose"):
            mailbox.wait_for("ana@hopital.example", "place", seconds=0.1)


# ------------------------------------------------------------------ samples
def run_sample_test(folder: Path, *, ci: bool) -> subprocess.CompletedProcess[str]:
    """A test that needs a real report, run by a pytest of its own where there is none."""
    (folder / "conftest.py").write_text("from tests.samples import *\n")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = samples\n")
    (folder / "test_one.py").write_text(
        "import pytest\n\n@pytest.mark.samples('attendance/none.csv')\ndef test_one(): pass\n"
    )
    environment = os.environ | {"SAMPLES": str(folder / "absent"), "CI": "true" if ci else ""}
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:django",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:playwright",
            f"--rootdir={folder}",
            "-c",
            str(folder / "pytest.ini"),
            str(folder),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_absent_samples_are_counted_and_named(tmp_path: Path) -> None:
    done = run_sample_test(tmp_path, ci=False)

    assert "1 tests of real reports did not run" in done.stdout
    assert "test_one.py::test_one" in done.stdout
    assert done.returncode == 0


def test_absent_samples_fail_under_ci(tmp_path: Path) -> None:
    done = run_sample_test(tmp_path, ci=True)

    assert "skipped under CI" in done.stdout
    assert done.returncode == 1
