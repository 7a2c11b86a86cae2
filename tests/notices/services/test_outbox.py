import threading
from datetime import timedelta

from django.db import connections, transaction

import pytest

from courses.services.enrolments import enrol
from notices.choices import RETRY_MINUTES, NoticeKind, NoticeState, Priority
from notices.models import Notice
from notices.services import outbox
from notices.services.outbox import (
    Draft,
    NotFailed,
    deliver,
    forget_old_words,
    forget_person,
    post,
    post_all,
    put_back,
    send_again,
    take_due,
)
from notices.signals import notice_posted
from people.services.accounts import close_account
from tests.factories import courses, notices, people

pytestmark = pytest.mark.django_db
AT = courses.AT
MINUTE = timedelta(minutes=1)


@pytest.fixture
def posted():
    """The keys that notice_posted carried, in order."""
    keys = []

    def hear(*, key, **_):
        keys.append(key)

    notice_posted.connect(hear)
    yield keys
    notice_posted.disconnect(hear)


@pytest.fixture
def no_transport(settings):
    """A mail server that is not there."""
    settings.EMAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9


# ------------------------------------------------------------------ writing
@pytest.mark.both_databases
def test_post_tells_a_fact_once(posted):
    person = people.person(language="en")
    post(kind=NoticeKind.SEAT_CONFIRMED, key="k", recipient=person, context={"a": 1}, at=AT)
    post(
        kind=NoticeKind.SEAT_CONFIRMED, key="k", recipient=person, context={"a": 2}, at=AT + MINUTE
    )
    again = Notice.objects.get()
    assert (again.context, again.queued_at, again.due_at) == ({"a": 1}, AT, AT)
    assert (again.state, again.language) == (NoticeState.QUEUED, "en")
    assert posted == ["k", "k"]


def test_post_writes_to_nobody_whose_account_is_closed():
    person = people.person()
    closed = close_account(user=person, by=person, at=AT)
    Notice.objects.all().delete()
    post(kind=NoticeKind.SEAT_CONFIRMED, key="k", recipient=closed, context={}, at=AT)
    assert not Notice.objects.exists()
    post(
        kind=NoticeKind.ACCOUNT_CLOSED, key="l", recipient=closed, context={}, at=AT,
        address="ancienne@exemple.test",
    )  # fmt: skip
    assert Notice.objects.get().address == "ancienne@exemple.test"


@pytest.mark.both_databases
def test_post_all_writes_many_in_one_statement(django_assert_num_queries, posted):
    drafts = [Draft(NoticeKind.SEAT_CONFIRMED, f"k{n}", people.person()) for n in range(30)]
    with transaction.atomic(), django_assert_num_queries(1):
        assert post_all(drafts=drafts, at=AT) == 30
    assert Notice.objects.count() == 30
    assert posted == ["k0"]


def test_post_costs_one_query(django_assert_num_queries):
    person = people.person()
    with transaction.atomic(), django_assert_num_queries(1):
        post(kind=NoticeKind.SEAT_CONFIRMED, key="k", recipient=person, context={}, at=AT)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_before_the_commit_nor_after_a_rollback(smtp):
    session, person = courses.open_session(), people.person()

    class UndoneError(Exception):
        pass

    def enrol_and_fail():
        with transaction.atomic():
            enrol(person=person, session=session, by=person, at=AT)
            raise UndoneError

    with pytest.raises(UndoneError):
        enrol_and_fail()
    assert (Notice.objects.count(), len(smtp)) == (0, 0)

    with transaction.atomic():
        enrol(person=person, session=session, by=person, at=AT)
        assert (Notice.objects.count(), len(smtp)) == (1, 0)
    assert len(smtp.to(person.email)) == 1  # the wake-up ran after the commit
    assert Notice.objects.get().state == NoticeState.SENT


# ------------------------------------------------------------------ taking
@pytest.mark.both_databases
def test_take_due_takes_the_urgent_first_and_marks_them():
    normal = notices.notice(key="normal")
    Notice.objects.exclude(pk=normal.pk).delete()
    later = notices.notice(key="later", context={}, due_at=AT + MINUTE)
    urgent = notices.notice(key="urgent", context={}, priority=Priority.URGENT)
    bulk = notices.notice(key="bulk", context={}, priority=Priority.BULK)

    assert take_due(at=AT, limit=2) == [urgent, normal]
    urgent.refresh_from_db()
    assert (urgent.state, urgent.taken_at, urgent.attempts) == (NoticeState.SENDING, AT, 1)
    assert take_due(at=AT, limit=2) == [bulk]
    assert take_due(at=AT) == []
    assert take_due(at=AT + MINUTE) == [later]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False])
def test_two_workers_never_take_the_same_row(is_locked, monkeypatch):
    """Both workers have read before either writes. Without the lock of the query both take all:
    that is the negative control.
    """
    person = people.person()
    drafts = [Draft(NoticeKind.SEAT_CONFIRMED, f"k{n}", person) for n in range(40)]
    post_all(drafts=drafts, at=AT)
    Notice.objects.update(state=NoticeState.QUEUED, due_at=AT)  # the wake-up has tried them
    if not is_locked:
        monkeypatch.setattr(
            type(Notice.objects.all()), "select_for_update", lambda self, **_: self.all()
        )
    both_have_read = threading.Barrier(2, timeout=20)
    update = type(Notice.objects.all()).update

    def update_after_both_have_read(self, **fields):
        both_have_read.wait()
        return update(self, **fields)

    monkeypatch.setattr(type(Notice.objects.all()), "update", update_after_both_have_read)
    taken: list[list[str]] = []

    def work():
        try:
            taken.append([notice.key for notice in take_due(at=AT, limit=20)])
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)

    keys = [key for some in taken for key in some]
    assert len(keys) == 40
    assert (len(set(keys)) == 40) is is_locked


# ------------------------------------------------------------------ sending
@pytest.mark.both_databases
def test_deliver_sends_and_remembers(smtp):
    notice = notices.notice(key="enrolment:1:told")
    (taken,) = [each for each in take_due(at=AT) if each.pk == notice.pk]
    assert deliver(notice=taken, at=AT + MINUTE) == NoticeState.SENT

    (letter,) = smtp.letters
    assert letter.recipients == (notice.recipient.email,)
    notice.refresh_from_db()
    assert (notice.state, notice.sent_at) == (NoticeState.SENT, AT + MINUTE)
    assert notice.subject == letter.subject
    assert notice.text.splitlines() == letter.text.splitlines()
    assert notice.message_id == letter.message["message-id"]


def test_no_transaction_is_open_while_the_server_answers(monkeypatch):
    """SQLite has one writer: a lock held during a slow answer would stop the whole site."""
    seen = []
    monkeypatch.setattr(
        outbox, "hand_over", lambda letter: seen.append(len(connections["default"].savepoint_ids))
    )
    before = len(connections["default"].savepoint_ids)
    notices.notice()
    assert notices.send_all(AT) == ["sent", "sent"]
    assert seen == [before, before]


@pytest.mark.parametrize("attempt", range(1, len(RETRY_MINUTES) + 2))
def test_a_failing_server_is_tried_again_by_the_table(attempt, no_transport):
    notice = notices.notice()
    Notice.objects.exclude(pk=notice.pk).delete()
    Notice.objects.filter(pk=notice.pk).update(attempts=attempt - 1)
    (taken,) = take_due(at=AT)
    state = deliver(notice=taken, at=AT)
    notice.refresh_from_db()
    assert notice.last_error == "ConnectionRefusedError: [Errno 111] Connection refused"
    assert notice.state == state
    if attempt <= len(RETRY_MINUTES):
        assert state == NoticeState.QUEUED
        assert notice.due_at == AT + RETRY_MINUTES[attempt - 1] * MINUTE
        assert take_due(at=notice.due_at - MINUTE / 2) == []
        assert take_due(at=notice.due_at) == [notice]
    else:
        assert state == NoticeState.FAILED


def test_a_mailbox_that_does_not_exist_is_not_tried_again(smtp, monkeypatch):
    async def refuse(self, server, session, envelope, address, options):
        return f"550 5.1.1 <{address}> unknown"

    monkeypatch.setattr(type(smtp), "handle_RCPT", refuse, raising=False)
    notice = notices.notice()
    assert set(notices.send_all(AT)) == {"failed"}
    notice.refresh_from_db()
    assert notice.last_error == "SMTPRecipientsRefused: 550 5.1.1 <…> unknown"
    assert (notice.attempts, len(smtp)) == (1, 0)


def test_a_bug_in_a_template_ends_in_the_row_without_a_name(monkeypatch, smtp):
    def broken(**_):
        raise KeyError("Marie Tremblay")

    monkeypatch.setattr(outbox, "compose", broken)
    notice = notices.notice()
    assert set(notices.send_all(AT)) == {"queued"}
    notice.refresh_from_db()
    assert notice.last_error.startswith("KeyError: test_outbox.py:")


def test_what_is_no_longer_true_is_dropped(smtp):
    notice = notices.notice()
    Notice.objects.exclude(pk=notice.pk).delete()
    person = notice.recipient
    close_account(user=person, by=person, at=AT)
    Notice.objects.bulk_create([notice])  # as if it had been written after the closing
    taken = [each for each in take_due(at=AT) if each.kind == NoticeKind.SEAT_CONFIRMED]
    assert [deliver(notice=each, at=AT) for each in taken] == [NoticeState.DROPPED]
    assert smtp.to("") == []
    assert len(smtp) == 0


# ------------------------------------------------------------------ left behind
@pytest.mark.both_databases
def test_killed_after_sending_means_the_same_message_twice(smtp, monkeypatch):
    """The only possible double, documented: accepted by the server, killed before the mark."""
    notice = notices.notice()
    Notice.objects.exclude(pk=notice.pk).delete()
    settle = outbox._settle

    def die(*_, **__):
        raise SystemExit

    monkeypatch.setattr(outbox, "_settle", die)
    (taken,) = take_due(at=AT)
    with pytest.raises(SystemExit):
        deliver(notice=taken, at=AT)
    monkeypatch.setattr(outbox, "_settle", settle)

    assert put_back(at=AT + 9 * MINUTE) == 0
    assert notices.send_all(AT + 9 * MINUTE) == []
    assert put_back(at=AT + 10 * MINUTE) == 1
    assert notices.send_all(AT + 10 * MINUTE) == ["sent"]
    first, second = smtp.to(notice.recipient.email)
    assert first.message["message-id"] == second.message["message-id"]


def test_a_row_that_kills_every_worker_fails_in_the_end():
    notice = notices.notice()
    Notice.objects.exclude(pk=notice.pk).delete()
    Notice.objects.filter(pk=notice.pk).update(attempts=len(RETRY_MINUTES))
    take_due(at=AT)
    assert put_back(at=AT + 10 * MINUTE) == 0
    notice.refresh_from_db()
    assert notice.state == NoticeState.FAILED
    assert notice.last_error == "the worker stopped while sending"


def test_a_slow_worker_writes_nothing_over_a_row_taken_by_another(smtp):
    notice = notices.notice()
    Notice.objects.exclude(pk=notice.pk).delete()
    (slow,) = take_due(at=AT)
    put_back(at=AT + 10 * MINUTE)
    (taken,) = take_due(at=AT + 10 * MINUTE)
    deliver(notice=slow, at=AT + 11 * MINUTE)
    notice.refresh_from_db()
    assert (notice.state, notice.taken_at) == (NoticeState.SENDING, AT + 10 * MINUTE)
    assert deliver(notice=taken, at=AT + 12 * MINUTE) == NoticeState.SENT


# ------------------------------------------------------------------ staff
def test_send_again_gives_a_failed_message_all_its_tries(posted):
    notice = notices.notice(key="k")
    Notice.objects.filter(pk=notice.pk).update(state=NoticeState.FAILED, attempts=8)
    send_again(notice=notice, at=AT + MINUTE)
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.due_at) == (NoticeState.QUEUED, 0, AT + MINUTE)
    assert posted[-1] == "k"


@pytest.mark.parametrize("state", sorted(set(NoticeState.values) - {NoticeState.FAILED}))
def test_send_again_refuses_any_other_state(state):
    notice = notices.notice()
    Notice.objects.filter(pk=notice.pk).update(state=state)
    with pytest.raises(NotFailed):
        send_again(notice=notice, at=AT)
    notice.refresh_from_db()
    assert notice.state == state


# ------------------------------------------------------------------ forgetting
@pytest.mark.both_databases
def test_words_are_forgotten_thirty_days_after_sending(smtp):
    notice = notices.notice()
    notices.send_all(AT)
    assert forget_old_words(at=AT + timedelta(days=29, hours=23)) == 0
    assert forget_old_words(at=AT + timedelta(days=30)) == 2  # this one, and the seat's own
    notice.refresh_from_db()
    assert (notice.subject, notice.text, notice.state) == ("", "", NoticeState.SENT)
    assert forget_old_words(at=AT + timedelta(days=31)) == 0


def test_what_waits_keeps_its_words():
    notice = notices.notice(address="ancienne@exemple.test")
    assert forget_old_words(at=AT + timedelta(days=60)) == 0
    notice.refresh_from_db()
    assert notice.address == "ancienne@exemple.test"


def test_closing_an_account_takes_its_messages_away_but_the_last(smtp):
    person = people.person()
    notices.notice(recipient=person, context={})
    stranger = notices.notice(context={})
    assert forget_person(user=person, at=AT) == 1
    assert notices.of(person) == []
    assert notices.of(stranger.recipient) == [stranger]


def test_the_last_message_of_an_account_disappears_whole(smtp):
    person = people.person(email="partie@exemple.test")
    close_account(user=person, by=person, at=AT)
    assert notices.send_all(AT) == ["sent"]
    (last,) = notices.of(person)
    assert last.address == ""
    assert len(smtp.to("partie@exemple.test")) == 1
    assert forget_old_words(at=AT + timedelta(days=30)) == 1
    assert notices.of(person) == []
