"""The invariants of seats, each by its name: I1 to I10 and I14, what is held and who is next.

Short lives in which each rule is nearly broken. What hands, clocks and messages may do to them
stands in test_invariants_of_acts.py and test_invariants_of_time.py; the same rules under races, in
the interleavings and the state machine. The last tests break each by hand, and are seen.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation

import pytest

from courses import tasks
from courses.choices import EnrolmentState
from courses.models import Enrolment, Pool, Term
from courses.selectors.seats import beyond_words, seat_summary
from courses.services.enrolments import (
    ScheduleConflict,
    TermLimitReached,
    cancel_enrolment,
    pause_waiting,
)
from courses.services.offers import OfferOver, accept_offer, expire_offers
from courses.services.requests import approve_request
from courses.services.roster import seat_beyond
from people.models import User
from tests.courses.gate.acts import END, an_offer, held
from tests.courses.gate.invariants import broken
from tests.courses.lines import SECOND, fill, fresh, full_session, grow, reasons, standing, states
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, open_session, pool, term

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DAY = timedelta(days=1)


def cancel(*rows: Enrolment, at: datetime = AT) -> None:
    for row in rows:
        cancel_enrolment(enrolment=row, by=row.person, at=at)


def pause(row: Enrolment) -> None:
    pause_waiting(enrolment=row, paused=True, by=row.person, at=AT)


@pytest.fixture
def staff() -> User:
    return people.coordinator()


# ------------------------------------------------------------------ I1 to I4: what is held
def test_i1_no_more_is_held_than_the_session_has_nor_than_a_pool_has(staff):
    chum = people.establishment("chum")
    row = open_session(capacity=3, pools=[pool(chum, 1)])
    others = [enrolled(row) for _ in range(3)]
    members = [enrolled(row, people.verified_member(chum)) for _ in range(2)]

    extra = seat_beyond(person=people.person(), session=row, by=staff, at=AT, motive="Jury")

    assert states(*others) == ["confirmed", "confirmed", "waiting"]
    assert states(*members) == ["confirmed", "waiting"]
    in_order = Enrolment.objects.held().filter(session=row).order_by("pk")
    assert list(in_order.values_list("is_extra", "pool__establishment__code")) == [
        (False, None),
        (False, None),
        (False, "chum"),
        (True, None),
    ]
    assert list(extra.events.values_list("by", "reason")) == [(staff.pk, "extra: Jury")]


def test_i2_a_person_has_one_live_row_in_a_session():
    row = open_session()
    seat = enrolled(row)

    assert enrolled(row, seat.person) == seat
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(
            session=row, person=seat.person, state="waiting", rank=1, created_at=AT
        )
    cancel(seat)
    again = enrolled(row, seat.person)
    assert (again == seat, states(seat, again)) == (False, ["cancelled", "confirmed"])


def test_i3_seats_and_offers_of_a_term_stay_within_the_limit():
    """When one asks, when the list is served, when one says yes."""
    autumn, person = term(seats_per_person=2), people.person()
    days = [
        open_session(term=autumn, capacity=capacity, starts_at=NOON + DAY * day)
        for day, capacity in enumerate([5, 0, 5, 0])
    ]
    offer = enrolled(days[1], person)
    offer.asks_first = True
    offer.save()
    rank = enrolled(days[3], person)
    enrolled(days[0], person)

    grow(days[1], 1), fill(days[1])
    grow(days[3], 1), fill(days[3])

    assert states(offer, rank) == ["offered", "waiting"]
    assert reasons(rank) == ["passed over: TermLimitReached"]
    with pytest.raises(TermLimitReached):
        enrolled(days[2], person)
    Term.objects.update(seats_per_person=1)
    with pytest.raises(TermLimitReached):
        accept_offer(enrolment=offer, by=person, at=AT)
    assert states(offer, rank) == ["offered", "waiting"]


def test_i4_no_two_seats_of_a_person_overlap():
    """When one asks, when the list is served; to the minute."""
    person, row = people.person(), open_session(capacity=0, starts_at=NOON + timedelta(minutes=59))
    rank = enrolled(row, person)
    enrolled(open_session(), person)

    grow(row, 1), fill(row)

    assert (states(rank), reasons(rank)) == (["waiting"], ["passed over: ScheduleConflict"])
    with pytest.raises(ScheduleConflict):
        enrolled(open_session(starts_at=NOON - timedelta(minutes=59)), person)
    assert enrolled(open_session(starts_at=NOON + timedelta(hours=1)), person).state == "confirmed"


# ------------------------------------------------------------------ I5 to I7: who is next
def test_i5_a_free_seat_and_who_waits_for_it_meet_within_a_minute(monkeypatch):
    """Though every wake-up is lost; the one who asked for a pause is left alone."""
    row, (paused, first, second) = full_session(3)
    grow(row, 1)
    pause(paused)
    monkeypatch.setattr("courses.tasks.timezone.now", lambda: AT + timedelta(seconds=60))

    for _ in range(2):
        tasks.fill_free_seats()

    assert states(paused, first, second) == ["waiting", "offered", "waiting"]
    assert settings.CELERY_BEAT_SCHEDULE["courses.fill_free_seats"] == {
        "task": tasks.fill_free_seats.name,
        "schedule": 60,
    }


def test_i6_nobody_who_comes_takes_the_seat_of_somebody_who_waits():
    row = open_session(capacity=1)
    seat, waiting = enrolled(row), enrolled(row)
    cancel(seat)

    assert enrolled(row).state == "waiting"
    assert (fill(row), states(waiting)) == (1, ["confirmed"])


def test_i6_nor_of_somebody_who_could_sit_in_a_reserved_one():
    chum = people.establishment("chum")
    row = open_session(capacity=1, pools=[pool(chum, 1)])
    seat, general = enrolled(row, people.verified_member(chum)), enrolled(row)
    waiting = enrolled(row, people.verified_member(chum))
    cancel(seat)

    assert enrolled(row, people.verified_member(chum)).state == "waiting"
    assert (fill(row), states(general, waiting)) == (1, ["waiting", "confirmed"])


def test_i6_who_asked_for_a_pause_keeps_nobody_away():
    """Control: newcomers above waited for others, not for nothing."""
    row = open_session(capacity=1)
    seat, waiting = enrolled(row), enrolled(row)
    cancel(seat)
    pause(waiting)

    assert enrolled(row).state == "confirmed"


def test_i7_offers_follow_the_line_and_history_says_who_was_passed_over():
    autumn = term(seats_per_person=1)
    row, (first, busy, third, fourth) = full_session(4, term=autumn)
    enrolled(open_session(term=autumn, starts_at=NOON + DAY), busy.person)

    grow(row, 2), fill(row)

    assert standing(first, busy, third, fourth) == [
        ("offered", 1),
        ("waiting", 2),
        ("offered", 3),
        ("waiting", 4),
    ]
    assert reasons(busy) == ["passed over: TermLimitReached"]
    cancel(third)
    grow(row, 1), fill(row)
    assert standing(busy, fourth) == [("waiting", 2), ("waiting", 4)]


# ------------------------------------------------------------------ I8 to I10, I14: what moves
def test_i8_an_expired_offer_is_not_accepted_and_an_accepted_one_does_not_expire():
    row, first, second = an_offer()

    accept_offer(enrolment=first, by=first.person, at=END - SECOND)
    assert expire_offers(at=END) == 0
    assert states(first) == ["confirmed"]

    grow(row, 2), fill(row)
    assert expire_offers(at=END) == 1
    with pytest.raises(OfferOver):
        accept_offer(enrolment=second, by=second.person, at=END - SECOND)
    assert (states(second), standing(second)) == (["expired"], [("waiting", 2)])


def test_i8_at_the_second_of_its_end_an_offer_is_over_though_nobody_swept():
    _row, first, _second = an_offer()

    with pytest.raises(OfferOver):
        accept_offer(enrolment=first, by=first.person, at=END)
    assert states(first) == ["offered"]


@pytest.mark.parametrize(("line", "after"), [(0, 1), (1, 2), (3, 2)])
def test_i9_a_seat_given_back_moves_exactly_one(line, after):
    row = open_session(capacity=2)
    seats = [enrolled(row) for _ in range(2 + line)]

    cancel(seats[0])

    assert held(row) == 1
    fill(row), fill(row)
    assert held(row) == after


def test_i10_a_capacity_lowered_removes_nobody_gives_nothing_and_says_by_how_many():
    row = open_session(capacity=3)
    seats = [enrolled(row) for _ in range(3)]
    waiting = enrolled(row)

    grow(row, 1)

    assert (fill(row), enrolled(row).state) == (0, "waiting")
    assert (states(*seats), seat_summary(row).beyond) == (["confirmed"] * 3, 2)
    with translation.override("en"):
        (words,) = beyond_words(row)
    assert words.startswith("2 seats are held beyond the capacity of 1:")
    cancel(*seats[:2])
    assert (fill(row), beyond_words(row)) == (0, [])
    cancel(seats[2])
    assert (fill(row), states(waiting)) == (1, ["confirmed"])


def seated_by_hand(*rows: Enrolment, **fields: object) -> None:
    """What no service does: seats that nobody counted."""
    Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=EnrolmentState.CONFIRMED, confirmed_at=AT, **fields
    )


def test_i14_after_an_oversell_made_by_hand_no_seat_is_given_until_all_is_well_again():
    """Three of one: neither « not one left » nor « minus two is not zero »."""
    row = open_session(capacity=1, needs_approval=True)
    staff = people.coordinator()
    requests = [enrolled(row) for _ in range(5)]
    seated_by_hand(*requests[:3])

    waiting, last = (approve_request(enrolment=r, by=staff, at=AT) for r in requests[3:])

    assert states(waiting, last) == ["waiting", "waiting"]
    assert (fill(row), seat_summary(row).free, seat_summary(row).is_full) == (0, 0, True)
    for seat in requests[:2]:
        cancel(seat)
        assert fill(row) == 0
    cancel(requests[2])
    assert (fill(row), states(waiting, last)) == (1, ["confirmed", "waiting"])


def test_i14_a_pool_oversold_by_hand_takes_no_seat_kept_for_others():
    """Two sit in a pool of one: the second has the general seat, not that of the other pool."""
    chum = people.establishment("chum")
    row = open_session(capacity=3, pools=[pool(chum, 1), pool(people.establishment("cusm"), 1)])
    first, second = (enrolled(row, people.verified_member(chum)) for _ in range(2))
    seated_by_hand(second, pool=Pool.objects.get(establishment=chum))
    assert fresh(first).pool == fresh(second).pool

    assert enrolled(row).state == "waiting"
    assert enrolled(row, people.verified_member(chum)).state == "waiting"
    of_cusm = people.verified_member(people.establishment("cusm"))
    assert enrolled(row, of_cusm).state == "confirmed"


# ------------------------------------------------------------------ the checker, broken by hand
def one_too_many() -> None:
    row = open_session(capacity=1)
    enrolled(row), seated_by_hand(enrolled(row))


def one_too_many_in_a_pool() -> None:
    chum = people.establishment("chum")
    row = open_session(capacity=3, pools=[pool(chum, 1)])
    seats = [enrolled(row, people.verified_member(chum)) for _ in range(2)]
    seated_by_hand(*seats, pool=row.pools.get())


def beyond_the_limit() -> None:
    autumn, person = term(seats_per_person=2), people.person()
    for day in range(2):
        enrolled(open_session(term=autumn, starts_at=NOON + DAY * day), person)
    Term.objects.update(seats_per_person=1)


def at_the_same_hour() -> None:
    person, row = people.person(), open_session(starts_at=NOON + DAY)
    enrolled(open_session(), person), enrolled(row, person)
    row.meetings.update(starts_at=NOON, ends_at=NOON + timedelta(hours=1))


def without_history() -> None:
    Enrolment.objects.filter(pk=enrolled(open_session()).pk).update(state="cancelled")


def another_rank() -> None:
    _row, (first,) = full_session(1)
    Enrolment.objects.filter(pk=first.pk).update(rank=7)


def a_step_that_is_missing() -> None:
    row = enrolled(open_session())
    cancel(row)
    row.events.get(to_state="confirmed").delete()


@pytest.mark.parametrize(
    ("by_hand", "rule"),
    [
        (one_too_many, "I1"),
        (one_too_many_in_a_pool, "I1"),
        (beyond_the_limit, "I3"),
        (at_the_same_hour, "I4"),
        (without_history, "I11"),
        (another_rank, "I11"),
        (a_step_that_is_missing, "I11"),
    ],
)
def test_what_is_broken_by_hand_is_seen(by_hand: Callable[[], None], rule: str):
    """Negative control of the checker that the machine, the hunt and the crossings ask."""
    assert broken() == []

    by_hand()

    assert rule in {line.partition(":")[0] for line in broken()}


def test_what_was_held_before_a_capacity_was_lowered_is_allowed_for():
    row = open_session()
    enrolled(row), grow(row, 0)

    assert broken() == [f"I1: 1 seats held of 0 in session {row.pk}"]
    assert broken({row.pk: 1}) == []
