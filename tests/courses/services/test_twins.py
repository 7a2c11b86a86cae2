"""The second session of a full course: a draft after the first, on another day."""

from datetime import datetime, timedelta

from django.utils import timezone

import pytest

from courses.choices import OpeningMode, SessionState
from courses.models import Session
from courses.services.sessions import cancel_session, open_enrolment
from courses.services.twins import TwinPast, TwinRefusal, TwinStands, make_second_session
from tests.factories import courses, people
from tests.factories.courses import AT, HERE, NOON, enrolled, meeting, open_session

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LATER = NOON + timedelta(days=8, hours=1)


def second(session, starts_at=LATER, at=AT):
    return make_second_session(session=session, starts_at=starts_at, by=None, at=at)


def test_the_second_session_is_a_draft_after_the_first():
    first = open_session(
        meetings=[meeting(NOON, 2, join_url="https://reunion.example/1"),
                  meeting(NOON + timedelta(days=7))],
        capacity=1,
        term=courses.term(),
        trainers=[people.trainer()],
        cancel_until=NOON - timedelta(days=2),
    )  # fmt: skip
    enrolled(first), enrolled(first)

    twin = second(first)

    twin.refresh_from_db()
    assert (twin.twin_of, twin.state, twin.course, twin.term, twin.capacity) == (
        first, SessionState.DRAFT, first.course, first.term, 1,
    )  # fmt: skip
    assert [(row.starts_at, row.ends_at, row.join_url) for row in twin.meetings.all()] == [
        (LATER, LATER + timedelta(hours=2), ""),
        (LATER + timedelta(days=7), LATER + timedelta(days=7, hours=1), ""),
    ]
    assert twin.cancel_until == LATER - timedelta(days=2)
    assert not twin.trainers.exists()
    assert not twin.enrolments.exists()
    assert first.twins.get() == twin


def test_the_second_session_keeps_the_distances_on_the_wall_across_a_change_of_hour():
    first = open_session(
        meetings=[meeting(datetime(2026, 10, 20, 13, tzinfo=HERE)),
                  meeting(datetime(2026, 10, 27, 13, tzinfo=HERE))]
    )  # fmt: skip

    twin = second(first, datetime(2026, 10, 28, 13, tzinfo=HERE))

    assert [timezone.localtime(row.starts_at) for row in twin.meetings.all()] == [
        datetime(2026, 10, 28, 13, tzinfo=HERE),
        datetime(2026, 11, 4, 13, tzinfo=HERE),
    ]


def test_the_second_session_opens_by_itself_whatever_the_first_asked():
    first = open_session(
        opening_mode=OpeningMode.DRAW,
        enrolment_opens_at=AT - timedelta(days=1),
        requests_close_at=AT + timedelta(days=3),
    )

    twin = second(first)

    assert (twin.opening_mode, twin.enrolment_opens_at, twin.requests_close_at) == (
        OpeningMode.FIRST_COME, None, None,
    )  # fmt: skip
    open_enrolment(session=twin, by=None, at=AT)
    assert twin.state == SessionState.OPEN


def test_of_two_presses_one_is_refused_and_another_day_is_not():
    first = open_session()
    second(first)

    with pytest.raises(TwinStands):
        second(first)
    assert first.twins.count() == 1
    second(first, LATER + timedelta(days=1))
    assert first.twins.count() == 2


def test_a_cancelled_second_session_leaves_its_day():
    first = open_session()
    twin = open_enrolment(session=second(first), by=None, at=AT)
    cancel_session(session=twin, by=None, at=AT, motive="Salle prise")

    assert second(first).twin_of == first


def test_a_past_day_is_refused():
    first = open_session()

    with pytest.raises(TwinPast):
        second(first, AT)
    assert Session.objects.count() == 1


def test_only_a_session_to_come_has_a_second_one():
    draft, held = courses.session(), courses.held(open_session())

    for session in (draft, held):
        with pytest.raises(TwinRefusal):
            second(session)
    assert Session.objects.count() == 2
