"""What staff may change of a session, when, and who hears of it."""

from datetime import timedelta

import pytest

from courses.choices import Audience, SessionChange, SessionFormat, SessionState
from courses.models import Break, Enrolment, Meeting, Session, SessionEvent
from courses.services.agenda import BreakOutside, IntervalReversed, MeetingsOverlap
from courses.services.sessions import (
    CourseFixed,
    DatesReversed,
    SettledSession,
    assign_trainer,
    cancel_session,
    close_session,
    replace_trainer,
    save_session,
)
from courses.services.states import AgendaEmpty, DatePast, MotiveMissing
from courses.services.trainers import MotiveMissing as TrainerMotiveMissing
from courses.services.trainers import NotATrainerHere
from courses.services.trainers import SettledSession as TrainersSettled
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    held,
    meeting,
    open_session,
    published_course,
    session,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

HOUR = timedelta(hours=1)


def save(row: Session, *, meetings=None, breaks=None, trainers=None, at=AT, motive="") -> Session:
    return save_session(
        session=row, meetings=meetings, breaks=breaks, trainers=trainers, by=None, at=at,
        motive=motive,
    )  # fmt: skip


def pause(start, minutes=15) -> Break:
    return Break(starts_at=start, ends_at=start + timedelta(minutes=minutes))


def changes_heard(heard) -> list[frozenset]:
    return [carried["changes"] for name, carried in heard if name == "session_changed"]


# ------------------------------------------------------------------ a new session
def test_a_new_session_is_a_draft_with_its_agenda_and_its_trainers(heard):
    trainer = people.trainer()
    row = session(
        meetings=[meeting(NOON + HOUR * 24), meeting(NOON, 3)],
        breaks=[(NOON + HOUR, NOON + HOUR + timedelta(minutes=15))],
        trainers=[trainer],
    )

    assert row.state == SessionState.DRAFT
    assert list(row.meetings.values_list("starts_at", flat=True)) == [NOON, NOON + HOUR * 24]
    assert row.breaks.count() == 1
    assert [each.person for each in row.trainers.all()] == [trainer]
    assert [event.to_state for event in row.events.all()] == ["draft"]
    assert changes_heard(heard) == []


@pytest.mark.parametrize(
    ("meetings", "breaks", "refusal"),
    [
        ([meeting(NOON, 2), meeting(NOON + HOUR)], [], MeetingsOverlap),
        ([meeting(NOON, -1)], [], IntervalReversed),
        ([meeting(NOON, 0)], [], IntervalReversed),
        ([meeting(NOON)], [pause(NOON - HOUR)], BreakOutside),
        ([meeting(NOON)], [pause(NOON + timedelta(minutes=50))], BreakOutside),
        ([meeting(NOON)], [pause(NOON), pause(NOON + timedelta(minutes=5))], MeetingsOverlap),
    ],
)
def test_an_agenda_that_cannot_be_is_refused_whole(meetings, breaks, refusal):
    row = Session(course=published_course())

    with pytest.raises(refusal):
        save(row, meetings=meetings, breaks=breaks)
    assert (Session.objects.count(), Meeting.objects.count()) == (0, 0)


def test_meetings_may_touch():
    row = session(meetings=[meeting(NOON), meeting(NOON + HOUR)])

    assert row.meetings.count() == 2


def test_enrolment_cannot_close_before_it_opens():
    row = Session(course=published_course(), enrolment_opens_at=AT, enrolment_closes_at=AT - HOUR)

    with pytest.raises(DatesReversed):
        save(row, meetings=[meeting()])


# ------------------------------------------------------------------ changes
def test_saving_without_a_change_says_and_writes_nothing(heard):
    row = open_session()
    events = SessionEvent.objects.count()
    heard.clear()

    save(row, meetings=list(row.meetings.all()), breaks=[], trainers=[])

    assert (heard, SessionEvent.objects.count()) == ([], events)


def test_a_new_hour_keeps_the_meeting_and_moves_every_calendar(heard):
    row = open_session(capacity=1)
    enrolled(row), enrolled(row)
    room = row.meetings.get()
    key = room.key
    heard.clear()

    room.starts_at, room.ends_at = room.starts_at + HOUR, room.ends_at + HOUR
    save(row, meetings=[room])

    moved = row.meetings.get()
    assert (moved.key, moved.starts_at) == (key, NOON + HOUR)
    assert set(Enrolment.objects.values_list("calendar_sequence", flat=True)) == {1}
    assert changes_heard(heard) == [frozenset({SessionChange.TIME})]


def test_a_meeting_taken_away_is_remembered_by_its_key():
    """Its calendar entry must be called off by that key."""
    row = open_session(meetings=[meeting(), meeting(NOON + HOUR * 24)])
    first, second = row.meetings.all()

    save(row, meetings=[first])

    event = row.events.order_by("pk").last()
    assert [each["key"] for each in event.changes["removed_meetings"]] == [str(second.key)]
    assert row.meetings.get() == first


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("format", SessionFormat.IN_PERSON, SessionChange.PLACE),
        ("language", "en", SessionChange.LANGUAGE),
        ("audience", Audience.NETWORK, SessionChange.AUDIENCE),
        ("capacity", 3, SessionChange.CAPACITY),
        ("cancel_until", NOON - HOUR, SessionChange.DEADLINE),
        ("survey_required", False, SessionChange.SURVEY),
    ],
)
def test_each_column_has_a_name_for_its_change(field, value, name, heard):
    row = open_session(capacity=20)
    heard.clear()

    setattr(row, field, value)
    save(row)

    assert changes_heard(heard) == [frozenset({name})]
    row.refresh_from_db()
    assert getattr(row, field) == value


def test_the_join_address_is_never_written_in_history(heard):
    row = open_session(join_url="https://reunion.example/j/1")
    room = row.meetings.get()
    heard.clear()

    room.join_url = "https://reunion.example/j/2"
    save(row, meetings=[room])

    assert changes_heard(heard) == [frozenset({SessionChange.JOIN_URL})]
    assert row.events.order_by("pk").last().changes == {"join_url": True}


def test_the_first_address_of_a_meeting_is_no_news(heard):
    row = open_session(join_url="")
    room = row.meetings.get()
    heard.clear()

    room.join_url = "https://reunion.example/j/1"
    save(row, meetings=[room])

    assert changes_heard(heard) == []
    assert row.events.order_by("pk").last().changes == {"join_url": "first"}


def test_a_form_cannot_change_the_state():
    row = session()
    row.state = SessionState.OPEN

    save(row)

    row.refresh_from_db()
    assert row.state == SessionState.DRAFT


def test_a_draft_changes_without_telling_anybody(heard):
    row = session()
    heard.clear()

    save(row, meetings=[meeting(NOON + HOUR)])

    assert heard == []


# ------------------------------------------------------------------ too late
def test_the_course_of_an_announced_session_is_fixed():
    row = open_session()
    row.course = published_course()

    with pytest.raises(CourseFixed):
        save(row)


def test_an_announced_session_keeps_a_meeting_and_does_not_move_into_the_past():
    row = open_session()

    with pytest.raises(AgendaEmpty):
        save(row, meetings=[])
    with pytest.raises(DatePast):
        save(row, meetings=[meeting(AT - HOUR * 24)])


def test_the_agenda_of_a_held_session_is_corrected_with_a_motive(heard):
    row = held(open_session(hours=2))
    room = row.meetings.get()
    heard.clear()
    room.ends_at = NOON + HOUR

    with pytest.raises(MotiveMissing):
        save(row, meetings=[room], at=NOON + HOUR * 3)
    save(row, meetings=[room], at=NOON + HOUR * 3, motive="Terminée plus tôt")

    assert row.meetings.get().ends_at == NOON + HOUR
    assert heard == []  # nobody's calendar moves any more


def test_a_held_session_cannot_be_moved_to_come():
    row = held(open_session())

    with pytest.raises(DatePast):
        save(row, meetings=[meeting(NOON + HOUR * 48)], at=NOON + HOUR * 2, motive="Essai")


@pytest.mark.parametrize("how", ["settled", "cancelled"])
def test_a_session_that_ended_no_longer_changes(how):
    row = open_session()
    if how == "settled":
        close_session(session=held(row), by=None, at=AT)
    else:
        cancel_session(session=row, by=None, at=AT, motive="Verglas")
    row.capacity = 7

    with pytest.raises(SettledSession):
        save(row)


# ------------------------------------------------------------------ trainers
def test_trainers_change_with_a_motive_and_leave_a_trace(heard):
    old, new, by = people.trainer(), people.trainer(), people.coordinator()
    row = open_session(trainers=[old])
    heard.clear()

    with pytest.raises(TrainerMotiveMissing):
        replace_trainer(session=row, old=old, new=new, by=by, at=AT, motive="")
    replace_trainer(session=row, old=old, new=new, by=by, at=AT, motive="Congé de maladie")

    assert [each.person for each in row.trainers.all()] == [new]
    trace = row.trainer_changes.order_by("pk").values_list("person", "is_added", "motive")
    why = "Congé de maladie"
    assert list(trace)[1:] == [(old.pk, False, why), (new.pk, True, why)]
    assert changes_heard(heard) == [frozenset({SessionChange.TRAINERS})]


def test_assigning_a_trainer_twice_is_once():
    row, trainer = session(), people.trainer()

    first = assign_trainer(session=row, person=trainer, by=None, at=AT)
    second = assign_trainer(session=row, person=trainer, by=None, at=AT)

    assert (first.pk, row.trainers.count(), row.trainer_changes.count()) == (second.pk, 1, 1)


def test_trainers_keep_the_order_they_are_given_in():
    first, second = people.trainer(), people.trainer()
    row = session(trainers=[first, second])

    save(row, trainers=[second, first])

    assert [each.person for each in row.trainers.all()] == [second, first]


def test_somebody_who_does_not_teach_cannot_be_replaced():
    row = open_session()

    with pytest.raises(NotATrainerHere):
        replace_trainer(
            session=row, old=people.trainer(), new=people.trainer(), by=None, at=AT, motive="Essai"
        )


def test_the_trainers_of_a_settled_session_no_longer_change():
    row = held(open_session())
    close_session(session=row, by=None, at=AT)

    with pytest.raises(TrainersSettled):
        assign_trainer(session=row, person=people.trainer(), by=None, at=AT, motive="Essai")
