"""The last twelve hours: all are called, nobody holds an offer, the first to ask has the seat."""

from datetime import timedelta

import pytest

from courses.models import Enrolment, Session
from courses.selectors.standing import may_take_a_free_seat
from courses.services.enrolments import TermLimitReached, cancel_enrolment, enrol, pause_waiting
from courses.services.offers import release_pools
from people.models import User
from tests.courses.lines import SECOND, fill, full_session, grow, live_of, refused, states, sweep
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, open_session, pool, term

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LAST_HOURS = NOON - timedelta(hours=12)
OPEN_TO_ALL = NOON - timedelta(hours=2)


def ask(session: Session, person: User | None = None, *, at) -> Enrolment:
    person = person or people.person()
    return enrol(person=person, session=session, by=person, at=at)


def called(heard: list) -> list[int]:
    return [news["enrolment"].pk for name, news in heard if name == "seat_called"]


def test_twelve_hours_before_everybody_is_called_and_stays_waiting(heard):
    row, line = full_session(3, asks_first=False)
    grow(row, 1, at=LAST_HOURS)
    heard.clear()

    assert fill(row, LAST_HOURS - SECOND) == 1
    grow(row, 2, at=LAST_HOURS)
    heard.clear()
    assert fill(row, LAST_HOURS) == 0

    assert states(*line) == ["offered", "waiting", "waiting"]
    assert called(heard) == [line[1].pk, line[2].pk]
    row.refresh_from_db()
    assert heard[0][1] == {"enrolment": line[1], "release": row.release, "at": LAST_HOURS}


def test_a_call_is_made_once_a_release(heard):
    row, line = full_session(2)
    grow(row, 1, at=LAST_HOURS)
    heard.clear()

    fill(row, LAST_HOURS), fill(row, LAST_HOURS + timedelta(minutes=1))
    assert called(heard) == [each.pk for each in line]

    grow(row, 2, at=LAST_HOURS)
    heard.clear()
    fill(row, LAST_HOURS + timedelta(minutes=2))
    assert called(heard) == [each.pk for each in line]


def test_the_call_stands_in_history():
    """Committed with the look at the list, though nobody was seated by it."""
    row, (first,) = full_session(1)
    grow(row, 1, at=LAST_HOURS)

    fill(row, LAST_HOURS)

    row.refresh_from_db()
    assert first.events.filter(reason=f"called:{row.release}", to_state="waiting").count() == 1


def test_who_comes_in_line_after_the_call_is_called_too(heard):
    row, (first,) = full_session(1)
    grow(row, 1, at=LAST_HOURS)
    fill(row, LAST_HOURS)
    heard.clear()

    late = ask(row, at=LAST_HOURS)
    fill(row, LAST_HOURS)

    assert (late.state, called(heard)) == ("waiting", [late.pk])
    assert states(first) == ["waiting"]


def test_the_first_to_ask_has_the_seat_whatever_the_rank(heard):
    row, (first, second, third) = full_session(3)
    grow(row, 1, at=LAST_HOURS)
    fill(row, LAST_HOURS)
    heard.clear()

    seated = ask(row, third.person, at=LAST_HOURS)
    too_late = ask(row, first.person, at=LAST_HOURS)

    assert (seated.pk, seated.state, seated.rank) == (third.pk, "confirmed", 3)
    assert (too_late.pk, too_late.state) == (first.pk, "waiting")
    assert heard == [
        ("seat_confirmed", {"enrolment": seated, "was_waiting": True, "at": LAST_HOURS})
    ]
    assert seated.events.order_by("-pk").first().reason == "called, came first"
    assert states(second) == ["waiting"]


def test_asking_before_the_call_gives_nothing():
    row, (first,) = full_session(1)
    grow(row, 1, at=LAST_HOURS)

    assert ask(row, first.person, at=LAST_HOURS - SECOND).state == "waiting"
    assert ask(row, first.person, at=LAST_HOURS).state == "waiting"


def test_a_walk_up_waits_behind_those_who_were_called():
    """I6, until two hours before."""
    row, (first,) = full_session(1)
    grow(row, 1, at=LAST_HOURS)
    fill(row, LAST_HOURS)

    assert ask(row, at=OPEN_TO_ALL - SECOND).state == "waiting"
    assert ask(row, at=OPEN_TO_ALL).state == "confirmed"
    assert ask(row, first.person, at=OPEN_TO_ALL).state == "waiting"


def test_two_hours_before_whoever_waits_may_ask_too_called_or_not():
    """Nobody who waits is worse off than a newcomer."""
    row, (silent, paused) = full_session(2)
    grow(row, 1, at=LAST_HOURS - timedelta(hours=3))
    pause_waiting(enrolment=paused, paused=True, by=paused.person, at=AT)
    offered_at = LAST_HOURS - timedelta(hours=3)
    fill(row, offered_at)
    sweep(row, live_of(silent).offer_expires_at)

    assert ask(row, silent.person, at=OPEN_TO_ALL - SECOND).state == "waiting"
    assert ask(row, paused.person, at=OPEN_TO_ALL - SECOND).state == "waiting"
    assert ask(row, silent.person, at=OPEN_TO_ALL).state == "confirmed"
    assert ask(row, paused.person, at=OPEN_TO_ALL).state == "waiting"


def test_nobody_takes_a_seat_by_asking_again_once_the_session_has_begun():
    row, (first,) = full_session(1)
    grow(row, 1, at=LAST_HOURS)
    fill(row, LAST_HOURS)

    assert ask(row, first.person, at=NOON).state == "waiting"
    hours = [(12, 1), (12, 0), (2, 0), (0, 1), (0, 0)]
    starts_at = NOON
    answers = [
        may_take_a_free_seat(
            first.pk, 0, starts_at=starts_at, at=starts_at - timedelta(hours=h, seconds=s)
        )
        for h, s in hours
    ]
    assert answers == [False, False, True, True, False]  # not called for that release


def test_the_rules_of_a_person_hold_in_the_last_hours():
    autumn = term(seats_per_person=1)
    row, (first,) = full_session(1, term=autumn)
    enrolled(open_session(term=autumn, starts_at=NOON + timedelta(days=1)), first.person)
    grow(row, 1, at=LAST_HOURS)
    fill(row, LAST_HOURS)

    with pytest.raises(TermLimitReached):
        ask(row, first.person, at=LAST_HOURS)
    assert states(first) == ["waiting"]
    assert refused(ask, row, first.person, at=LAST_HOURS).endswith("Give one up to take another.")


def test_seats_kept_for_others_call_only_their_people(heard):
    chum = people.establishment("chum")
    row = open_session(capacity=2, pools=[pool(chum, 1)])
    general, of_chum = enrolled(row), enrolled(row, people.verified_member(chum))
    waits, waits_of_chum = enrolled(row), enrolled(row, people.verified_member(chum))
    cancel_enrolment(enrolment=of_chum, by=of_chum.person, at=LAST_HOURS)
    heard.clear()

    fill(row, LAST_HOURS)

    assert called(heard) == [waits_of_chum.pk]
    assert ask(row, waits.person, at=LAST_HOURS).state == "waiting"
    assert ask(row, waits_of_chum.person, at=LAST_HOURS).state == "confirmed"
    assert states(general) == ["confirmed"]


def test_seats_released_in_the_last_hours_are_called_for(heard):
    chum = people.establishment("chum")
    row = open_session(capacity=1, pools=[pool(chum, 1, release_at=LAST_HOURS)])
    waits = enrolled(row)
    heard.clear()

    release_pools(at=LAST_HOURS)
    fill(row, LAST_HOURS)

    assert called(heard) == [waits.pk]


def test_an_answered_offer_of_the_day_before_still_counts():
    """An offer made before the last twelve hours holds its seat until its own end."""
    row, (first, second) = full_session(2)
    at = LAST_HOURS - timedelta(hours=1)
    grow(row, 1, at=at), fill(row, at)
    until = live_of(first).offer_expires_at

    assert until == NOON - timedelta(hours=6)
    fill(row, LAST_HOURS + timedelta(hours=1))
    assert states(first, second) == ["offered", "waiting"]
    assert ask(row, second.person, at=LAST_HOURS + timedelta(hours=1)).state == "waiting"
