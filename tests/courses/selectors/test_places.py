"""Where one person stands: their turn, their seats of the term, their ticket, their strikes."""

from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

import pytest

from courses.choices import StrikeCause
from courses.models import Enrolment, Session, Strike
from courses.selectors.places import (
    TermSeats,
    asks_from,
    find_own,
    giver_of,
    strikes_of,
    term_seats,
    wait_of,
)
from courses.selectors.seats import seat_summary
from courses.selectors.standing import standing_of
from courses.services.enrolments import cancel_enrolment
from courses.services.exchanges import offer_to
from courses.services.holds import give_strike
from courses.services.offers import fill_session
from courses.services.sessions import cancel_session
from tests.factories import people
from tests.factories.courses import AT, HERE, NOON, enrolled, open_session, term

pytestmark = pytest.mark.django_db


def wait(enrolment: Enrolment, at):
    row = Session.objects.get(pk=enrolment.session_id)
    enrolment.refresh_from_db()
    return wait_of(enrolment, row, seat_summary(row, at=at), starts_at=NOON, at=at)


# ------------------------------------------------------------------ one's turn
def test_everybody_is_asked_from_the_third_local_day_before():
    """In Montréal's days, whatever the hour and the change of clocks."""
    assert asks_from(NOON) == date(2026, 11, 14)
    midnight = NOON.astimezone(HERE).replace(hour=0, minute=30)
    assert asks_from(midnight) == date(2026, 11, 14)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (NOON - timedelta(days=4), date(2026, 11, 14)),
        (NOON.replace(hour=0) - timedelta(days=3), None),
        (NOON - timedelta(hours=1), None),
    ],
)
def test_there_is_a_choice_until_the_eve_of_that_day(at, day):
    waiting = enrolled(open_session(capacity=0))

    assert wait(waiting, at).asks_on == day


def test_the_seat_may_be_taken_only_by_who_was_called_while_one_is_free():
    row = open_session(capacity=1)
    seat, waiting = enrolled(row), enrolled(row)
    at = NOON - timedelta(hours=11)
    assert wait(waiting, at).may_take is False

    cancel_enrolment(enrolment=seat, by=seat.person, at=at)
    assert wait(waiting, at).may_take is False  # nobody was called yet
    fill_session(session_id=row.pk, at=at)

    assert wait(waiting, at).may_take is True
    assert wait(waiting, NOON).may_take is False


def test_before_the_last_hours_nobody_takes_a_seat_out_of_turn():
    waiting = enrolled(open_session(capacity=0))

    before, after = (wait(waiting, NOON - timedelta(hours=hours)) for hours in (12.5, 12))
    assert (before.is_last_hours, after.is_last_hours) == (False, True)


# ------------------------------------------------------------------ the term
def test_seats_of_the_term_are_counted_without_this_one():
    year, person = term(seats_per_person=2), people.person()
    mine = enrolled(open_session(term=year), person)
    enrolled(open_session(term=year, starts_at=NOON + timedelta(days=1)), person)
    third = open_session(term=year, starts_at=NOON + timedelta(days=2))
    standing = standing_of(person)

    assert term_seats(mine.session, standing) == TermSeats(1, 2)
    assert term_seats(third, standing) == TermSeats(2, 2)
    assert term_seats(third, standing).is_reached
    assert term_seats(open_session(), standing) is None


def test_a_cancelled_session_leaves_the_count():
    year, person = term(seats_per_person=2), people.person()
    seat = enrolled(open_session(term=year), person)
    cancel_session(session=seat.session, by=None, at=AT, motive="Verglas")

    assert term_seats(open_session(term=year), standing_of(person)) == TermSeats(0, 2)


# ------------------------------------------------------------------ one's own
def test_a_key_finds_one_s_own_row_and_no_other():
    mine, other = enrolled(open_session()), enrolled(open_session())

    assert find_own(mine.person, mine.key) == mine
    assert find_own(mine.person, other.key) is None


def test_a_seat_asked_for_by_an_agent_names_them_and_no_other_seat_names_anybody():
    agent, row = people.liaison_agent(printed_name="Louise Agente"), open_session()
    given = offer_to(person=people.person(), session=row, by=agent, at=AT)

    assert giver_of(given) == "Louise Agente"
    assert giver_of(enrolled(row)) == ""


def struck(person, count: int) -> list[Strike]:
    """Absences from that many sessions, a day apart; every seat was taken before the first."""
    starts = [NOON + timedelta(days=day) for day in range(count)]
    seats = [
        enrolled(open_session(starts_at=start, counts_strikes=True), person) for start in starts
    ]
    return [
        give_strike(enrolment=seat, cause=StrikeCause.ABSENT, at=start)
        for seat, start in zip(seats, starts, strict=True)
    ]


def test_strikes_are_the_newest_first_and_count_before_their_last_day():
    person = people.person()
    old, new = struck(person, 2)

    on = old.expires_on
    assert [(line.strike, line.counts) for line in strikes_of(person, on=on)] == [
        (new, True), (old, False),
    ]  # fmt: skip
    assert strikes_of(people.person(), on=on) == []


def test_strikes_take_the_same_questions_for_few_and_for_many():
    def asked_of(count: int) -> int:
        person = people.person()
        struck(person, count)
        with CaptureQueriesContext(connection) as asked:
            for line in strikes_of(person, on=AT.date()):
                str(line.strike.enrolment.session.course)
                list(line.strike.enrolment.session.meetings.all())
        return len(asked)

    assert asked_of(1) == asked_of(4)
