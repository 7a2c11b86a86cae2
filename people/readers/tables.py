"""Bounded reading of uploaded tables: CSV in the encodings people really send, and XLSX.

    table = read_table(upload)          # bytes, or a seekable binary file
    for line, cells in table.numbered():
        …

The whole table is never held in memory: rows are read again at each pass, so a reader may first
look for what decides (order of dates, headings) and then read. Everything wrong with a file is an
`UnreadableTable` with a sentence fit to show, from `read_table` or, for what only shows further
down (an unclosed quotation mark), from the pass that meets it.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.readers.limits import LIMITS, MEGABYTE, Limits, Lines, UnreadableTable
from people.readers.workbooks import Sheet, read_workbook

__all__ = ["LIMITS", "Limits", "Lines", "Table", "UnreadableTable", "read_table"]

Encoding = Literal["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1252", "xlsx"]

_BOMS: tuple[tuple[bytes, Encoding], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_TABLES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z",
)
_NOT_CSV = (b"<!doctype", b"<html", b"<?xml", b"{", b"[{")  # after the blanks
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_SAMPLE = 64 * 1024
_HEAD_ROWS = 60
_TITLE_ROWS = 1_000  # what titles, headings and blank lines may add to the ceiling of rows


@dataclass(slots=True)
class Table:
    """An uploaded table that has passed the ceilings. One pass at a time over a file object."""

    encoding: Encoding
    delimiter: str  # "" for a workbook
    _source: BinaryIO | bytes
    _limits: Limits
    _sheet: Sheet | None = None
    _has_wrapped: bool = False  # the row being read holds Excel's ="…"
    _nul_lines: Lines = field(default_factory=Lines)
    _lost_lines: Lines = field(default_factory=Lines)

    def numbered(self) -> Iterator[tuple[int, list[str]]]:
        """Each row with the line it ends on (from 1); a blank row is an empty list.

        Cells are stripped of outer blanks and of Excel's `="…"`. Never more than the ceiling.
        """
        self._nul_lines, self._lost_lines = Lines(), Lines()
        source = self._sheet.numbered() if self._sheet else self._read_text()
        for count, (line, cells) in enumerate(source):
            if count >= self._limits.max_rows + _TITLE_ROWS:
                raise UnreadableTable(
                    _(
                        "This file has more than %(rows)s rows, the most we read. "
                        "Split it, then import the parts."
                    )
                    % {"rows": f"{self._limits.max_rows:,}".replace(",", "\N{NO-BREAK SPACE}")}
                )
            if line == 1 and cells and cells[0].lower().startswith("sep="):
                continue  # Excel's own way of naming the delimiter
            yield line, cells if any(cells) else []

    @property
    def rows(self) -> Iterator[list[str]]:
        """The rows alone, from the top at each access."""
        return (cells for _line, cells in self.numbered())

    def head(self, count: int = _HEAD_ROWS) -> list[list[str]]:
        """The first rows, blank ones left out: enough to tell what kind of table this is."""
        rows = self.rows
        return list(islice((cells for cells in islice(rows, 10 * count) if cells), count))

    @property
    def warnings(self) -> list[str]:
        """What was mended during the last complete pass, one sentence a kind."""
        found = list(self._sheet.warnings) if self._sheet else []
        if self._nul_lines.count:
            found.append(
                ngettext(
                    "Line %(lines)s held null characters, which were removed: check it.",
                    "%(count)s lines held null characters, which were removed: "
                    "check them (%(lines)s).",
                    self._nul_lines.count,
                )
                % {"lines": self._nul_lines, "count": self._nul_lines.count}
            )
        if self._lost_lines.count:
            found.append(
                ngettext(
                    "Line %(lines)s holds characters that could not be read: check it.",
                    "%(count)s lines hold characters that could not be read: "
                    "check them (%(lines)s).",
                    self._lost_lines.count,
                )
                % {"lines": self._lost_lines, "count": self._lost_lines.count}
            )
        return found

    def _read_text(self) -> Iterator[tuple[int, list[str]]]:
        started = 1  # first line of the row being read
        with _text(self._source, self.encoding) as stream:
            reader = csv.reader(
                self._lines(stream), delimiter=self.delimiter, strict=True, skipinitialspace=True
            )
            try:
                for row in reader:
                    if self._has_wrapped:
                        self._has_wrapped = False
                        row = [_unwrapped(value) for value in row]
                    yield reader.line_num, [*map(str.strip, row)]
                    started = reader.line_num + 1
            except csv.Error as error:
                raise UnreadableTable(
                    _(
                        "The row that begins on line %(line)s has a quotation mark that is never "
                        "closed, or one out of place. Nothing was read: correct the file, "
                        "or export it again."
                    )
                    % {"line": started}
                ) from error

    def _lines(self, stream: io.TextIOWrapper) -> Iterator[str]:
        longest = self._limits.max_line
        for number, line in enumerate(iter(lambda: stream.readline(longest + 1), ""), start=1):
            if len(line) > longest:
                raise UnreadableTable(
                    _("Line %(line)s is far too long for a table. Export the file again as CSV.")
                    % {"line": number}
                )
            if "\0" in line:
                self._nul_lines.add(number)
                line = line.replace("\0", "")
            if "\N{REPLACEMENT CHARACTER}" in line:
                self._lost_lines.add(number)
            if '="' in line:
                self._has_wrapped = True
            yield line


def read_table(data: bytes | BinaryIO, *, limits: Limits = LIMITS) -> Table:
    """The table in `data` (bytes, or a seekable binary file that stays open while it is read).

    Encoding: byte-order mark, else UTF-16 by its null bytes, else UTF-8 if all of it is, else
    cp1252. Delimiter: tab, semicolon or comma, by the first rows. Raises UnreadableTable.
    """
    size = _size(data)
    if size > limits.max_bytes:
        raise UnreadableTable(
            _(
                "This file weighs more than %(size)s MB, the most we read. "
                "Split it, then import the parts."
            )
            % {"size": limits.max_bytes // MEGABYTE}
        )
    start = _start(data, _SAMPLE)
    if not start.strip(b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"):
        raise UnreadableTable(_("This file is empty."))
    if start.startswith(_ZIP):
        with _bytes(data) as stream:
            sheet = read_workbook(stream, limits=limits)
        table = Table("xlsx", "", b"", limits, _sheet=sheet)
    else:
        _refuse_other_kinds(start)
        encoding = _encoding(data, start)
        with _text(data, encoding) as stream:
            sample = stream.read(_SAMPLE // 4)
        _refuse_binary(sample)
        table = Table(encoding, _delimiter(sample), data, limits)
    if not table.head(1):
        raise UnreadableTable(_("This file is empty."))
    return table


def _not_a_table() -> UnreadableTable:
    return UnreadableTable(
        _("This file is not a table. Choose a CSV or Excel file, as it was exported.")
    )


def _refuse_other_kinds(start: bytes) -> None:
    if start.startswith(_OLD_OFFICE):
        raise UnreadableTable(
            _(
                "This is an old or password-protected Office file. "
                "Save it as .xlsx without a password, or as CSV."
            )
        )
    opening = b"".join(start[:200].removeprefix(codecs.BOM_UTF8).split()).lower()
    if start.startswith(_NOT_TABLES) or opening.startswith(_NOT_CSV):
        raise _not_a_table()


def _refuse_binary(sample: str) -> None:
    """Text has next to no control characters; anything else would come out as nonsense rows."""
    odd = sum(1 for letter in sample if letter < " " and letter not in "\t\r\n\0\x0b\x0c\x1a")
    if odd > 2 + len(sample) // 100:
        raise _not_a_table()


def _encoding(data: bytes | BinaryIO, start: bytes) -> Encoding:
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding
    even, odd = start[0:4096:2].count(0), start[1:4096:2].count(0)
    half = max(1, min(len(start), 4096) // 2)
    if odd > 0.3 * half and odd > 4 * even:
        return "utf-16-le"
    if even > 0.3 * half and even > 4 * odd:
        return "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    with _bytes(data) as stream:
        try:
            while chunk := stream.read(MEGABYTE):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _delimiter(sample: str) -> str:
    """The mark that cuts most rows of the sample; a comma inside a stamp or a name cuts few."""
    lines = [line.replace("\0", "") for line in sample.splitlines() if line.strip()][:_HEAD_ROWS]
    if lines and (told := lines[0].strip().lower()).startswith("sep=") and len(told) == 5:
        return told[4]
    shares = {}
    for mark in "\t;,":
        try:
            rows = list(csv.reader(lines, delimiter=mark, skipinitialspace=True))
        except csv.Error:
            rows = []
        shares[mark] = sum(len(row) > 1 for row in rows) / max(1, len(rows))
        if shares[mark] >= 0.5:
            return mark
    return max(shares, key=lambda mark: (shares[mark], mark == ","))


def _unwrapped(value: str) -> str:
    value = value.strip()
    if value.startswith('="') and value.endswith('"') and len(value) > 2:
        return value[2:-1].replace('""', '"')
    return value


def _size(data: bytes | BinaryIO) -> int:
    return len(data) if isinstance(data, bytes) else data.seek(0, io.SEEK_END)


def _start(data: bytes | BinaryIO, count: int) -> bytes:
    with _bytes(data) as stream:
        return stream.read(count)


@contextmanager
def _bytes(data: bytes | BinaryIO) -> Iterator[BinaryIO]:
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    stream.seek(0)
    yield stream


@contextmanager
def _text(data: bytes | BinaryIO, encoding: Encoding) -> Iterator[io.TextIOWrapper]:
    """The file as text, its mark skipped; the caller's file object is left open."""
    with _bytes(data) as stream:
        wrapped = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
        try:
            if encoding.startswith("utf-16") and wrapped.read(1) != "\N{ZERO WIDTH NO-BREAK SPACE}":
                wrapped.seek(0)
            yield wrapped
        finally:
            wrapped.detach()
