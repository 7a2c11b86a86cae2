"""What every reader hands back: the connections of one report, and the people behind them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from attendance.choices import ReasonCode
from attendance.readers.intervals import Interval, union
from people.readers.tables import UnreadableTable

HOST, PANELLIST, ATTENDEE = "host", "panellist", "attendee"
_RANK = {ATTENDEE: 0, PANELLIST: 1, HOST: 2}


class UnreadableReport(UnreadableTable):
    """Nothing was read; `str()` says what is wrong and what to do, ready to show."""


class UndecidableOrder(UnreadableReport):
    """The dates can be read day first or month first: ask, then read again with `order`."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a file does not say: the zone of its stamps, the session's days, the order answered."""

    zone: ZoneInfo
    around: tuple[date, ...]
    order: str | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """One counted row. Instants are UTC; `left_at` is None when the report has no departure."""

    line: int  # of the file, from 1; in a workbook, the row of the sheet
    section: str  # the report's own title for it, at most 40 characters
    role: str  # HOST, PANELLIST or ATTENDEE
    name: str  # as shown in the meeting, at most 200 characters
    original_name: str  # the account's or the registration's, where the report gives both
    email: str  # casefolded; "" when the report has none
    joined_at: datetime | None  # None only where a report gives totals without times
    left_at: datetime | None
    minutes_stated: int | None  # the report's own figure: checks, never counts
    reasons: frozenset[str]  # values of ReasonCode


@dataclass(frozen=True, slots=True)
class Report:
    """A report, read. No-shows are only counted; rows that never count are set aside."""

    format: str  # zoom-webinar, zoom-meeting, teams-report…
    encoding: str
    date_order: str | None  # a value of DateOrder; None when no numeric date occurs
    title: str
    connections: list[Connection]
    warnings: list[str]  # sentences ready to show, in the language active while reading
    held: Interval | None  # when the meeting itself ran, as far as the report knows
    set_aside: list[Connection] = field(default_factory=list)  # waiting room
    no_shows: int = 0  # registered, never connected


@dataclass(frozen=True, slots=True)
class Person:
    """Connections that one report shows to be one person's."""

    name: str
    email: str  # casefolded; "" when unknown
    role: str  # the highest held
    connections: list[Connection]
    reasons: frozenset[str]  # of the connections, and of bringing them together


def people_of(report: Report) -> list[Person]:
    """Everyone with a connection, in order of appearance; nobody is guessed.

    One address is one person, whatever names it bore. Without an address, rows of one name are one
    person (NAME_ONLY), unless two of them overlap in time: then two people share that name, or one
    has two devices, and each row stays apart (AMBIGUOUS_NAME).
    """
    by_email: dict[str, list[Connection]] = {}
    by_name: dict[str, list[Connection]] = {}
    order: list[list[Connection]] = []
    for row in report.connections:
        groups, key = (by_email, row.email) if row.email else (by_name, name_key(row.name))
        if key not in groups:
            order.append(groups.setdefault(key, []))
        groups[key].append(row)
    people: list[Person] = []
    for rows in order:
        if rows[0].email:
            codes = {ReasonCode.OVERLAP_MERGED} if _overlap(rows) else set()
            people.append(_person(rows, codes))
        elif not rows[0].name:
            people.extend(_person([row]) for row in rows)
        elif _overlap(rows):
            people.extend(_person([row], {ReasonCode.AMBIGUOUS_NAME}) for row in rows)
        else:
            people.append(_person(rows, {ReasonCode.NAME_ONLY}))
    return people


def name_key(name: str) -> str:
    """A name without its accidents of case and spacing; accents stay, they tell people apart."""
    return " ".join(name.casefold().split())


def _person(connections: list[Connection], codes: Collection[str] = ()) -> Person:
    reasons = connections[0].reasons
    if codes or len(connections) > 1:
        reasons = frozenset(codes).union(*(row.reasons for row in connections))
    return Person(
        name=next((row.name for row in connections if row.name), ""),
        email=connections[0].email,
        role=max((row.role for row in connections), key=lambda role: _RANK[role]),
        connections=connections,
        reasons=reasons,
    )


def _overlap(connections: Collection[Connection]) -> bool:
    """Whether two of these ran at once; touching ends do not count, an open end lasts for ever."""
    if len(connections) < 2:
        return False
    running_until: datetime | None = None
    spans = sorted(
        ((row.joined_at, row.left_at) for row in connections if row.joined_at),
        key=lambda span: span[0],
    )
    for count, (start, end) in enumerate(spans):
        if count and (running_until is None or start < running_until):
            return True
        running_until = end
    return False


def span_of(connections: Iterable[Connection]) -> Interval | None:
    """From the first arrival to the last departure."""
    pieces = union(
        (row.joined_at, row.left_at) for row in connections if row.joined_at and row.left_at
    )
    return (pieces[0][0], pieces[-1][1]) if pieces else None
