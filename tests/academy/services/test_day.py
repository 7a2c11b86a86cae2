"""A rehearsal promises exactly what the change then does, and leaves nothing behind."""

from datetime import timedelta

import pytest

from academy.services.day import rehearse
from courses.choices import DayKind, EnrolmentState
from courses.models import SessionEvent
from courses.services.day import DayChange, NothingLeft, change_on_the_day
from notices.models import Notice
from tests.factories import courses, people
from tests.factories.courses import AT, NOON, enrolled, open_session

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MORNING = NOON - timedelta(hours=2)
NEW = "https://reunion.example/j/2"


@pytest.fixture
def session():
    """Three seats, two people waiting, one trainer."""
    row = open_session(capacity=3, trainers=[people.trainer()])
    for _n in range(5):
        enrolled(row)
    return row


def changes(session):
    trainer = session.trainers.get().person
    return {
        DayKind.JOIN_URL: DayChange(DayKind.JOIN_URL, join_url=NEW),
        DayKind.TRAINER: DayChange(DayKind.TRAINER, leaving=trainer, coming=people.trainer()),
        DayKind.DELAY: DayChange(DayKind.DELAY, minutes=20),
        DayKind.CUT: DayChange(DayKind.CUT, ends_at=NOON + timedelta(minutes=30)),
        DayKind.POSTPONE: DayChange(DayKind.POSTPONE),
        DayKind.CANCEL: DayChange(DayKind.CANCEL),
    }


def state_of_things(session):
    session.refresh_from_db()
    return (
        session.state,
        list(session.meetings.values_list("starts_at", "ends_at", "join_url")),
        list(session.trainers.values_list("person")),
        SessionEvent.objects.count(),
        Notice.objects.count(),
        list(session.enrolments.values_list("calendar_sequence", flat=True)),
    )


@pytest.mark.parametrize("kind", DayKind)
def test_who_is_told_is_who_was_promised_and_the_rehearsal_leaves_nothing(session, kind):
    change, by = changes(session)[kind], people.coordinator()
    before = state_of_things(session)

    promised = rehearse(session=session, change=change, by=by, at=MORNING, motive="Verglas")
    assert state_of_things(session) == before

    known = Notice.objects.count()
    change_on_the_day(session=session, change=change, by=by, at=MORNING, motive="Verglas")
    assert Notice.objects.count() - known == promised.total
    assert promised.is_urgent
    assert promised.told[EnrolmentState.CONFIRMED] == 3
    called_off = kind in {DayKind.POSTPONE, DayKind.CANCEL}
    assert promised.told.get(EnrolmentState.WAITING, 0) == (2 if called_off else 0)


def test_a_rehearsal_says_what_the_page_will_say_and_the_new_hours(session):
    found = rehearse(
        session=session,
        change=changes(session)[DayKind.DELAY],
        by=people.coordinator(),
        at=MORNING,
        motive="Verglas",
    )

    assert found.agenda.starts_at == NOON + timedelta(minutes=20)
    assert found.banner is not None
    assert [line.motive for line in found.banner.lines] == ["Verglas"]


def test_far_from_the_day_the_messages_take_their_turn(session):
    found = rehearse(
        session=session,
        change=changes(session)[DayKind.DELAY],
        by=people.coordinator(),
        at=AT,
        motive="",
    )

    assert (found.is_urgent, found.banner) == (False, None)


def test_a_rehearsal_is_refused_as_the_change_would_be(session):
    with pytest.raises(NothingLeft):
        rehearse(
            session=courses.session(),
            change=DayChange(DayKind.DELAY, minutes=5),
            by=people.coordinator(),
            at=MORNING,
            motive="",
        )
