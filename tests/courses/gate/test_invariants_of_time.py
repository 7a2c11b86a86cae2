"""The invariants of seats, each by its name: I16, I17 and I20, what the clock may do to them.

Hours are those of Montréal: around the night of 25 hours (1 November 2026) and that of 23 (14 March
2027), and on an ordinary day.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from courses.models import Enrolment, Strike
from courses.services.enrolments import EnrolmentClosed, cancel_enrolment
from courses.services.holds import excuse_strike, give_absence_strikes, give_late_strikes
from courses.services.offers import OfferOver, accept_offer, expire_offers, release_pools
from courses.services.roster import move_to_session
from courses.services.sessions import cancel_session, save_session
from tests.courses.gate.acts import held
from tests.courses.gate.invariants import broken
from tests.courses.lines import SECOND, fill, fresh, full_session, grow, states
from tests.factories import people
from tests.factories.courses import AT, HERE, NOON, enrolled, meeting, open_session, pool

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DAY = timedelta(days=1)


def local(*moment: int, fold: int = 0) -> datetime:
    """That hour in Montréal, as real time: sums of it are of seconds that pass."""
    return datetime(*moment, tzinfo=HERE, fold=fold).astimezone(UTC)


# ------------------------------------------------------------------ I16: reserved seats released
@pytest.mark.parametrize("sweeps", [0, 1, 2])
@pytest.mark.parametrize("late", [timedelta(0), 3 * DAY])
def test_i16_seats_released_are_neither_lost_nor_made(sweeps, late):
    """Late, twice, or though nobody swept: one is held by its people, two are everybody's."""
    chum, release = people.establishment("chum"), AT + 2 * DAY
    row = open_session(capacity=3, pools=[pool(chum, 2, release_at=release)])
    member = enrolled(row, people.verified_member(chum))
    enrolled(row)
    waiting = enrolled(row)
    at = release + late

    released = [release_pools(at=at) for _ in range(sweeps)]
    fill(row, at), fill(row, at)

    row.refresh_from_db()
    assert released == [1, 0][:sweeps]
    assert row.release == min(sweeps, 1)
    assert states(member, waiting) == ["confirmed", "confirmed"]
    assert [enrolled(row, at=at).state for _ in range(2)] == ["waiting", "waiting"]
    assert (held(row), broken()) == (3, [])


def test_i16_a_second_before_its_hour_a_seat_is_kept():
    """Control."""
    release = AT + 2 * DAY
    row = open_session(
        capacity=1, pools=[pool(people.establishment("chum"), 1, release_at=release)]
    )
    waiting = enrolled(row)

    assert (release_pools(at=release - SECOND), fill(row, release - SECOND)) == (0, 0)
    assert states(waiting) == ["waiting"]


# ------------------------------------------------------------------ I17: hours, seconds, days
@pytest.mark.parametrize(
    "deadline",
    [
        local(2026, 10, 6, 17, 0),
        local(2026, 11, 1, 0, 30),
        local(2026, 11, 1, 1, 30),
        local(2026, 11, 1, 1, 30, fold=1),
        local(2027, 3, 14, 1, 59, 59),
        local(2027, 3, 14, 3, 0),
    ],
)
def test_i17_a_deadline_is_one_second_whatever_clocks_do(deadline):
    """At it one no longer enrols, and still gives back in time; an hour to either side of it too,
    which on a night of 25 hours may read the same."""
    row = open_session(
        enrolment_closes_at=deadline, cancel_until=deadline, starts_at=deadline + 10 * DAY
    )
    before = [deadline - SECOND, deadline - timedelta(hours=1)]
    after = [deadline, deadline + timedelta(hours=1)]
    seats = [enrolled(row, at=at) for at in before]

    for at in after:
        with pytest.raises(EnrolmentClosed):
            enrolled(row, at=at)
    for seat, at in zip(seats, [deadline, deadline + SECOND], strict=True):
        cancel_enrolment(enrolment=seat, by=seat.person, at=at)
    assert [fresh(seat).is_late for seat in seats] == [False, True]


@pytest.mark.parametrize(
    ("made", "ends"),
    [
        (local(2026, 10, 31, 15, 0), local(2026, 11, 2, 14, 0)),
        (local(2027, 3, 13, 11, 0), local(2027, 3, 15, 12, 0)),
    ],
)
def test_i17_an_offer_holds_48_hours_that_pass_whatever_clocks_do(made, ends):
    row, (first, second) = full_session(2, starts_at=made + 20 * DAY)
    grow(row, 2, at=made), fill(row, made)

    assert {fresh(offer).offer_expires_at for offer in (first, second)} == {ends}
    accept_offer(enrolment=first, by=first.person, at=ends - SECOND)
    with pytest.raises(OfferOver):
        accept_offer(enrolment=second, by=second.person, at=ends)
    assert (expire_offers(at=ends - SECOND), expire_offers(at=ends)) == (0, 1)


@pytest.mark.parametrize(
    ("starts_at", "day"),
    [
        (local(2026, 11, 3, 23, 30), local(2026, 10, 31, 0, 0)),
        (local(2026, 11, 4, 0, 30), local(2026, 11, 1, 0, 0)),
        (local(2027, 3, 16, 12, 0), local(2027, 3, 13, 0, 0)),
    ],
)
def test_i17_three_days_before_are_days_of_the_calendar_here(starts_at, day):
    """Until midnight a seat is given by itself, from midnight on it is offered."""
    row, (first, second) = full_session(2, asks_first=False, starts_at=starts_at)

    grow(row, 1, at=day - SECOND), fill(row, day - SECOND)
    grow(row, 2, at=day), fill(row, day)

    assert states(first, second) == ["confirmed", "offered"]


# ------------------------------------------------------------------ I20: strikes
DEADLINE = NOON - 5 * DAY
LATE = DEADLINE + SECOND
MUCH_LATER = NOON + 30 * DAY
COUNTS = {"counts_strikes": True, "cancel_until": DEADLINE}


def leave(row: Enrolment, at: datetime = LATE) -> Enrolment:
    return cancel_enrolment(enrolment=fresh(row), by=row.person, at=at)


def a_place_in_line() -> Enrolment:
    _row, (waiting,) = full_session(1, **COUNTS)
    return leave(waiting)


def an_offer_two_days_before() -> Enrolment:
    row, (first,) = full_session(1, **COUNTS)
    at = NOON - timedelta(hours=47)
    grow(row, 1, at=at), fill(row, at)
    accept_offer(enrolment=first, by=first.person, at=at)
    return leave(first, at + timedelta(hours=1))


def a_session_moved() -> Enrolment:
    seat = enrolled(open_session(**COUNTS))
    save_session(
        session=seat.session,
        meetings=[meeting(NOON + timedelta(hours=1))],
        breaks=None,
        trainers=None,
        by=None,
        at=AT + DAY,
    )
    return leave(seat)


def a_session_cancelled() -> Enrolment:
    seat = leave(enrolled(open_session(**COUNTS)))
    cancel_session(session=fresh(seat).session, by=None, at=LATE, motive="Verglas")
    return seat


def a_person_moved_by_staff() -> Enrolment:
    seat, other = enrolled(open_session(**COUNTS)), open_session(starts_at=NOON + DAY)
    staff = people.coordinator()
    move_to_session(enrolment=seat, session=other, by=staff, at=LATE, motive="Salle")
    return seat


def a_seat_given_back_at_the_deadline() -> Enrolment:
    return leave(enrolled(open_session(**COUNTS)), DEADLINE)


@pytest.mark.parametrize(
    "case",
    [
        a_place_in_line,
        an_offer_two_days_before,
        a_session_moved,
        a_session_cancelled,
        a_person_moved_by_staff,
        a_seat_given_back_at_the_deadline,
    ],
)
def test_i20_what_is_never_held_against_a_person(case: Callable[[], Enrolment]):
    """Neither as a late withdrawal nor as an absence."""
    row = case()

    assert give_late_strikes(at=MUCH_LATER) == 0
    session = fresh(row).session
    assert give_absence_strikes(session=session, absent=[row.person], at=MUCH_LATER) == 0
    assert not Strike.objects.exists()


def test_i20_an_absence_that_staff_excuse_counts_no_more_however_often_presence_is_settled():
    seat = enrolled(open_session(**COUNTS))
    absent = {"session": seat.session, "absent": [seat.person], "at": MUCH_LATER}
    assert give_absence_strikes(**absent) == 1

    excuse_strike(
        strike=Strike.objects.get(), by=people.coordinator(), at=MUCH_LATER, motive="Malade"
    )

    assert give_absence_strikes(**absent) == 0
    assert list(Strike.objects.values_list("excuse", "excused_at")) == [("Malade", MUCH_LATER)]


def test_i20_a_seat_given_back_after_the_deadline_does_count():
    """Control."""
    leave(enrolled(open_session(**COUNTS)))

    assert give_late_strikes(at=MUCH_LATER) == 1
