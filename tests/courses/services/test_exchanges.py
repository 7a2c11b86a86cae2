"""One's own seat for another, all or nothing."""

from datetime import datetime, timedelta

from django.db import transaction

import pytest

from courses.choices import Audience, OpeningMode
from courses.models import Enrolment, Session
from courses.services.enrolments import (
    EnrolmentClosed,
    NotInAudience,
    PrerequisiteMissing,
    ScheduleConflict,
    TermLimitReached,
    cancel_enrolment,
    enrol,
)
from courses.services.exchanges import (
    GivenOnRequest,
    exchange,
    offer_to,
)
from courses.services.offers import accept_offer
from courses.services.sessions import cancel_session, pause_enrolment, postpone_session
from tests.courses.lines import (
    SECOND,
    fill,
    fresh,
    full_session,
    grow,
    reasons,
    refused,
    states,
    waits,
)
from tests.factories import people
from tests.factories.courses import (
    AT,
    HERE,
    NOON,
    enrolled,
    open_session,
    published_course,
    term,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NEXT_DAY = NOON + timedelta(days=1)
LAST_DAYS = datetime(2026, 11, 14, 10, 0, tzinfo=HERE)  # J-3 of NOON


def swap(leaving: Enrolment, session: Session, *, at: datetime = AT) -> Enrolment:
    return exchange(leaving=leaving, session=session, by=leaving.person, at=at)


@pytest.fixture
def held() -> Enrolment:
    """The one seat a person may hold in the term."""
    return enrolled(open_session(term=term(seats_per_person=1), starts_at=NEXT_DAY, capacity=1))


def wanted(held: Enrolment, **fields) -> Session:
    """Another session of the same term."""
    return open_session(**({"term": held.session.term} | fields))


# ------------------------------------------------------------------ exchange
def test_one_seat_goes_and_another_comes_in_one_act(held, heard):
    other = wanted(held)
    with pytest.raises(TermLimitReached):
        enrolled(other, held.person)
    heard.clear()

    row = swap(held, other)

    assert (row.state, row.instead_of_id, states(held)) == ("confirmed", held.pk, ["cancelled"])
    assert [name for name, _ in heard] == ["seat_confirmed", "enrolment_cancelled", "seat_freed"]
    assert heard[-1][1] == {"session_id": held.session_id}
    assert reasons(held) == ["exchanged"]


def test_an_exchange_pressed_twice_is_one_exchange(held):
    other = wanted(held)

    first, second = swap(held, other), swap(held, other)

    assert (first.pk, second.state) == (second.pk, "confirmed")
    assert Enrolment.objects.count() == 2


def test_an_exchange_makes_room_for_itself_at_the_same_hour():
    seat = enrolled(open_session())
    other = open_session()
    with pytest.raises(ScheduleConflict):
        enrolled(other, seat.person)

    assert swap(seat, other).state == "confirmed"


def test_the_seat_is_kept_when_the_other_session_is_full(held):
    """A seat is never lost for a place on a list."""
    row = swap(held, wanted(held, capacity=0))

    assert (row.state, row.rank, states(held)) == ("waiting", 1, ["confirmed"])


def test_an_exchange_that_waits_is_made_when_a_seat_comes(held, heard):
    """Though the person is at the limit: that is what the exchange is for. I3 and I19."""
    other = wanted(held, capacity=0)
    row = swap(held, other)
    grow(other, 1)
    heard.clear()

    assert fill(other) == 1

    assert states(row, held) == ["confirmed", "cancelled"]
    names = [name for name, _ in heard]
    assert names == ["seat_confirmed", "enrolment_cancelled", "seat_freed"]


def test_in_the_last_days_an_exchange_never_holds_two_seats_of_one(held):
    """I3: at the limit nobody is offered a seat beside the one to give up."""
    other = wanted(held, capacity=0)
    row = swap(held, other)
    grow(other, 1, at=LAST_DAYS)

    assert fill(other, LAST_DAYS) == 0

    assert states(row, held) == ["waiting", "confirmed"]
    assert reasons(row) == ["passed over: TermLimitReached"]


def test_below_the_limit_the_last_days_offer_the_exchange_and_yes_makes_it():
    autumn = term(seats_per_person=2)
    seat = enrolled(open_session(term=autumn, starts_at=NEXT_DAY))
    other = open_session(term=autumn, capacity=0)
    row = swap(seat, other)
    grow(other, 1, at=LAST_DAYS)
    fill(other, LAST_DAYS)
    assert states(row, seat) == ["offered", "confirmed"]

    accept_offer(enrolment=row, by=row.person, at=LAST_DAYS)

    assert states(row, seat) == ["confirmed", "cancelled"]


def test_giving_back_late_is_never_decided_for_a_person():
    """Past the deadline of the seat to give up, the exchange asks first."""
    autumn = term(seats_per_person=2)
    deadline = AT + timedelta(days=1)
    seat = enrolled(open_session(term=autumn, starts_at=NEXT_DAY, cancel_until=deadline))
    other = open_session(term=autumn, capacity=0)
    row = swap(seat, other)
    grow(other, 1, at=deadline + SECOND)
    fill(other, deadline + SECOND)
    assert states(row, seat) == ["offered", "confirmed"]

    accept_offer(enrolment=row, by=row.person, at=deadline + SECOND)
    assert fresh(seat).is_late is True


def test_the_last_hours_exchange_by_the_first_to_ask(held):
    other = wanted(held, capacity=0)
    row = swap(held, other)
    at = NOON - timedelta(hours=11)
    grow(other, 1, at=at)
    fill(other, at)

    enrol(person=held.person, session=other, by=held.person, at=at)

    assert states(row, held) == ["confirmed", "cancelled"]


def test_who_waits_already_keeps_the_rank_and_is_exchanged_in_turn():
    autumn = term(seats_per_person=1)
    other, (first, second) = full_session(2, term=autumn, asks_first=False)
    seat = enrolled(open_session(term=autumn, starts_at=NEXT_DAY), first.person)
    grow(other, 1)
    fill(other)
    assert states(first, second) == ["waiting", "confirmed"]

    row = swap(seat, other)
    swap(seat, other)

    assert (row.pk, row.rank, row.instead_of_id) == (first.pk, 1, seat.pk)
    assert reasons(first)[-1] == f"instead of enrolment {seat.pk}"
    grow(other, 2)
    fill(other)
    assert states(first, seat) == ["confirmed", "cancelled"]


def test_who_waits_and_was_called_exchanges_in_one_press():
    autumn = term(seats_per_person=1)
    other, (first,) = full_session(1, term=autumn)
    seat = enrolled(open_session(term=autumn, starts_at=NEXT_DAY), first.person)
    at = NOON - timedelta(hours=11)
    grow(other, 1, at=at)
    fill(other, at)

    assert swap(seat, other, at=at).state == "confirmed"
    assert states(first, seat) == ["confirmed", "cancelled"]


def test_a_seat_of_a_session_that_took_place_is_never_given_up():
    """What was attended stays: the exchange that waited simply becomes a seat."""
    autumn = term(seats_per_person=2)
    seat = enrolled(open_session(term=autumn, starts_at=NOON - timedelta(days=30)))
    other = open_session(term=autumn, capacity=0)
    row = swap(seat, other)
    grow(other, 1)
    at = NOON - timedelta(days=20)

    fill(other, at)

    assert states(row, seat) == ["confirmed", "confirmed"]


@pytest.mark.parametrize("limit", [1, 2])
def test_nothing_is_given_up_when_the_other_seat_is_refused(limit):
    """I19: not one half of it."""
    autumn = term(seats_per_person=limit)
    seat = enrolled(open_session(term=autumn, starts_at=NEXT_DAY))
    busy = enrolled(open_session(), seat.person)
    other = open_session(term=autumn)

    with pytest.raises(ScheduleConflict) as conflict:
        swap(seat, other)

    assert conflict.value.enrolment == busy
    assert states(seat, busy) == ["confirmed", "confirmed"]
    assert Enrolment.objects.filter(session=other).count() == 0


def test_an_exchange_obeys_the_gate_of_the_other_session(held):
    """I15."""
    opens = AT + timedelta(days=1)
    network = wanted(held, audience=Audience.NETWORK)
    closed = wanted(held, enrolment_opens_at=opens)
    paused = pause_enrolment(session=wanted(held), by=None, at=AT)
    trained = wanted(held, prerequisite=published_course())

    for session, refusal in [
        (network, NotInAudience),
        (closed, EnrolmentClosed),
        (paused, EnrolmentClosed),
        (trained, PrerequisiteMissing),
    ]:
        with pytest.raises(refusal):
            swap(held, session)
    assert states(held) == ["confirmed"]


def test_no_exchange_goes_round_an_approval_or_a_draw(held):
    """I15: those seats are asked for."""
    draw = wanted(held, opening_mode=OpeningMode.DRAW, requests_close_at=AT + timedelta(days=3))
    for session in (wanted(held, needs_approval=True), draw):
        with pytest.raises(GivenOnRequest):
            swap(held, session)
        with pytest.raises(GivenOnRequest):
            offer_to(person=people.person(), session=session, by=people.liaison_agent(), at=AT)
    assert states(held) == ["confirmed"]


def test_only_a_seat_that_is_held_is_exchanged(held):
    other = wanted(held)
    gone = "The seat you wanted to give up is not yours any more."
    over = "That session has begun, is over or cancelled: its seat can no longer be given up."

    rank = waits(wanted(held, capacity=0))
    assert refused(swap, rank, other) == gone
    assert swap(held, held.session) == held  # for itself: nothing to do
    begun = enrolled(open_session(starts_at=NOON - timedelta(days=1)))
    assert refused(swap, begun, other, at=NOON - timedelta(days=1)) == over
    cancel_session(session=held.session, by=None, at=AT, motive="Verglas")
    assert refused(swap, held, other) == over
    elsewhere = enrolled(open_session(starts_at=NEXT_DAY))
    cancel_enrolment(enrolment=elsewhere, by=elsewhere.person, at=AT)
    assert refused(swap, elsewhere, other) == gone


def test_the_seat_of_a_postponed_session_may_be_exchanged_whatever_its_old_date():
    seat = enrolled(open_session(starts_at=NOON - timedelta(days=30)))
    postpone_session(session=seat.session, by=None, at=AT, motive="Verglas")

    assert swap(seat, open_session(), at=NOON - timedelta(days=1)).state == "confirmed"


# ------------------------------------------------------------------ nothing halfway
def test_an_exchange_undone_leaves_both_sessions_as_they_were(held):
    """I19, when what follows fails: a receiver higher up, or the connection."""
    other = wanted(held)

    with transaction.atomic():
        swap(held, other)
        transaction.set_rollback(True)

    assert states(held) == ["confirmed"]
    assert Enrolment.objects.filter(session=other).count() == 0
    assert Session.objects.get(pk=held.session_id).release == 0
