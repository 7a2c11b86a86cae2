"""Calendar entries of a seat and of a session, as bytes. Pure: reads what is already loaded.

RFC 5545 and 5546. One event a meeting; its UID stands for the enrolment and the meeting and never
changes, its SEQUENCE is the enrolment's `calendar_sequence`. The address of the meeting itself is
never in an entry (calendars are shared with whole teams): the entry leads to our own page.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from icalendar import Calendar, Event, Timezone, vCalAddress, vText, vUri

from people.choices import in_language

HERE = ZoneInfo("America/Toronto")
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
# Written with rules, as Outlook wants it; the rules of 2007 stand since.
TIMEZONE = """\
BEGIN:VTIMEZONE
TZID:America/Toronto
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZNAME:EDT
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZNAME:EST
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
END:VTIMEZONE
"""


def session_calendar(
    *,
    enrolment: Any,
    method: str,
    at: datetime,
    url: str = "",
    meetings: Sequence[Any] | None = None,
) -> bytes:
    """The entries of one person's seat: REQUEST (invitation), CANCEL, or PUBLISH (a file to keep).

    `enrolment` comes with its person, session, course, version and meetings loaded; `meetings`
    limits the entries to some of them. In the active language. `url` is our page of the session.
    """
    session, person = enrolment.session, enrolment.person
    calendar = _calendar(method)
    for meeting in _in_order(session, meetings):
        event = _event(session, meeting, url=url or page_of(session), at=at)
        event.add("uid", f"place-{enrolment.key}-{meeting.key}@{_host()}")
        event.add("sequence", enrolment.calendar_sequence)
        event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
        if method != PUBLISH:
            name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
            event.add("organizer", _mailbox(name, address))
            # The seat is already taken: nobody is asked for an answer.
            accepted = {"PARTSTAT": "ACCEPTED", "RSVP": "FALSE", "ROLE": "REQ-PARTICIPANT"}
            event.add("attendee", _mailbox(str(person), person.email or "", accepted))
        calendar.add_component(event)
    return calendar.to_ical()


def public_calendar(*, session: Any, at: datetime, url: str = "") -> bytes:
    """The entries of a session for anybody: no person, no seat. In the active language."""
    calendar = _calendar(PUBLISH)
    for meeting in _in_order(session, None):
        event = _event(session, meeting, url=url or page_of(session), at=at)
        event.add("uid", f"session-{meeting.key}@{_host()}")
        event.add("status", "CANCELLED" if session.state == "cancelled" else "CONFIRMED")
        calendar.add_component(event)
    return calendar.to_ical()


def page_of(session: Any) -> str:
    """The whole address of the session's page, in the active language."""
    return settings.PUBLIC_BASE_URL + reverse("courses:session", kwargs={"key": session.key})


def _in_order(session: Any, meetings: Sequence[Any] | None) -> list[Any]:
    rows = session.meetings.all() if meetings is None else meetings
    return sorted(rows, key=lambda meeting: meeting.starts_at)


def _host() -> str:
    return urlsplit(settings.PUBLIC_BASE_URL).hostname or "localhost"


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//Académie//Calendrier//{(get_language() or 'fr')[:2].upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(Timezone.from_ical(TIMEZONE))
    return calendar


def _event(session: Any, meeting: Any, *, url: str, at: datetime) -> Event:
    event = Event()
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(HERE))
    event.add("dtend", meeting.ends_at.astimezone(HERE))
    event.add("summary", one_line(in_language(session.version or session.course, "title")))
    words = _("Everything about this session, and the button to join it: %(url)s") % {"url": url}
    event.add("description", words)
    event.add("location", one_line(meeting.place) or _("Online"))
    event.add("url", vUri(url))
    event.add("transp", "OPAQUE")
    return event


def _mailbox(name: str, address: str, parameters: dict[str, str] | None = None) -> vCalAddress:
    mailbox = vCalAddress(f"mailto:{address}")
    # A parameter has no escape for a double quote: what cannot be written is left out.
    mailbox.params["CN"] = vText(one_line(name).replace('"', ""))
    for key, value in (parameters or {}).items():
        mailbox.params[key] = vText(value)
    return mailbox


def one_line(text: str) -> str:
    """`text` without line breaks or control characters: nothing typed can begin a new property."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
