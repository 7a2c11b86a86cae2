"""« Ajouter » links of the calendars people keep on the web. Pure; nothing is sent from here.

For those whose mail takes invitations away. Google documents none of it, Microsoft neither: both
shapes are those that add-event-to-calendar-docs (Interaction Design Foundation) keeps tested. Hours
go in UTC, spaces as %20 (Outlook shows a plus sign as it is), and never the meeting's own address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from courses.letters.calendars import OFF_STATES, place_of, title_of, words_of

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.office.com/calendar/0/deeplink/compose"  # Microsoft 365 of the network


@dataclass(frozen=True)
class AddLinks:
    """One meeting, and where a click puts it into a calendar."""

    meeting: Any
    google: str
    outlook: str


def add_links(*, session: Any, url: str = "") -> list[AddLinks]:
    """Links for each meeting, in order; none while the session has no date.

    `session` comes with its course, version and meetings loaded. In the active language; `url` is
    our page of the session.
    """
    if session.state in OFF_STATES:
        return []
    meetings = sorted(session.meetings.all(), key=lambda meeting: meeting.starts_at)
    return [
        AddLinks(
            meeting,
            google=google_link(session=session, meeting=meeting, url=url),
            outlook=outlook_link(session=session, meeting=meeting, url=url),
        )
        for meeting in meetings
    ]


def google_link(*, session: Any, meeting: Any, url: str = "") -> str:
    """A new event in Google Calendar, filled in, which the person still saves."""
    ends = (f"{_utc(each):%Y%m%dT%H%M%SZ}" for each in (meeting.starts_at, meeting.ends_at))
    return _address(
        GOOGLE,
        {
            "action": "TEMPLATE",
            "text": title_of(session),
            "dates": "/".join(ends),
            "details": words_of(session, url),
            "location": place_of(session, meeting),
            "ctz": "America/Toronto",
        },
    )


def outlook_link(*, session: Any, meeting: Any, url: str = "") -> str:
    """A new event in Outlook on the web, filled in, which the person still saves."""
    return _address(
        OUTLOOK,
        {
            "path": "/calendar/action/compose",
            "rru": "addevent",
            "subject": title_of(session),
            "startdt": f"{_utc(meeting.starts_at):%Y-%m-%dT%H:%M:%SZ}",
            "enddt": f"{_utc(meeting.ends_at):%Y-%m-%dT%H:%M:%SZ}",
            "body": words_of(session, url),
            "location": place_of(session, meeting),
        },
    )


def _address(base: str, parameters: Mapping[str, str]) -> str:
    return f"{base}?{urlencode(parameters, quote_via=quote)}"


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)
