"""The one gate, as a specification: who gets a seat, who waits, who is refused and why."""

from datetime import UTC, datetime, timedelta

from django.utils import translation

import pytest

from courses.choices import (
    ENROLMENT_TRANSITIONS,
    Audience,
    EnrolmentOrigin,
    EnrolmentState,
    SessionState,
)
from courses.models import Enrolment, EnrolmentEvent, Session
from courses.services import enrolments as gate
from courses.services.enrolments import (
    AccountClosed,
    EnrolmentClosed,
    EnrolmentEnded,
    NotInAudience,
    ScheduleConflict,
    SessionOver,
    SessionUnknown,
    TermLimitReached,
    cancel_enrolment,
    enrol,
    release_closed_accounts,
)
from courses.services.sessions import (
    announce_session,
    cancel_session,
    pause_enrolment,
    postpone_session,
    save_session,
)
from courses.signals import seat_confirmed
from people.choices import EstablishmentKind
from people.models import Community, Establishment, User
from people.services.memberships import (
    end_membership,
    join_community,
    join_establishment,
    verify_membership,
)
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    held,
    meeting,
    open_session,
    session,
    term,
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
        "Enrolment closed on Sunday, November\N{NO-BREAK SPACE}1, 2026 at noon."
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


# ------------------------------------------------------------------ the person
def test_a_closed_account_is_refused():
    person = people.person()
    User.objects.filter(pk=person.pk).update(closed_at=AT)

    with pytest.raises(AccountClosed):
        ask(open_session(), person)


def test_a_session_of_the_network_asks_for_a_verified_membership():
    row = open_session(audience=Audience.NETWORK)

    with pytest.raises(NotInAudience):
        ask(row, people.person())
    with pytest.raises(NotInAudience):
        ask(row, people.person(establishment=people.establishment()))
    assert ask(row, people.verified_member()).state == STATES.CONFIRMED


def test_a_membership_of_another_organisation_is_no_membership_of_the_network():
    row = open_session(audience=Audience.NETWORK)
    other = Establishment.objects.get(kind=EstablishmentKind.OTHER)

    person = people.person()
    membership = join_establishment(
        user=person, establishment=other, organisation="Clinique du Plateau", at=AT
    )
    verify_membership(membership=membership, by=people.coordinator(), at=AT)

    with pytest.raises(NotInAudience):
        ask(row, person)


def test_a_verified_member_of_a_community_is_of_the_network():
    row, person = open_session(audience=Audience.NETWORK), people.person()
    membership = join_community(user=person, community=Community.objects.first(), at=AT)
    verify_membership(membership=membership, by=people.coordinator(), at=AT)

    assert ask(row, person).state == STATES.CONFIRMED


def test_a_membership_that_ended_opens_no_door():
    row, person = open_session(audience=Audience.NETWORK), people.verified_member()
    membership = person.memberships.get()
    end_membership(membership=membership, by=people.coordinator(), at=AT)

    with pytest.raises(NotInAudience):
        ask(row, person, at=AT + timedelta(days=2))


def test_a_session_by_invitation_is_filled_by_staff_alone():
    row = open_session(audience=Audience.INVITATION)

    with pytest.raises(NotInAudience):
        ask(row)
    assert ask(row, origin=EnrolmentOrigin.STAFF).state == STATES.CONFIRMED


def seats_of_a_term(person: User, count: int, **fields):
    autumn = term(**fields)
    for day in range(count):
        ask(open_session(term=autumn, starts_at=NOON + timedelta(days=day)), person)
    return autumn


def test_a_person_holds_at_most_so_many_seats_of_a_term():
    """I3: the third of two is refused; another person, another term are not."""
    person = people.person()
    autumn = seats_of_a_term(person, 2, seats_per_person=2)
    later = NOON + timedelta(days=10)

    with pytest.raises(TermLimitReached) as refused:
        ask(open_session(term=autumn, starts_at=later), person)
    assert "2" in str(refused.value)
    assert ask(open_session(term=autumn, starts_at=later)).state == STATES.CONFIRMED
    assert ask(open_session(term=term(), starts_at=later), person).state == STATES.CONFIRMED
    assert ask(open_session(starts_at=later + timedelta(days=1)), person).state == STATES.CONFIRMED


def test_seats_of_sessions_that_took_place_count_and_cancelled_ones_do_not():
    person = people.person()
    autumn = term(seats_per_person=1)
    gone = open_session(term=autumn, starts_at=NOON - timedelta(days=30))
    ask(gone, person)
    cancel_session(session=gone, by=None, at=AT, motive="Verglas")
    attended = open_session(term=autumn, starts_at=NOON - timedelta(days=20))

    assert ask(attended, person).state == STATES.CONFIRMED
    held(attended)
    with pytest.raises(TermLimitReached):
        ask(open_session(term=autumn), person, at=NOON - timedelta(days=1))


def test_a_rank_on_a_list_does_not_count_as_a_seat():
    person = people.person()
    autumn = term(seats_per_person=1)
    full = open_session(term=autumn, capacity=0, starts_at=NOON + timedelta(days=1))
    ask(full, person)

    assert ask(open_session(term=autumn), person).state == STATES.CONFIRMED


@pytest.mark.parametrize(
    ("start", "hours", "collides"),
    [
        (-1, 1, False),  # ends when the other begins
        (-1, 1.5, True),
        (0, 1, True),
        (0.25, 0.5, True),
        (-1, 3, True),
        (1, 1, False),  # begins when the other ends
    ],
)
def test_two_seats_never_overlap(start, hours, collides):
    """I4: true interval overlap of any two meetings."""
    person = people.person()
    ask(open_session(meetings=[meeting(NOON - timedelta(days=7)), meeting(NOON)]), person)
    other = open_session(starts_at=NOON + timedelta(hours=start), hours=hours)

    if collides:
        with pytest.raises(ScheduleConflict):
            ask(other, person)
    else:
        assert ask(other, person).state == STATES.CONFIRMED


def test_a_rank_or_a_postponed_session_collides_with_nothing():
    person = people.person()
    ask(open_session(capacity=0), person)
    moved = open_session()
    ask(moved, person)
    postpone_session(session=moved, by=None, at=AT, motive="Verglas")

    assert ask(open_session(), person).state == STATES.CONFIRMED


# ------------------------------------------------------------------ giving up
def test_cancelling_a_seat_frees_exactly_one(heard):
    """I9: held goes down by one, and the list is woken."""
    row = open_session(capacity=2)
    first, _second = ask(row), ask(row)
    heard.clear()

    gone = cancel_enrolment(enrolment=first, by=first.person, at=AT, reason="Congé")

    assert (gone.state, gone.ended_at, gone.is_late) == (STATES.CANCELLED, AT, False)
    assert Enrolment.objects.held().filter(session=row).count() == 1
    assert gone.events.order_by("pk").last().reason == "Congé"
    assert heard == [
        ("enrolment_cancelled", {"enrolment": gone, "from_state": "confirmed", "at": AT}),
        ("seat_freed", {"session_id": row.pk}),
    ]


def test_cancelling_a_rank_frees_no_seat(heard):
    row = open_session(capacity=0)
    waiting = ask(row)
    heard.clear()

    cancel_enrolment(enrolment=waiting, by=waiting.person, at=AT)

    assert [name for name, _ in heard] == ["enrolment_cancelled"]


def test_cancelling_twice_changes_nothing_more(heard):
    enrolment = ask(open_session())
    first = cancel_enrolment(enrolment=enrolment, by=enrolment.person, at=AT)
    heard.clear()

    second = cancel_enrolment(enrolment=enrolment, by=enrolment.person, at=AT + timedelta(hours=1))

    assert (second.pk, second.ended_at, second.calendar_sequence) == (
        first.pk, AT, first.calendar_sequence,
    )  # fmt: skip
    assert (heard, enrolment.events.count()) == ([], 2)


def test_a_seat_given_back_after_the_date_is_late_and_a_rank_never_is():
    until = AT + timedelta(days=5)
    row = open_session(capacity=2, cancel_until=until)
    in_time, late, waiting = ask(row), ask(row), ask(row)

    def give_back(enrolment, at):
        return cancel_enrolment(enrolment=enrolment, by=enrolment.person, at=at).is_late

    after = until + timedelta(seconds=1)
    assert [give_back(waiting, after), give_back(in_time, until), give_back(late, after)] == [
        False, False, True,
    ]  # fmt: skip


def test_nobody_withdraws_by_oneself_once_the_session_has_begun():
    enrolment = ask(open_session())

    with pytest.raises(SessionOver):
        cancel_enrolment(enrolment=enrolment, by=enrolment.person, at=NOON)
    by_staff = cancel_enrolment(enrolment=enrolment, by=people.coordinator(), at=NOON)
    assert by_staff.state == STATES.CANCELLED


@pytest.mark.parametrize("state", [SessionState.HELD, SessionState.CLOSED, SessionState.CANCELLED])
def test_nothing_is_withdrawn_from_a_session_that_ended(state):
    row = open_session()
    enrolment = ask(row)
    Session.objects.filter(pk=row.pk).update(state=state)

    with pytest.raises(SessionOver):
        cancel_enrolment(enrolment=enrolment, by=people.coordinator(), at=AT)


def test_a_row_that_lapsed_cannot_be_cancelled():
    row = open_session(capacity=0)
    enrolment = ask(row)
    gate.lapse_waiting(session=row, at=AT)

    with pytest.raises(EnrolmentEnded):
        cancel_enrolment(enrolment=enrolment, by=enrolment.person, at=AT)


def test_a_closed_account_gives_back_what_it_holds():
    row = open_session(capacity=1)
    gone, waiting = ask(row), ask(row)
    User.objects.filter(pk=gone.person_id).update(closed_at=AT)

    assert (release_closed_accounts(at=AT), release_closed_accounts(at=AT)) == (1, 0)

    gone.refresh_from_db()
    waiting.refresh_from_db()
    assert (gone.state, waiting.state) == (STATES.CANCELLED, STATES.WAITING)


# ------------------------------------------------------------------ the table and its history
@pytest.mark.parametrize("was", EnrolmentState.values)
@pytest.mark.parametrize("to", EnrolmentState.values)
def test_an_enrolment_moves_by_the_table_and_not_otherwise(was, to):
    enrolment = Enrolment(
        session=open_session(), person=people.person(), created_at=AT, state=was, rank=1,
        confirmed_at=AT, offer_expires_at=AT,
    )  # fmt: skip
    enrolment.save()

    if to in ENROLMENT_TRANSITIONS.get(was, frozenset()):
        gate._move(enrolment, EnrolmentState(to), by=None, at=AT)
        enrolment.refresh_from_db()
        assert (enrolment.state, enrolment.calendar_sequence) == (to, 1)
    else:
        with pytest.raises(EnrolmentEnded):
            gate._move(enrolment, EnrolmentState(to), by=None, at=AT)


def test_the_history_replayed_gives_the_present_state():
    """I11: every change has one row, and their chain has no gap."""
    row = open_session(capacity=1)
    first, second = ask(row), ask(row)
    cancel_enrolment(enrolment=first, by=first.person, at=AT)
    gate.promote_next(session_id=row.pk, at=AT)

    for enrolment in Enrolment.objects.all():
        steps = list(enrolment.events.order_by("pk").values_list("from_state", "to_state"))
        assert [start for start, _ in steps] == ["", *[end for _, end in steps[:-1]]]
        assert steps[-1][1] == enrolment.state
    assert event_rows(second) == [
        ("", "waiting", second.person_id, AT),
        ("waiting", "confirmed", None, AT),
    ]


def test_every_change_after_the_first_raises_the_calendar_sequence():
    row = open_session(capacity=1)
    first, second = ask(row), ask(row)
    cancel_enrolment(enrolment=first, by=first.person, at=AT)
    gate.promote_next(session_id=row.pk, at=AT)
    save_session(
        session=row, meetings=[meeting(NOON + timedelta(hours=1))], breaks=None, trainers=None,
        by=None, at=AT,
    )  # fmt: skip

    sequences = dict(Enrolment.objects.values_list("pk", "calendar_sequence"))
    assert sequences == {first.pk: 1, second.pk: 2}


def test_a_receiver_that_fails_undoes_the_act(heard):
    """The news is part of the act: no seat without its notice."""

    def fail(**_):
        raise ValueError("the outbox is broken")

    row = open_session()
    seat_confirmed.connect(fail)
    try:
        with pytest.raises(ValueError, match="broken"):
            ask(row)
    finally:
        seat_confirmed.disconnect(fail)
    assert (Enrolment.objects.count(), EnrolmentEvent.objects.count()) == (0, 0)


def test_enrol_takes_a_fixed_number_of_queries(django_assert_max_num_queries, heard):
    row, person = open_session(term=term(), capacity=5), people.person()
    for _ in range(3):
        ask(row)

    with django_assert_max_num_queries(20):
        enrol(person=person, session=row, by=person, at=AT)
