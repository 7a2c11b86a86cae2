"""Calendar entries of a seat and of a session, as bytes. Pure: reads what is already loaded.

RFC 5545 and 5546. One event a meeting; its UID stands for the enrolment and the meeting and never
changes, its SEQUENCE is the enrolment's `calendar_sequence`. The address of the meeting itself is
never in an entry (calendars are shared with whole teams): the entry leads to our own page.

The same UID whatever the road: an invitation by mail, a file to keep, a feed (letters.feeds).
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

from courses.choices import SessionFormat, SessionState
from people.choices import in_language

HERE = ZoneInfo("America/Toronto")
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
CONFIRMED, CANCELLED, TENTATIVE = "CONFIRMED", "CANCELLED", "TENTATIVE"
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
# A session without a date is off; the public may still read that one will come.
OFF_STATES = frozenset({SessionState.POSTPONED, SessionState.CANCELLED})
STATUS = {SessionState.POSTPONED: TENTATIVE, SessionState.CANCELLED: CANCELLED}


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
    A session that has lost its date is CANCELLED by whatever method.
    """
    session, person = enrolment.session, enrolment.person
    is_off = method == CANCEL or session.state in OFF_STATES
    calendar = begin_calendar(method)
    for meeting in _in_order(session, meetings):
        event = event_of(
            session,
            meeting,
            uid=place_uid(enrolment, meeting),
            sequence=enrolment.calendar_sequence,
            status=CANCELLED if is_off else CONFIRMED,
            stamp=at,
            url=url,
        )
        if method != PUBLISH:
            name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
            event.add("organizer", _mailbox(name, address))
            # The seat is already taken: nobody is asked for an answer.
            accepted = {"PARTSTAT": "ACCEPTED", "RSVP": "FALSE", "ROLE": "REQ-PARTICIPANT"}
            event.add("attendee", _mailbox(str(person), person.email or "", accepted))
        calendar.add_component(event)
    return calendar.to_ical()


def public_calendar(*, session: Any, at: datetime, url: str = "") -> bytes:
    """The entries of a session for anybody: no person, no seat. In the active language.

    `session` comes from `public_sessions`: its SEQUENCE is the length of its history.
    """
    calendar = begin_calendar(PUBLISH)
    for meeting in _in_order(session, None):
        event = event_of(
            session,
            meeting,
            uid=session_uid(meeting),
            sequence=session.history_count,
            status=STATUS.get(session.state, CONFIRMED),
            stamp=at,
            url=url,
        )
        calendar.add_component(event)
    return calendar.to_ical()


def place_uid(enrolment: Any, meeting: Any) -> str:
    """The name of a seat's entry, for ever: a new enrolment is a new name."""
    return f"place-{enrolment.key}-{meeting.key}@{_host()}"


def session_uid(meeting: Any) -> str:
    """The name of a meeting's entry for the public."""
    return f"session-{meeting.key}@{_host()}"


def page_of(session: Any) -> str:
    """The whole address of the session's page, in the active language."""
    return settings.PUBLIC_BASE_URL + reverse("courses:session", kwargs={"key": session.key})


def words_of(session: Any, url: str = "") -> str:
    """What an entry says under its title. Never the address of the meeting itself."""
    words = _("Everything about this session, and the button to join it: %(url)s")
    if session.format == SessionFormat.IN_PERSON:
        words = _("Everything about this session: %(url)s")
    return words % {"url": url or page_of(session)}


def title_of(session: Any) -> str:
    """The training's official title, on one line, in the active language."""
    return one_line(in_language(session.version or session.course, "title"))


def place_of(session: Any, meeting: Any) -> str:
    """The room; where none is known, whether people meet online or in person."""
    return one_line(meeting.place) or str(session.get_format_display())


def _in_order(session: Any, meetings: Sequence[Any] | None) -> list[Any]:
    rows = session.meetings.all() if meetings is None else meetings
    return sorted(rows, key=lambda meeting: meeting.starts_at)


def _host() -> str:
    return urlsplit(settings.PUBLIC_BASE_URL).hostname or "localhost"


def begin_calendar(method: str = "") -> Calendar:
    """An empty calendar object with our time zone; a feed has no method."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Académie//Calendrier//{(get_language() or 'fr')[:2].upper()}")
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    calendar.add_component(Timezone.from_ical(TIMEZONE))
    return calendar


def event_of(
    session: Any,
    meeting: Any,
    *,
    uid: str,
    sequence: int,
    status: str,
    stamp: datetime,
    url: str = "",
) -> Event:
    """One meeting as an event. `stamp`: when the object is made; in a feed, its last change."""
    url = url or page_of(session)
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("status", status)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", _moment(meeting.starts_at))
    event.add("dtend", _moment(meeting.ends_at))
    event.add("summary", title_of(session))
    event.add("description", words_of(session, url))
    event.add("location", place_of(session, meeting))
    event.add("url", vUri(url))
    # What will not take place leaves the person free.
    event.add("transp", "TRANSPARENT" if status == CANCELLED else "OPAQUE")
    return event


def _moment(value: datetime) -> datetime:
    """Montréal's hour, except in the hour that comes twice: a local time names its first passage,
    so the second one is written in UTC (RFC 5545, 3.3.5).
    """
    here = value.astimezone(HERE)
    return value.astimezone(UTC) if here.fold else here


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
