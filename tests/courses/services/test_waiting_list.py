"""The waiting list: who is next, who is passed over, and when it stops."""

from datetime import timedelta

from django.utils import translation

import pytest

from courses.choices import Audience, EnrolmentState, SessionState
from courses.models import Enrolment, JoinClick, Session
from courses.selectors.sessions import rank_words, sessions_to_fill
from courses.services.enrolments import (
    JoinRefused,
    cancel_enrolment,
    lapse_waiting,
    record_join_click,
)
from courses.services.offers import fill_session, promote_next
from courses.services.sessions import cancel_session, save_session
from people.models import User
from people.services.memberships import end_membership
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, meeting, open_session, term

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def grow(row: Session, capacity: int | None) -> None:
    Session.objects.filter(pk=row.pk).update(capacity=capacity)


def states(*enrolments: Enrolment) -> list[str]:
    return [Enrolment.objects.get(pk=each.pk).state for each in enrolments]


def fill(row: Session, at=AT) -> int:
    return fill_session(session_id=row.pk, at=at)


def test_a_freed_seat_goes_to_the_first_in_line(heard):
    row = open_session(capacity=1)
    seated, first, second = enrolled(row), enrolled(row), enrolled(row)
    cancel_enrolment(enrolment=seated, by=seated.person, at=AT)
    heard.clear()

    promoted = promote_next(session_id=row.pk, at=AT)

    assert promoted.pk == first.pk
    assert states(first, second) == ["confirmed", "waiting"]
    assert heard == [
        ("seat_confirmed", {"enrolment": promoted, "was_waiting": True, "at": AT}),
    ]


def test_nobody_is_promoted_while_every_seat_is_held():
    row = open_session(capacity=1)
    enrolled(row), enrolled(row)

    assert promote_next(session_id=row.pk, at=AT) is None


def test_fill_gives_every_free_seat_in_order_and_no_more():
    """I7: in the order of the ranks."""
    row = open_session(capacity=0)
    line = [enrolled(row) for _ in range(4)]
    grow(row, 2)

    assert (fill(row), fill(row)) == (2, 0)
    assert states(*line) == ["confirmed", "confirmed", "waiting", "waiting"]


def test_lifting_the_capacity_seats_everybody():
    row = open_session(capacity=0)
    line = [enrolled(row) for _ in range(3)]
    grow(row, None)

    assert fill(row) == 3
    assert states(*line) == ["confirmed"] * 3


def test_somebody_at_the_limit_is_passed_over_and_keeps_the_rank():
    row_term = term(seats_per_person=1)
    row = open_session(capacity=0, term=row_term)
    first, second = enrolled(row), enrolled(row)
    other = open_session(term=row_term, starts_at=NOON + timedelta(days=1))
    elsewhere = enrolled(other, first.person)
    grow(row, 1)

    assert fill(row) == 1
    assert states(first, second) == ["waiting", "confirmed"]

    cancel_enrolment(enrolment=elsewhere, by=first.person, at=AT)
    grow(row, 2)
    assert fill(row) == 1
    assert states(first) == ["confirmed"]


def test_somebody_busy_at_that_hour_is_passed_over():
    row = open_session(capacity=0)
    first, second = enrolled(row), enrolled(row)
    enrolled(open_session(), first.person)
    grow(row, 1)

    assert fill(row) == 1
    assert states(first, second) == ["waiting", "confirmed"]


def test_somebody_whose_membership_ended_is_passed_over():
    row = open_session(capacity=0, audience=Audience.NETWORK)
    member = people.verified_member()
    first, second = enrolled(row, member), enrolled(row, people.verified_member())
    end_membership(membership=member.memberships.get(), by=people.coordinator(), at=AT)
    grow(row, 1)

    later = AT + timedelta(days=1)
    assert fill(row, at=later) == 1
    assert states(first, second) == ["waiting", "confirmed"]


def test_a_closed_account_is_passed_over():
    row = open_session(capacity=0)
    first, second = enrolled(row), enrolled(row)
    User.objects.filter(pk=first.person_id).update(closed_at=AT)
    grow(row, 1)

    assert fill(row) == 1
    assert states(first, second) == ["waiting", "confirmed"]


def test_a_walk_up_is_seated_past_somebody_who_may_not_be():
    """A seat is not kept empty for one who cannot take it: the newcomer waits, then is served."""
    row = open_session(capacity=0)
    first = enrolled(row)
    enrolled(open_session(), first.person)
    grow(row, 1)

    walk_up = enrolled(row)
    assert walk_up.state == EnrolmentState.WAITING
    assert fill(row) == 1
    assert states(first, walk_up) == ["waiting", "confirmed"]


@pytest.mark.parametrize(
    "state", sorted(set(SessionState.values) - {SessionState.OPEN, SessionState.ANNOUNCED})
)
def test_the_list_stands_still_in_a_session_that_is_not_running(state):
    row = open_session(capacity=0)
    enrolled(row)
    Session.objects.filter(pk=row.pk).update(state=state, capacity=1)

    assert fill(row) == 0


def test_the_list_stands_still_once_the_session_has_begun():
    row = open_session(capacity=0)
    enrolled(row)
    grow(row, 1)

    assert fill(row, at=NOON) == 0
    assert fill(row, at=NOON - timedelta(hours=12, seconds=-1)) == 0  # called, not served
    assert fill(row, at=NOON - timedelta(hours=12, seconds=1)) == 1


def test_the_deadline_does_not_stop_the_list():
    row = open_session(capacity=0, enrolment_closes_at=AT + timedelta(days=1))
    enrolled(row)
    grow(row, 1)

    assert fill(row, at=AT + timedelta(days=2)) == 1


def test_whoever_still_waits_when_the_session_begins_has_not_obtained_a_place(heard):
    row = open_session(capacity=1)
    seated, waiting, left = enrolled(row), enrolled(row), enrolled(row)
    cancel_enrolment(enrolment=left, by=left.person, at=AT)
    heard.clear()

    assert (lapse_waiting(session=row, at=NOON), lapse_waiting(session=row, at=NOON)) == (1, 0)

    waiting.refresh_from_db()
    assert states(seated, waiting, left) == ["confirmed", "lapsed", "cancelled"]
    assert waiting.ended_at == NOON
    assert heard == [("place_not_obtained", {"enrolment": waiting, "at": NOON})]


# ------------------------------------------------------------------ what wakes the list
def test_a_seat_given_back_is_filled_after_the_commit(
    django_capture_on_commit_callbacks, monkeypatch
):
    woken = []
    monkeypatch.setattr("courses.receivers.fill_one_session.delay", woken.append)
    row = open_session(capacity=1)
    seated, _waiting = enrolled(row), enrolled(row)

    with django_capture_on_commit_callbacks(execute=True):
        cancel_enrolment(enrolment=seated, by=seated.person, at=AT)
        assert woken == []  # nothing before the seat is really free
    assert woken == [row.pk]


def test_a_raised_capacity_wakes_the_list_and_a_lowered_one_removes_nobody(heard):
    """I10: held stays, new seats are refused until it has fallen below."""
    row = open_session(capacity=2)
    first, second = enrolled(row), enrolled(row)
    heard.clear()

    row.capacity = 1
    save_session(session=row, meetings=None, breaks=None, trainers=None, by=None, at=AT)
    assert states(first, second) == ["confirmed", "confirmed"]
    assert enrolled(row).state == EnrolmentState.WAITING
    assert "seat_freed" not in [name for name, _ in heard]

    row.capacity = 3
    save_session(session=row, meetings=None, breaks=None, trainers=None, by=None, at=AT)
    assert heard[-1] == ("seat_freed", {"session_id": row.pk})


def test_the_sweep_finds_sessions_where_a_seat_is_free_and_somebody_waits():
    """I5, by the sweep: whatever woke nobody is found."""
    stuck = open_session(capacity=0, starts_at=NOON + timedelta(days=1))
    enrolled(stuck)
    grow(stuck, 1)
    full = open_session(capacity=0)
    enrolled(full)
    open_session(capacity=5)
    gone = open_session(capacity=0, starts_at=NOON + timedelta(days=2))
    enrolled(gone)
    cancel_session(session=gone, by=None, at=AT, motive="Verglas")
    grow(gone, 1)

    assert list(sessions_to_fill(at=AT)) == [stuck]
    assert list(sessions_to_fill(at=NOON + timedelta(days=1))) == []


# ------------------------------------------------------------------ ranks in words
def test_the_rank_is_counted_among_those_who_still_wait():
    row = open_session(capacity=0)
    first, second, third = enrolled(row), enrolled(row), enrolled(row)
    cancel_enrolment(enrolment=first, by=first.person, at=AT)

    with translation.override("en"):
        assert [rank_words(second), rank_words(third)] == ["1st of 2", "2nd of 2"]
        first.refresh_from_db()
        assert rank_words(first) == ""


# ------------------------------------------------------------------ the door
OPENS = NOON - timedelta(minutes=15)
ENDS = NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (OPENS - timedelta(seconds=1), False),
        (OPENS, True),
        (ENDS - timedelta(seconds=1), True),
        (ENDS, False),
    ],
)
def test_the_door_opens_a_quarter_of_an_hour_before_and_closes_at_the_end(at, is_open):
    enrolment = enrolled(open_session(join_url="https://reunion.example/j/1"))
    room = enrolment.session.meetings.get()

    if is_open:
        address = record_join_click(enrolment=enrolment, meeting=room, at=at)
        assert address == "https://reunion.example/j/1"
        click = JoinClick.objects.get()
        assert (click.enrolment, click.meeting, click.at) == (enrolment, room, at)
    else:
        with pytest.raises(JoinRefused):
            record_join_click(enrolment=enrolment, meeting=room, at=at)
        assert JoinClick.objects.count() == 0


def test_a_late_change_of_address_harms_nobody():
    enrolment = enrolled(open_session(join_url="https://reunion.example/j/1"))
    room = enrolment.session.meetings.get()
    type(room).objects.update(join_url="https://reunion.example/j/2")

    address = record_join_click(enrolment=enrolment, meeting=room, at=OPENS)

    assert address == "https://reunion.example/j/2"


def test_only_a_seat_of_that_session_opens_its_door():
    row = open_session(capacity=1)
    seated, waiting = enrolled(row), enrolled(row)
    elsewhere = open_session(starts_at=NOON + timedelta(hours=2)).meetings.get()

    for enrolment, room in [(waiting, row.meetings.get()), (seated, elsewhere)]:
        with pytest.raises(JoinRefused):
            record_join_click(enrolment=enrolment, meeting=room, at=OPENS)


def test_a_door_without_an_address_says_so():
    enrolment = enrolled(open_session(meetings=[meeting()]))

    with pytest.raises(JoinRefused):
        record_join_click(enrolment=enrolment, meeting=enrolment.session.meetings.get(), at=OPENS)


def test_the_door_of_a_cancelled_session_stays_shut():
    row = open_session()
    enrolment = enrolled(row)
    cancel_session(session=row, by=None, at=AT, motive="Verglas")

    with pytest.raises(JoinRefused):
        record_join_click(enrolment=enrolment, meeting=row.meetings.get(), at=OPENS)
