from datetime import timedelta

import pytest

from courses.choices import SessionChange, SessionState
from courses.services.sessions import announce_session, cancel_session, pause_enrolment
from notices.choices import NoticeKind, Priority
from notices.models import Notice
from notices.services.news import (
    ON_THE_DAY,
    MaterialRefused,
    tell_material_ready,
    tell_session_changed,
    tell_session_moved,
)
from tests.factories import courses, notices, people

pytestmark = pytest.mark.django_db
AT = courses.AT


@pytest.fixture
def session():
    """One person seated, one waiting; nothing written yet."""
    row = courses.open_session(capacity=1)
    courses.enrolled(row)
    courses.enrolled(row)
    Notice.objects.all().delete()
    return row


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("from_state", "to_state", "kind", "people_told"),
    [
        (SessionState.OPEN, SessionState.CANCELLED, NoticeKind.SESSION_CANCELLED, 2),
        (SessionState.POSTPONED, SessionState.CANCELLED, NoticeKind.SESSION_CANCELLED, 2),
        (SessionState.OPEN, SessionState.POSTPONED, NoticeKind.SESSION_POSTPONED, 2),
        (SessionState.POSTPONED, SessionState.OPEN, NoticeKind.SESSION_CHANGED, 1),
        (SessionState.POSTPONED, SessionState.ANNOUNCED, NoticeKind.SESSION_CHANGED, 1),
        (SessionState.OPEN, SessionState.PAUSED, None, 0),
        (SessionState.DRAFT, SessionState.OPEN, None, 0),
        (SessionState.OPEN, SessionState.HELD, None, 0),
        (SessionState.HELD, SessionState.CLOSED, None, 0),
    ],
)
def test_who_hears_of_a_step(session, from_state, to_state, kind, people_told):
    told = tell_session_moved(session=session, from_state=from_state, to_state=to_state, at=AT)
    assert told == people_told
    assert list(Notice.objects.values_list("kind", flat=True)) == [kind] * people_told


@pytest.mark.parametrize("change", SessionChange)
def test_only_time_place_language_and_trainers_are_told(session, change):
    told = tell_session_changed(session=session, changes=frozenset({change}), at=AT)
    expected = change in {"time", "place", "language", "trainers"}
    assert (told, Notice.objects.count()) == (int(expected), int(expected))


def test_a_new_join_address_is_told_on_the_day_before_everything_else(session):
    for at, told in ((courses.NOON - ON_THE_DAY - timedelta(seconds=1), 0),
                     (courses.NOON - ON_THE_DAY, 1)):  # fmt: skip
        changes = frozenset({SessionChange.JOIN_URL})
        assert tell_session_changed(session=session, changes=changes, at=at) == told

    assert [(notice.priority, notice.context["changes"]) for notice in Notice.objects.all()] == [
        (Priority.URGENT, ["join_url"])
    ]


def test_the_same_change_heard_twice_is_told_once(session):
    for _time in range(2):
        tell_session_changed(session=session, changes={SessionChange.TIME}, at=AT)
    tell_session_changed(session=session, changes={SessionChange.TIME}, at=AT + timedelta(hours=1))
    assert Notice.objects.count() == 2


@pytest.mark.parametrize(
    ("before", "priority"),
    [(ON_THE_DAY, Priority.URGENT), (ON_THE_DAY + timedelta(minutes=1), Priority.NORMAL)],
)
def test_a_change_on_the_day_goes_first(session, before, priority):
    tell_session_changed(session=session, changes={SessionChange.PLACE}, at=courses.NOON - before)
    assert Notice.objects.get().priority == priority


@pytest.mark.parametrize("size", [3, 30])
def test_telling_everyone_costs_the_same_however_many_they_are(size, django_assert_num_queries):
    row = courses.open_session(capacity=None)
    for _n in range(size):
        courses.enrolled(row)
    with django_assert_num_queries(4):  # people, first meeting, trainers, one INSERT
        tell_session_changed(session=row, changes={SessionChange.TIME}, at=AT)


def test_steps_that_services_take_are_heard():
    row = courses.session()
    announce_session(session=row, by=None, at=AT)
    pause_enrolment(session=courses.open_session(), by=None, at=AT)
    courses.enrolled(other := courses.open_session(), people.person())
    Notice.objects.all().delete()
    cancel_session(session=other, by=None, at=AT, motive="Maladie.")
    assert Notice.objects.get().kind == NoticeKind.SESSION_CANCELLED


# ------------------------------------------------------------------ trainers
@pytest.mark.both_databases
def test_trainers_hear_what_becomes_of_their_session():
    trainer = people.trainer()
    session = courses.open_session(trainers=[trainer])
    tell_session_changed(session=session, changes={SessionChange.TIME}, at=AT)
    cancel_session(session=session, by=None, at=AT, motive="Maladie.")
    assert [notice.kind for notice in notices.of(trainer)] == [
        NoticeKind.SESSION_CHANGED,
        NoticeKind.SESSION_CANCELLED,
    ]
    assert notices.of(trainer)[1].context["session"] == session.pk


def test_a_trainer_who_also_holds_a_seat_is_told_once():
    trainer = people.trainer()
    session = courses.open_session(trainers=[trainer])
    courses.enrolled(session, trainer)
    cancel_session(session=session, by=None, at=AT, motive="Maladie.")
    assert len(notices.of(trainer, NoticeKind.SESSION_CANCELLED)) == 1


# ------------------------------------------------------------------ slides and recordings
@pytest.fixture
def held():
    """A session that took place: one person who held a seat, one who had waited."""
    row = courses.open_session(capacity=1)
    seated, waited = courses.enrolled(row), courses.enrolled(row)
    return courses.held(row), seated.person, waited.person


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", [NoticeKind.SLIDES_READY, NoticeKind.RECORDING_READY])
def test_material_is_told_once_to_those_who_held_a_seat(held, kind):
    session, seated, waited = held
    by = people.coordinator()
    counts = [tell_material_ready(session=session, kind=kind, by=by, at=AT) for _ in range(2)]
    assert counts == [1, 0]
    (told,) = notices.of(seated, kind)
    assert told.context["by"] == by.pk
    assert notices.of(waited, kind) == []


def test_slides_may_be_ready_before_a_recording_may_not():
    session = courses.open_session()
    person = courses.enrolled(session).person
    assert tell_material_ready(session=session, kind=NoticeKind.SLIDES_READY, by=None, at=AT) == 1
    with pytest.raises(MaterialRefused):
        tell_material_ready(session=session, kind=NoticeKind.RECORDING_READY, by=None, at=AT)
    assert notices.of(person, NoticeKind.RECORDING_READY) == []


def test_nothing_else_is_told_by_that_door(held):
    session, *_people = held
    with pytest.raises(MaterialRefused):
        tell_material_ready(session=session, kind=NoticeKind.SURVEY_OPENED, by=None, at=AT)
    with pytest.raises(MaterialRefused):
        tell_material_ready(session=courses.session(), kind=NoticeKind.SLIDES_READY, by=None, at=AT)
