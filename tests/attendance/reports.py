"""Meeting reports made for tests: the layouts of real ones, with people who do not exist."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

Stamp = Callable[[datetime], str]


def named(moment: datetime) -> str:
    """Mar 28, 2020 09:39:09"""
    return f"{moment:%b %d, %Y %H:%M:%S}"


def month_first(moment: datetime) -> str:
    """03/28/2020 09:39:09 AM"""
    return f"{moment:%m/%d/%Y %I:%M:%S %p}"


def day_first(moment: datetime) -> str:
    """28/03/2020 09:39:09"""
    return f"{moment:%d/%m/%Y %H:%M:%S}"


def iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True)
class Visit:
    """One row: wall-clock times; `left` None leaves the cell empty."""

    name: str
    email: str
    joined: datetime
    left: datetime | None
    minutes: str = ""  # worked out when empty

    def stated(self) -> str:
        if self.minutes or not self.left:
            return self.minutes
        return str(-(-int((self.left - self.joined).total_seconds()) // 60))


@dataclass(frozen=True)
class Webinar:
    """A Zoom webinar attendee report, to the letter of those of 2020."""

    hosts: tuple[Visit, ...] = ()
    panellists: tuple[Visit, ...] = ()
    attendees: tuple[Visit, ...] = ()
    others: tuple[Visit, ...] = ()
    no_shows: tuple[str, ...] = ()  # addresses
    viewers: int = 0
    stamp: Stamp = named
    headings: dict[str, str] = field(default_factory=dict)  # translations

    def rows(self) -> list[list[str]]:
        count = len({visit.email for visit in self.attendees})
        rows = [
            ["Attendee Report"],
            ["Report Generated:", "Apr 09, 2020 8:50 PM"],
            [
                "Topic", "Webinar ID", "Actual Start Time", "Actual Duration (minutes)",
                "# Registered", "# Cancelled", "Unique Viewers", "Total Users",
            ],
            ["Essais cliniques, 2e partie", "328-972-509", "Mar 28, 2020 8:07 AM", "548",
             str(count), "0", str(self.viewers or count), "99"],
        ]  # fmt: skip
        people = ["Attended", "User Name (Original Name)", "Email", "Join Time", "Leave Time",
                  "Time in Session (minutes)", "Country/Region Name"]  # fmt: skip
        for title, visits in (("Host Details", self.hosts), ("Panelist Details", self.panellists)):
            if visits:
                rows += [[title], people]
                rows += [
                    ["Yes", visit.name, visit.email, *self._times(visit), "Canada"]
                    for visit in visits
                ]
        rows += [
            ["Attendee Details"],
            ["Attended", "First Name", "Last Name", "Email", "Registration Time",
             "Approval Status", "Join Time", "Leave Time", "Time in Session (minutes)",
             "Country/Region Name"],
        ]  # fmt: skip
        for visit in self.attendees:
            first, _, last = visit.name.partition(" ")
            rows.append(
                ["Yes", first, last, visit.email, "NA", "NA", *self._times(visit), "Canada"]
            )
        rows += [
            ["No", "Absente", "Personne", email, "Mar 28, 2020 05:51:59", "approved"] + ["--"] * 4
            for email in self.no_shows
        ]
        if self.others:
            rows += [["Other Attended"], ["User Name", *people[3:]]]
            rows += [
                [visit.name, *self._times(visit, other_attended), "Canada"] for visit in self.others
            ]
        return [[self.headings.get(cell, cell) for cell in row] for row in rows]

    def _times(self, visit: Visit, stamp: Stamp | None = None) -> list[str]:
        write = stamp or self.stamp
        return [write(visit.joined), write(visit.left) if visit.left else "", visit.stated()]

    def text(self, delimiter: str = ",", newline: str = "\n", padding: int = 0) -> str:
        lines = []
        for row in self.rows():
            cells = ['"' + cell.replace('"', '""') + '"' for cell in row]
            lines.append(delimiter.join(cells + [""] * max(0, padding - len(cells))))
        return newline.join(lines) + newline

    def data(self) -> bytes:
        return self.text().encode()

    def with_stamp(self, stamp: Stamp) -> "Webinar":
        return replace(self, stamp=stamp)


def other_attended(moment: datetime) -> str:
    """Mar 28, 2020 2:20 PM"""
    return f"{moment:%b %d, %Y} {moment.hour % 12 or 12}:{moment:%M %p}"


def at(clock: str, day: str = "2020-03-28") -> datetime:
    """Wall clock: `at("09:30")`, `at("09:30:15", "2026-11-01")`."""
    return datetime.fromisoformat(f"{day} {clock}")


def visit(name: str, email: str, joined: str, left: str | None, day: str = "2020-03-28") -> Visit:
    return Visit(name, email, at(joined, day), at(left, day) if left else None)


def crowd(count: int, *, start: datetime, length: timedelta) -> Iterable[Visit]:
    """Many people, one visit each, a second apart."""
    for number in range(count):
        joined = start + timedelta(seconds=number % 3600)
        yield Visit(f"Prénom{number} Nom", f"p{number}@demo.example", joined, joined + length)
