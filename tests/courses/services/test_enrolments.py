"""The one gate, as a specification: who gets a seat, who waits, who is refused and why."""

from datetime import UTC, datetime, timedelta

from django.utils import translation

import pytest

from courses.choices import (
    EnrolmentOrigin,
    EnrolmentState,
)
from courses.models import Enrolment, EnrolmentEvent, Session
from courses.services.enrolments import (
    EnrolmentClosed,
    SessionOver,
    SessionUnknown,
    cancel_enrolment,
)
from courses.services.sessions import (
    announce_session,
    cancel_session,
    pause_enrolment,
    postpone_session,
)
from people.models import User
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    held,
    meeting,
    open_session,
    session,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

STATES = EnrolmentState


def ask(session: Session, person: User | None = None, *, at: datetime = AT, **more) -> Enrolment:
    return enrolled(session, person, at=at, **more)


def event_rows(enrolment: Enrolment) -> list[tuple]:
    rows = enrolment.events.order_by("pk")
    return [(row.from_state, row.to_state, row.by_id, row.at) for row in rows]


# ------------------------------------------------------------------ a seat, or a rank
def test_enrol_gives_a_seat_while_one_is_free(heard):
    row, person = open_session(capacity=2), people.person()
    heard.clear()

    enrolment = ask(row, person)

    assert (enrolment.state, enrolment.rank, enrolment.confirmed_at) == (STATES.CONFIRMED, None, AT)
    assert event_rows(enrolment) == [("", "confirmed", person.pk, AT)]
    assert heard == [
        ("seat_confirmed", {"enrolment": enrolment, "was_waiting": False, "at": AT}),
    ]


def test_enrol_puts_on_the_list_when_every_seat_is_held(heard):
    row, person = open_session(capacity=1), people.person()
    ask(row)
    heard.clear()

    enrolment = ask(row, person)

    assert (enrolment.state, enrolment.rank, enrolment.confirmed_at) == (STATES.WAITING, 1, None)
    assert event_rows(enrolment) == [("", "waiting", person.pk, AT)]
    assert heard == [("put_on_waiting_list", {"enrolment": enrolment, "at": AT})]


def test_enrol_has_no_limit_when_the_capacity_is_empty():
    row = open_session(capacity=None)

    assert [ask(row).state for _ in range(5)] == [STATES.CONFIRMED] * 5


def test_enrol_gives_nothing_when_the_capacity_is_zero():
    assert ask(open_session(capacity=0)).state == STATES.WAITING


def test_an_offered_row_holds_its_seat():
    row = open_session(capacity=1)
    first = ask(row)
    Enrolment.objects.filter(pk=first.pk).update(
        state=STATES.OFFERED, offer_expires_at=AT + timedelta(days=2)
    )

    assert ask(row).state == STATES.WAITING


def test_enrol_gives_no_more_after_an_oversell_made_by_hand():
    """I14: a count above the capacity is « full », not « minus one is not zero »."""
    row = open_session(capacity=3)
    for _ in range(3):
        ask(row)
    Session.objects.filter(pk=row.pk).update(capacity=1)

    assert ask(row).state == STATES.WAITING


def test_ranks_follow_the_order_of_arrival_without_a_gap_or_a_second_use():
    row = open_session(capacity=1)
    ask(row)
    first, second, third = ask(row), ask(row), ask(row)
    cancel_enrolment(enrolment=third, by=third.person, at=AT)

    again = ask(row, third.person)

    assert [first.rank, second.rank, third.rank, again.rank] == [1, 2, 3, 4]


def test_a_walk_up_never_overtakes_somebody_who_waits():
    """I6: the freed seat is invisible to newcomers while the list has not been served."""
    row = open_session(capacity=1)
    seated, waiting = ask(row), ask(row)
    cancel_enrolment(enrolment=seated, by=seated.person, at=AT)

    walk_up = ask(row)

    waiting.refresh_from_db()
    assert (waiting.state, walk_up.state) == (STATES.WAITING, STATES.WAITING)
    assert walk_up.rank > waiting.rank


def test_a_walk_up_who_must_wait_beside_a_free_seat_wakes_the_list(heard):
    row = open_session(capacity=1)
    seated, _waiting = ask(row), ask(row)
    cancel_enrolment(enrolment=seated, by=seated.person, at=AT)
    heard.clear()

    ask(row)

    assert [name for name, _ in heard] == ["put_on_waiting_list", "seat_freed"]


def test_a_walk_up_takes_a_seat_beyond_those_promised_to_the_list():
    row = open_session(capacity=1)
    ask(row), ask(row)
    Session.objects.filter(pk=row.pk).update(capacity=3)

    assert ask(row).state == STATES.CONFIRMED


# ------------------------------------------------------------------ once
def test_enrol_twice_returns_the_same_row(heard):
    """I2 and I13: a double click is one row, one event, one piece of news."""
    row, person = open_session(), people.person()
    first = ask(row, person)
    heard.clear()

    second = ask(row, person, at=AT + timedelta(seconds=1))

    assert second.pk == first.pk
    assert (Enrolment.objects.count(), EnrolmentEvent.objects.count(), heard) == (1, 1, [])


def test_enrol_returns_the_seat_even_when_enrolment_has_closed_since():
    row, person = open_session(), people.person()
    first = ask(row, person)
    pause_enrolment(session=row, by=None, at=AT)

    assert ask(row, person).pk == first.pk


def test_enrol_after_withdrawing_begins_a_new_row():
    row, person = open_session(), people.person()
    first = ask(row, person)
    cancel_enrolment(enrolment=first, by=person, at=AT)

    second = ask(row, person)

    assert second.key != first.key
    assert Enrolment.objects.filter(person=person).count() == 2


# ------------------------------------------------------------------ the window
def test_the_deadline_is_too_late_at_its_very_second():
    """I17: open until the deadline, closed at it."""
    deadline = datetime(2026, 11, 1, 17, 0, tzinfo=UTC)  # noon in Montréal
    row = open_session(enrolment_closes_at=deadline)

    assert ask(row, at=deadline - timedelta(seconds=1)).state == STATES.CONFIRMED
    with translation.override("en"), pytest.raises(EnrolmentClosed) as refused:
        ask(row, at=deadline)
    assert str(refused.value) == (
        "Enrolment closed at noon on Sunday, November\N{NO-BREAK SPACE}1, 2026."
    )


def test_the_opening_is_in_time_at_its_very_second():
    opens = AT + timedelta(days=3)
    row = open_session(enrolment_opens_at=opens)

    with pytest.raises(EnrolmentClosed):
        ask(row, at=opens - timedelta(seconds=1))
    assert ask(row, at=opens).state == STATES.CONFIRMED


def test_enrolment_ends_when_the_first_meeting_begins():
    row = open_session(meetings=[meeting(NOON), meeting(NOON + timedelta(days=7))])

    assert ask(row, at=NOON - timedelta(seconds=1)).state == STATES.CONFIRMED
    with pytest.raises(SessionOver):
        ask(row, at=NOON)


@pytest.mark.parametrize("hour", [0, 1, 2, 3])
def test_the_deadline_holds_through_the_night_when_clocks_go_back(hour):
    """I17: 1 November 2026, 2 h happens twice; the deadline is one instant, in UTC."""
    deadline = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)  # 1 h 30, the second time
    row = open_session(enrolment_closes_at=deadline)
    at = datetime(2026, 11, 1, 4 + hour, 45, tzinfo=UTC)

    if at < deadline:
        assert ask(row, at=at).state == STATES.CONFIRMED
    else:
        with pytest.raises(EnrolmentClosed):
            ask(row, at=at)


def announced(**fields):
    return announce_session(session=session(**fields), by=None, at=AT)


def paused():
    return pause_enrolment(session=open_session(), by=None, at=AT)


def postponed():
    return postpone_session(session=open_session(), by=None, at=AT, motive="Verglas")


def cancelled():
    return cancel_session(session=open_session(), by=None, at=AT, motive="Verglas")


def over():
    return held(open_session())


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (session, SessionUnknown),
        (announced, EnrolmentClosed),
        (paused, EnrolmentClosed),
        (postponed, EnrolmentClosed),
        (cancelled, SessionOver),
        (over, SessionOver),
    ],
)
def test_a_session_that_is_not_open_refuses_with_a_sentence(make, refusal):
    row = make()

    with pytest.raises(refusal) as refused:
        ask(row)
    assert str(refused.value).endswith(".")
    assert Enrolment.objects.count() == 0


def test_a_session_announced_with_its_hour_says_when_it_opens():
    opens_at = AT + timedelta(days=3)
    row = announced(enrolment_opens_at=opens_at)

    with translation.override("en"), pytest.raises(EnrolmentClosed) as refused:
        ask(row)
    with translation.override("en"), pytest.raises(EnrolmentClosed) as without_hour:
        ask(announced())
    assert str(refused.value) == (
        "Enrolment opens at 9\N{NO-BREAK SPACE}a.m. on Friday, September\N{NO-BREAK SPACE}4, 2026."
    )
    assert str(without_hour.value) == "Enrolment in this session is not open yet."


def test_staff_seat_people_as_soon_as_a_session_is_announced_and_past_the_deadline():
    row = announced(enrolment_closes_at=AT + timedelta(days=1))

    enrolment = ask(row, at=AT + timedelta(days=2), origin=EnrolmentOrigin.STAFF)

    assert (enrolment.state, enrolment.origin) == (STATES.CONFIRMED, "staff")


def test_staff_obey_the_capacity():
    """I15: no way round the gate."""
    row = open_session(capacity=1)
    ask(row)

    assert ask(row, origin=EnrolmentOrigin.STAFF).state == STATES.WAITING


def test_a_session_without_a_meeting_has_no_seat_to_give():
    row = open_session()
    row.meetings.all().delete()

    with pytest.raises(EnrolmentClosed):
        ask(row)
