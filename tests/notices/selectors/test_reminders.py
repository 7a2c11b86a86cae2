"""When a reminder is due, in local days and real hours, and what it says while it is true."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from courses.choices import SessionFormat
from courses.services.enrolments import cancel_enrolment, say_coming
from courses.services.sessions import cancel_session, postpone_session, save_session
from notices.choices import NoticeKind as Kind
from notices.selectors.facts import facts_of
from notices.selectors.reminders import due_reminders, first_of_days, offer_reminder_at
from tests.factories import courses, notices

HERE = ZoneInfo("America/Toronto")
NOON = courses.NOON
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def here(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=HERE)


def kinds_at(starts, at) -> list[str]:
    return [due.kind for due in due_reminders(starts, at)]


# ------------------------------------------------------------------ when
@pytest.mark.parametrize(
    ("at", "kinds"),
    [
        (here(2026, 11, 10, 8, 59, 59), []),
        (here(2026, 11, 10, 9), [Kind.REMINDER_WEEK]),
        (here(2026, 11, 10, 23, 59), [Kind.REMINDER_WEEK]),
        (here(2026, 11, 11, 0), []),
        (here(2026, 11, 14, 9), [Kind.COMING_ASKED]),
        (here(2026, 11, 16, 9), [Kind.REMINDER_DAY]),
        (here(2026, 11, 17, 9), []),
        (here(2026, 11, 17, 10, 59, 59), []),
        (here(2026, 11, 17, 11), [Kind.REMINDER_HOUR]),
        (here(2026, 11, 17, 11, 59, 59), [Kind.REMINDER_HOUR]),
        (here(2026, 11, 17, 12), []),
    ],
)
def test_each_reminder_has_its_day_or_its_hour(at, kinds):
    assert kinds_at([NOON], at) == kinds


@pytest.mark.parametrize(
    ("starts_at", "due"),
    [
        # The night of 31 October the clock goes back: the day before is 25 hours long.
        (here(2026, 11, 1, 12), here(2026, 10, 31, 9)),
        (here(2026, 11, 7, 12), here(2026, 10, 31, 9)),  # a week before, across the change
        # The night of 13 March it goes forward.
        (here(2027, 3, 14, 12), here(2027, 3, 13, 9)),
        (here(2027, 3, 20, 12), here(2027, 3, 13, 9)),
    ],
)
def test_local_days_hold_when_the_clock_changes(starts_at, due):
    second = timedelta(seconds=1)
    assert kinds_at([starts_at], due - second) == []
    (found,) = due_reminders([starts_at], due)
    assert found.due_at == due
    assert found.due_at.utcoffset() == timedelta(hours=-4 if due.month == 10 else -5)


def test_an_hour_is_an_hour_when_the_clock_changes():
    starts_at = here(2026, 11, 1, 1, 30).replace(fold=1)  # the second 1 h 30 of that night
    first = here(2026, 11, 1, 1, 30)
    assert [due.kind for due in due_reminders([starts_at], first.astimezone(ZoneInfo("UTC")))] == [
        Kind.REMINDER_HOUR
    ]
    earlier = first.astimezone(ZoneInfo("UTC")) - timedelta(seconds=1)
    assert kinds_at([starts_at.astimezone(ZoneInfo("UTC"))], earlier) == []


@pytest.mark.parametrize(
    ("made", "ends", "due"),
    [
        # Two thirds of the way, as long as people are up: from 8 h to 21 h.
        (here(2026, 9, 1, 9), here(2026, 9, 3, 9), here(2026, 9, 2, 17)),
        (here(2026, 9, 1, 9), here(2026, 9, 2, 3), here(2026, 9, 1, 21)),
        (here(2026, 9, 1, 18), here(2026, 9, 2, 15), here(2026, 9, 2, 8)),
        # Late in the evening, or before dawn: at 8 h, the offer still stands.
        (here(2026, 9, 1, 14), here(2026, 9, 3, 14), here(2026, 9, 3, 8)),
        (here(2026, 9, 1, 14), here(2026, 9, 2, 14), here(2026, 9, 2, 8)),
        (here(2026, 9, 1, 9), here(2026, 9, 2, 3, 0, 3), here(2026, 9, 1, 21)),
        # It ends at night: the evening before, unless it was made in that very hour.
        (here(2026, 9, 1, 19), here(2026, 9, 2, 3), here(2026, 9, 1, 21)),
        (here(2026, 9, 1, 20), here(2026, 9, 2, 4), here(2026, 9, 1, 21)),
        (here(2026, 9, 1, 20, 0, 1), here(2026, 9, 2, 4), None),
        (here(2026, 9, 1, 22), here(2026, 9, 2, 8), None),
        (here(2026, 9, 1, 22), here(2026, 9, 2, 8, 0, 1), here(2026, 9, 2, 8)),
        # Real hours: the night of 31 October has one more.
        (here(2026, 10, 31, 18), here(2026, 11, 1, 17), here(2026, 11, 1, 9)),
    ],
)
def test_the_reminder_of_an_offer_wakes_nobody(made, ends, due):
    assert offer_reminder_at(at=made, ends_at=ends) == due


def test_a_session_of_several_days_reminds_of_each_by_its_first_meeting():
    starts = [NOON + 7 * DAY, NOON, NOON + 2 * HOUR]
    assert first_of_days(starts) == [NOON, NOON + 7 * DAY]
    assert kinds_at(starts, here(2026, 11, 17, 13)) == []  # the afternoon reminds of nothing
    assert kinds_at(starts, here(2026, 11, 21, 9)) == []  # asked three days before the first only
    assert kinds_at(starts, here(2026, 11, 23, 9)) == [Kind.REMINDER_DAY]
    assert kinds_at(starts, here(2026, 11, 24, 11)) == [Kind.REMINDER_HOUR]


# ------------------------------------------------------------------ what
@pytest.fixture
def seated(db):
    return courses.enrolled(courses.open_session())


def reminder(enrolment, kind, day="2026-11-17"):
    context = {"enrolment": enrolment.pk, "day": day}
    if kind == Kind.REMINDER_HOUR:
        context = {"enrolment": enrolment.pk, "starts_at": NOON.isoformat()}
    return notices.notice(kind=kind, recipient=enrolment.person, context=context)


MOMENTS = {
    Kind.REMINDER_WEEK: here(2026, 11, 10, 9),
    Kind.COMING_ASKED: here(2026, 11, 14, 9),
    Kind.REMINDER_DAY: here(2026, 11, 16, 9),
    Kind.REMINDER_HOUR: here(2026, 11, 17, 11),
}
EVERY = pytest.mark.parametrize("kind", MOMENTS)


@EVERY
def test_a_reminder_says_day_and_hour(seated, kind):
    words = facts_of(reminder(seated, kind), at=MOMENTS[kind]).words
    assert (words["date"], words["hour"]) == ("mardi 17\xa0novembre 2026", "12\xa0h")


@EVERY
def test_a_reminder_concerns_only_those_who_still_hold_their_seat(seated, kind):
    notice = reminder(seated, kind)
    cancel_enrolment(enrolment=seated, by=seated.person, at=courses.AT)
    assert facts_of(notice, at=MOMENTS[kind]) is None


@EVERY
@pytest.mark.parametrize("act", [cancel_session, postpone_session])
def test_no_reminder_of_a_session_called_off(seated, kind, act):
    notice = reminder(seated, kind)
    act(session=seated.session, by=None, at=courses.AT, motive="Maladie.")
    assert facts_of(notice, at=MOMENTS[kind]) is None


@EVERY
def test_a_reminder_of_the_old_date_is_not_sent(seated, kind):
    notice = reminder(seated, kind)
    meeting = seated.session.meetings.get()
    meeting.starts_at, meeting.ends_at = meeting.starts_at + DAY, meeting.ends_at + DAY
    save_session(
        session=seated.session, meetings=[meeting], breaks=None, trainers=None, by=None,
        at=courses.AT,
    )  # fmt: skip
    assert facts_of(notice, at=MOMENTS[kind]) is None


@EVERY
def test_a_reminder_that_waited_too_long_is_not_sent(seated, kind):
    late = MOMENTS[kind] + (HOUR if kind == Kind.REMINDER_HOUR else DAY)
    assert facts_of(reminder(seated, kind), at=late) is None


def test_who_said_so_is_not_asked_again(seated):
    notice = reminder(seated, Kind.COMING_ASKED)
    assert (
        facts_of(notice, at=MOMENTS[Kind.COMING_ASKED]).words["action_url"].endswith("/je-viens/")
    )
    say_coming(enrolment=seated, by=seated.person, at=courses.AT)
    assert facts_of(notice, at=MOMENTS[Kind.COMING_ASKED]) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("format_", "page"),
    [(SessionFormat.ONLINE, "courses:join"), (SessionFormat.IN_PERSON, "courses:session")],
)
def test_the_last_reminder_leads_to_the_joining_page_of_a_session_online(format_, page):
    enrolment = courses.enrolled(courses.open_session(format=format_))
    facts = facts_of(reminder(enrolment, Kind.REMINDER_HOUR), at=MOMENTS[Kind.REMINDER_HOUR])
    assert facts.words["action_url"].endswith("/rejoindre/") is (page == "courses:join")
    assert enrolment.session.meetings.get().join_url not in str(facts.words)
