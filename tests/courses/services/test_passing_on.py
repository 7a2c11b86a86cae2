"""A seat for a named colleague: the same seat moves, none is freed."""

from datetime import datetime, timedelta

import pytest

from courses.choices import Audience, EnrolmentOrigin
from courses.models import Enrolment
from courses.services.enrolments import (
    NotInAudience,
)
from courses.services.exchanges import (
    AlreadyEnrolled,
    pass_on,
)
from courses.services.offers import accept_offer, decline_offer, expire_offers
from courses.services.sessions import cancel_session, pause_enrolment, postpone_session
from people.models import User
from tests.courses.lines import (
    SECOND,
    fill,
    fresh,
    refused,
    states,
)
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    guest,
    open_session,
    pool,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def give(enrolment: Enrolment, to: User, *, at: datetime = AT) -> Enrolment:
    return pass_on(enrolment=enrolment, to=to, by=enrolment.person, at=at)


def test_a_seat_passed_on_is_held_for_the_colleague_and_none_is_freed(heard):
    row = open_session(capacity=1)
    seat, waiting, colleague = enrolled(row), enrolled(row), people.person()
    heard.clear()

    given = give(seat, colleague)

    assert (given.state, given.person, given.origin) == ("offered", colleague, "colleague")
    assert given.offer_expires_at == AT + timedelta(hours=48)
    assert states(seat, waiting) == ["cancelled", "waiting"]
    assert fresh(seat).is_late is False
    assert heard == [
        ("seat_passed_on", {"enrolment": fresh(seat), "to": given, "at": AT}),
        ("seat_offered", {"enrolment": given, "at": AT}),
    ]
    assert fill(row) == 0
    assert accept_offer(enrolment=given, by=colleague, at=AT).state == "confirmed"


def test_passing_on_twice_passes_on_once(heard):
    seat, colleague = enrolled(open_session()), people.person()
    first = give(seat, colleague)
    heard.clear()

    assert (give(seat, colleague).pk, heard) == (first.pk, [])
    assert refused(give, seat, people.person()) == "You no longer hold a seat in this session."


@pytest.mark.parametrize("answer", ["no", "silence"])
def test_what_a_colleague_does_not_take_goes_to_those_who_wait(answer):
    row = open_session(capacity=1)
    seat, waiting, colleague = enrolled(row), enrolled(row), people.person()
    given = give(seat, colleague)
    at = given.offer_expires_at if answer == "silence" else AT

    if answer == "no":
        decline_offer(enrolment=given, by=colleague, at=at)
    else:
        expire_offers(at=at)
    fill(row, at)

    assert states(waiting) == ["confirmed"]
    assert not Enrolment.objects.live().filter(person=colleague).exists()


def test_a_kept_seat_stays_among_its_people():
    chum = people.establishment("chum")
    row = open_session(capacity=2, pools=[pool(chum, 1)])
    seat = enrolled(row, people.verified_member(chum))

    sentence = refused(give, seat, people.person())
    assert sentence.startswith("This seat is kept for ")
    assert sentence.endswith(": your colleague is not among them.")
    given = give(seat, people.verified_member(chum))
    assert (given.state, given.pool_id) == ("offered", row.pools.get().pk)


def test_a_seat_is_passed_on_until_the_deadline_and_twelve_hours_before():
    until = AT + timedelta(days=5)
    row = open_session(cancel_until=until)
    first, second = enrolled(row), enrolled(row)

    assert give(first, people.person(), at=until).state == "offered"
    assert refused(give, second, people.person(), at=until + SECOND) == (
        "It is too late to pass a seat on: you may still give it back."
    )
    late = enrolled(open_session())
    assert refused(give, late, people.person(), at=NOON - timedelta(hours=12)) == (
        "Fewer than twelve hours are left: a seat can no longer be offered, only taken."
    )


def test_a_seat_is_passed_on_to_somebody_else_who_has_none_there():
    row = open_session(capacity=2)
    seat, seated, waiting = enrolled(row), enrolled(row), enrolled(row)

    assert refused(give, seat, seat.person) == "Name a colleague: this seat is already yours."
    for colleague in (seated.person, waiting.person):
        with pytest.raises(AlreadyEnrolled):
            give(seat, colleague)
    assert refused(give, waiting, people.person()) == "You no longer hold a seat in this session."


def test_a_colleague_obeys_the_rules_of_the_session():
    """I15: by invitation means the colleague too."""
    row = open_session(audience=Audience.INVITATION)
    seat = enrolled(row, origin=EnrolmentOrigin.STAFF)
    colleague = people.person()

    with pytest.raises(NotInAudience):
        give(seat, colleague)
    guest(row, colleague)
    assert give(seat, colleague).state == "offered"


def test_seats_given_one_by_one_are_not_passed_on():
    seat = enrolled(open_session(needs_approval=True), origin=EnrolmentOrigin.STAFF)

    assert refused(give, seat, people.person()) == (
        "Seats in this session are approved one by one: give yours back, others may ask."
    )


@pytest.mark.parametrize("act", [pause_enrolment, postpone_session, cancel_session])
def test_nothing_is_passed_on_in_a_session_that_stands_still(act):
    seat = enrolled(open_session())
    act(session=seat.session, by=None, at=AT, motive="Verglas")

    assert refused(give, seat, people.person()) == (
        "Enrolment in this session is paused, over, or has no date yet."
    )
