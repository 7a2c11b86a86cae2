"""Feeds as bytes, read back by the library that others read them with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from icalendar import Calendar

from courses.choices import SessionFormat, SessionState
from courses.letters import CANCELLED, CONFIRMED, Entry, seat_feed, term_feed

NOON = datetime(2026, 11, 17, 17, tzinfo=UTC)
CHANGED = datetime(2026, 9, 1, 13, tzinfo=UTC)


def entry(name: str = "a", starts_at: datetime = NOON, **fields) -> Entry:
    title = fields.pop("title", "Titre")
    session = SimpleNamespace(
        key=uuid4(),
        state=SessionState.OPEN,
        format=SessionFormat.ONLINE,
        version=None,
        course=SimpleNamespace(title_fr=title, title_en=""),
        get_format_display=lambda: "En ligne",
    )
    meeting = SimpleNamespace(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), place="")
    given = {
        "uid": f"{name}@academie.example",
        "session": session,
        "meeting": meeting,
        "sequence": 3,
        "status": CONFIRMED,
        "changed_at": CHANGED,
    }
    return Entry(**(given | fields))


def events(data: bytes) -> list:
    return Calendar.from_ical(data).walk("VEVENT")


def test_a_feed_has_a_name_a_pace_a_time_zone_and_no_method():
    calendar = Calendar.from_ical(seat_feed(entries=[]))

    assert "METHOD" not in calendar
    assert calendar["NAME"] == calendar["X-WR-CALNAME"]
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=4)
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert calendar["X-PUBLISHED-TTL"] == "PT4H"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["America/Toronto"]


def test_an_entry_says_when_it_last_changed_so_that_the_bytes_stay_the_same():
    one = entry()

    (event,) = events(seat_feed(entries=[one]))

    assert (event["DTSTAMP"].dt, event["LAST-MODIFIED"].dt) == (CHANGED, CHANGED)
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (one.uid, 3, "CONFIRMED")
    assert "ORGANIZER" not in event
    assert "ATTENDEE" not in event
    assert seat_feed(entries=[one]) == seat_feed(entries=[one])
    later = replace(one, changed_at=CHANGED + timedelta(seconds=1))
    assert seat_feed(entries=[later]) != seat_feed(entries=[one])


def test_entries_come_in_the_order_of_their_hours_whatever_the_order_given():
    late, early = entry("b", NOON + timedelta(days=1)), entry("a")

    assert seat_feed(entries=[late, early]) == seat_feed(entries=[early, late])
    assert [each["UID"][0] for each in events(seat_feed(entries=[late, early]))] == ["a", "b"]


def test_what_is_called_off_leaves_the_person_free():
    (event,) = events(seat_feed(entries=[entry(status=CANCELLED)]))

    assert (event["STATUS"], event["TRANSP"]) == ("CANCELLED", "TRANSPARENT")


@pytest.mark.parametrize("feed", ["seats", "term"])
def test_lines_end_and_fold_as_the_standard_wants_and_no_title_adds_one(feed):
    title = "É" * 90 + "\r\nATTENDEE:mailto:intrus@exemple.test"
    entries = [entry(title=title)]
    data = (
        seat_feed(entries=entries)
        if feed == "seats"
        else term_feed(term=f"Automne\r\nATTENDEE:mailto:{'é' * 80}", entries=entries)
    )

    lines = data.split(b"\r\n")

    assert lines[-1] == b""
    assert [line for line in lines if b"\n" in line or b"\r" in line] == []
    assert max(len(line) for line in lines) <= 75
    calendar = Calendar.from_ical(data)
    assert "ATTENDEE" not in calendar
    (event,) = calendar.walk("VEVENT")
    assert "ATTENDEE" not in event
    assert event["SUMMARY"] == " ".join(title.split())
