"""Offers left without an answer, and turns put aside: what each costs."""

from datetime import datetime, timedelta

import pytest

from courses.choices import EnrolmentOrigin
from courses.models import Enrolment
from courses.services.enrolments import (
    cancel_enrolment,
    pause_waiting,
)
from courses.services.offers import accept_offer, decline_offer, expire_offers
from tests.courses.lines import (
    fill,
    fresh,
    full_session,
    grow,
    live_of,
    reasons,
    refused,
    standing,
    sweep,
)
from tests.factories import people
from tests.factories.courses import AT, HERE, enrolled, open_session

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

END = AT + timedelta(hours=48)  # of an offer made at AT: the session is ten weeks away
LAST_DAYS = datetime(2026, 11, 14, 10, 0, tzinfo=HERE)  # J-3


def accept(enrolment: Enrolment, at: datetime = AT) -> Enrolment:
    return accept_offer(enrolment=enrolment, by=enrolment.person, at=at)


def decline(enrolment: Enrolment, at: datetime = AT) -> Enrolment:
    return decline_offer(enrolment=enrolment, by=enrolment.person, at=at)


# ------------------------------------------------------------------ silence
def test_the_first_silence_keeps_the_rank_and_passes_this_release_only(heard):
    row, (first, second, third) = full_session(3)
    grow(row, 1), fill(row)
    heard.clear()

    sweep(row, END)

    again = live_of(first)
    assert (again.state, again.rank, again.silences) == ("waiting", 1, 1)
    assert [name for name, _ in heard] == ["offer_expired", "seat_freed", "seat_offered"]
    assert heard[0][1] == {"enrolment": fresh(first), "again": again, "at": END}
    assert standing(first, second, third) == [("waiting", 1), ("offered", 2), ("waiting", 3)]

    grow(row, 2, at=END)  # another release: first in line again
    sweep(row, END)
    assert standing(first, second, third) == [("offered", 1), ("offered", 2), ("waiting", 3)]


def test_a_seat_given_back_is_another_release_too():
    row, (first, second) = full_session(2)
    grow(row, 1), fill(row)
    sweep(row, END)

    cancel_enrolment(enrolment=second, by=second.person, at=END)
    fill(row, END)

    assert standing(first) == [("offered", 1)]


def test_the_second_silence_goes_to_the_end_of_the_list():
    row, (first, _second, third) = full_session(3)
    grow(row, 1), fill(row)
    sweep(row, END)
    grow(row, 2, at=END)
    sweep(row, END)
    assert standing(first) == [("offered", 1)]

    later = live_of(first).offer_expires_at
    sweep(row, later)

    again = live_of(first)
    assert (again.state, again.rank, again.silences) == ("waiting", 4, 2)
    assert [row.pk for row in Enrolment.objects.filter(session=row).waiting()][-1] == again.pk
    assert live_of(third).state == "offered"


def test_who_is_passed_over_is_no_reason_to_refuse_a_newcomer():
    """In this release the seat is not theirs any more: nobody eligible waits."""
    row, (first,) = full_session(1)
    grow(row, 1), fill(row)
    expire_offers(at=END)

    assert enrolled(row, at=END).state == "confirmed"
    assert standing(first) == [("waiting", 1)]


def test_whoever_never_waited_leaves_after_a_silence(heard):
    row = open_session(capacity=1)
    offered = Enrolment.objects.create(
        session=row,
        person=people.person(),
        state="offered",
        origin=EnrolmentOrigin.LIAISON,
        offer_expires_at=END,
        created_at=AT,
    )
    heard.clear()

    expire_offers(at=END)

    assert heard[0] == ("offer_expired", {"enrolment": fresh(offered), "again": None, "at": END})
    assert Enrolment.objects.filter(session=row).count() == 1


def test_expiring_twice_expires_once():
    row, (first,) = full_session(1)
    grow(row, 1), fill(row)

    assert (expire_offers(at=END), expire_offers(at=END)) == (1, 0)
    assert Enrolment.objects.filter(person=first.person).count() == 2


# ------------------------------------------------------------------ a pause
def test_who_paused_is_passed_over_with_the_rank_kept(heard):
    row, (first, second) = full_session(2)
    pause_waiting(enrolment=first, paused=True, by=first.person, at=AT)
    grow(row, 1), fill(row)
    assert standing(first, second) == [("waiting", 1), ("offered", 2)]

    pause_waiting(enrolment=first, paused=False, by=first.person, at=AT)
    pause_waiting(enrolment=first, paused=False, by=first.person, at=AT)
    grow(row, 2), fill(row)

    assert standing(first) == [("offered", 1)]
    assert reasons(first) == ["paused", "resumed"]


def test_only_who_waits_may_pause():
    row = open_session()
    seat = enrolled(row)

    sentence = refused(pause_waiting, enrolment=seat, paused=True, by=seat.person, at=AT)
    assert sentence == "You are no longer on the waiting list of this session."
