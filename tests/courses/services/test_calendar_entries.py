"""What a session owes to the entries people keep: names that stay, numbers that rise."""

from datetime import timedelta

import pytest

from courses.choices import SessionChange, SessionFormat, SessionState
from courses.models import Enrolment, Meeting
from courses.services.enrolments import cancel_enrolment
from courses.services.sessions import cancel_session, open_enrolment, postpone_session, save_session
from courses.signals import session_changed
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, meeting, open_session

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def save(row, meetings=None, **more):
    save_session(session=row, meetings=meetings, breaks=None, trainers=None, by=None, at=AT, **more)


def sequence(enrolment: Enrolment) -> int:
    return Enrolment.objects.values_list("calendar_sequence", flat=True).get(pk=enrolment.pk)


# ------------------------------------------------------------------ names
def test_a_meeting_typed_again_at_the_same_hours_keeps_its_name():
    """Staff delete a line and type it anew: nobody's calendar has anything to forget."""
    row = open_session()
    enrolment, before = enrolled(row), row.meetings.get()

    save(row, meetings=[meeting(join_url=before.join_url)])

    after = row.meetings.get()
    assert (after.pk, after.key) == (before.pk, before.key)
    assert sequence(enrolment) == 0
    assert "removed_meetings" not in row.events.order_by("pk").last().changes


def test_a_meeting_typed_again_in_another_room_moves_and_keeps_its_name():
    row = open_session()
    enrolment, before = enrolled(row), row.meetings.get()

    save(row, meetings=[meeting(place="Salle 3", join_url=before.join_url)])

    after = row.meetings.get()
    assert (after.key, after.place, sequence(enrolment)) == (before.key, "Salle 3", 1)


def test_a_meeting_typed_at_another_hour_is_another_one():
    row = open_session()
    enrolment, before = enrolled(row), row.meetings.get()

    save(row, meetings=[meeting(NOON + HOUR)])

    assert row.meetings.get().key != before.key
    assert sequence(enrolment) == 1
    changes = row.events.order_by("pk").last().changes
    assert [each["key"] for each in changes["removed_meetings"]] == [str(before.key)]


def test_two_meetings_typed_at_once_do_not_take_the_same_name():
    row = open_session(meetings=[meeting(), meeting(NOON + 24 * HOUR)])
    first, second = row.meetings.all()

    save(row, meetings=[meeting(NOON + 24 * HOUR), meeting(), meeting(NOON + 48 * HOUR)])

    keys = list(row.meetings.values_list("key", flat=True))
    assert keys[:2] == [first.key, second.key]
    assert len(set(keys)) == 3


# ------------------------------------------------------------------ numbers
def _start(row):
    room = row.meetings.get()
    room.starts_at -= HOUR
    save(row, meetings=[room])


def _end(row):
    room = row.meetings.get()
    room.ends_at += HOUR
    save(row, meetings=[room])


def _place(row):
    room = row.meetings.get()
    room.place = "Salle 3"
    save(row, meetings=[room])


def _format(row):
    row.format = SessionFormat.HYBRID
    save(row)


def _language(row):
    row.language = "en"
    save(row)


def _capacity(row):
    row.capacity = 40
    save(row)


def _trainers(row):
    save_session(
        session=row, meetings=None, breaks=None, trainers=[people.trainer()], by=None, at=AT,
        motive="Remplacement",
    )  # fmt: skip


def _join_url(row):
    room = row.meetings.get()
    room.join_url = "https://reunion.example/j/2"
    save(row, meetings=[room])


def _postpone(row):
    postpone_session(session=row, by=None, at=AT, motive="Verglas")


def _cancel(row):
    cancel_session(session=row, by=None, at=AT, motive="Verglas")


def _give_back(row):
    enrolment = row.enrolments.get()
    cancel_enrolment(enrolment=enrolment, by=enrolment.person, at=AT)


@pytest.mark.parametrize(
    ("act", "rise"),
    [
        (_start, 1),
        (_end, 1),
        (_place, 1),
        (_format, 1),
        (_postpone, 1),
        (_cancel, 1),
        (_give_back, 1),
        (_language, 0),
        (_capacity, 0),
        (_trainers, 0),
        (_join_url, 0),
    ],
)
def test_the_sequence_rises_with_start_end_place_and_status_and_with_nothing_else(act, rise):
    row = open_session()
    enrolment = enrolled(row)

    act(row)

    assert sequence(enrolment) == rise


def test_a_date_lost_and_found_again_raises_it_each_time():
    row = open_session()
    enrolment = enrolled(row)

    _postpone(row)
    _start(row)
    open_enrolment(session=row, by=None, at=AT)

    assert (row.state, sequence(enrolment)) == (SessionState.OPEN, 3)


def test_the_sequence_rises_in_the_transaction_of_the_change_or_not_at_all():
    row = open_session()
    enrolment = enrolled(row)

    def fails(**_carried):
        raise RuntimeError("a receiver fails")

    session_changed.connect(fails)
    try:
        with pytest.raises(RuntimeError):
            _start(row)
    finally:
        session_changed.disconnect(fails)

    assert (sequence(enrolment), Meeting.objects.get(session=row).starts_at) == (0, NOON)
    assert SessionChange.TIME not in row.events.order_by("pk").last().changes
