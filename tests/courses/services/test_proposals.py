"""What a screen may propose: the same answer as the gate's, without a lock and without a trace."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

import pytest

from courses.choices import OpeningMode
from courses.models import EnrolmentEvent
from courses.services.enrolments import cancel_enrolment, enrol
from courses.services.exchanges import PassingOver, pass_on
from courses.services.proposals import (
    find_own_refusal,
    passing_ends_at,
    passing_is_open,
    seats_to_give_up,
    why_not_exchanged,
)
from courses.services.seat_rules import ScheduleConflict, SeatRefusal, TermLimitReached
from courses.services.sessions import cancel_session, postpone_session
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, held, open_session, term

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.fixture
def person():
    return people.person()


def test_the_refusal_foreseen_is_that_of_the_gate(person):
    """Negative control: each situation is also tried for good."""
    year = term(seats_per_person=1)
    enrolled(open_session(term=year), person)
    for wanted, kind in (
        (open_session(term=year, starts_at=NOON + WEEK), TermLimitReached),
        (open_session(starts_at=NOON + timedelta(minutes=5)), ScheduleConflict),
        (open_session(starts_at=NOON + 2 * WEEK), None),
    ):
        foreseen = find_own_refusal(person, wanted, at=AT)
        assert type(foreseen) is (kind or type(None))
        if kind is None:
            enrol(person=person, session=wanted, by=person, at=AT)
            continue
        with pytest.raises(kind) as met:
            enrol(person=person, session=wanted, by=person, at=AT)
        assert str(foreseen) == str(met.value)


def test_looking_ahead_writes_nothing(person):
    wanted, seat = open_session(), enrolled(open_session(starts_at=NOON + WEEK), person)
    with CaptureQueriesContext(connection) as asked:
        find_own_refusal(person, wanted, at=AT)
        seats_to_give_up(person, wanted, at=AT)
        passing_is_open(seat.session, at=AT)

    verbs = {query["sql"].split()[0] for query in asked}
    assert verbs == {"SELECT"}
    assert not any("FOR " in query["sql"] for query in asked)
    assert EnrolmentEvent.objects.count() == 1


def test_at_the_limit_any_seat_of_the_term_still_to_come_may_go(person):
    year = term(seats_per_person=2)
    one = enrolled(open_session(term=year, starts_at=NOON), person)
    two = enrolled(open_session(term=year, starts_at=NOON + WEEK), person)
    enrolled(open_session(starts_at=NOON + 3 * WEEK), person)
    wanted = open_session(term=year, starts_at=NOON + 2 * WEEK)

    assert seats_to_give_up(person, wanted, at=AT) == [one, two]


def test_of_two_seats_that_overlap_neither_alone_makes_room(person):
    enrolled(open_session(starts_at=NOON), person)
    enrolled(open_session(starts_at=NOON + timedelta(hours=2)), person)
    wanted = open_session(starts_at=NOON + timedelta(minutes=30), hours=3)

    assert seats_to_give_up(person, wanted, at=AT) == []


@pytest.mark.parametrize("gone", ["begun", "cancelled", "given back", "waiting", "somebody else's"])
def test_what_is_no_seat_to_come_is_not_proposed(person, gone):
    year = term(seats_per_person=1)
    full = open_session(term=year, capacity=0 if gone == "waiting" else 5)
    row = enrolled(full, people.person() if gone == "somebody else's" else person)
    if gone == "begun":
        held(full)
    if gone == "cancelled":
        cancel_session(session=full, by=None, at=AT, motive="Verglas")
    if gone == "given back":
        cancel_enrolment(enrolment=row, by=person, at=AT)
    wanted = open_session(term=year, starts_at=NOON + WEEK)

    assert seats_to_give_up(person, wanted, at=AT) == []


def test_a_seat_of_a_postponed_session_may_go(person):
    year = term(seats_per_person=1)
    seat = enrolled(open_session(term=year), person)
    postpone_session(session=seat.session, by=None, at=AT, motive="Verglas")

    wanted = open_session(term=year, starts_at=NOON + WEEK)
    assert seats_to_give_up(person, wanted, at=AT) == [seat]


@pytest.mark.parametrize(
    ("fields", "is_refused"),
    [
        ({}, False),
        ({"needs_approval": True}, True),
        (
            {"opening_mode": OpeningMode.DRAW, "requests_close_at": AT + timedelta(days=1)},
            True,
        ),
        ({"opening_mode": OpeningMode.DRAW, "requests_close_at": AT}, False),
    ],
)
def test_nothing_is_exchanged_for_a_seat_given_upon_request(fields, is_refused):
    assert bool(why_not_exchanged(open_session(**fields), at=AT)) is is_refused


def test_until_when_a_colleague_may_answer_is_foreseen(person):
    seat, colleague = enrolled(open_session(), person), people.person()

    foreseen = passing_ends_at(seat.session, at=AT)

    given = pass_on(enrolment=seat, to=colleague, by=person, at=AT)
    assert given.offer_expires_at == foreseen


@pytest.mark.parametrize("shut", ["late", "last hours", "approval", "cancelled"])
def test_where_no_seat_is_passed_on_the_gate_says_the_same(person, shut):
    row = open_session(
        cancel_until=AT - timedelta(hours=1) if shut == "late" else None,
    )
    seat = enrolled(row, person)
    if shut == "approval":
        row.needs_approval = True
        row.save()
    if shut == "cancelled":
        cancel_session(session=row, by=None, at=AT, motive="Verglas")
    at = NOON - timedelta(hours=12) if shut == "last hours" else AT

    assert passing_is_open(row, at=at) is False
    with pytest.raises(PassingOver) as foreseen:
        passing_ends_at(row, at=at)
    with pytest.raises(SeatRefusal) as met:
        pass_on(enrolment=seat, to=people.person(), by=person, at=at)
    assert str(foreseen.value) == str(met.value)
