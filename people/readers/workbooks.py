"""The first sheet of an XLSX file as rows of text, never unpacking more than it was allowed to.

A workbook is a zip of XML. Three bombs are known and refused before the spreadsheet engine sees
anything: an archive that unpacks to more than it admits (every part is unpacked here, within the
ceiling, and only that copy is read on), a lone cell in the last corner (the engine keeps the whole
rectangle in memory), and one long text that a million cells share.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from people.readers.limits import MEGABYTE, Limits, Lines, UnreadableTable

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_ENTRY = b"PK\x01\x02"  # begins each entry of an archive's directory
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, CalamineError, EOFError, NotImplementedError, ValueError,
    OSError, struct.error,
)  # fmt: skip


@dataclass(slots=True)
class Sheet:
    """One sheet, held by the engine; its cells become text row by row."""

    engine: CalamineSheet
    warnings: list[str] = field(default_factory=list)

    def numbered(self) -> Iterator[tuple[int, list[str]]]:
        for line, row in enumerate(self.engine.iter_rows(), start=1):  # from row 1 of the sheet
            yield line, [_cell_text(value) for value in row]


def read_workbook(stream: BinaryIO, *, limits: Limits) -> Sheet:
    """The first visible sheet that holds anything. Raises UnreadableTable."""
    try:
        copy, contents = _unpacked(stream, limits)
        with copy, CalamineWorkbook.from_filelike(copy) as book:
            names = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.visible == SheetVisibleEnum.Visible
            ]
            filled = [sheet for name in names if (sheet := book.get_sheet_by_name(name)).height]
            if not filled:
                raise UnreadableTable(_("This file is empty."))
    except _DAMAGE as error:
        raise _damaged() from error
    found = Sheet(filled[0])
    if len(filled) > 1:
        found.warnings.append(
            _("Only the first sheet of this workbook, “%(sheet)s”, was read.")
            % {"sheet": filled[0].name}
        )
    if contents.formulas.count:
        found.warnings.append(
            ngettext(
                "Cell %(cells)s holds a formula: its last saved result was read.",
                "%(count)s cells hold a formula: their last saved results were read (%(cells)s).",
                contents.formulas.count,
            )
            % {"cells": contents.formulas, "count": contents.formulas.count}
        )
    return found


def _damaged() -> UnreadableTable:
    return UnreadableTable(
        _("This Excel file is damaged or incomplete. Open it, save it again as .xlsx, or as CSV.")
    )


def _too_large(limits: Limits) -> UnreadableTable:
    return UnreadableTable(
        _(
            "Once unpacked, this Excel file holds more than we read (%(size)s MB, "
            "%(cells)s million cells). Save the one sheet that matters as CSV."
        )
        % {
            "size": limits.max_unpacked // MEGABYTE,
            "cells": limits.max_cells // 1_000_000,
        }
    )


def _unpacked(stream: BinaryIO, limits: Limits) -> tuple[BinaryIO, "_Contents"]:
    """A plain copy of the archive's XML, each part within the ceiling and looked through."""
    copy = io.BytesIO()
    left = limits.max_unpacked
    contents = _Contents()
    stream.seek(0)
    entries = 0  # counted before the directory is built in memory
    while chunk := stream.read(MEGABYTE):
        entries += chunk.count(_ENTRY)
    if entries > 2 * limits.max_entries:
        raise _damaged()
    with zipfile.ZipFile(stream) as archive, zipfile.ZipFile(copy, "w") as plain:
        parts = archive.infolist()
        if len(parts) > limits.max_entries or len({part.filename for part in parts}) < len(parts):
            raise _damaged()
        packed = sum(part.compress_size for part in parts)
        if sum(part.file_size for part in parts) > limits.max_ratio * max(packed, 1):
            raise _too_large(limits)
        if not any(part.filename == "[Content_Types].xml" for part in parts):
            raise UnreadableTable(
                _("This file is an archive, not a table. Unpack it, then choose the file inside.")
            )
        for part in parts:
            if part.flag_bits & _ENCRYPTED or part.compress_type not in _METHODS:
                raise _damaged()
            if not part.filename.endswith((".xml", ".rels")):
                continue  # pictures, macros, printer settings
            with archive.open(part) as packed_part:
                text = packed_part.read(left + 1)
            left -= len(text)
            if left < 0:
                raise _too_large(limits)
            contents.look_through(text)
            plain.writestr(zipfile.ZipInfo(part.filename), text)
            del text
    if contents.cells > limits.max_cells or contents.letters() > limits.max_unpacked:
        raise _too_large(limits)
    copy.seek(0)
    return copy, contents


class _Contents:
    """What the engine would hold: rectangles of filled cells, shared texts times their use."""

    def __init__(self) -> None:
        self.cells = 0
        self.formulas = Lines()
        self._lengths: list[int] = []  # of the shared texts
        self._uses: list[int] = []
        self._begin_sheet()

    def _begin_sheet(self) -> None:
        self._row = self._column = 0
        self._top = self._first = 1 << 30
        self._bottom = self._last = 0
        self._name = ""
        self._is_shared = False
        self._within = ""  # "si" or "v": where letters are worth reading
        self._text = ""

    def letters(self) -> int:
        count = len(self._lengths)
        return sum(self._lengths[use] for use in self._uses if use < count)

    def look_through(self, xml: bytes) -> None:
        self._begin_sheet()
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            parser.Parse(xml, True)
        except expat.ExpatError as error:
            raise _damaged() from error
        if self._bottom:
            height, width = self._bottom - self._top + 1, self._last - self._first + 1
            self.cells += height * width

    def _refuse(self, *_declaration: object) -> None:
        raise _damaged()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self._is_shared = attributes.get("t") == "s"
            self._name = attributes.get("r", "")
            if self._name:
                self._row, self._column = _position(self._name)
            else:
                self._column += 1
        elif tag in ("v", "is"):
            self._top, self._bottom = min(self._top, self._row), max(self._bottom, self._row)
            self._first, self._last = min(self._first, self._column), max(self._last, self._column)
            self._within, self._text = ("v", "") if tag == "v" and self._is_shared else ("", "")
        elif tag == "row":
            self._row = _number(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = 0
        elif tag == "f":
            self.formulas.add(self._name or f"{self._row}:{self._column}")
        elif tag == "si":
            self._within = "si"
            self._lengths.append(0)

    def _end(self, tag: str) -> None:
        if self._within and tag.rpartition(":")[2] == self._within:
            if self._within == "v":
                self._uses.append(_number(self._text.strip()))
            self._within = ""

    def _data(self, text: str) -> None:
        if self._within == "si":
            self._lengths[-1] += len(text)
        elif self._within == "v":
            self._text += text


def _position(name: str) -> tuple[int, int]:
    """Row and column, from 1, of a cell called like `AB12`."""
    letters = name.rstrip("0123456789")
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        raise _damaged()
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return _number(name[len(letters) :]), column


def _number(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 7):
        raise _damaged()
    return int(digits)


def _cell_text(value: Any) -> str:
    """A typed cell as the text a CSV of the same sheet would hold; date-times to the second."""
    if isinstance(value, str):
        return value.replace("\0", "").strip()  # written _x0000_ in the sheet
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, datetime):  # before date, of which it is one
        rounded = value + timedelta(microseconds=500_000)
        return rounded.replace(microsecond=0).isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
