"""The worker's side, with a real and slow mail server."""

import threading
import time

from django.db import connections
from django.urls import reverse

import pytest

from notices import tasks
from notices.choices import NoticeKind, NoticeState
from notices.models import DoorMail, Notice
from notices.services.outbox import Draft, post_all
from tests.factories import courses, notices, people

AT = courses.AT
WAITING = 2000
SECONDS_A_MESSAGE = 0.7


@pytest.fixture
def lost_wake_ups(monkeypatch):
    """The broker is away: rows are written, nobody is woken."""
    calls = []
    monkeypatch.setattr(tasks.wake, "delay", lambda: calls.append("wake"))
    return calls


def wait_many(count: int, person, enrolment) -> None:
    drafts = [
        Draft(NoticeKind.SEAT_CONFIRMED, f"many:{n}", person, {"enrolment": enrolment.pk})
        for n in range(count)
    ]
    post_all(drafts=drafts, at=AT)


@pytest.mark.django_db(transaction=True)
def test_a_code_never_stands_behind_two_thousand_messages(client, smtp, lost_wake_ups):
    """The contract: with 2,000 messages waiting and 0.7 s a message, a code asked for on the
    sign-in page is with the mail server within 10 s, while the two thousand still wait.
    """
    person = people.person("attente@exemple.test")
    asking = people.person("code@exemple.test")
    enrolment = courses.enrolled(courses.open_session(), person)
    wait_many(WAITING, person, enrolment)
    smtp.delay = SECONDS_A_MESSAGE
    over = threading.Event()

    def work():
        try:
            while not over.is_set():
                tasks.deliver_due()
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    try:
        smtp.wait_for("attente@exemple.test", count=4, seconds=60)  # the worker is well busy
        began = time.monotonic()
        answer = client.post(reverse("account_login"), {"email": asking.email})
        code = smtp.wait_for("code@exemple.test", seconds=30)
        waiting = Notice.objects.exclude(state=NoticeState.SENT).count()
        smtp.delay = 0
    finally:
        over.set()
        Notice.objects.filter(state=NoticeState.QUEUED).delete()
        for worker in workers:
            worker.join(timeout=60)

    assert answer.status_code == 302
    assert code.received - began < 10
    assert waiting > WAITING * 0.95
    assert DoorMail.objects.get().is_handed_over
    assert lost_wake_ups


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_the_sweep_sends_what_lost_its_wake_up_once(smtp, lost_wake_ups):
    enrolment = courses.enrolled(courses.open_session())
    wait_many(12, enrolment.person, enrolment)
    assert (len(smtp), len(lost_wake_ups)) == (0, 2)
    tasks.deliver_due()
    tasks.deliver_due()
    assert len(smtp) == 13
    assert set(Notice.objects.values_list("state", "attempts")) == {(NoticeState.SENT, 1)}


@pytest.mark.django_db
def test_the_sweep_takes_up_what_a_dead_worker_left(smtp):
    notice = notices.notice()
    Notice.objects.exclude(pk=notice.pk).delete()
    Notice.objects.update(state=NoticeState.SENDING, taken_at=AT, attempts=1)
    tasks.wake()
    assert len(smtp) == 0
    tasks.deliver_due()
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, len(smtp)) == (NoticeState.SENT, 2, 1)


@pytest.mark.django_db
def test_a_slow_server_keeps_the_worker_for_some_seconds_only(smtp, monkeypatch):
    enrolment = courses.enrolled(courses.open_session())
    wait_many(30, enrolment.person, enrolment)
    monkeypatch.setattr(tasks, "SECONDS", 0.5)
    smtp.delay = 0.2
    tasks.wake()
    assert 0 < len(smtp) < 15
    tasks.wake()
    assert len(smtp) < 25


@pytest.mark.django_db
def test_words_are_forgotten_by_the_clock(smtp):
    notice = notices.notice()
    notices.send_all(AT)
    notice.refresh_from_db()
    assert notice.text
    tasks.forget_old_words()
    notice.refresh_from_db()
    assert notice.text == ""
