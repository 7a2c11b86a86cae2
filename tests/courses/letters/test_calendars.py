"""Calendar entries, read back by the library that others read them with."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import translation

import pytest
from icalendar import Calendar

from courses.choices import SessionFormat
from courses.letters import CANCEL, PUBLISH, REQUEST, public_calendar, session_calendar
from courses.letters.calendars import TIMEZONE
from courses.models import Enrolment
from courses.selectors.sessions import public_sessions
from courses.services.enrolments import cancel_enrolment
from courses.services.sessions import cancel_session, postpone_session, save_session
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    meeting,
    open_session,
    published_course,
)

pytestmark = pytest.mark.django_db

HERE = ZoneInfo("America/Toronto")
LINK = "https://reunion.example/j/secret"


def entries(data: bytes) -> list:
    return Calendar.from_ical(data).walk("VEVENT")


def invitation(enrolment: Enrolment, method: str = REQUEST, at: datetime = AT) -> bytes:
    fresh = Enrolment.objects.select_related("person", "session__course", "session__version")
    return session_calendar(enrolment=fresh.get(pk=enrolment.pk), method=method, at=at)


def test_an_invitation_says_what_when_where_and_for_whom(settings):
    settings.PUBLIC_BASE_URL = "https://academie.example"
    settings.DEFAULT_FROM_EMAIL = "Académie <places@academie.example>"
    person = people.person(email="marie@chum.test", printed_name="Marie Tremblay")
    row = open_session(
        course=published_course(title_fr="Les bonnes pratiques", title_en="Good practice"),
        meetings=[meeting(place="Salle 3", join_url=LINK)],
    )
    enrolment = enrolled(row, person)

    data = invitation(enrolment)

    calendar = Calendar.from_ical(data)
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert event["SUMMARY"] == "Les bonnes pratiques"
    assert event["UID"] == f"place-{enrolment.key}-{row.meetings.get().key}@academie.example"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (NOON, NOON + timedelta(hours=1))
    assert event["DTSTART"].params["TZID"] == "America/Toronto"
    assert (event["DTSTAMP"].dt, event["SEQUENCE"], event["STATUS"]) == (AT, 0, "CONFIRMED")
    assert event["LOCATION"] == "Salle 3"
    page = reverse("courses:session", kwargs={"key": row.key})
    assert event["URL"] == f"https://academie.example{page}"
    assert event["ORGANIZER"] == "mailto:places@academie.example"
    attendee = event["ATTENDEE"]
    assert attendee == "mailto:marie@chum.test"
    assert (attendee.params["PARTSTAT"], attendee.params["RSVP"]) == ("ACCEPTED", "FALSE")
    assert LINK.encode() not in data.replace(b"\r\n ", b"")


def test_lines_end_and_fold_as_the_standard_wants():
    row = open_session(course=published_course(title_fr="É" * 90))

    data = invitation(enrolled(row))

    lines = data.split(b"\r\n")
    assert lines[-1] == b""
    assert [line for line in lines if b"\n" in line or b"\r" in line] == []
    assert max(len(line) for line in lines) <= 75
    assert entries(data)[0]["SUMMARY"] == "É" * 90


@pytest.mark.parametrize(
    "title",
    [
        "Titre\r\nATTENDEE:mailto:intrus@exemple.test",
        "Titre\nATTENDEE:mailto:intrus@exemple.test",
        "Titre\u2028ATTENDEE:mailto:intrus@exemple.test",
        'Titre; "cité", \\ et : deux-points',
    ],
)
def test_a_title_cannot_add_a_line(title):
    row = open_session(course=published_course(title_fr=title))

    data = invitation(enrolled(row))

    (event,) = entries(data)
    assert not isinstance(event["ATTENDEE"], list)
    assert event["SUMMARY"] == " ".join(title.replace("\u2028", " ").split())


def test_a_name_cannot_leave_its_parameter():
    person = people.person(printed_name='Marie" ;ROLE=CHAIR:mailto:x@y.test')

    (event,) = entries(invitation(enrolled(open_session(), person)))

    assert event["ATTENDEE"] == f"mailto:{person.email}"
    assert event["ATTENDEE"].params["ROLE"] == "REQ-PARTICIPANT"


def test_the_life_of_an_invitation_keeps_its_uid_and_raises_its_sequence():
    """Book, move, move, cancel; then book again: a new enrolment, a new UID."""
    row, person = open_session(), people.person()
    enrolment = enrolled(row, person)
    seen = [entries(invitation(enrolment))[0]]
    for hour in (1, 2):
        room = row.meetings.get()
        room.starts_at, room.ends_at = (
            NOON + timedelta(hours=hour),
            NOON + timedelta(hours=hour + 1),
        )
        save_session(session=row, meetings=[room], breaks=None, trainers=None, by=None, at=AT)
        seen.append(entries(invitation(enrolment))[0])
    cancel_enrolment(enrolment=enrolment, by=person, at=AT)
    seen.append(entries(invitation(enrolment, CANCEL))[0])
    again = entries(invitation(enrolled(row, person)))[0]

    assert len({event["UID"] for event in seen}) == 1
    assert [event["SEQUENCE"] for event in seen] == [0, 1, 2, 3]
    assert [event["STATUS"] for event in seen] == ["CONFIRMED"] * 3 + ["CANCELLED"]
    assert [event["DTSTART"].dt.hour for event in seen] == [12, 13, 14, 14]
    assert (again["UID"] != seen[0]["UID"], again["SEQUENCE"]) == (True, 0)


def test_each_meeting_has_its_entry_and_some_may_be_asked_for_alone():
    row = open_session(meetings=[meeting(), meeting(NOON + timedelta(days=7))])
    enrolment = enrolled(row)
    enrolment.session = row
    last = list(row.meetings.all())[-1]

    both = entries(session_calendar(enrolment=enrolment, method=REQUEST, at=AT))
    alone = entries(session_calendar(enrolment=enrolment, method=CANCEL, at=AT, meetings=[last]))

    assert [event["DTSTART"].dt for event in both] == [NOON, NOON + timedelta(days=7)]
    assert [event["UID"] for event in alone] == [both[1]["UID"]]


def test_a_file_to_keep_names_nobody():
    data = invitation(enrolled(open_session()), PUBLISH)

    (event,) = entries(data)
    assert "ATTENDEE" not in event
    assert "ORGANIZER" not in event


def test_the_public_entries_say_nothing_of_any_person():
    row = open_session(join_url=LINK)
    enrolment = enrolled(row, people.person(printed_name="Marie Tremblay"))

    data = public_calendar(session=public_sessions().get(pk=row.pk), at=AT)

    (event,) = entries(data)
    assert event["UID"].startswith(f"session-{row.meetings.get().key}@")
    plain = data.replace(b"\r\n ", b"")
    for secret in (LINK, str(enrolment.key), enrolment.person.email, "Tremblay"):
        assert secret.encode() not in plain


def test_the_public_entries_raise_their_sequence_with_the_history_of_the_session():
    row = open_session()

    def entry():
        session = public_sessions().get(pk=row.pk)
        return entries(public_calendar(session=session, at=AT))[0]

    first = entry()
    room = row.meetings.get()
    room.starts_at, room.ends_at = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
    save_session(session=row, meetings=[room], breaks=None, trainers=None, by=None, at=AT)
    moved = entry()
    cancel_session(session=row, by=None, at=AT, motive="Verglas")
    last = entry()

    assert len({each["UID"] for each in (first, moved, last)}) == 1
    assert first["SEQUENCE"] < moved["SEQUENCE"] < last["SEQUENCE"]
    assert [each["STATUS"] for each in (first, moved, last)] == [
        "CONFIRMED", "CONFIRMED", "CANCELLED"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("step", "public"), [(postpone_session, "TENTATIVE"), (cancel_session, "CANCELLED")]
)
def test_a_session_called_off_is_off_in_every_file(step, public):
    row = open_session()
    enrolment = enrolled(row)
    step(session=row, by=None, at=AT, motive="Verglas")

    own = [entries(invitation(enrolment, method))[0] for method in (PUBLISH, CANCEL)]
    (shared,) = entries(public_calendar(session=public_sessions().get(pk=row.pk), at=AT))

    assert [(each["STATUS"], each["TRANSP"]) for each in own] == [("CANCELLED", "TRANSPARENT")] * 2
    assert shared["STATUS"] == public


@pytest.mark.parametrize(
    ("kind", "place", "said"),
    [
        ("online", "", SessionFormat.ONLINE.label),
        ("in_person", "", SessionFormat.IN_PERSON.label),
        ("in_person", "Salle 3", "Salle 3"),
        ("hybrid", "Salle 3\r\nATTENDEE:mailto:x@y.test", "Salle 3 ATTENDEE:mailto:x@y.test"),
    ],
)
def test_where_is_the_room_or_how_people_meet(kind, place, said):
    row = open_session(format=kind, meetings=[meeting(place=place)])

    (event,) = entries(invitation(enrolled(row)))

    assert event["LOCATION"] == str(said)
    assert not isinstance(event["ATTENDEE"], list)


@pytest.mark.parametrize(
    ("kind", "names_the_button"), [("online", True), ("hybrid", True), ("in_person", False)]
)
def test_only_what_is_joined_from_our_page_speaks_of_a_button(kind, names_the_button):
    (event,) = entries(invitation(enrolled(open_session(format=kind))))

    assert ("bouton" in event["DESCRIPTION"]) is names_the_button
    assert event["URL"] in event["DESCRIPTION"]


def test_an_entry_speaks_the_active_language():
    row = open_session(course=published_course(title_fr="Titre", title_en="Title"))
    enrolment = enrolled(row)

    with translation.override("en"):
        (event,) = entries(invitation(enrolment))

    assert event["SUMMARY"] == "Title"
    assert "/en/" in event["URL"]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 1, 15, 17, tzinfo=UTC),
        datetime(2026, 3, 8, 6, 59, tzinfo=UTC),  # the last minute of winter time
        datetime(2026, 3, 8, 7, 0, tzinfo=UTC),
        datetime(2026, 7, 15, 16, tzinfo=UTC),
        datetime(2026, 11, 1, 5, 59, tzinfo=UTC),
        datetime(2026, 11, 1, 7, 0, tzinfo=UTC),
        datetime(2031, 11, 2, 12, tzinfo=UTC),
    ],
)
def test_our_time_zone_agrees_with_the_world_s(moment):
    """I17: the VTIMEZONE we write gives the offset that the zone database gives."""
    zone = Calendar.from_ical(
        f"BEGIN:VCALENDAR\r\n{TIMEZONE}END:VCALENDAR\r\n"
    ).walk("VTIMEZONE")[0]  # fmt: skip

    wall = moment.astimezone(HERE).replace(tzinfo=None)
    assert zone.to_tz().utcoffset(wall) == moment.astimezone(HERE).utcoffset()


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [
        (datetime(2026, 10, 31, 12, tzinfo=HERE), 16),
        (datetime(2026, 11, 1, 12, tzinfo=HERE), 17),  # the clocks went back that night
        (datetime(2027, 3, 13, 12, tzinfo=HERE), 17),
        (datetime(2027, 3, 14, 12, tzinfo=HERE), 16),  # and forward that one
    ],
)
def test_noon_is_noon_on_either_side_of_a_change_of_clocks(day, utc_hour):
    (event,) = entries(invitation(enrolled(open_session(starts_at=day))))

    assert event["DTSTART"].to_ical() == f"{day:%Y%m%dT}120000".encode()
    assert event["DTSTART"].params["TZID"] == "America/Toronto"
    assert event["DTSTART"].dt.astimezone(UTC).hour == utc_hour


def test_the_hour_that_comes_twice_is_not_mistaken_for_the_other():
    """A local time names the first passage: the second one is written in UTC."""
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # 1 h 30, still summer time
    second = first + timedelta(hours=1)  # 1 h 30 again
    row = open_session(meetings=[meeting(first, 0.25), meeting(second, 0.25)])

    events = entries(invitation(enrolled(row)))

    assert [event["DTSTART"].dt.astimezone(UTC) for event in events] == [first, second]
    assert [event["DTSTART"].to_ical() for event in events] == [
        b"20261101T013000", b"20261101T063000Z"
    ]  # fmt: skip
