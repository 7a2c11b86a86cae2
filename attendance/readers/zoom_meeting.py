"""Zoom's meeting report: one table of participants, with or without a block about the meeting.

The block (Meeting ID, Topic, Start Time, End Time, User Email…) stands above, a blank row between;
its address is the host's. Rows of the waiting room are set aside. The « unique users » form gives
totals without times, adds overlapping devices up, and so proves nothing: it is refused.
"""

from collections.abc import Iterator
from itertools import pairwise

from django.utils.translation import gettext as _

from attendance.choices import ReasonCode
from attendance.readers import notes, rows
from attendance.readers.clock import Clock
from attendance.readers.gathering import Gatherer, Section
from attendance.readers.intervals import Interval
from attendance.readers.notes import Note, Notes
from attendance.readers.report import ATTENDEE, Connection, Report, Terms, UnreadableReport
from people.readers.tables import Table

FORMAT = "zoom-meeting"

_YES = frozenset({"yes", "oui"})


def recognises(head: list[list[str]]) -> bool:
    """Names beside two stamps and whole minutes, or beside a total of minutes and no stamp."""
    return any(
        _is_participants(columns) or _is_totals(columns) for columns in map(rows.columns_of, head)
    )


def read(table: Table, terms: Terms) -> Report:
    """Every connection outside the waiting room. Raises UnreadableReport."""
    head = table.head()
    if any(_is_totals(rows.columns_of(cells)) for cells in head):
        raise UnreadableReport(
            _(
                "This Zoom report gives one total per person and no times. Export it again "
                "with “Show unique users” unticked."
            )
        )
    topic, host, started, ended = _block(head)
    clock = Clock(terms, lambda: _stamps(table), hints=[started, ended])
    found = Notes()
    gatherer = Gatherer(clock, found, host=host)
    connections: list[Connection] = []
    waited: list[Connection] = []
    for line, section, cells in _records(table, found):
        is_waiting = section.columns.cell(cells, "waiting").casefold() in _YES
        code = ReasonCode.WAITING_ROOM if is_waiting else None
        if connection := gatherer.connection(line, section, cells, code=code):
            (waited if is_waiting else connections).append(connection)
    if not connections:
        raise UnreadableReport(
            _("This Zoom report holds no connection: export it once the meeting is over.")
        )
    held = _held(started, ended, clock)
    assumed = [notes.order_assumed(clock.order)] if clock.order and clock.is_assumed else []
    return Report(
        format=FORMAT,
        encoding=table.encoding,
        date_order=clock.order,
        title=topic,
        connections=connections,
        warnings=[*assumed, *table.warnings, *found.sentences()],
        held=held,
        set_aside=waited,
        no_shows=gatherer.no_shows,
    )


def _records(table: Table, found: Notes) -> Iterator[tuple[int, Section, list[str]]]:
    section: Section | None = None
    for line, cells in table.numbered():
        if section is None:
            columns = rows.columns_of(cells)
            if _is_participants(columns):
                section = Section("", ATTENDEE, columns)
        elif rows.filled(cells) > 1:
            yield line, section, cells
        elif cells:
            found.add(Note.STRAY, line)


def _stamps(table: Table) -> Iterator[str]:
    for _line, section, cells in _records(table, Notes()):
        yield section.columns.cell(cells, "joined")
        yield section.columns.cell(cells, "left")


def _has_name(columns: rows.Columns) -> bool:
    return "name" in columns or "named_with_original" in columns


def _is_participants(columns: rows.Columns) -> bool:
    told = all(meaning in columns for meaning in ("joined", "left", "minutes"))
    return told and _has_name(columns)


def _is_totals(columns: rows.Columns) -> bool:
    return "total" in columns and "joined" not in columns and _has_name(columns)


def _block(head: list[list[str]]) -> tuple[str, str, str, str]:
    """Topic, the host's address, start and end, each "" when the report has none."""
    for headings, values in pairwise(head):
        columns = rows.columns_of(headings)
        if "topic" in columns and "started" in columns:
            host = rows.address_of(columns.cell(values, "email"))
            topic, started, ended = (
                columns.cell(values, meaning) for meaning in ("topic", "started", "ended")
            )
            return topic, host, started, ended
    return "", "", "", ""


def _held(started: str, ended: str, clock: Clock) -> Interval | None:
    start, end = clock.moment(started), clock.moment(ended)
    return (start.instants[0], end.instants[-1]) if start and end else None
