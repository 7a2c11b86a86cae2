"""Zoom's webinar attendee report: titled tables, one below the other, in one file.

Host Details, Panelist Details, Attendee Details, Other Attended: each with headings of its own,
some quoted, some padded with commas, some with the organiser's own questions as columns. The last
has no addresses and writes its times to the minute, in another format. A person who comes back has
one row a connection, without the registration; who never came has `--`. Seen: 2020 and 2025.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from django.utils.translation import gettext as _

from attendance.readers import notes, rows
from attendance.readers.clock import Clock
from attendance.readers.gathering import Gatherer, Section
from attendance.readers.intervals import Interval
from attendance.readers.notes import Note, Notes
from attendance.readers.report import (
    ATTENDEE,
    HOST,
    PANELLIST,
    Connection,
    Report,
    Terms,
    UnreadableReport,
    span_of,
)
from people.readers.tables import Table

FORMAT = "zoom-webinar"

# French words are guesses: no French export was found in public.
_OPENINGS = frozenset({"attendee report", "rapport sur les participants", "rapport participants"})
_TITLES = frozenset(
    {
        "host details",
        "panelist details",
        "panellist details",
        "attendee details",
        "other attended",
        "autres participants",
    }
)
_ROLES = (  # words of a table's title, accents off
    (HOST, ("host", "animateur", "hote", "organisateur")),
    (PANELLIST, ("panelist", "panellist", "intervenant")),
    (ATTENDEE, ("attendee", "other attended", "participant", "autre")),
)


@dataclass(frozen=True, slots=True)
class _Summary:
    """The block above the tables, as far as it is there."""

    title: str = ""
    started: str = ""
    minutes: int | None = None
    viewers: int | None = None


def recognises(head: list[list[str]]) -> bool:
    """Whether the first rows are such a report's, even when its opening lines were cut off."""
    return any(
        _is_registration(cells)
        or (rows.filled(cells) == 1 and (_is_title("".join(cells)) or _is_opening("".join(cells))))
        for cells in head
    )


def read(table: Table, terms: Terms) -> Report:
    """Every connection of every table, no-shows counted apart. Raises UnreadableReport."""
    summary = _summary(table.head())
    clock = Clock(terms, lambda: _stamps(table), hints=[summary.started])
    found = Notes()
    gatherer = Gatherer(clock, found)
    connections = [
        connection
        for line, section, cells in _records(table, found)
        if (connection := gatherer.connection(line, section, cells))
    ]
    if not connections:
        raise UnreadableReport(
            _(
                "This Zoom webinar report holds no connection: export it once the webinar is over, "
                "with the details of each participant."
            )
        )
    warnings = [*table.warnings, *found.sentences()]
    held = _held(connections, summary, clock)
    if clock.order and clock.is_assumed:
        warnings.insert(0, notes.order_assumed(clock.order))
    listed = len({row.email for row in connections if row.email})
    if summary.viewers and summary.viewers > listed + found.lost:
        warnings.append(notes.announced_more(summary.viewers, listed))
    return Report(
        format=FORMAT,
        encoding=table.encoding,
        date_order=clock.order,
        title=summary.title,
        connections=connections,
        warnings=warnings,
        held=held,
        no_shows=gatherer.no_shows,
    )


def _records(table: Table, found: Notes) -> Iterator[tuple[int, Section, list[str]]]:
    """The rows of people, each with the table it stands in."""
    section: Section | None = None
    title, title_line = "", 0  # the last lone cell: a title, if headings follow
    for line, cells in table.numbered():
        if not cells:
            continue
        if section is None or title or rows.meaning_of(cells[0]) == "attended":
            columns = rows.columns_of(cells)
            if "joined" in columns and "left" in columns:
                section = Section(title, _role(title), columns)
                title = ""
                continue
        if section and title:
            found.add(Note.STRAY, title_line)
            title = ""
        if rows.filled(cells) == 1:
            title, title_line = "".join(cells), line
            if _is_title(title):
                section = None
        elif section:
            yield line, section, cells
        elif _is_title(title):
            raise UnreadableReport(
                _(
                    "In the table “%(title)s”, line %(line)s, the columns of arrival and departure "
                    "were not recognised. Export the report again in English or in French."
                )
                % {"title": title, "line": line}
            )
    if section and title:
        found.add(Note.STRAY, title_line)


def _stamps(table: Table) -> Iterator[str]:
    for _line, section, cells in _records(table, Notes()):
        yield section.columns.cell(cells, "joined")
        yield section.columns.cell(cells, "left")


def _held(connections: list[Connection], summary: _Summary, clock: Clock) -> Interval | None:
    """When the webinar ran: the host's own connections, else the summary's start and length."""
    by_host = span_of(row for row in connections if row.role == HOST)
    if by_host:
        return by_host
    started = clock.moment(summary.started)
    if not started or not summary.minutes:
        return None
    start = started.instants[0]
    return start, start + timedelta(minutes=summary.minutes)


def _summary(head: list[list[str]]) -> _Summary:
    for headings, values in pairwise(head):
        columns = rows.columns_of(headings)
        if "topic" in columns and "started" in columns:
            return _Summary(
                title=columns.cell(values, "topic"),
                started=columns.cell(values, "started"),
                minutes=rows.minutes_of(columns.cell(values, "lasted")),
                viewers=rows.minutes_of(columns.cell(values, "viewers")),
            )
    return _Summary()


def _is_opening(text: str) -> bool:
    return rows.heading_key(text) in _OPENINGS


def _is_title(text: str) -> bool:
    """Whether a lone cell is the title of one of the tables."""
    words = rows.heading_key(text)
    return words in _TITLES or (words.startswith("details ") and _known_role(words) is not None)


def _is_registration(cells: Sequence[str]) -> bool:
    """Headings that only a webinar's list of attendees has."""
    columns = rows.columns_of(cells)
    return all(meaning in columns for meaning in ("attended", "joined", "left"))


def _known_role(title: str) -> str | None:
    words = rows.heading_key(title)
    return next((role for role, marks in _ROLES if any(mark in words for mark in marks)), None)


def _role(title: str) -> str:
    return _known_role(title) or ATTENDEE
