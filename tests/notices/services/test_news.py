from datetime import timedelta

import pytest

from courses.choices import SessionChange, SessionState
from courses.services.sessions import announce_session, cancel_session, pause_enrolment
from notices.choices import NoticeKind, Priority
from notices.models import Notice
from notices.services.news import ON_THE_DAY, tell_session_changed, tell_session_moved
from tests.factories import courses, people

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
    with django_assert_num_queries(3):  # people, first meeting, one INSERT
        tell_session_changed(session=row, changes={SessionChange.TIME}, at=AT)


def test_steps_that_services_take_are_heard():
    row = courses.session()
    announce_session(session=row, by=None, at=AT)
    pause_enrolment(session=courses.open_session(), by=None, at=AT)
    courses.enrolled(other := courses.open_session(), people.person())
    Notice.objects.all().delete()
    cancel_session(session=other, by=None, at=AT, motive="Maladie.")
    assert Notice.objects.get().kind == NoticeKind.SESSION_CANCELLED
