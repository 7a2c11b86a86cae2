"""The one gate, backwards: giving up, the table of states, the history that is kept."""

from datetime import datetime, timedelta

import pytest

from courses.choices import (
    ENROLMENT_TRANSITIONS,
    EnrolmentState,
    SessionState,
)
from courses.models import Enrolment, EnrolmentEvent, Session
from courses.services import offers
from courses.services.enrolments import (
    EnrolmentEnded,
    SessionOver,
    cancel_enrolment,
    enrol,
    lapse_waiting,
    release_closed_accounts,
)
from courses.services.gate import step
from courses.services.sessions import (
    save_session,
)
from courses.signals import seat_confirmed
from people.models import User
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    meeting,
    open_session,
    term,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

STATES = EnrolmentState


def ask(session: Session, person: User | None = None, *, at: datetime = AT, **more) -> Enrolment:
    return enrolled(session, person, at=at, **more)


def event_rows(enrolment: Enrolment) -> list[tuple]:
    rows = enrolment.events.order_by("pk")
    return [(row.from_state, row.to_state, row.by_id, row.at) for row in rows]


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
    lapse_waiting(session=row, at=AT)

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
        step(enrolment, EnrolmentState(to), by=None, at=AT)
        enrolment.refresh_from_db()
        assert (enrolment.state, enrolment.calendar_sequence) == (to, 1)
    else:
        with pytest.raises(EnrolmentEnded):
            step(enrolment, EnrolmentState(to), by=None, at=AT)


def test_the_history_replayed_gives_the_present_state():
    """I11: every change has one row, and their chain has no gap."""
    row = open_session(capacity=1)
    first, second = ask(row), ask(row)
    cancel_enrolment(enrolment=first, by=first.person, at=AT)
    offers.promote_next(session_id=row.pk, at=AT)

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
    offers.promote_next(session_id=row.pk, at=AT)
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
