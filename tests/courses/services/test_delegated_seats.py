"""Seats asked for by a liaison agent: the rules are those of the person, who says yes or no."""

from datetime import datetime, timedelta

import pytest

from courses.choices import Audience
from courses.models import Enrolment, Session, Strike
from courses.services.enrolments import (
    EnrolmentClosed,
    NotInAudience,
    TermLimitReached,
    cancel_enrolment,
)
from courses.services.exchanges import (
    offer_to,
)
from courses.services.offers import accept_offer
from people.models import User
from tests.courses.lines import (
    fill,
    live_of,
    refused,
    states,
)
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    open_session,
    term,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NEXT_DAY = NOON + timedelta(days=1)


def ask_for(person: User, row: Session, *, at: datetime = AT) -> Enrolment:
    return offer_to(person=person, session=row, by=people.liaison_agent(), at=at)


def test_a_delegated_seat_is_held_until_the_person_says_yes(heard):
    row, person = open_session(capacity=1), people.person()
    heard.clear()

    offered = ask_for(person, row)

    assert (offered.state, offered.origin, offered.asks_first) == ("offered", "liaison", True)
    assert heard == [("seat_offered", {"enrolment": offered, "at": AT})]
    assert accept_offer(enrolment=offered, by=person, at=AT).state == "confirmed"


def test_a_delegated_person_waits_like_everybody_and_is_asked(heard):
    row = open_session(capacity=1)
    seat = enrolled(row)

    delegated = ask_for(people.person(), row)
    assert (delegated.state, delegated.rank) == ("waiting", 1)
    cancel_enrolment(enrolment=seat, by=seat.person, at=AT)
    fill(row)
    assert states(delegated) == ["offered"]


def test_a_delegated_person_never_overtakes_the_line():
    """I6."""
    row = open_session(capacity=1)
    seat, first = enrolled(row), enrolled(row)
    cancel_enrolment(enrolment=seat, by=seat.person, at=AT)

    assert ask_for(people.person(), row).state == "waiting"
    fill(row)
    assert states(first) == ["confirmed"]


def test_delegating_twice_is_one_row_and_a_row_that_stands_is_left_alone(heard):
    row, person = open_session(), people.person()
    first = ask_for(person, row)
    mine = enrolled(row)
    heard.clear()

    assert (ask_for(person, row).pk, ask_for(mine.person, row).pk) == (first.pk, mine.pk)
    assert heard == []


def test_the_limits_are_the_persons():
    autumn = term(seats_per_person=1)
    seat = enrolled(open_session(term=autumn))

    with pytest.raises(TermLimitReached):
        ask_for(seat.person, open_session(term=autumn, starts_at=NEXT_DAY))
    with pytest.raises(NotInAudience):
        ask_for(people.person(), open_session(audience=Audience.INVITATION))
    with pytest.raises(EnrolmentClosed):
        ask_for(people.person(), open_session(enrolment_opens_at=AT + timedelta(days=1)))


def test_strikes_put_a_delegated_person_behind_the_others_too():
    """I15: a liaison agent is no way round them."""
    row, person = open_session(counts_strikes=True), people.person()
    for _ in range(2):
        seat = enrolled(open_session(starts_at=NOON + timedelta(days=9)), person)
        Strike.objects.create(
            person=person,
            enrolment=seat,
            cause="absent",
            points=2,
            given_at=AT,
            expires_on=NOON.date() + timedelta(days=300),
        )
        cancel_enrolment(enrolment=seat, by=person, at=AT)
    later = AT + timedelta(days=3)

    assert ask_for(person, row, at=later).state == "waiting"
    assert live_of(Enrolment(person=person, session=row)).rank == 1


def test_in_the_last_hours_nobody_is_offered_a_seat():
    assert refused(ask_for, people.person(), open_session(), at=NOON - timedelta(hours=12)) == (
        "Fewer than twelve hours are left: a seat can no longer be offered, only taken."
    )
