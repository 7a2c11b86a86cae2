"""The life of an invitation, as a mailbox receives it and a calendar program reads it back."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

import pytest
import time_machine
from icalendar import Calendar

from courses.letters import place_uid
from courses.services.enrolments import cancel_enrolment
from courses.services.feeds import renew_feed
from courses.services.sessions import cancel_session, open_enrolment, postpone_session, save_session
from tests.factories import courses, notices, people
from tests.mailbox import Letter
from tests.servers import free_port

pytestmark = pytest.mark.django_db
AT, NOON, HERE = courses.AT, courses.NOON, courses.HERE
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """One event of one object, as read back."""

    method: str
    uid: str
    sequence: int
    status: str
    starts_at: datetime
    stamp: datetime
    event: Any


def read(data: bytes) -> Entry:
    calendar = Calendar.from_ical(data)
    (event,) = calendar.walk("VEVENT")  # RFC 5546: one event an object
    return Entry(
        str(calendar["METHOD"]),
        str(event["UID"]),
        int(event["SEQUENCE"]),
        str(event["STATUS"]),
        event["DTSTART"].dt,
        event["DTSTAMP"].dt,
        event,
    )


def beside(letter: Letter) -> Entry:
    """The object that mail programs act upon: the alternative of the text."""
    (part,) = [each for each in letter.message.walk() if each.get_content_type() == "text/calendar"]
    entry = read(part.get_payload(decode=True))
    assert part.get_param("method") == entry.method
    assert part.get_param("charset") == "utf-8"
    return entry


def files(letter: Letter) -> list[Entry]:
    return [
        read(each.get_payload(decode=True))
        for each in letter.message.walk()
        if (each.get_filename() or "").endswith(".ics")
    ]


def move(session, by: timedelta, at: datetime, meetings: Any = None) -> None:
    rows = list(meetings if meetings is not None else session.meetings.all())
    for row in rows:
        row.starts_at, row.ends_at = row.starts_at + by, row.ends_at + by
    save_session(session=session, meetings=rows, breaks=None, trainers=None, by=None, at=at)


def keep(session, meetings, at: datetime) -> None:
    save_session(session=session, meetings=meetings, breaks=None, trainers=None, by=None, at=at)


def two_meetings():
    return courses.open_session(meetings=[courses.meeting(), courses.meeting(NOON + 7 * DAY)])


# ------------------------------------------------------------------ the whole life
@pytest.mark.both_databases
def test_book_move_move_cancel_then_book_again(smtp):
    session = courses.open_session(join_url="https://reunion.example/j/secret")
    person = people.person()
    enrolment = courses.enrolled(session, person)
    notices.send_all(AT)
    for n in (1, 2):
        move(session, HOUR, AT + n * DAY)
        notices.send_all(AT + n * DAY + MINUTE)
    cancel_enrolment(enrolment=enrolment, by=person, at=AT + 3 * DAY)
    notices.send_all(AT + 3 * DAY + MINUTE)
    again = courses.enrolled(session, person, at=AT + 4 * DAY)
    notices.send_all(AT + 4 * DAY)

    letters = smtp.to(person.email)
    *life, last = [beside(letter) for letter in letters]

    assert {entry.uid for entry in life} == {place_uid(enrolment, session.meetings.get())}
    assert [(entry.method, entry.status) for entry in life] == [
        ("REQUEST", "CONFIRMED"), ("REQUEST", "CONFIRMED"), ("REQUEST", "CONFIRMED"),
        ("CANCEL", "CANCELLED"),
    ]  # fmt: skip
    assert [entry.sequence for entry in life] == [0, 1, 2, 3]
    assert [entry.starts_at for entry in life] == [
        NOON, NOON + HOUR, NOON + 2 * HOUR, NOON + 2 * HOUR
    ]  # fmt: skip
    assert [entry.stamp for entry in life] == [
        AT, AT + DAY + MINUTE, AT + 2 * DAY + MINUTE, AT + 3 * DAY + MINUTE
    ]  # fmt: skip
    assert {str(entry.event["ATTENDEE"]) for entry in life} == {f"mailto:{person.email}"}
    assert len({str(entry.event["ORGANIZER"]) for entry in life}) == 1
    assert (last.method, last.uid, last.sequence) == (
        "REQUEST", place_uid(again, session.meetings.get()), 0
    )  # fmt: skip
    assert last.uid not in {entry.uid for entry in life}
    # The file that is attached says what stands beside the text, to the octet.
    for letter in letters:
        (attached,) = files(letter)
        assert attached == beside(letter)
    assert not any("reunion.example" in str(letter.message) for letter in letters)


def test_the_feed_and_the_mail_name_a_seat_alike(smtp):
    session, person = two_meetings(), people.person()
    url = reverse("courses:feed", kwargs={"token": renew_feed(person=person, at=AT)})
    courses.enrolled(session, person)
    notices.send_all(AT)
    move(session, HOUR, AT + DAY)
    notices.send_all(AT + DAY)

    mailed = files(smtp.to(person.email)[-1])
    with time_machine.travel(AT + DAY, tick=False):
        fed = Calendar.from_ical(Client().get(url).content).walk("VEVENT")

    assert [(each["UID"], each["SEQUENCE"], each["DTSTART"].dt) for each in fed] == [
        (each.uid, each.sequence, each.starts_at) for each in mailed
    ]


# ------------------------------------------------------------------ several meetings
def test_each_meeting_lives_under_its_own_name(smtp):
    session, person = two_meetings(), people.person()
    enrolment = courses.enrolled(session, person)
    notices.send_all(AT)
    first, second = session.meetings.all()
    first.starts_at, first.ends_at = first.starts_at + HOUR, first.ends_at + HOUR
    keep(session, [first, second], AT + DAY)
    notices.send_all(AT + DAY)
    cancel_enrolment(enrolment=enrolment, by=person, at=AT + 2 * DAY)
    notices.send_all(AT + 2 * DAY)

    booked, moved, gone = [files(letter) for letter in smtp.to(person.email)]

    uids = [place_uid(enrolment, each) for each in (first, second)]
    assert [each.uid for each in booked] == [each.uid for each in moved] == uids
    assert [each.uid for each in gone] == uids
    assert [each.starts_at for each in moved] == [NOON + HOUR, NOON + 7 * DAY]
    assert [[each.sequence for each in each_file] for each_file in (booked, moved, gone)] == [
        [0, 0], [1, 1], [2, 2],
    ]  # fmt: skip
    assert {each.method for each in gone} == {"CANCEL"}


def test_a_meeting_taken_away_is_called_off_once_and_the_other_goes_on(smtp):
    session, person = two_meetings(), people.person()
    enrolment = courses.enrolled(session, person)
    notices.send_all(AT)
    first, second = session.meetings.all()
    keep(session, [first], AT + DAY)
    notices.send_all(AT + DAY)
    move(session, HOUR, AT + 2 * DAY)
    notices.send_all(AT + 2 * DAY)
    cancel_enrolment(enrolment=enrolment, by=person, at=AT + 3 * DAY)
    notices.send_all(AT + 3 * DAY)

    _booked, taken, moved, gone = [files(letter) for letter in smtp.to(person.email)]

    stays, leaves = place_uid(enrolment, first), place_uid(enrolment, second)
    assert [(each.method, each.uid, each.sequence) for each in taken] == [
        ("REQUEST", stays, 1),
        ("CANCEL", leaves, 1),
    ]
    assert taken[1].starts_at == NOON + 7 * DAY
    assert [(each.method, each.uid) for each in moved] == [("REQUEST", stays)]
    assert [(each.method, each.uid) for each in gone] == [("CANCEL", stays)]


def _give_up(session, enrolment, at):
    cancel_enrolment(enrolment=enrolment, by=enrolment.person, at=at)


def _call_off(session, enrolment, at):
    cancel_session(session=session, by=None, at=at, motive="Verglas")


def _postpone(session, enrolment, at):
    postpone_session(session=session, by=None, at=at, motive="Verglas")


@pytest.mark.parametrize("end", [_give_up, _call_off, _postpone])
def test_a_meeting_taken_away_is_called_off_even_if_its_own_message_never_left(smtp, end):
    """The change is overtaken before the worker wakes: the message that leaves tells it too."""
    session, person = two_meetings(), people.person()
    enrolment = courses.enrolled(session, person)
    notices.send_all(AT)
    first, second = session.meetings.all()
    keep(session, [first], AT + DAY)
    end(session, enrolment, AT + DAY + MINUTE)
    notices.send_all(AT + DAY + 2 * MINUTE)

    _booked, last = smtp.to(person.email)

    assert {(each.method, each.uid) for each in files(last)} == {
        ("CANCEL", place_uid(enrolment, first)),
        ("CANCEL", place_uid(enrolment, second)),
    }


def test_a_date_lost_and_found_before_anything_left_calls_off_the_old_meeting(smtp):
    session, person = courses.open_session(), people.person()
    enrolment = courses.enrolled(session, person)
    notices.send_all(AT)
    old = session.meetings.get()
    postpone_session(session=session, by=None, at=AT + DAY, motive="Verglas")
    keep(session, [courses.meeting(NOON + 14 * DAY)], AT + DAY + MINUTE)
    open_enrolment(session=session, by=None, at=AT + DAY + 2 * MINUTE)
    notices.send_all(AT + DAY + 3 * MINUTE)

    _booked, last = smtp.to(person.email)

    new = session.meetings.get()
    assert [(each.method, each.uid) for each in files(last)] == [
        ("REQUEST", place_uid(enrolment, new)),
        ("CANCEL", place_uid(enrolment, old)),
    ]


def test_who_enrols_after_a_meeting_was_taken_away_never_hears_of_it(smtp):
    session, person = two_meetings(), people.person()
    keep(session, [session.meetings.first()], AT)
    courses.enrolled(session, person, at=AT + DAY)
    notices.send_all(AT + DAY)

    (letter,) = smtp.to(person.email)

    assert [each.method for each in files(letter)] == ["REQUEST"]


# ------------------------------------------------------------------ late, twice, the clocks
def test_a_late_message_never_takes_the_calendar_back(smtp, settings):
    """The mail server was away for both moves: one message leaves, the newest."""
    session, person = courses.open_session(), people.person()
    courses.enrolled(session, person)
    notices.send_all(AT)
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    move(session, HOUR, AT + DAY)
    assert notices.send_all(AT + DAY) == ["queued"]
    move(session, HOUR, AT + DAY + MINUTE)
    settings.EMAIL_PORT = there
    states = notices.send_all(AT + 2 * DAY)

    assert sorted(states) == ["dropped", "sent"]
    life = [beside(letter) for letter in smtp.to(person.email)]
    assert [(each.sequence, each.starts_at) for each in life] == [(0, NOON), (2, NOON + 2 * HOUR)]


def test_a_session_postponed_comes_back_under_its_name_with_a_higher_number(smtp):
    session, person = courses.open_session(), people.person()
    courses.enrolled(session, person)
    notices.send_all(AT)
    postpone_session(session=session, by=None, at=AT + DAY, motive="Verglas")
    notices.send_all(AT + DAY)
    move(session, 14 * DAY, AT + 2 * DAY)
    open_enrolment(session=session, by=None, at=AT + 2 * DAY)
    notices.send_all(AT + 2 * DAY)

    life = [beside(letter) for letter in smtp.to(person.email)]

    assert len({each.uid for each in life}) == 1
    assert [each.method for each in life] == ["REQUEST", "CANCEL", "REQUEST"]
    numbers = [each.sequence for each in life]
    assert numbers == sorted(set(numbers))
    assert life[-1].starts_at == NOON + 14 * DAY


@pytest.mark.parametrize(
    ("before", "after", "in_utc"),
    [
        (datetime(2026, 10, 31, 12), datetime(2026, 11, 1, 12), (16, 17)),  # noqa: DTZ001
        (datetime(2027, 3, 13, 12), datetime(2027, 3, 14, 12), (17, 16)),  # noqa: DTZ001
    ],
)
def test_moved_over_a_change_of_clocks_noon_stays_noon(smtp, before, after, in_utc):
    session = courses.open_session(starts_at=before.replace(tzinfo=HERE))
    person = people.person()
    courses.enrolled(session, person)
    notices.send_all(AT)
    room = session.meetings.get()
    room.starts_at = after.replace(tzinfo=HERE)
    room.ends_at = room.starts_at + HOUR
    keep(session, [room], AT + DAY)
    notices.send_all(AT + DAY)

    life = [beside(letter) for letter in smtp.to(person.email)]

    assert [each.event["DTSTART"].to_ical() for each in life] == [
        f"{moment:%Y%m%dT%H%M%S}".encode() for moment in (before, after)
    ]
    assert tuple(each.starts_at.astimezone(UTC).hour for each in life) == in_utc
    assert [each.sequence for each in life] == [0, 1]
