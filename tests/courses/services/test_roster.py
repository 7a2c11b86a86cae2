"""What staff do by hand: beyond the capacity, at the door, in the line, to another session."""

from datetime import timedelta

import pytest

from courses.choices import Audience, EnrolmentOrigin
from courses.models import Enrolment, Session
from courses.services.enrolments import (
    NotInAudience,
    ScheduleConflict,
    TermLimitReached,
    cancel_enrolment,
    pause_waiting,
)
from courses.services.holds import give_late_strikes
from courses.services.roster import claim_walk_in, move_in_line, move_to_session, seat_beyond
from courses.services.sessions import cancel_session, close_session, postpone_session
from people.models import User
from tests.courses.lines import SECOND, fill, fresh, full_session, grow, reasons, refused, states
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, held, open_session, term

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

WHY = "Conférencière du congrès"
SAY_WHY = "Say why: it stays in the history of this seat."
NEXT_DAY = NOON + timedelta(days=1)


@pytest.fixture
def staff() -> User:
    return people.coordinator()


def seats(row: Session) -> tuple[int, int]:
    """(within the capacity, beyond it)."""
    held_rows = Enrolment.objects.held().filter(session=row)
    return held_rows.filter(is_extra=False).count(), held_rows.filter(is_extra=True).count()


# ------------------------------------------------------------------ beyond the capacity
def test_a_seat_beyond_the_capacity_is_counted_apart(staff, heard):
    """I1: audited, and never one of the seats."""
    row = open_session(capacity=1)
    enrolled(row), enrolled(row)
    heard.clear()

    person = people.person()
    extra = seat_beyond(person=person, session=row, by=staff, at=AT, motive=f" {WHY}\n ")

    assert (extra.state, extra.is_extra, extra.origin) == ("confirmed", True, "staff")
    assert heard == [("seat_confirmed", {"enrolment": extra, "was_waiting": False, "at": AT})]
    assert [(event.by, event.reason) for event in extra.events.all()] == [(staff, f"extra: {WHY}")]
    assert seats(row) == (1, 1)
    assert fill(row) == 0


def test_giving_back_an_extra_seat_frees_none(staff, heard):
    row = open_session(capacity=1)
    _seat, waiting = enrolled(row), enrolled(row)
    extra = seat_beyond(person=people.person(), session=row, by=staff, at=AT, motive=WHY)
    heard.clear()

    cancel_enrolment(enrolment=extra, by=extra.person, at=AT)

    assert [name for name, _ in heard] == ["enrolment_cancelled"]
    assert (fill(row), states(waiting)) == (0, ["waiting"])


def test_who_waits_leaves_the_line_for_an_extra_seat(staff, heard):
    row, (first, second) = full_session(2)
    heard.clear()

    extra = seat_beyond(person=second.person, session=row, by=staff, at=AT, motive=WHY)

    assert (extra.pk, states(first, second)) == (second.pk, ["waiting", "confirmed"])
    assert heard[0][1]["was_waiting"] is True


def test_an_extra_seat_is_given_once_and_a_seat_is_left_alone(staff, heard):
    row = open_session(capacity=1)
    seat = enrolled(row)
    person = people.person()
    first = seat_beyond(person=person, session=row, by=staff, at=AT, motive=WHY)
    heard.clear()

    again = seat_beyond(person=person, session=row, by=staff, at=AT, motive=WHY)
    same = seat_beyond(person=seat.person, session=row, by=staff, at=AT, motive=WHY)

    assert (again.pk, same.pk, same.is_extra, heard) == (first.pk, seat.pk, False, [])


def test_the_rules_of_a_person_hold_beyond_the_capacity_too(staff):
    """I3, I4, I15: the permission is about seats, not about people."""
    autumn = term(seats_per_person=1)
    seat = enrolled(open_session(term=autumn))

    def beyond(row: Session, person: User = seat.person) -> Enrolment:
        return seat_beyond(person=person, session=row, by=staff, at=AT, motive=WHY)

    with pytest.raises(TermLimitReached):
        beyond(open_session(term=autumn, starts_at=NEXT_DAY))
    with pytest.raises(ScheduleConflict):
        beyond(open_session())
    with pytest.raises(NotInAudience):
        beyond(open_session(audience=Audience.NETWORK, starts_at=NEXT_DAY))
    cancelled = open_session(starts_at=NEXT_DAY)
    cancel_session(session=cancelled, by=None, at=AT, motive="Verglas")
    assert refused(beyond, cancelled) == "This session is cancelled."


@pytest.mark.parametrize("motive", ["", "  \n"])
def test_an_act_beyond_the_rules_says_why(staff, motive):
    row, (waiting,) = full_session(1)
    person, by = people.person(), {"by": staff, "at": AT, "motive": motive}

    assert refused(seat_beyond, person=person, session=row, **by) == SAY_WHY
    assert refused(claim_walk_in, person=person, session=row, **by) == SAY_WHY
    assert refused(move_in_line, enrolment=waiting, place=1, **by) == SAY_WHY
    assert refused(move_to_session, enrolment=waiting, session=row, **by) == SAY_WHY
    assert states(waiting) == ["waiting"]


def test_extra_seats_leave_the_capacity_to_others(staff):
    """I14: neither more nor fewer."""
    row = open_session(capacity=2)
    for _ in range(3):
        seat_beyond(person=people.person(), session=row, by=staff, at=AT, motive=WHY)

    assert [enrolled(row).state for _ in range(3)] == ["confirmed", "confirmed", "waiting"]
    assert seats(row) == (2, 3)


# ------------------------------------------------------------------ at the door
TOO_EARLY = (
    "People who came without a seat are written down once the session has begun, and until "
    "presence is settled."
)


def claim(row: Session, person: User, staff: User, *, at=NOON) -> Enrolment:
    return claim_walk_in(person=person, session=row, by=staff, at=at, motive=WHY)


def test_who_came_without_a_seat_is_written_down_apart(staff, heard):
    row = open_session(capacity=1)
    enrolled(row)
    person = people.person()
    heard.clear()

    came = claim(row, person, staff)

    assert (came.state, came.is_extra, came.origin) == ("confirmed", True, "walk_in")
    assert reasons(came) == [f"walk-in: {WHY}"]
    assert (heard, seats(row)) == ([], (1, 1))
    assert claim(row, person, staff).pk == came.pk


def test_who_waited_and_came_has_the_walk_in_seat(staff):
    row, (waiting,) = full_session(1)

    assert claim(row, waiting.person, staff).pk == waiting.pk
    assert states(waiting) == ["confirmed"]


def test_a_rank_that_lapsed_stays_lapsed_beside_the_walk_in(staff):
    row, (waiting,) = full_session(1)
    held(row)

    came = claim(row, waiting.person, staff, at=NOON + timedelta(hours=2))

    assert (states(waiting), came.state) == (["lapsed"], "confirmed")


def test_walk_ins_are_claimed_from_the_first_meeting_until_presence_is_settled(staff):
    row, person = open_session(), people.person()
    assert refused(claim, row, person, staff, at=NOON - SECOND) == TOO_EARLY
    assert claim(row, person, staff, at=NOON).state == "confirmed"
    held(row)
    assert claim(row, people.person(), staff, at=NEXT_DAY).state == "confirmed"
    close_session(session=row, by=staff, at=NEXT_DAY)
    assert refused(claim, row, people.person(), staff, at=NEXT_DAY) == TOO_EARLY
    cancelled = open_session()
    cancel_session(session=cancelled, by=None, at=AT, motive="Verglas")
    assert refused(claim, cancelled, person, staff) == TOO_EARLY


# ------------------------------------------------------------------ in the line
def ranks(row: Session) -> list[int]:
    """Keys in the order of the line."""
    return list(Enrolment.objects.filter(session=row).waiting().values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("moved", "place", "order"),
    [
        (3, 1, [3, 0, 1, 2]),
        (0, 4, [1, 2, 3, 0]),
        (1, 3, [0, 2, 1, 3]),
        (2, 3, [0, 1, 2, 3]),
    ],
)
def test_the_others_keep_their_order(staff, moved, place, order):
    row, line = full_session(4)

    move_in_line(enrolment=line[moved], place=place, by=staff, at=AT, motive=WHY)

    assert ranks(row) == [line[each].pk for each in order]
    assert [fresh(line[each]).rank for each in order] == [1, 2, 3, 4]


def test_the_same_ranks_are_dealt_anew_whatever_gaps_there_are(staff):
    _row, line = full_session(4)
    cancel_enrolment(enrolment=line[1], by=staff, at=AT)

    move_in_line(enrolment=line[3], place=1, by=staff, at=AT, motive=WHY)

    assert [(fresh(each).rank) for each in (line[3], line[0], line[2])] == [1, 3, 4]


def test_history_keeps_every_rank_that_changed(staff):
    """I11: replaying it gives the present line."""
    row, line = full_session(3)

    move_in_line(enrolment=line[2], place=1, by=staff, at=AT, motive=WHY)

    for each in line:
        last = each.events.order_by("-pk").first()
        assert (last.rank, last.to_state, last.by) == (fresh(each).rank, "waiting", staff)
    assert reasons(line[2]) == [f"moved to place 1: {WHY}"]
    assert reasons(line[0]) == ["somebody else was moved"]
    assert ranks(row)[0] == line[2].pk


def test_a_pause_is_part_of_the_line(staff):
    row, (first, second) = full_session(2)
    pause_waiting(enrolment=first, paused=True, by=first.person, at=AT)

    move_in_line(enrolment=first, place=2, by=staff, at=AT, motive=WHY)

    assert ranks(row) == [second.pk, first.pk]


def test_a_place_is_one_of_the_line(staff, heard):
    _row, (first, _second) = full_session(2)
    seat = enrolled(open_session())
    heard.clear()

    for place in (0, 3):
        sentence = refused(move_in_line, enrolment=first, place=place, by=staff, at=AT, motive=WHY)
        assert sentence == "Choose a place from 1 to 2."
    assert refused(move_in_line, enrolment=seat, place=1, by=staff, at=AT, motive=WHY) == (
        "This person is no longer on the waiting list."
    )
    assert heard == []


def test_a_new_order_wakes_the_list(staff, heard):
    row, (_first, second) = full_session(2)
    grow(row, 1)
    heard.clear()

    move_in_line(enrolment=second, place=1, by=staff, at=AT, motive=WHY)

    assert heard == [("seat_freed", {"session_id": row.pk})]
    fill(row)
    assert states(second) == ["offered"]


# ------------------------------------------------------------------ to another session
def move(enrolment: Enrolment, row: Session, staff: User, *, at=AT) -> Enrolment:
    return move_to_session(enrolment=enrolment, session=row, by=staff, at=at, motive=WHY)


def test_a_person_moved_has_a_seat_there_and_none_here(staff, heard):
    seat = enrolled(open_session(term=term(seats_per_person=1)))
    other = open_session(term=seat.session.term)
    heard.clear()

    moved = move(seat, other, staff)

    assert (moved.state, moved.origin, states(seat)) == ("confirmed", "staff", ["cancelled"])
    assert [name for name, _ in heard] == ["seat_confirmed", "enrolment_cancelled", "seat_freed"]
    assert (reasons(seat), reasons(moved)) == ([f"moved: {WHY}"], [WHY])
    assert move(seat, other, staff).pk == moved.pk


def test_staff_move_people_by_the_same_gate(staff):
    """I15: a full session gives a rank."""
    seat = enrolled(open_session())

    moved = move(seat, open_session(capacity=0, starts_at=NEXT_DAY), staff)

    assert (moved.state, moved.rank, states(seat)) == ("waiting", 1, ["cancelled"])


def test_whoever_is_moved_was_never_late(staff):
    """I20: no strike for what the Academy decides."""
    row = open_session(counts_strikes=True, cancel_until=AT + timedelta(days=1))
    seat = enrolled(row)
    later = AT + timedelta(days=2)

    move(seat, open_session(starts_at=NEXT_DAY), staff, at=later)

    assert fresh(seat).is_late is False
    assert give_late_strikes(at=later + timedelta(days=30)) == 0


def test_what_ended_is_not_moved(staff):
    over = "This enrolment has already ended: there is nothing to move."
    seat = enrolled(open_session())
    other = open_session(starts_at=NEXT_DAY)
    cancel_enrolment(enrolment=seat, by=staff, at=AT)
    assert refused(move, seat, other, staff) == over
    gone = enrolled(open_session())
    cancel_session(session=gone.session, by=None, at=AT, motive="Verglas")
    assert refused(move, gone, other, staff) == over


def test_people_are_moved_out_of_a_postponed_session_and_not_into_one(staff):
    seat = enrolled(open_session())
    other = open_session(starts_at=NEXT_DAY)
    postpone_session(session=seat.session, by=None, at=AT, motive="Verglas")

    assert move(seat, other, staff).state == "confirmed"
    postponed = seat.session
    assert refused(move, enrolled(other), postponed, staff) == (
        "This session is postponed. Enrolment opens again with its new date."
    )


def test_nothing_moves_when_the_other_session_refuses(staff):
    """All or nothing."""
    seat = enrolled(open_session(), origin=EnrolmentOrigin.WEB)
    network = open_session(audience=Audience.NETWORK, starts_at=NEXT_DAY)

    with pytest.raises(NotInAudience):
        move(seat, network, staff)
    assert states(seat) == ["confirmed"]
