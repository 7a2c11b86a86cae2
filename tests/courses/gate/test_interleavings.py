"""Every pair of acts that could meet, made to meet: one is stopped where it hurts, the other comes.

Whatever the point, the second waits for the first and what is true afterwards is what one of the
two orders gives. Their negative control stands in test_interleavings_of_people.py.
"""

from functools import partial

import pytest

from courses.models import Enrolment
from courses.services.enrolments import cancel_enrolment
from courses.services.offers import decline_offer, expire_offers
from courses.services.roster import move_in_line, seat_beyond
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
from tests.courses.gate.freezing import Point
from tests.courses.lines import fill, full_session, grow, live_of, states
from tests.factories import people
from tests.factories.courses import AT, enrolled, open_session

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


# ------------------------------------------------------------------ cancel vs enrol
@stopped(Point.LOCKED, Point.COMMITTING)
def test_who_comes_while_the_last_seat_is_given_back_has_it(at):
    row = open_session(capacity=1)
    seat, person = enrolled(row), people.person()

    crossing = meet(cancelling(seat), asking(row, person), at=at)

    assert (crossing.first, crossing.second, held(row)) == ("cancelled", "confirmed", 1)


@stopped()
def test_who_came_just_before_a_seat_is_given_back_waits_and_is_served(at):
    row = open_session(capacity=1)
    seat, person = enrolled(row), people.person()

    crossing = meet(asking(row, person), cancelling(seat), at=at)

    assert (crossing.first, crossing.second, held(row)) == ("waiting", "cancelled", 0)
    assert fill(row) == 1
    assert held(row) == 1


def test_a_walk_up_that_meets_a_withdrawal_overtakes_nobody():
    row = open_session(capacity=1)
    seat, waiting, person = enrolled(row), enrolled(row), people.person()

    crossing = meet(cancelling(seat), asking(row, person), at=Point.COMMITTING)

    assert crossing.second == "waiting"
    assert fill(row) == 1
    assert states(waiting) == ["confirmed"]


# ------------------------------------------------------------------ wait-join vs release
@stopped()
def test_nobody_joins_the_line_beside_a_seat_that_was_just_served(at):
    """The look at the list comes before or after the newcomer, never in between: no seat stays
    empty beside somebody who waits (I5)."""
    row = open_session(capacity=1)
    seat, person = enrolled(row), people.person()

    def leave_and_serve() -> int:
        cancel_enrolment(enrolment=seat, by=seat.person, at=AT)
        return fill(row)

    crossing = meet(asking(row, person), leave_and_serve, at=at)

    assert (crossing.first, crossing.second) == ("waiting", 1)
    assert live_of(Enrolment(person=person, session=row)).state == "confirmed"


# ------------------------------------------------------------------ expire vs accept
@stopped(Point.LOCKED, Point.COMMITTING)
def test_an_offer_accepted_in_time_does_not_expire(at):
    """I8: the race is decided once."""
    row, first, second = an_offer()

    crossing = meet(accepting(first), partial(expire_offers, at=END), at=at)

    assert (crossing.first, crossing.second) == ("confirmed", 0)
    assert (states(first, second), held(row)) == (["confirmed", "waiting"], 1)


@stopped(Point.LOCKED, Point.COMMITTING)
def test_an_offer_that_expired_is_not_accepted(at):
    row, first, second = an_offer()

    crossing = meet(partial(expire_offers, at=END), accepting(first), at=at)

    assert (crossing.first, crossing.second) == (1, "OfferOver")
    assert (states(first), live_of(first).state, held(row)) == (["expired"], "waiting", 0)
    fill(row, END)
    assert states(second) == ["offered"]


def test_yes_and_no_at_once_are_one_answer():
    _row, first, _second = an_offer()

    crossing = meet(
        accepting(first),
        lambda: decline_offer(enrolment=first, by=first.person, at=AT).state,
        at=Point.COMMITTING,
    )

    assert (crossing.first, crossing.second) == ("confirmed", "OfferOver")


# ------------------------------------------------------------------ sweep vs sweep
@stopped()
def test_two_sweeps_give_one_seat_once(at):
    row, line = full_session(3)
    grow(row, 1)

    crossing = meet(serving(row), serving(row), at=at)

    assert (crossing.first, crossing.second) == (1, 0)
    assert states(*line) == ["offered", "waiting", "waiting"]


@stopped(Point.LOCKED, Point.COMMITTING)
def test_two_sweeps_end_one_offer_once(at):
    row, first, _second = an_offer()

    crossing = meet(partial(expire_offers, at=END), partial(expire_offers, at=END), at=at)

    assert (crossing.first, crossing.second) == (1, 0)
    assert Enrolment.objects.filter(session=row, person=first.person).count() == 2


# ------------------------------------------------------------------ cap edit vs enrol
@stopped()
def test_a_cap_lowered_under_a_newcomer_keeps_the_seat_just_given(at):
    """I10: the seat was there when it was given."""
    row, person = open_session(capacity=1), people.person()

    crossing = meet(asking(row, person), partial(grow, row, 0), at=at, most={row.pk: 1})

    assert (crossing.first, held(row), enrolled(row).state) == ("confirmed", 1, "waiting")
    grow(row, 1)


@stopped(Point.LOCKED, Point.COMMITTING)
def test_a_newcomer_meets_the_cap_as_it_was_just_lowered(at):
    row, person = open_session(capacity=1), people.person()

    crossing = meet(partial(grow, row, 0), asking(row, person), at=at)

    assert (crossing.second, held(row)) == ("waiting", 0)


@stopped()
def test_a_cap_raised_while_somebody_joins_the_line_seats_them(at):
    row, person = open_session(capacity=0), people.person()

    crossing = meet(asking(row, person), partial(grow, row, 1), at=at)

    assert (crossing.first, fill(row), held(row)) == ("waiting", 1, 1)


# ------------------------------------------------------------------ admin vs promotion
@stopped()
def test_a_seat_given_by_staff_and_one_by_the_list_are_two_seats(at):
    """The person in line is both: promoted first, then left alone."""
    row, (first, second) = full_session(2, asks_first=False)
    grow(row, 1)
    staff = people.coordinator()

    crossing = meet(
        serving(row),
        lambda: (
            seat_beyond(person=first.person, session=row, by=staff, at=AT, motive="Jury").is_extra
        ),
        at=at,
    )

    assert (crossing.first, crossing.second) == (1, False)
    assert (states(first, second), held(row)) == (["confirmed", "waiting"], 1)


@stopped(Point.LOCKED, Point.COMMITTING)
def test_a_line_reordered_while_it_is_served_is_served_in_one_of_its_orders(at):
    row, (first, second) = full_session(2)
    grow(row, 1)
    staff = people.coordinator()

    def reorder() -> None:
        move_in_line(enrolment=second, place=1, by=staff, at=AT, motive="Urgence")

    crossing = meet(reorder, serving(row), at=at)

    assert (crossing.second, states(first, second)) == (1, ["waiting", "offered"])
