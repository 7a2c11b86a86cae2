"""The same for what people do with their own seats, and for what staff decide about one person.

The last test takes the locks away: then the same meetings go wrong.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from courses.models import Enrolment, Session
from courses.services.exchanges import exchange, pass_on
from courses.services.offers import expire_offers
from courses.services.requests import approve_request
from courses.services.sessions import cancel_session
from people.models import User
from tests.courses.gate.acts import (
    END,
    accepting,
    an_offer,
    asking,
    cancelling,
    held,
    meet,
    serving,
    stopped,
)
from tests.courses.gate.freezing import Point, cross
from tests.courses.gate.invariants import broken
from tests.courses.lines import fill, full_session, grow, states
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, open_session, term

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


# ------------------------------------------------------------------ approve vs approve
@stopped()
def test_two_approvals_of_the_last_seat_give_a_seat_and_a_rank(at):
    row, staff = open_session(capacity=1, needs_approval=True), people.coordinator()
    one, two = enrolled(row), enrolled(row)

    def approve(request: Enrolment) -> str:
        return approve_request(enrolment=request, by=staff, at=AT).state

    crossing = meet(partial(approve, one), partial(approve, two), at=at)

    assert (crossing.first, crossing.second, held(row)) == ("confirmed", "waiting", 1)


def test_one_request_approved_twice_is_one_seat():
    row, staff = open_session(needs_approval=True), people.coordinator()
    request = enrolled(row)

    def approve() -> str:
        return approve_request(enrolment=request, by=staff, at=AT).state

    crossing = meet(approve, approve, at=Point.COMMITTING)

    assert (crossing.first, crossing.second) == ("confirmed", "confirmed")
    assert request.events.filter(to_state="confirmed").count() == 1


# ------------------------------------------------------------------ two tabs
@stopped()
def test_two_tabs_on_two_sessions_of_a_term_are_one_seat(at):
    """The person's lock decides."""
    autumn, person = term(seats_per_person=1), people.person()
    one, two = (open_session(term=autumn, starts_at=NOON + timedelta(days=d)) for d in (0, 1))

    crossing = meet(asking(one, person), asking(two, person), at=at)

    assert (crossing.first, crossing.second) == ("confirmed", "TermLimitReached")


@stopped()
def test_two_tabs_on_two_sessions_of_one_hour_are_one_seat(at):
    person = people.person()

    crossing = meet(asking(open_session(), person), asking(open_session(), person), at=at)

    assert (crossing.first, crossing.second) == ("confirmed", "ScheduleConflict")


@stopped()
def test_a_double_click_is_one_row(at):
    """I13."""
    row, person = open_session(), people.person()

    crossing = meet(asking(row, person), asking(row, person), at=at)

    assert (crossing.first, crossing.second) == ("confirmed", "confirmed")
    assert Enrolment.objects.filter(session=row).count() == 1


# ------------------------------------------------------------------ exchange vs promotion
def swapping(leaving: Enrolment, to: Session) -> Callable[[], str]:
    return lambda: exchange(leaving=leaving, session=to, by=leaving.person, at=AT).state


@stopped()
def test_an_exchange_that_meets_the_list_overtakes_nobody(at):
    other, (waiting,) = full_session(1, asks_first=False)
    seat = enrolled(open_session(starts_at=NOON + timedelta(days=1)))
    grow(other, 1)

    crossing = meet(swapping(seat, other), serving(other), at=at)

    assert (crossing.first, crossing.second) == ("waiting", 1)
    assert states(waiting, seat) == ["confirmed", "confirmed"]


@stopped(Point.LOCKED, Point.COMMITTING)
def test_an_exchange_both_ways_between_two_full_sessions_ends(at):
    """Both lock both sessions, in one order."""
    day = open_session(capacity=1), open_session(capacity=1, starts_at=NOON + timedelta(days=1))
    one, two = enrolled(day[0]), enrolled(day[1])

    crossing = meet(swapping(one, day[1]), swapping(two, day[0]), at=at)

    assert (crossing.first, crossing.second) == ("waiting", "waiting")
    assert states(one, two) == ["confirmed", "confirmed"]


# ------------------------------------------------------------------ pass_on vs cancel
def passing(row: Enrolment, to: User) -> Callable[[], str]:
    return lambda: pass_on(enrolment=row, to=to, by=row.person, at=AT).state


@stopped(Point.LOCKED, Point.COMMITTING)
def test_a_seat_passed_on_is_not_given_back_as_well(at):
    row = open_session(capacity=1)
    seat, waiting, colleague = enrolled(row), enrolled(row), people.person()

    crossing = meet(passing(seat, colleague), cancelling(seat), at=at)

    assert (crossing.first, crossing.second) == ("offered", "cancelled")
    assert (fill(row), states(waiting), held(row)) == (0, ["waiting"], 1)
    assert seat.events.filter(to_state="cancelled").count() == 1


@stopped(Point.LOCKED, Point.COMMITTING)
def test_a_seat_given_back_is_not_passed_on(at):
    row = open_session(capacity=1)
    seat, waiting, colleague = enrolled(row), enrolled(row), people.person()

    crossing = meet(cancelling(seat), passing(seat, colleague), at=at)

    assert (crossing.first, crossing.second) == ("cancelled", "EnrolmentEnded")
    assert (fill(row), states(waiting), held(row)) == (1, ["confirmed"], 1)


# ------------------------------------------------------------------ the session itself
@stopped(Point.LOCKED, Point.COMMITTING)
def test_nobody_is_seated_in_a_session_being_cancelled(at):
    row, person = open_session(), people.person()

    crossing = meet(
        lambda: cancel_session(session=row, by=None, at=AT, motive="Verglas").state,
        asking(row, person),
        at=at,
    )

    assert (crossing.first, crossing.second, held(row)) == ("cancelled", "SessionOver", 0)


# ------------------------------------------------------------------ without the locks
def last_seat() -> tuple[Callable, Callable]:
    row = open_session(capacity=1)
    return asking(row, people.person()), asking(row, people.person())


def two_tabs() -> tuple[Callable, Callable]:
    autumn, person = term(seats_per_person=1), people.person()
    later = NOON + timedelta(days=1)
    return (
        asking(open_session(term=autumn), person),
        asking(open_session(term=autumn, starts_at=later), person),
    )


def same_hour() -> tuple[Callable, Callable]:
    person = people.person()
    return asking(open_session(), person), asking(open_session(), person)


def two_sweeps() -> tuple[Callable, Callable]:
    row, _line = full_session(2)
    grow(row, 1)
    return serving(row), serving(row)


def two_approvals() -> tuple[Callable, Callable]:
    row, staff = open_session(capacity=1, needs_approval=True), people.coordinator()
    one, two = enrolled(row), enrolled(row)
    return tuple(partial(approve_request, enrolment=each, by=staff, at=AT) for each in (one, two))


def yes_and_silence() -> tuple[Callable, Callable]:
    _row, first, _second = an_offer()
    return accepting(first), partial(expire_offers, at=END)


@pytest.mark.parametrize(
    ("meeting", "rule"),
    [
        (last_seat, "I1"),
        (two_tabs, "I3"),
        (same_hour, "I4"),
        (two_approvals, "I1"),
        (two_sweeps, "I11"),
        (yes_and_silence, "I11"),
    ],
)
def test_without_locks_the_same_meetings_go_wrong(meeting, rule):
    """Negative control: what the tests above guard against does happen."""
    first, second = meeting()

    crossing = cross(first, second, at=Point.COMMITTING, with_locks=False)

    assert crossing.has_stopped
    assert rule in {line.partition(":")[0] for line in broken()}
