from datetime import timedelta

from django.db import connection

import pytest

from attendance.choices import MarkKind, MarkSource, PresenceStatus
from attendance.selectors.presence import presence_of, status_for
from attendance.services.marks import mark_presence
from tests.factories import attendance, courses, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return courses.open_session()


def _one(session, minutes):
    person = people.person()
    courses.enrolled(session, person)
    session = courses.held(session)
    attendance.attended_by(session, {person: minutes})
    return session, person


def _mark(session, person, kind, source, **more):
    return mark_presence(
        session=session,
        person=person,
        kind=kind,
        source=source,
        by=None,
        at=session.meetings.get().ends_at,
        **more,
    )


@pytest.mark.parametrize(
    ("counted", "held", "status"),
    [
        (2880, 3600, PresenceStatus.PRESENT),
        (2879, 3600, PresenceStatus.PARTIAL),
        (1, 3600, PresenceStatus.PARTIAL),
        (0, 3600, PresenceStatus.ABSENT),
        (0, 0, PresenceStatus.ABSENT),
    ],
)
def test_status_begins_exactly_at_the_threshold(counted, held, status):
    assert status_for(counted=counted, held=held, threshold=80) == status


def test_time_outside_the_agenda_and_in_breaks_is_not_counted():
    start = courses.NOON
    session = courses.open_session(
        hours=2, breaks=[(start + timedelta(minutes=60), start + timedelta(minutes=75))]
    )
    session, _person = _one(session, 200)

    presence = presence_of(session)[0]

    assert (presence.seconds, presence.held_seconds) == (105 * 60, 105 * 60)


def test_a_mark_of_the_roster_stands_for_the_whole_meeting(session):
    session, person = _one(session, 10)

    _mark(session, person, MarkKind.PRESENT, MarkSource.ROSTER)

    assert presence_of(session)[0].seconds == 3600


def test_an_absent_mark_of_the_roster_takes_no_recorded_minute_away(session):
    session, person = _one(session, 10)

    _mark(session, person, MarkKind.ABSENT, MarkSource.ROSTER)

    assert presence_of(session)[0].seconds == 600


def test_a_decision_of_staff_wins_over_every_report(session):
    session, person = _one(session, 60)

    _mark(session, person, MarkKind.PARTIAL, MarkSource.OVERRIDE, seconds=900, motive="Bris")
    presence = presence_of(session)[0]

    assert (presence.seconds, presence.status, presence.motive) == (900, "partial", "Bris")


def test_a_decision_taken_back_leaves_the_report_to_speak(session):
    session, person = _one(session, 60)
    _mark(session, person, MarkKind.ABSENT, MarkSource.OVERRIDE, motive="Erreur")

    _mark(session, person, MarkKind.WITHDRAWN, MarkSource.OVERRIDE, motive="Correction")

    assert presence_of(session)[0].seconds == 3600


def test_presence_costs_the_same_for_one_and_for_twenty_people(
    session, django_assert_max_num_queries
):
    everyone = [people.person() for _n in range(20)]
    for person in everyone:
        courses.enrolled(session, person)
    session = courses.held(session)
    attendance.attended_by(session, dict.fromkeys(everyone, 30))
    session.refresh_from_db()

    with django_assert_max_num_queries(7) as captured:
        found = presence_of(session)

    assert len(found) == 20
    assert connection.queries_log is not None
    assert len(captured) <= 7
