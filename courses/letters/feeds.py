"""Calendars that programs read again and again, as bytes: one's own seats, a term's sessions. Pure.

A feed has no METHOD, so the stamp of each entry says when it last changed (RFC 5545, 3.8.7.2): what
did not change gives the same bytes, and a program that asks again is told so (304).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from icalendar import Calendar

from courses.letters.calendars import begin_calendar, event_of, one_line

# How often programs are asked to read again; most take their own time.
REFRESH = timedelta(hours=4)


@dataclass(frozen=True)
class Entry:
    """One meeting in a feed, as it stands. `meeting` may be one that was taken away."""

    uid: str
    session: Any
    meeting: Any
    sequence: int
    status: str
    changed_at: datetime


def seat_feed(*, entries: Iterable[Entry]) -> bytes:
    """One person's seats; the person is not named. In the active language."""
    return _feed(_("Académie: my trainings"), entries)


def term_feed(*, term: Any, entries: Iterable[Entry]) -> bytes:
    """Every session of a term, for anybody. In the active language."""
    return _feed(_("Académie: %(term)s") % {"term": one_line(str(term))}, entries)


def _feed(name: str, entries: Iterable[Entry]) -> bytes:
    calendar = begin_calendar()
    _name(calendar, name)
    for entry in sorted(entries, key=lambda each: (each.meeting.starts_at, each.uid)):
        event = event_of(
            entry.session,
            entry.meeting,
            uid=entry.uid,
            sequence=entry.sequence,
            status=entry.status,
            stamp=entry.changed_at,
        )
        event.add("last-modified", entry.changed_at.astimezone(UTC))
        calendar.add_component(event)
    return calendar.to_ical()


def _name(calendar: Calendar, name: str) -> None:
    """The name and the pace, by RFC 7986 and by the older names that Outlook and Apple read."""
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
