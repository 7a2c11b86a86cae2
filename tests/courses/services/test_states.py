"""The life of a session, row by row of its table, and what the clock does."""

from datetime import timedelta

import pytest

from courses.choices import SESSION_TRANSITIONS, EnrolmentState, SessionState
from courses.models import Course, Enrolment, Session, SessionEvent
from courses.services import states
from courses.services.catalogue import publish_course
from courses.services.enrolments import EnrolmentClosed
from courses.services.sessions import (
    announce_session,
    cancel_session,
    close_session,
    hold_finished_sessions,
    open_enrolment,
    pause_enrolment,
    postpone_session,
    reopen_session,
    resume_enrolment,
    save_session,
)
from courses.services.states import (
    AHEAD,
    AgendaEmpty,
    DatePast,
    MotiveMissing,
    NotThisStep,
    VersionMissing,
    open_due_enrolment,
)
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    course,
    enrolled,
    held,
    meeting,
    open_session,
    pool,
    published_course,
    session,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

S = SessionState


def in_state(state: str) -> Session:
    row = session()
    Session.objects.filter(pk=row.pk).update(state=state, version=row.course.current_version)
    return Session.objects.get(pk=row.pk)


@pytest.mark.parametrize("was", S.values)
@pytest.mark.parametrize("to", S.values)
def test_a_session_moves_by_the_table_and_not_otherwise(was, to, heard):
    row = in_state(was)
    heard.clear()

    if was == to:
        states._move(row, S(to), by=None, at=AT, motive="Essai")
        assert (row.state, heard) == (was, [])
    elif to in SESSION_TRANSITIONS[was]:
        states._move(row, S(to), by=None, at=AT, motive="Essai")
        assert Session.objects.get(pk=row.pk).state == row.state == to
        assert heard[0] == (
            "session_moved",
            {"session": row, "from_state": was, "to_state": to, "by": None, "at": AT},
        )
    else:
        with pytest.raises(NotThisStep):
            states._move(row, S(to), by=None, at=AT, motive="Essai")
        assert (Session.objects.get(pk=row.pk).state, heard) == (was, [])


def test_each_step_is_written_in_history():
    by = people.coordinator()
    row = session()
    announce_session(session=row, by=by, at=AT)
    open_enrolment(session=row, by=by, at=AT)
    pause_enrolment(session=row, by=by, at=AT, motive="Salle à confirmer")
    resume_enrolment(session=row, by=by, at=AT)

    rows = SessionEvent.objects.filter(session=row).order_by("pk")
    assert [(each.from_state, each.to_state, each.by, each.motive) for each in rows] == [
        ("", "draft", None, ""),
        ("draft", "announced", by, ""),
        ("announced", "open", by, ""),
        ("open", "paused", by, "Salle à confirmer"),
        ("paused", "open", by, ""),
    ]


# ------------------------------------------------------------------ what a step asks
def test_a_course_never_published_cannot_be_announced():
    row = session(course=course())

    with pytest.raises(VersionMissing):
        announce_session(session=row, by=None, at=AT)


def test_announcing_fixes_the_version_and_a_newer_one_follows_until_the_session_is_held():
    row = open_session()
    first = row.course.current_version
    assert row.version_id == first.pk

    def publish(objective):
        return publish_course(
            course=row.course, objectives_fr=[objective], objectives_en=["x"], by=None, at=AT
        )

    second = publish("Autre")
    row.refresh_from_db()
    assert row.version_id == second.pk
    held(row)
    publish("Encore")
    row.refresh_from_db()
    assert row.version_id == second.pk


def test_a_session_without_a_meeting_cannot_be_announced():
    row = session()
    row.meetings.all().delete()

    with pytest.raises(AgendaEmpty):
        announce_session(session=row, by=None, at=AT)


def test_a_session_whose_date_is_past_cannot_be_announced():
    row = session()

    with pytest.raises(DatePast):
        announce_session(session=row, by=None, at=NOON)
    announce_session(session=row, by=None, at=NOON - timedelta(seconds=1))
    assert row.state == S.ANNOUNCED


def test_a_session_of_several_meetings_resumes_after_the_first():
    row = open_session(meetings=[meeting(), meeting(NOON + timedelta(days=7))])
    pause_enrolment(session=row, by=None, at=AT)

    assert resume_enrolment(session=row, by=None, at=NOON + timedelta(days=1)).state == "open"


@pytest.mark.parametrize("step", [cancel_session, postpone_session])
def test_people_are_told_why_a_session_is_called_off(step):
    row = open_session()

    with pytest.raises(MotiveMissing):
        step(session=row, by=None, at=AT, motive="  ")
    assert step(session=row, by=None, at=AT, motive="Verglas").state in {"cancelled", "postponed"}


def test_a_draft_is_dropped_without_a_motive():
    assert cancel_session(session=session(), by=None, at=AT).state == S.CANCELLED


def test_a_settled_session_is_reopened_with_a_motive_and_held_only_once(heard):
    row = held(open_session())
    close_session(session=row, by=None, at=AT)
    with pytest.raises(MotiveMissing):
        reopen_session(session=row, by=None, at=AT, motive="")
    heard.clear()

    reopen_session(session=row, by=None, at=AT, motive="Rapport reçu en retard")

    assert (row.state, row.held_at) == (S.HELD, NOON + timedelta(hours=1))
    assert [name for name, _ in heard] == ["session_moved"]


def test_only_a_settled_session_is_reopened():
    with pytest.raises(NotThisStep):
        reopen_session(session=open_session(), by=None, at=AT, motive="Essai")


# ------------------------------------------------------------------ people of a session called off
@pytest.mark.parametrize("step", [cancel_session, postpone_session])
def test_seats_and_ranks_stay_and_calendars_change_when_a_session_is_called_off(step):
    row = open_session(capacity=1)
    seated, waiting = enrolled(row), enrolled(row)

    step(session=row, by=None, at=AT, motive="Verglas")

    rows = Enrolment.objects.order_by("pk").values_list("pk", "state", "calendar_sequence")
    assert list(rows) == [(seated.pk, "confirmed", 1), (waiting.pk, "waiting", 1)]


def test_a_postponed_session_takes_a_new_date_and_opens_again():
    row = open_session()
    seated = enrolled(row)
    postpone_session(session=row, by=None, at=AT, motive="Verglas")
    assert hold_finished_sessions(at=NOON + timedelta(days=1)) == 0
    with pytest.raises(DatePast):
        open_enrolment(session=row, by=None, at=NOON + timedelta(days=1))

    new = meeting(NOON + timedelta(days=14))
    later = NOON + timedelta(days=1)
    save_session(session=row, meetings=[new], breaks=None, trainers=None, by=None, at=later)
    open_enrolment(session=row, by=None, at=later)

    seated.refresh_from_db()
    assert (row.state, seated.state) == (S.OPEN, EnrolmentState.CONFIRMED)
    assert seated.calendar_sequence == 3  # postponed, moved, open again


def test_opening_wakes_the_waiting_list(heard):
    row = open_session()
    pause_enrolment(session=row, by=None, at=AT)
    heard.clear()

    resume_enrolment(session=row, by=None, at=AT)

    assert heard[-1] == ("seat_freed", {"session_id": row.pk})


# ------------------------------------------------------------------ the clock
def test_the_clock_ends_the_waiting_list_at_the_first_meeting_and_the_session_after_the_last(heard):
    row = open_session(capacity=1, meetings=[meeting(), meeting(NOON + timedelta(days=7))])
    enrolled(row)
    waiting = enrolled(row)
    heard.clear()

    assert hold_finished_sessions(at=NOON - timedelta(seconds=1)) == 0
    assert heard == []

    assert hold_finished_sessions(at=NOON) == 0
    assert [name for name, _ in heard] == ["place_not_obtained"]
    waiting.refresh_from_db()
    assert waiting.state == EnrolmentState.LAPSED

    end = NOON + timedelta(days=7, hours=1)
    assert hold_finished_sessions(at=end - timedelta(seconds=1)) == 0
    assert hold_finished_sessions(at=end) == 1
    assert hold_finished_sessions(at=end) == 0
    row.refresh_from_db()
    assert (row.state, row.held_at) == (S.HELD, end)
    assert [name for name, _ in heard] == ["place_not_obtained", "session_moved", "session_held"]
    assert heard[-1][1] == {"session": row, "at": end}


@pytest.mark.parametrize("state", [S.ANNOUNCED, S.PAUSED])
def test_the_clock_holds_sessions_whose_enrolment_is_not_open(state):
    row = in_state(state)

    assert hold_finished_sessions(at=NOON + timedelta(hours=1)) == 1
    row.refresh_from_db()
    assert row.state == S.HELD


@pytest.mark.parametrize("state", [S.DRAFT, S.POSTPONED, S.CANCELLED, S.CLOSED])
def test_the_clock_leaves_other_sessions_alone(state):
    row = in_state(state)

    assert hold_finished_sessions(at=NOON + timedelta(days=30)) == 0
    row.refresh_from_db()
    assert row.state == state


def test_the_clock_asks_one_question_when_nothing_begins(django_assert_max_num_queries):
    for day in range(3):
        open_session(starts_at=NOON + timedelta(days=day), course=published_course())

    with django_assert_max_num_queries(1):
        hold_finished_sessions(at=NOON - timedelta(days=1))


# ------------------------------------------------------------------ opening by the clock
OPENS = AT + timedelta(days=10)
SECOND = timedelta(seconds=1)


def announced(**fields) -> Session:
    return announce_session(session=session(**fields), by=None, at=AT)


def state_of(row: Session) -> str:
    return Session.objects.values_list("state", flat=True).get(pk=row.pk)


def test_the_clock_opens_a_session_some_minutes_before_the_hour_announced_and_once(heard):
    row = announced(enrolment_opens_at=OPENS)
    at = OPENS - AHEAD
    assert (open_due_enrolment(at=at - SECOND), state_of(row)) == (0, S.ANNOUNCED)
    heard.clear()

    assert [open_due_enrolment(at=at) for _ in range(2)] == [1, 0]
    assert state_of(row) == S.OPEN
    assert [name for name, _ in heard] == ["session_moved", "seat_freed"]
    event = row.events.last()
    assert (event.from_state, event.to_state, event.by, event.at) == (S.ANNOUNCED, S.OPEN, None, at)


def test_nobody_enrols_before_the_very_second_of_the_hour():
    row = announced(enrolment_opens_at=OPENS)
    open_due_enrolment(at=OPENS - SECOND)

    with pytest.raises(EnrolmentClosed):
        enrolled(row, at=OPENS - SECOND)
    assert enrolled(row, at=OPENS).state == EnrolmentState.CONFIRMED


def test_the_earlier_hour_of_a_pool_opens_for_its_people_alone():
    chum = people.establishment("chum")
    early = OPENS - timedelta(days=1)
    row = announced(enrolment_opens_at=OPENS, pools=[pool(chum, 5, opens_at=early)])

    assert open_due_enrolment(at=early) == 1
    assert enrolled(row, people.verified_member(chum), at=early).state == EnrolmentState.CONFIRMED
    with pytest.raises(EnrolmentClosed):
        enrolled(row, at=early)


def test_without_an_hour_staff_open_even_where_a_pool_has_one():
    chum = people.establishment("chum")
    plain, pooled = announced(), announced(pools=[pool(chum, 5, opens_at=OPENS)])

    assert open_due_enrolment(at=OPENS) == 0
    assert (state_of(plain), state_of(pooled)) == (S.ANNOUNCED, S.ANNOUNCED)


def test_an_hour_past_when_the_session_was_announced_opens_nothing():
    row = open_session(enrolment_opens_at=OPENS)
    later = OPENS + timedelta(days=2)
    postpone_session(session=row, by=None, at=later, motive="Verglas")
    announce_session(session=row, by=None, at=later)

    assert open_due_enrolment(at=later + SECOND) == 0
    assert state_of(row) == S.ANNOUNCED


def test_an_hour_brought_forward_while_announced_opens_at_once():
    row = announced(enrolment_opens_at=OPENS)
    row.enrolment_opens_at = AT + timedelta(days=1)
    save_session(
        session=row, meetings=None, breaks=None, trainers=None, by=None, at=AT + timedelta(days=2)
    )

    assert open_due_enrolment(at=AT + timedelta(days=2)) == 1


def test_the_clock_opens_nothing_that_has_begun_closed_or_stands_still():
    begun = announced(enrolment_opens_at=NOON)
    closed = announced(enrolment_opens_at=OPENS, enrolment_closes_at=OPENS + timedelta(days=1))
    draft = session(enrolment_opens_at=OPENS)
    paused = pause_enrolment(session=open_session(enrolment_opens_at=OPENS), by=None, at=AT)

    assert open_due_enrolment(at=NOON) == 0
    assert [state_of(row) for row in (begun, closed, draft, paused)] == [
        S.ANNOUNCED,
        S.ANNOUNCED,
        S.DRAFT,
        S.PAUSED,
    ]


def test_one_session_that_cannot_open_does_not_stop_the_others():
    first, second = announced(enrolment_opens_at=OPENS), announced(enrolment_opens_at=OPENS)
    Course.objects.filter(pk=first.course_id).update(current_version=None)

    assert open_due_enrolment(at=OPENS) == 1
    assert (state_of(first), state_of(second)) == (S.ANNOUNCED, S.OPEN)
