"""Rows of people to connections: what every report that gives times has in common."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance.choices import ReasonCode
from attendance.readers import rows
from attendance.readers.clock import Clock
from attendance.readers.notes import Note, Notes
from attendance.readers.report import HOST, Connection, name_key

_REMEMBERED = 50_000  # texts


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a report: its title, the role of those in it, where its columns stand."""

    title: str
    role: str
    columns: rows.Columns


class Gatherer:
    """Rows to connections, under one clock; what is odd goes to the notes."""

    def __init__(self, clock: Clock, found: Notes, *, host: str = "") -> None:
        self.no_shows = 0
        self._host = host  # address of the host, where only the heading of the report tells
        self._clock = clock
        self._found = found
        self._texts: dict[str, str] = {}  # names and addresses repeat: kept once
        self._reasons: dict[frozenset[str], frozenset[str]] = {}

    def connection(
        self,
        line: int,
        section: Section,
        cells: Sequence[str],
        *,
        code: ReasonCode | None = None,
    ) -> Connection | None:
        """The row as a connection, or None (and a note, or one more no-show).

        `code` is what the reader already knows of the row.
        """
        columns = section.columns
        joined, left = columns.cell(cells, "joined"), columns.cell(cells, "left")
        minutes = rows.minutes_of(columns.cell(cells, "minutes"))
        if not joined and not left and not minutes:
            self.no_shows += 1
            return None
        told = self._clock.stay(joined, left, minutes=minutes)
        if isinstance(told, Note):
            self._found.add(told, line)
            return None
        stay, note = told
        if note:
            self._found.add(note, line)
        name, original_name = names_of(columns, cells)
        email = rows.address_of(columns.cell(cells, "email"))
        role = HOST if email and email == self._host else section.role
        return Connection(
            line=line,
            section=section.title[:40],
            role=role,
            name=self._once(name[:200]),
            original_name=self._once(original_name[:200]),
            email=self._once(email),
            joined_at=stay.joined_at,
            left_at=stay.left_at,
            minutes_stated=minutes,
            reasons=self._reasons_of(role, name, email, code, is_open=not left),
        )

    def _once(self, text: str) -> str:
        if len(self._texts) > _REMEMBERED:
            self._texts.clear()
        return self._texts.setdefault(text, text)

    def _reasons_of(
        self, role: str, name: str, email: str, code: ReasonCode | None, *, is_open: bool
    ) -> frozenset[str]:
        codes = {ReasonCode.DATE_ORDER_ASSUMED} if self._clock.is_assumed else set()
        if role == HOST:
            codes.add(ReasonCode.HOST)
        if not email:
            codes.add(ReasonCode.NO_EMAIL)
            if rows.is_telephone(name):
                codes.add(ReasonCode.PHONE)
        if code:
            codes.add(code)
        if is_open:
            codes.add(ReasonCode.OPEN_END)
        frozen: frozenset[str] = frozenset(codes)
        return self._reasons.setdefault(frozen, frozen)


def names_of(columns: rows.Columns, cells: Sequence[str]) -> tuple[str, str]:
    """The name shown, and the other one the report knows: before renaming, or at registration."""
    first, last = columns.cell(cells, "first_name"), columns.cell(cells, "last_name")
    registered = f"{first} {last}".strip()
    with_original = columns.cell(cells, "named_with_original")
    shown = with_original or columns.cell(cells, "name")
    if not shown:
        return registered, ""
    original = rows.original_of(with_original)
    if not original and name_key(registered) != name_key(shown):
        original = registered
    return shown, original
