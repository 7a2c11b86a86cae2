"""Offers that hold a seat: who is asked, for how long, and what each answer and silence means."""

from datetime import datetime, timedelta

import pytest

from courses.models import Enrolment, Session
from courses.services.enrolments import (
    cancel_enrolment,
    enrol,
    pause_waiting,
    set_asking,
)
from courses.services.offers import accept_offer, decline_offer, expire_offers
from courses.services.roster import move_in_line
from courses.services.sessions import (
    cancel_session,
    open_enrolment,
    pause_enrolment,
    postpone_session,
    save_session,
)
from tests.courses.lines import (
    SECOND,
    fill,
    fresh,
    full_session,
    grow,
    reasons,
    refused,
    standing,
    states,
    sweep,
    waits,
)
from tests.factories import people
from tests.factories.courses import AT, HERE, NOON, enrolled, meeting, open_session, term

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

END = AT + timedelta(hours=48)  # of an offer made at AT: the session is ten weeks away
LAST_DAYS = datetime(2026, 11, 14, 10, 0, tzinfo=HERE)  # J-3


def accept(enrolment: Enrolment, at: datetime = AT) -> Enrolment:
    return accept_offer(enrolment=enrolment, by=enrolment.person, at=at)


def decline(enrolment: Enrolment, at: datetime = AT) -> Enrolment:
    return decline_offer(enrolment=enrolment, by=enrolment.person, at=at)


# ------------------------------------------------------------------ who is asked
def test_who_wants_to_be_asked_is_offered_the_seat_and_it_is_held(heard):
    row, (first, _second) = full_session(2)
    grow(row, 1)
    heard.clear()

    assert (fill(row), fill(row)) == (1, 0)

    first = fresh(first)
    assert (first.state, first.offer_expires_at, first.rank) == ("offered", END, 1)
    assert heard == [("seat_offered", {"enrolment": first, "at": AT})]
    assert enrolled(row).state == "waiting"


def test_who_did_not_ask_to_be_asked_is_seated_until_three_days_before():
    row, (first, second) = full_session(2, asks_first=False)
    grow(row, 1)
    fill(row, LAST_DAYS - timedelta(hours=10, seconds=1))
    grow(row, 2)
    fill(row, LAST_DAYS - timedelta(hours=10))  # midnight in Montréal

    assert states(first, second) == ["confirmed", "offered"]


def test_the_choice_of_being_asked_may_change_while_one_waits():
    row, (first,) = full_session(1, asks_first=False)
    set_asking(enrolment=first, asks_first=True, by=first.person, at=AT)
    set_asking(enrolment=first, asks_first=True, by=first.person, at=AT)
    grow(row, 1)
    fill(row)

    assert states(first) == ["offered"]
    assert reasons(first) == ["asks first"]
    sentence = refused(set_asking, enrolment=first, asks_first=False, by=first.person, at=AT)
    assert sentence == "You are no longer on the waiting list of this session."


# ------------------------------------------------------------------ yes
def test_accepting_confirms_the_seat_once(heard):
    row, (first,) = full_session(1)
    grow(row, 1), fill(row)
    heard.clear()

    at = END - SECOND
    accepted = accept(first, at)
    again = accept(first, at + timedelta(days=1))

    assert (accepted.pk, accepted.state, accepted.confirmed_at) == (again.pk, "confirmed", at)
    assert heard == [("seat_confirmed", {"enrolment": accepted, "was_waiting": True, "at": at})]
    assert first.events.filter(to_state="confirmed").count() == 1


def test_at_the_very_second_of_its_end_an_offer_is_over():
    """I8: neither accepted nor declined, swept or not."""
    row, (first,) = full_session(1)
    grow(row, 1), fill(row)
    sentence = (
        "This offer ended at 9\N{NO-BREAK SPACE}a.m. on Thursday, September\N{NO-BREAK SPACE}3, "
        "2026. The seat went to the next person."
    )

    assert refused(accept, first, END) == sentence
    assert refused(decline, first, END) == sentence
    assert expire_offers(at=END) == 1
    assert refused(accept, first, END) == sentence
    assert states(first) == ["expired"]


def test_an_offer_is_still_open_a_second_before_its_end():
    row, (first,) = full_session(1)
    grow(row, 1), fill(row)

    assert expire_offers(at=END - SECOND) == 0
    assert accept(first, END - SECOND).state == "confirmed"
    assert expire_offers(at=END) == 0


def test_the_limit_of_a_term_is_checked_again_when_one_accepts():
    """I3: the offer stays, the seat is not taken."""
    autumn = term(seats_per_person=1)
    row, (first,) = full_session(1, term=autumn)
    grow(row, 1), fill(row)
    other = open_session(term=autumn, starts_at=NOON + timedelta(days=1))
    Enrolment.objects.create(
        session=other, person=first.person, state="confirmed", confirmed_at=AT, created_at=AT
    )

    sentence = refused(accept, first)

    assert sentence.startswith("You already hold 1 seats of the term")
    assert states(first) == ["offered"]


def test_an_answered_offer_is_answered():
    row, (first, second) = full_session(2)
    grow(row, 2), fill(row)
    accept(first), decline(second)
    words = "This offer is over: it was already answered."

    assert refused(decline, first) == words
    assert refused(accept, second) == words


@pytest.mark.parametrize("answer", [accept, decline])
def test_the_offer_of_a_cancelled_session_is_over(answer):
    row, (first,) = full_session(1)
    grow(row, 1), fill(row)
    cancel_session(session=row, by=None, at=AT, motive="Verglas")

    assert refused(answer, first) == "This session is over or cancelled: the offer is over."


def test_an_offer_is_over_when_the_session_begins():
    """Whatever end stands in the row."""
    row, (first,) = full_session(1)
    grow(row, 1), fill(row)
    Enrolment.objects.filter(pk=first.pk).update(offer_expires_at=NOON + timedelta(days=1))

    assert refused(accept, first, NOON) == "This session has begun: the offer is over."


# ------------------------------------------------------------------ no
def test_declining_leaves_the_list_and_serves_the_next(heard):
    row, (first, second) = full_session(2)
    grow(row, 1), fill(row)
    heard.clear()

    declined = decline(first)
    decline(first)

    assert heard == [
        ("offer_declined", {"enrolment": declined, "at": AT}),
        ("seat_freed", {"session_id": row.pk}),
    ]
    assert fill(row) == 1
    assert states(first, second) == ["declined", "offered"]


def test_giving_up_an_offer_frees_its_seat_in_a_new_release():
    row, (first, second) = full_session(2)
    grow(row, 1), fill(row)
    release = Session.objects.get(pk=row.pk).release

    cancel_enrolment(enrolment=first, by=first.person, at=AT)

    assert Session.objects.get(pk=row.pk).release == release + 1
    assert fill(row) == 1
    assert states(first, second) == ["cancelled", "offered"]


# ------------------------------------------------------------------ the session moves
def test_offers_of_a_postponed_session_stand_still_and_may_be_answered():
    row, (first, second) = full_session(2)
    grow(row, 2), fill(row)
    postpone_session(session=row, by=None, at=AT, motive="Verglas")
    later = END + timedelta(days=3)

    assert expire_offers(at=later) == 0
    assert accept(first, later).state == "confirmed"
    assert decline(second, later).state == "declined"


def test_offers_of_a_session_dated_anew_hold_as_if_made_then(heard):
    row, (first,) = full_session(1)
    grow(row, 1), fill(row)
    postpone_session(session=row, by=None, at=AT, motive="Verglas")
    later = AT + timedelta(days=7)  # after the end they had
    heard.clear()

    open_enrolment(session=row, by=None, at=later)

    first = fresh(first)
    assert first.offer_expires_at == later + timedelta(hours=48)
    assert ("seat_offered", {"enrolment": first, "at": later}) in heard
    assert expire_offers(at=later) == 0
    assert accept(first, later).state == "confirmed"


def test_an_offer_never_outlasts_a_session_moved_nearer():
    row, (first,) = full_session(1)
    grow(row, 1), fill(row)
    nearer = AT + timedelta(hours=26)

    row.refresh_from_db()
    save_session(
        session=row, meetings=[meeting(nearer)], breaks=None, trainers=None, by=None, at=AT
    )

    assert fresh(first).offer_expires_at == AT + timedelta(hours=4)


def test_offers_expire_in_a_paused_session_but_nobody_new_is_served():
    row, (first, second) = full_session(2)
    grow(row, 1), fill(row)
    pause_enrolment(session=row, by=None, at=AT)

    sweep(row, END)

    assert standing(first, second) == [("waiting", 1), ("waiting", 2)]


# ------------------------------------------------------------------ rules met again
def test_who_may_not_hold_the_seat_is_passed_over_and_history_says_why_once():
    autumn = term(seats_per_person=1)
    row, (first, second) = full_session(2, term=autumn)
    enrolled(open_session(term=autumn, starts_at=NOON + timedelta(days=1)), first.person)
    grow(row, 1)

    fill(row), fill(row)
    grow(row, 2)
    fill(row)

    assert standing(first, second) == [("waiting", 1), ("offered", 2)]
    assert reasons(first) == ["passed over: TermLimitReached"]


def test_a_place_given_by_staff_decides_who_is_next():
    row, (first, second, third) = full_session(3)
    move_in_line(enrolment=third, place=1, by=people.coordinator(), at=AT, motive="Urgence")
    grow(row, 1), fill(row)

    assert states(first, second, third) == ["waiting", "waiting", "offered"]


def test_offers_follow_the_order_of_the_line():
    """I7."""
    row, line = full_session(5)
    for capacity in range(1, 6):
        grow(row, capacity)
        fill(row)
        assert states(*line) == ["offered"] * capacity + ["waiting"] * (5 - capacity)


def test_asking_again_while_an_offer_stands_changes_nothing(heard):
    row, (first,) = full_session(1)
    grow(row, 1), fill(row)
    heard.clear()

    again = enrol(person=first.person, session=row, by=first.person, at=AT)

    assert (again.pk, again.state, heard) == (first.pk, "offered", [])


def test_waiting_beside_a_free_seat_is_offered_it_by_the_next_look():
    row, (first,) = full_session(1)
    pause_waiting(enrolment=first, paused=True, by=first.person, at=AT)
    grow(row, 1)

    assert waits(row).state == "confirmed"
    assert fill(row) == 0
