"""The attendee report of a webinar, as Zoom exports it: what staff drop on a session afterwards.

Titled tables one below the other, one row a connection; whoever came back has a second row without
the registration, whoever never came has dashes, and those who telephoned stand apart with neither
address nor seconds. Times are wall clock, without a zone.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

PEOPLE = ["Attended", "User Name (Original Name)", "Email", "Join Time", "Leave Time",
          "Time in Session (minutes)", "Country/Region Name"]  # fmt: skip
ATTENDEES = ["Attended", "User Name (Original Name)", "First Name", "Last Name", "Email",
             "Registration Time", "Approval Status", "Join Time", "Leave Time",
             "Time in Session (minutes)", "Country/Region Name"]  # fmt: skip
SUMMARY = ["Topic", "Webinar ID", "Actual Start Time", "Actual Duration (minutes)",
           "# Registered", "# Cancelled", "Unique Viewers", "Total Users"]  # fmt: skip
WEBINAR_NUMBER = "812 4410 7735"
COUNTRY = "Canada"


@dataclass(frozen=True)
class Visit:
    """One person, connected once or several times: (from, to) pairs, aware."""

    name: str
    email: str
    stays: tuple[tuple[datetime, datetime], ...]
    registered_at: datetime | None = None


@dataclass(frozen=True)
class WebinarReport:
    """What one report tells. `no_shows`: name and address of those who registered and never came;
    `telephones`: visits without an address.
    """

    topic: str
    hosts: Sequence[Visit]
    panellists: Sequence[Visit]
    attendees: Sequence[Visit]
    no_shows: Sequence[tuple[str, str]] = ()
    telephones: Sequence[Visit] = ()

    def data(self, *, generated_at: datetime) -> bytes:
        """The file, UTF-8 with a byte order mark, as Zoom writes it today."""
        began = min(stay[0] for visit in self.hosts for stay in visit.stays)
        ended = max(stay[1] for visit in self.hosts for stay in visit.stays)
        rows = [
            ["Attendee Report"],
            ["Report Generated:", _to_the_minute(generated_at)],
            SUMMARY,
            [
                self.topic,
                WEBINAR_NUMBER,
                _to_the_minute(began),
                str(_minutes((began, ended))),
                str(len(self.attendees) + len(self.no_shows)),
                "0",
                str(len(self.attendees)),
                str(len(self.attendees) + len(self.panellists) + len(self.hosts)),
            ],
        ]
        for title, visits in (
            ("Host Details", self.hosts),
            ("Panelist Details", self.panellists),
        ):
            rows += [[title], PEOPLE]
            rows += [
                ["Yes", visit.name, visit.email, *_cells(stay), COUNTRY]
                for visit in visits
                for stay in visit.stays
            ]
        rows += [["Attendee Details"], ATTENDEES]
        rows += [row for visit in self.attendees for row in _attendee(visit)]
        rows += [
            ["No", name, *_split(name), email, "", "approved", "--", "--", "--", "--"]
            for name, email in self.no_shows
        ]
        if self.telephones:
            rows += [["Other Attended"], ["User Name", *PEOPLE[3:]]]
            rows += [
                [visit.name, _to_the_minute(start), _to_the_minute(end), _lasted, COUNTRY]
                for visit in self.telephones
                for start, end in visit.stays
                for _lasted in [str(_minutes((start, end)))]
            ]
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        return text.getvalue().encode("utf-8-sig")


def _attendee(visit: Visit) -> list[list[str]]:
    """The first row carries the registration, those of later connections do not."""
    registered = _to_the_second(visit.registered_at) if visit.registered_at else ""
    rows = []
    for number, stay in enumerate(visit.stays):
        registration = [registered, "approved"] if number == 0 else ["", ""]
        rows.append(
            [
                "Yes",
                visit.name,
                *_split(visit.name),
                visit.email,
                *registration,
                *_cells(stay),
                COUNTRY,
            ]
        )
    return rows


def _split(name: str) -> tuple[str, str]:
    first, _space, last = name.partition(" ")
    return first, last


def _cells(stay: tuple[datetime, datetime]) -> list[str]:
    return [_to_the_second(stay[0]), _to_the_second(stay[1]), str(_minutes(stay))]


def _minutes(stay: tuple[datetime, datetime]) -> int:
    """Begun minutes: so does Zoom count."""
    return -((stay[0] - stay[1]) // timedelta(minutes=1))


def _to_the_second(at: datetime) -> str:
    """Nov 18, 2026 12:01:09"""
    return f"{timezone.localtime(at):%b %d, %Y %H:%M:%S}"


def _to_the_minute(at: datetime) -> str:
    """Nov 18, 2026 1:20 PM"""
    here = timezone.localtime(at)
    return f"{here:%b %d, %Y} {here.hour % 12 or 12}:{here:%M %p}"
