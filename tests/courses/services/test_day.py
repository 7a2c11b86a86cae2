"""What befalls a session on its day: one act each, never twice."""

from datetime import timedelta

from django.utils import timezone

import pytest

from courses.choices import DayKind, SessionChange, SessionState
from courses.models import Meeting
from courses.selectors.day import day_of, latest_event
from courses.services.day import (
    ChangedMeanwhile,
    CutRefused,
    DayChange,
    DayRefusal,
    DelayRefused,
    NothingChanges,
    NothingLeft,
    TrainerMissing,
    change_on_the_day,
)
from courses.services.sessions import cancel_session
from courses.services.states import MotiveMissing as StepWithoutMotive
from courses.services.trainers import MotiveMissing, NotATrainerHere
from tests.factories import courses, people
from tests.factories.courses import AT, NOON, enrolled, meeting, open_session

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MORNING = NOON - timedelta(hours=2)
HOUR = timedelta(hours=1)
OLD, NEW = "https://reunion.example/j/1", "https://reunion.example/j/2"


def change(session, kind, *, at=MORNING, motive="Verglas", seen=None, **given):
    return change_on_the_day(
        session=session,
        change=DayChange(kind, **given),
        by=None,
        at=at,
        motive=motive,
        seen=seen,
    )


def two_days():
    """12 h to 14 h and 15 h to 16 h on the day, 12 h to 13 h a week later; a break at 13 h."""
    return open_session(
        meetings=[
            meeting(NOON, 2, join_url=OLD),
            meeting(NOON + 3 * HOUR, 1, join_url=OLD),
            meeting(NOON + timedelta(days=7), 1, join_url=OLD),
        ],
        breaks=[(NOON + HOUR, NOON + HOUR + timedelta(minutes=15))],
    )


def hours(rows):
    return [
        f"{timezone.localtime(row.starts_at):%d %H:%M}-{timezone.localtime(row.ends_at):%H:%M}"
        for row in rows.order_by("starts_at")
    ]


# ------------------------------------------------------------------ which day
@pytest.mark.parametrize(
    ("at", "hours_left"),
    [
        (MORNING, [12, 15]),
        (NOON + HOUR, [12, 15]),  # the first has begun and is not over
        (NOON + 2 * HOUR, [15]),
        (NOON + 5 * HOUR, [12]),  # the next day with a meeting
        (NOON + timedelta(days=8), []),
    ],
)
def test_the_day_is_that_of_the_next_meeting_to_end(at, hours_left):
    rows = Meeting.objects.filter(session=two_days())

    assert [timezone.localtime(row.starts_at).hour for row in day_of(rows, at=at)] == hours_left


# ------------------------------------------------------------------ hours
def test_a_delay_moves_what_is_left_of_the_day_and_its_breaks(heard):
    session = two_days()
    keys = set(session.meetings.values_list("key", flat=True))
    row = enrolled(session)
    heard.clear()

    change(session, DayKind.DELAY, minutes=20)

    assert hours(session.meetings) == ["17 12:20-14:20", "17 15:20-16:20", "24 12:00-13:00"]
    assert hours(session.breaks) == ["17 13:20-13:35"]
    assert set(session.meetings.values_list("key", flat=True)) == keys
    row.refresh_from_db()
    assert row.calendar_sequence == 1
    assert [name for name, _carried in heard] == ["session_changed"]
    assert session.events.order_by("pk").last().motive == "Verglas"


def test_a_delay_leaves_what_is_over_as_it_was():
    session = two_days()

    change(session, DayKind.DELAY, minutes=30, at=NOON + 2 * HOUR)

    assert hours(session.meetings) == ["17 12:00-14:00", "17 15:30-16:30", "24 12:00-13:00"]
    assert hours(session.breaks) == ["17 13:00-13:15"]


@pytest.mark.parametrize("minutes", [0, -5, 601])
def test_a_delay_that_cannot_be_is_refused(minutes):
    session = two_days()

    with pytest.raises(DelayRefused):
        change(session, DayKind.DELAY, minutes=minutes)
    assert hours(session.meetings)[0] == "17 12:00-14:00"


def test_a_cut_ends_the_day_and_takes_away_what_would_follow():
    session = two_days()

    change(session, DayKind.CUT, ends_at=NOON + HOUR + timedelta(minutes=10))

    assert hours(session.meetings) == ["17 12:00-13:10", "24 12:00-13:00"]
    assert hours(session.breaks) == ["17 13:00-13:10"]
    event = session.events.order_by("pk").last()
    assert len(event.changes["removed_meetings"]) == 1


def test_a_cut_before_a_break_takes_the_break_away():
    session = two_days()

    change(session, DayKind.CUT, ends_at=NOON + timedelta(minutes=45))

    assert hours(session.breaks) == []


@pytest.mark.parametrize("ends_at", [None, NOON, NOON - HOUR, NOON + 4 * HOUR, NOON + 9 * HOUR])
def test_a_cut_that_cannot_be_is_refused(ends_at):
    session = two_days()

    with pytest.raises(CutRefused):
        change(session, DayKind.CUT, ends_at=ends_at)
    assert len(hours(session.meetings)) == 3


# ------------------------------------------------------------------ address
def test_a_new_address_replaces_the_old_one_wherever_it_was_to_come(heard):
    session = two_days()
    other = session.meetings.order_by("starts_at").last()
    heard.clear()

    change(session, DayKind.JOIN_URL, join_url=f" {NEW} ")

    assert set(session.meetings.values_list("join_url", flat=True)) == {NEW}
    assert heard[0][1]["changes"] == frozenset({SessionChange.JOIN_URL})
    event = session.events.order_by("pk").last()
    assert NEW not in str(event.changes)
    assert other.key == session.meetings.order_by("starts_at").last().key


def test_a_meeting_over_or_elsewhere_keeps_its_address():
    session = open_session(
        meetings=[
            meeting(NOON, 1, join_url=OLD),
            meeting(NOON + 3 * HOUR, 1, join_url=OLD),
            meeting(NOON + timedelta(days=7), 1, join_url="https://ailleurs.example/1"),
            meeting(NOON + timedelta(days=8), 1),
        ]
    )

    change(session, DayKind.JOIN_URL, join_url=NEW, at=NOON + 2 * HOUR)

    assert list(session.meetings.order_by("starts_at").values_list("join_url", flat=True)) == [
        OLD, NEW, "https://ailleurs.example/1", "",
    ]  # fmt: skip


def test_the_address_in_use_and_an_empty_one_change_nothing():
    session = two_days()
    before = latest_event(session)

    with pytest.raises(NothingChanges):
        change(session, DayKind.JOIN_URL, join_url=OLD)
    with pytest.raises(DayRefusal):
        change(session, DayKind.JOIN_URL, join_url=" ")
    assert latest_event(session) == before


# ------------------------------------------------------------------ trainers
def test_another_trainer_takes_the_place_of_the_first():
    old, new = people.trainer(), people.trainer()
    session = open_session(trainers=[old])

    change(session, DayKind.TRAINER, leaving=old, coming=new)

    assert [row.person for row in session.trainers.all()] == [new]


def test_a_trainer_is_never_replaced_without_a_motive_nor_by_somebody_who_teaches_it():
    old, other, stranger = people.trainer(), people.trainer(), people.trainer()
    session = open_session(trainers=[old, other])

    for refusal, given in (
        (MotiveMissing, {"leaving": old, "coming": stranger, "motive": " "}),
        (NothingChanges, {"leaving": old, "coming": other}),
        (NotATrainerHere, {"leaving": stranger, "coming": people.trainer()}),
        (TrainerMissing, {"leaving": old}),
    ):
        with pytest.raises(refusal):
            change(session, DayKind.TRAINER, **given)
    assert [row.person for row in session.trainers.all()] == [old, other]


# ------------------------------------------------------------------ all of it
@pytest.mark.parametrize(
    ("kind", "state"),
    [(DayKind.CANCEL, SessionState.CANCELLED), (DayKind.POSTPONE, SessionState.POSTPONED)],
)
def test_a_session_is_called_off_with_a_motive(kind, state):
    session = open_session()

    with pytest.raises(StepWithoutMotive):
        change(session, kind, motive="")
    change(session, kind)

    session.refresh_from_db()
    assert session.state == state


def test_nothing_is_left_to_change_once_it_is_over_or_called_off():
    over, off, draft = open_session(), open_session(), courses.session()
    cancel_session(session=off, by=None, at=AT, motive="Verglas")

    for session, at in ((over, NOON + 2 * HOUR), (off, MORNING), (draft, MORNING)):
        with pytest.raises(NothingLeft):
            change(session, DayKind.DELAY, minutes=10, at=at)


# ------------------------------------------------------------------ once
def test_of_two_presses_one_counts():
    session = two_days()
    seen = latest_event(session)

    change(session, DayKind.DELAY, minutes=20, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        change(session, DayKind.DELAY, minutes=20, seen=seen)

    assert hours(session.meetings)[0] == "17 12:20-14:20"


def test_without_that_guard_two_presses_would_delay_twice():
    session = two_days()

    for _press in range(2):
        change(session, DayKind.DELAY, minutes=20)

    assert hours(session.meetings)[0] == "17 12:40-14:40"
