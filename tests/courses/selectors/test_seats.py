"""Seats in figures: held, kept, beyond the capacity, promised; and what the sweep picks up."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

import pytest

from courses.models import Enrolment, Pool, Session
from courses.selectors.seats import (
    PoolSeats,
    SeatSummary,
    beyond_words,
    pool_seats,
    seat_summary,
    sessions_to_fill,
    summary_for,
    with_counts,
)
from courses.selectors.sessions import catalogue_sessions, public_sessions
from courses.services.enrolments import pause_waiting
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    guest,
    open_session,
    pool,
    published_course,
    session,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RELEASE = NOON - 10 * DAY


def chum():
    return people.establishment("chum")


def member():
    return people.verified_member(chum())


def extra(row: Session) -> Enrolment:
    """A seat beyond the capacity, as staff give one."""
    seat = enrolled(row)
    Enrolment.objects.filter(pk=seat.pk).update(
        state="confirmed", is_extra=True, rank=None, pool=None, confirmed_at=AT
    )
    return seat


# ------------------------------------------------------------------ arithmetic
@pytest.mark.parametrize(
    ("summary", "open_seats", "words", "fill"),
    [
        (SeatSummary(20, 4, 0, kept=5), 11, "11 seats", "4 / 20"),
        (SeatSummary(20, 15, 0, kept=5), 0, "Reserved seats only", "15 / 20"),
        (SeatSummary(20, 15, 2, kept=5), 0, "Full, 2 people waiting", "15 / 20"),
        (SeatSummary(20, 12, 2, kept=5), 1, "1 seat", "12 / 20"),
        (SeatSummary(20, 12, 2, kept=5, passing=2), 3, "3 seats", "12 / 20"),
        (SeatSummary(20, 20, 0, extra=1), 0, "Full", "20 / 20 + 1"),
        (SeatSummary(20, 23, 0), 0, "Full", "23 / 20"),
        (SeatSummary(None, 7, 0, extra=2), None, "No limit of seats", "7 + 2"),
    ],
)
def test_seats_are_said_in_words_and_in_figures(summary, open_seats, words, fill):
    with translation.override("en"):
        assert (summary.open_to_walk_ups, summary.words, summary.fill) == (open_seats, words, fill)


@pytest.mark.parametrize(
    ("capacity", "held", "beyond"), [(20, 23, 3), (20, 20, 0), (20, 3, 0), (None, 9, 0)]
)
def test_seats_beyond_a_lowered_capacity_are_counted(capacity, held, beyond):
    assert SeatSummary(capacity, held, 0).beyond == beyond


# ------------------------------------------------------------------ counting
def counted(row: Session, at=AT) -> SeatSummary:
    """The same by both ways: annotated in a list, and asked of one session."""
    alone = seat_summary(row, at=at)
    (listed,) = with_counts(Session.objects.filter(pk=row.pk), at=at)
    assert seat_summary(listed, at=at) == alone
    return alone


def test_reserved_seats_nobody_holds_are_not_open_to_walk_ups():
    row = open_session(capacity=10, pools=[pool(chum(), 4), pool(seats=3)])
    enrolled(row, member()), enrolled(row)

    assert counted(row) == SeatSummary(10, held=2, waiting=0, kept=6)


def test_a_pool_fuller_than_its_seats_keeps_none_and_takes_none_from_another():
    row = open_session(capacity=10, pools=[pool(chum(), 2), pool(seats=3)])
    for _each in range(2):
        enrolled(row, member())
    Pool.objects.filter(kind="establishment").update(capacity=1)

    assert counted(row).kept == 3


@pytest.mark.parametrize(
    ("moment", "kept"),
    [(RELEASE - timedelta(seconds=1), 4), (RELEASE, 0), (RELEASE + DAY, 0)],
)
def test_seats_are_kept_until_the_second_of_their_release(moment, kept):
    row = open_session(capacity=10, pools=[pool(chum(), 4, release_at=RELEASE)])

    assert counted(row, at=moment).kept == kept


def test_without_a_moment_seats_are_kept_until_the_sweep_has_seen_their_release():
    row = open_session(capacity=10, pools=[pool(chum(), 4, release_at=RELEASE)])
    assert seat_summary(row).kept == 4

    Pool.objects.update(seen_released_at=RELEASE)
    assert seat_summary(row).kept == 0


def test_seats_beyond_the_capacity_are_counted_apart():
    row = open_session(capacity=2)
    enrolled(row), enrolled(row)
    extra(row)

    assert counted(row) == SeatSummary(2, held=2, waiting=0, extra=1)


def test_whoever_paused_waits_in_words_and_holds_nobody_back():
    row = open_session(capacity=0)
    first, _second = enrolled(row), enrolled(row)
    pause_waiting(enrolment=first, paused=True, by=first.person, at=AT)
    row.capacity = 2
    Session.objects.filter(pk=row.pk).update(capacity=2)

    summary = counted(row)

    assert summary == SeatSummary(2, held=0, waiting=2, passing=1)
    assert summary.open_to_walk_ups == 1


def test_whoever_let_this_release_pass_holds_nobody_back_until_the_next():
    row = open_session(capacity=0)
    waiting = enrolled(row)
    Enrolment.objects.filter(pk=waiting.pk).update(passed_release=row.release)

    assert counted(row).passing == 1
    Session.objects.filter(pk=row.pk).update(release=row.release + 1)
    assert counted(row).passing == 0


@pytest.mark.parametrize(("before", "seats"), [(2 * HOUR + timedelta(seconds=1), 0), (2 * HOUR, 1)])
def test_two_hours_before_a_free_seat_is_open_to_all(before, seats):
    row = open_session(capacity=0)
    enrolled(row)
    row.capacity = 1
    Session.objects.filter(pk=row.pk).update(capacity=1)

    assert counted(row, at=NOON - before).open_to_walk_ups == seats


# ------------------------------------------------------------------ as the reader finds them
def seen_by(row: Session, person: Any, at=AT) -> tuple[int | None, list[bool]]:
    row = public_sessions(at=at).get(pk=row.pk)
    pools = pool_seats(row, at=at, person=person)
    summary = summary_for(seat_summary(row, at=at), pools, row, at=at)
    return summary.open_to_walk_ups, [each.is_mine for each in pools]


def test_what_is_kept_for_the_reader_is_open_to_the_reader_alone():
    row = open_session(capacity=6, pools=[pool(chum(), 4), pool(seats=1)])
    invited = people.person()
    guest(row, invited)

    assert seen_by(row, None) == (1, [False, False])
    assert seen_by(row, people.person()) == (1, [False, False])
    assert seen_by(row, member()) == (5, [True, False])
    assert seen_by(row, invited) == (2, [False, True])


def test_a_pool_with_its_own_hour_is_open_to_its_people_from_then_on():
    hour = AT + DAY
    row = open_session(capacity=6, pools=[pool(chum(), 4, opens_at=hour)])
    mine = member()

    assert seen_by(row, mine, at=hour - timedelta(seconds=1)) == (2, [True])
    assert seen_by(row, mine, at=hour) == (6, [True])


def test_reserved_seats_are_said_with_those_left_and_only_while_they_are_kept():
    row = open_session(
        capacity=9,
        pools=[pool(chum(), 4, release_at=RELEASE), pool(seats=0)],
    )
    enrolled(row, member())
    found = pool_seats(row, at=AT)

    assert [(each.pool.kind, each.left, each.is_mine) for each in found] == [
        ("establishment", 3, False)
    ]
    assert isinstance(found[0], PoolSeats)
    assert pool_seats(row, at=RELEASE) == []


def test_seats_of_a_page_cost_the_reader_no_question_when_nobody_is_signed_in(
    django_assert_num_queries,
):
    open_session(pools=[pool(chum(), 4), pool(seats=1)])
    row = public_sessions(at=AT).get()
    mine = member()

    with django_assert_num_queries(0):
        pools = pool_seats(row, at=AT)
        assert [str(each.pool) for each in pools]
        seat_summary(row, at=AT)
    with django_assert_num_queries(3):
        pool_seats(row, at=AT, person=mine)


def test_the_catalogue_takes_as_many_questions_for_a_thousand_sessions_as_for_ten():
    course = published_course()
    model = open_session(course=course, capacity=9, pools=[pool(chum(), 4), pool(seats=1)])

    def add(count: int) -> None:
        rows = Session.objects.bulk_create(
            Session(course=course, version=model.version, state="open", capacity=9)
            for _each in range(count)
        )
        meetings = model.meetings.model.objects
        meetings.bulk_create(
            meetings.model(session=row, starts_at=NOON, ends_at=NOON + HOUR) for row in rows
        )
        Pool.objects.bulk_create(Pool(session=row, kind="guests", capacity=2) for row in rows)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            for row in catalogue_sessions(at=AT):
                assert seat_summary(row, at=AT).words
                assert pool_seats(row, at=AT)
        return len(asked)

    counts = []
    for count in (9, 90, 900):
        add(count)
        counts.append(questions())

    assert counts == [3, 3, 3]


# ------------------------------------------------------------------ the sweep
def to_fill(at=AT) -> list[Session]:
    return list(sessions_to_fill(at=at))


def test_the_sweep_picks_a_session_with_a_free_seat_and_somebody_to_serve():
    row = open_session(capacity=0)
    waiting = enrolled(row)
    assert to_fill() == []

    Session.objects.filter(pk=row.pk).update(capacity=1)
    assert to_fill() == [row]

    pause_waiting(enrolment=waiting, paused=True, by=waiting.person, at=AT)
    assert to_fill() == []


def test_the_sweep_leaves_whoever_let_this_release_pass():
    row = open_session(capacity=0)
    waiting = enrolled(row)
    Session.objects.filter(pk=row.pk).update(capacity=1)
    Enrolment.objects.filter(pk=waiting.pk).update(passed_release=row.release)
    assert to_fill() == []

    Session.objects.filter(pk=row.pk).update(release=row.release + 1)
    assert to_fill() == [row]


def test_the_sweep_picks_a_session_whose_free_seats_are_reserved():
    row = open_session(capacity=1, pools=[pool(chum(), 1)])
    enrolled(row)

    assert to_fill() == [row]


def test_a_seat_beyond_the_capacity_takes_none_that_the_sweep_could_give():
    row = open_session(capacity=1)
    extra(row)
    Session.objects.filter(pk=row.pk).update(capacity=0)
    enrolled(row)
    assert to_fill() == []

    Session.objects.filter(pk=row.pk).update(capacity=1)
    assert to_fill() == [row]


# ------------------------------------------------------------------ what a lowered cap leaves
def test_what_a_lowered_capacity_leaves_is_said_with_its_number():
    row = open_session(capacity=3, pools=[pool(chum(), 2)])
    enrolled(row, member()), enrolled(row, member()), enrolled(row)
    assert beyond_words(row) == []

    Session.objects.filter(pk=row.pk).update(capacity=1)
    Pool.objects.update(capacity=1)
    row.refresh_from_db()
    whole, of_pool = beyond_words(row)

    assert "2" in whole
    assert "1" in of_pool
    assert "CHUM" in of_pool


def test_a_session_without_a_limit_is_never_over_it():
    assert beyond_words(session(capacity=None)) == []
