"""The sweep of reminders: to whom, once, for which date."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

import pytest

from courses.services.enrolments import cancel_enrolment, say_coming
from courses.services.sessions import (
    cancel_session,
    open_enrolment,
    postpone_session,
    save_session,
)
from notices import tasks
from notices.choices import NoticeKind as Kind
from notices.services.reminders import post_reminders
from tests.factories import courses, notices

pytestmark = pytest.mark.django_db
NOON = courses.NOON
HERE = ZoneInfo("America/Toronto")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK_BEFORE = datetime(2026, 11, 10, 9, tzinfo=HERE)
THREE_DAYS_BEFORE = datetime(2026, 11, 14, 9, tzinfo=HERE)
DAY_BEFORE = datetime(2026, 11, 16, 9, tzinfo=HERE)
HOUR_BEFORE = NOON - HOUR
REMINDERS = (Kind.REMINDER_WEEK, Kind.COMING_ASKED, Kind.REMINDER_DAY, Kind.REMINDER_HOUR)


def reminders_of(person) -> list[str]:
    return [notice.kind for notice in notices.of(person) if notice.kind in REMINDERS]


def move(session, days, at=courses.AT):
    meeting = session.meetings.get()
    meeting.starts_at += days * DAY
    meeting.ends_at += days * DAY
    save_session(session=session, meetings=[meeting], breaks=None, trainers=None, by=None, at=at)


@pytest.mark.both_databases
def test_each_moment_reminds_once_however_often_the_sweep_runs():
    person = courses.enrolled(courses.open_session()).person
    counts = [
        post_reminders(at=at + delay)
        for at in (WEEK_BEFORE, THREE_DAYS_BEFORE, DAY_BEFORE, HOUR_BEFORE)
        for delay in (-timedelta(seconds=1), timedelta(0), timedelta(minutes=1))
    ]
    assert counts == [0, 1, 0] * 4
    assert reminders_of(person) == list(REMINDERS)


@pytest.mark.parametrize("at", [WEEK_BEFORE, THREE_DAYS_BEFORE, DAY_BEFORE, HOUR_BEFORE])
def test_only_a_seat_confirmed_before_the_reminder_was_due_is_reminded(at):
    session = courses.open_session()
    before = courses.enrolled(session, at=at - timedelta(seconds=1))
    courses.enrolled(session, at=at)
    assert post_reminders(at=at + timedelta(minutes=1)) == 1
    assert len(reminders_of(before.person)) == 1


@pytest.mark.parametrize("at", [WEEK_BEFORE, THREE_DAYS_BEFORE, DAY_BEFORE, HOUR_BEFORE])
def test_nobody_who_waits_left_or_holds_an_offer_is_reminded(at):
    session = courses.open_session(capacity=1)
    notices.offered(session)
    courses.enrolled(session)
    gone = courses.enrolled(courses.open_session())
    cancel_enrolment(enrolment=gone, by=gone.person, at=courses.AT)
    assert post_reminders(at=at) == 0


@pytest.mark.parametrize("act", [cancel_session, postpone_session])
def test_a_session_called_off_reminds_of_nothing(act):
    session = courses.open_session()
    courses.enrolled(session)
    act(session=session, by=None, at=courses.AT, motive="Maladie.")
    assert post_reminders(at=DAY_BEFORE) == 0


def test_a_moved_session_reminds_for_its_new_date_once():
    session = courses.open_session()
    person = courses.enrolled(session).person
    post_reminders(at=DAY_BEFORE)
    move(session, 7, at=DAY_BEFORE + HOUR)
    assert post_reminders(at=DAY_BEFORE + HOUR) == 0
    for at in (DAY_BEFORE + 7 * DAY, DAY_BEFORE + 7 * DAY + HOUR):
        post_reminders(at=at)
    days = [notice.context["day"] for notice in notices.of(person, Kind.REMINDER_DAY)]
    assert days == ["2026-11-17", "2026-11-24"]


def test_a_session_moved_within_its_day_is_not_reminded_of_that_day_twice():
    session = courses.open_session()
    person = courses.enrolled(session).person
    post_reminders(at=DAY_BEFORE)
    move(session, 1 / 24, at=DAY_BEFORE + HOUR)  # one hour later
    assert post_reminders(at=DAY_BEFORE + 2 * HOUR) == 0
    assert post_reminders(at=HOUR_BEFORE) == 0
    assert post_reminders(at=HOUR_BEFORE + HOUR) == 1
    assert reminders_of(person) == [Kind.REMINDER_DAY, Kind.REMINDER_HOUR]


def test_a_session_postponed_and_set_again_reminds_of_the_date_that_holds():
    session = courses.open_session()
    person = courses.enrolled(session).person
    postpone_session(session=session, by=None, at=courses.AT, motive="Tempête.")
    move(session, 7)
    open_enrolment(session=session, by=None, at=courses.AT)
    assert post_reminders(at=DAY_BEFORE) == 0
    assert post_reminders(at=DAY_BEFORE + 7 * DAY) == 1
    assert reminders_of(person) == [Kind.REMINDER_DAY]


def test_only_whoever_keeps_a_seat_from_others_is_asked_whether_they_come():
    capped, open_to_all = courses.open_session(), courses.open_session(capacity=None)
    asked, said = courses.enrolled(capped), courses.enrolled(capped)
    courses.enrolled(open_to_all)
    say_coming(enrolment=said, by=said.person, at=courses.AT)
    assert post_reminders(at=THREE_DAYS_BEFORE) == 1
    assert reminders_of(asked.person) == [Kind.COMING_ASKED]


def test_a_session_of_two_days_reminds_of_both():
    days = [courses.meeting(NOON), courses.meeting(NOON + 7 * DAY)]
    person = courses.enrolled(courses.open_session(meetings=days)).person
    for at in (WEEK_BEFORE, DAY_BEFORE, DAY_BEFORE + 7 * DAY):
        post_reminders(at=at)
    assert reminders_of(person) == [Kind.REMINDER_WEEK, Kind.REMINDER_DAY, Kind.REMINDER_DAY]


@pytest.mark.parametrize("size", [2, 20])
def test_a_sweep_costs_the_same_however_many_people(size, django_assert_num_queries):
    session = courses.open_session(capacity=None)
    for _n in range(size):
        courses.enrolled(session)
    with django_assert_num_queries(4):  # sessions, meetings, people, one INSERT
        assert post_reminders(at=DAY_BEFORE) == size
    with django_assert_num_queries(3):
        assert post_reminders(at=DAY_BEFORE + HOUR) == 0


def test_the_task_reminds_by_the_clock():
    soon = timezone.now() + timedelta(minutes=30)
    person = courses.enrolled(
        courses.open_session(starts_at=soon, at=soon - DAY), at=soon - DAY
    ).person
    tasks.post_reminders()
    assert Kind.REMINDER_HOUR in reminders_of(person)


def test_a_reminder_leaves_once_and_tells_no_secret(smtp):
    person = courses.enrolled(courses.open_session(join_url="https://reunion.example/j/s3")).person
    notices.send_all(courses.AT)
    smtp.clear()
    for at in (DAY_BEFORE, HOUR_BEFORE):
        post_reminders(at=at)
        notices.send_all(at)
    first, second = smtp.to(person.email)
    assert first.subject.startswith("Demain\xa0: ")
    assert second.subject.startswith("Aujourd’hui à 12\xa0h\xa0: ")
    for letter in (first, second):
        for part in letter.message.walk():
            assert b"j/s3" not in (part.get_payload(decode=True) or b"")
