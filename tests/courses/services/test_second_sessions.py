"""The second session of a full one, offered in one act to those who wait for the first."""

from datetime import timedelta

import pytest

from courses.choices import Audience
from courses.models import Enrolment, Term
from courses.selectors.twins import Asked, asked_of
from courses.services.enrolments import cancel_enrolment, pause_waiting, set_asking
from courses.services.exchanges import exchange
from courses.services.offers import accept_offer, decline_offer, expire_offers
from courses.services.second_sessions import (
    SecondSession,
    end_needless_waits,
    offer_second_session,
)
from courses.services.sessions import cancel_session, pause_enrolment
from tests.courses.lines import (
    fill,
    fresh,
    full_session,
    grow,
    live_of,
    reasons,
    refused,
    standing,
    states,
    sweep,
    waits,
)
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, held, open_session, session, term

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LATER = NOON + timedelta(days=7)
END = AT + timedelta(hours=48)


def offer(first, second, at=AT) -> SecondSession:
    return offer_second_session(first=first, second=second, by=None, at=at)


def there(enrolment: Enrolment, second) -> Enrolment:
    """The person's live row in the second session."""
    return Enrolment.objects.live().get(person_id=enrolment.person_id, session=second)


def test_seats_are_offered_in_order_and_the_rest_is_put_in_line(heard):
    first, line = full_session(3)
    second = open_session(starts_at=LATER, capacity=2, course=first.course)
    heard.clear()

    assert offer(first, second) == SecondSession(offered=2, in_line=1, left_out=0)

    rows = [there(each, second) for each in line]
    assert [(row.state, row.rank, row.instead_of_id) for row in rows] == [
        ("offered", 1, line[0].pk),
        ("offered", 2, line[1].pk),
        ("waiting", 3, line[2].pk),
    ]
    assert {(row.asks_first, row.origin) for row in rows} == {(True, "twin")}
    assert [row.offer_expires_at for row in rows] == [END, END, None]
    assert [name for name, _ in heard] == ["seat_offered", "seat_offered", "put_on_waiting_list"]
    assert standing(*line) == [("waiting", 1), ("waiting", 2), ("waiting", 3)]


def test_yes_to_the_second_gives_up_the_rank_in_the_first(heard):
    first, (one, two) = full_session(2)
    second = open_session(starts_at=LATER, capacity=1)
    offer(first, second)
    row = there(one, second)
    heard.clear()

    accept_offer(enrolment=row, by=row.person, at=AT)

    assert states(row, one, two) == ["confirmed", "cancelled", "waiting"]
    assert [name for name, _ in heard] == ["seat_confirmed", "enrolment_cancelled"]


def test_no_to_the_second_keeps_the_rank_in_the_first():
    first, (one, two) = full_session(2)
    second = open_session(starts_at=LATER, capacity=1)
    offer(first, second)

    decline_offer(enrolment=there(one, second), by=one.person, at=AT)
    fill(second)

    assert standing(one) == [("waiting", 1)]
    assert there(two, second).state == "offered"


def test_silence_keeps_both_ranks():
    first, (one, _two) = full_session(2)
    second = open_session(starts_at=LATER, capacity=1)
    offer(first, second)

    sweep(second, END)

    assert (there(one, second).state, there(one, second).rank) == ("waiting", 1)
    assert standing(one) == [("waiting", 1)]


def test_offering_twice_asks_nobody_twice_not_even_who_said_no(heard):
    first, (one, two) = full_session(2)
    second = open_session(starts_at=LATER, capacity=1)
    offer(first, second)
    decline_offer(enrolment=there(one, second), by=one.person, at=AT)
    heard.clear()

    assert offer(first, second) == SecondSession(0, 0, 0)
    assert heard == []
    assert there(two, second).state == "waiting"


def test_who_comes_in_line_afterwards_is_asked_by_the_next_press():
    first, _line = full_session(1)
    second = open_session(starts_at=LATER, capacity=5)
    offer(first, second)
    waits(first)

    assert offer(first, second) == SecondSession(offered=1, in_line=0, left_out=0)


def test_who_may_not_sit_there_is_left_out_and_the_others_are_asked():
    autumn = term(seats_per_person=1)
    first, (at_limit, busy, one) = full_session(3, term=autumn)
    second = open_session(starts_at=LATER, capacity=5, term=autumn)
    enrolled(open_session(term=autumn, starts_at=NOON + timedelta(days=3)), at_limit.person)
    enrolled(open_session(starts_at=LATER), busy.person)

    assert offer(first, second) == SecondSession(offered=1, in_line=0, left_out=2)
    assert there(one, second).state == "offered"


def test_the_audience_of_the_second_holds():
    first, _line = full_session(2)
    second = open_session(starts_at=LATER, audience=Audience.NETWORK)

    assert offer(first, second) == SecondSession(0, 0, 2)


def test_who_let_an_offer_pass_still_waits_and_who_paused_does_not():
    first, (silent, paused) = full_session(2)
    pause_waiting(enrolment=paused, paused=True, by=paused.person, at=AT)
    grow(first, 1), fill(first)
    expire_offers(at=END)
    second = open_session(starts_at=LATER, capacity=5)

    assert offer(first, second, at=END) == SecondSession(offered=1, in_line=0, left_out=0)
    assert there(silent, second).instead_of_id == live_of(silent).pk


def test_who_already_stands_in_the_second_is_left_as_is():
    first, (one,) = full_session(1)
    second = open_session(starts_at=LATER)
    seat = enrolled(second, one.person)

    assert offer(first, second) == SecondSession(0, 0, 0)
    assert states(seat, one) == ["confirmed", "waiting"]


def test_a_rank_renewed_by_a_silence_is_the_one_given_up():
    """The row in the first session expired meanwhile: the rank that follows it goes."""
    first, (one,) = full_session(1)
    second = open_session(starts_at=LATER, capacity=1)
    offer(first, second)
    grow(first, 1), fill(first)
    assert states(one) == ["offered"]
    expire_offers(at=END - timedelta(seconds=1))
    row = there(one, second)
    Enrolment.objects.filter(pk=row.pk).update(offer_expires_at=END + timedelta(days=1))
    expire_offers(at=END)

    accept_offer(enrolment=row, by=row.person, at=END)

    assert not Enrolment.objects.live().filter(session=first).exists()


def test_yes_to_the_second_frees_the_offer_held_in_the_first():
    first, (one, two) = full_session(2)
    second = open_session(starts_at=LATER, capacity=1)
    offer(first, second)
    grow(first, 1), fill(first)

    accept_offer(enrolment=there(one, second), by=one.person, at=AT)
    fill(first)

    assert states(one, two) == ["cancelled", "offered"]


def test_who_left_the_first_keeps_the_offer_of_the_second():
    first, (one,) = full_session(1)
    second = open_session(starts_at=LATER, capacity=1)
    offer(first, second)
    cancel_enrolment(enrolment=one, by=one.person, at=AT)

    row = there(one, second)
    assert accept_offer(enrolment=row, by=row.person, at=AT).state == "confirmed"


def test_a_second_session_that_is_not_ready_says_so():
    first, _line = full_session(1)
    words = "Announce the second session first."

    assert refused(offer, first, session(starts_at=LATER)) == words
    paused = pause_enrolment(session=open_session(starts_at=LATER), by=None, at=AT)
    assert refused(offer, first, paused) == words
    near = open_session(starts_at=AT + timedelta(hours=12))
    assert refused(offer, first, near) == (
        "Fewer than twelve hours are left: nobody can be offered a seat."
    )


def test_a_whole_line_is_never_promised_more_seats_than_there_are():
    first, line = full_session(6)
    second = open_session(starts_at=LATER, capacity=2)
    offer(first, second)

    enrolled(second, people.person())

    assert Enrolment.objects.held().filter(session=second).count() == 2
    assert [there(each, second).rank for each in line] == [1, 2, 3, 4, 5, 6]


# ------------------------------------------------------------------ one seat a course
def twins(line: int, *, seats: int = 0, of: int = 1, **fields) -> tuple:
    """A full session, those who wait for it, and further sessions of its course offered to them."""
    first, rows = full_session(line, **fields)
    others = [
        open_session(starts_at=LATER + timedelta(days=n), capacity=seats, course=first.course)
        for n in range(of)
    ]
    for each in others:
        offer(first, each)
    return first, rows, *others


def test_who_is_seated_by_itself_in_the_first_leaves_the_line_of_the_second(heard):
    first, (one, two), second = twins(2, asks_first=False)
    grow(first, 1), fill(first)
    rows = [there(each, second) for each in (one, two)]
    heard.clear()

    assert (end_needless_waits(at=AT), end_needless_waits(at=AT)) == (1, 0)

    assert states(one, *rows) == ["confirmed", "cancelled", "waiting"]
    assert reasons(rows[0]) == ["seated in another session of the course"]
    assert [(name, told["from_state"]) for name, told in heard] == [
        ("enrolment_cancelled", "waiting")
    ]
    assert there(two, second).rank == 2


def test_the_clock_takes_them_off_before_a_seat_is_given():
    """Even in the minute between: no second seat, and it goes to the next in line."""
    first, (one, two), second = twins(2, asks_first=False)
    row = there(one, second)
    set_asking(enrolment=row, asks_first=False, by=one.person, at=AT)
    grow(first, 1), fill(first)
    grow(second, 1), fill(second)

    assert states(one, row, there(two, second)) == ["confirmed", "cancelled", "offered"]


def test_a_seat_held_in_the_second_keeps_its_promise_until_its_hour():
    first, (one, two), second = twins(2, seats=1, asks_first=False)
    row = there(one, second)
    grow(first, 1), fill(first)

    assert (end_needless_waits(at=AT), states(one, row)) == (0, ["confirmed", "offered"])
    assert accept_offer(enrolment=row, by=row.person, at=AT).state == "confirmed"
    assert (states(one), there(two, second).state) == (["cancelled"], "waiting")


def test_silence_in_the_second_ends_there_for_who_is_seated_in_the_first(heard):
    first, (one, two), second = twins(2, seats=1, asks_first=False)
    row = there(one, second)
    grow(first, 1), fill(first)
    heard.clear()

    sweep(second, END)

    assert heard[0][0] == "offer_expired"
    assert heard[0][1]["again"] is None
    assert not Enrolment.objects.live().filter(session=second, person=one.person).exists()
    assert states(one, row, there(two, second)) == ["confirmed", "expired", "offered"]


@pytest.mark.parametrize("seats", [0, 1])
def test_yes_to_the_first_gives_up_the_second_at_once(heard, seats):
    """Waiting there, or offered: what was held wakes the list."""
    first, (one, two), second = twins(2, seats=seats)
    row = there(one, second)
    grow(first, 1), fill(first)
    heard.clear()

    accept_offer(enrolment=one, by=one.person, at=AT)

    assert states(one, row) == ["confirmed", "cancelled"]
    assert [name for name, _ in heard] == [
        "seat_confirmed", "enrolment_cancelled", *["seat_freed"] * seats,
    ]  # fmt: skip
    fill(second)
    assert there(two, second).state == ("offered" if seats else "waiting")


def test_a_limit_lowered_meanwhile_does_not_count_what_is_given_up():
    autumn = term(seats_per_person=2)
    first, (one,) = full_session(1, term=autumn)
    second = open_session(starts_at=LATER, capacity=1, course=first.course, term=autumn)
    offer(first, second)
    grow(first, 1), fill(first)
    assert states(one, there(one, second)) == ["offered", "offered"]
    Term.objects.update(seats_per_person=1)

    assert accept_offer(enrolment=one, by=one.person, at=AT).state == "confirmed"
    assert not Enrolment.objects.live().filter(session=second).exists()


def test_yes_to_the_second_ends_the_third():
    _first, (one,), second, third = twins(1, seats=1, of=2)
    rows = [there(one, second), there(one, third)]

    accept_offer(enrolment=rows[0], by=one.person, at=AT)

    assert states(one, *rows) == ["cancelled", "confirmed", "cancelled"]


def test_a_seat_of_another_course_ends_nothing():
    first, (one,) = full_session(1, asks_first=False)
    second = open_session(starts_at=LATER, capacity=0)
    offer(first, second)
    row = there(one, second)
    grow(first, 1), fill(first)

    assert (end_needless_waits(at=AT), states(one, row)) == (0, ["confirmed", "waiting"])
    grow(second, 1), fill(second)
    assert states(one, row) == ["confirmed", "offered"]


def test_a_place_that_the_person_asked_for_is_theirs_to_keep():
    first, (one,) = full_session(1, asks_first=False)
    second = open_session(starts_at=LATER, capacity=0, course=first.course)
    own = waits(second, one.person)
    grow(first, 1), fill(first)

    assert (end_needless_waits(at=AT), states(one, own)) == (0, ["confirmed", "waiting"])


def test_who_would_rather_have_the_second_keeps_the_rank_there():
    """Asked for as an exchange, the place in line is the person's own."""
    first, (one,), second = twins(1, asks_first=False)
    row = there(one, second)
    grow(first, 1), fill(first)

    exchange(leaving=fresh(one), session=second, by=one.person, at=AT)

    assert (end_needless_waits(at=AT), states(one, row)) == (0, ["confirmed", "waiting"])
    grow(second, 1), sweep(second, AT), sweep(second, END)
    assert live_of(row).state == "waiting"


def test_a_seat_of_a_cancelled_session_ends_nothing():
    first, (one,), second = twins(1, asks_first=False)
    row = there(one, second)
    grow(first, 1), fill(first)
    cancel_session(session=first, by=None, at=AT, motive="Salle inondée")

    assert (end_needless_waits(at=AT), states(row)) == (0, ["waiting"])


def test_who_took_the_course_before_is_asked_as_everybody():
    first, (one,) = full_session(1)
    past = open_session(course=first.course, starts_at=AT + timedelta(days=2))
    enrolled(past, one.person)
    held(past)
    second = open_session(starts_at=LATER, capacity=0, course=first.course)

    assert offer(first, second) == SecondSession(offered=0, in_line=1, left_out=0)
    assert (end_needless_waits(at=AT), there(one, second).state) == (0, "waiting")


def test_who_has_a_seat_of_the_course_is_not_asked():
    first, (one, two) = full_session(2)
    enrolled(open_session(course=first.course, starts_at=NOON + timedelta(days=3)), one.person)
    second = open_session(starts_at=LATER, capacity=5, course=first.course)

    assert asked_of(first, [second]) == {second.pk: Asked(asked=0, to_ask=1)}
    assert offer(first, second) == SecondSession(offered=1, in_line=0, left_out=0)
    assert there(two, second).state == "offered"
    assert asked_of(first, [second]) == {second.pk: Asked(asked=1, to_ask=0)}
