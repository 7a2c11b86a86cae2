"""The one formula-safe writer of the house: rows to CSV and XLSX bytes.

A cell that begins like a formula would run in the reader's spreadsheet, with their rights; names
and answers come from strangers, so every table we hand out is written here. CSV marks such a text
with an apostrophe (OWASP, "CSV Injection"); XLSX types it as text. Numbers and dates stay typed.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What XML 1.0 cannot hold, lone surrogates included.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MEASURED = 200  # rows that decide how wide columns are
_LONGEST = 32_767  # characters Excel keeps in one cell
_FORMATS = ((datetime, "yyyy-mm-dd hh:mm"), (date, "yyyy-mm-dd"), (time, "hh:mm"))


def csv_bytes(header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """A table for a spreadsheet set to French: UTF-8 with its mark, `;`, decimal commas, CRLF.

    Aware date-times are written in the current time zone, to the second.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_csv_cell(value) for value in header])
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_bytes(title: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook of one sheet: header frozen and filtered, dates and numbers typed, columns as wide
    as what the first rows hold.

    Aware date-times are written in the current time zone, which Excel cannot name.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(title))
    sheet.freeze_panes = "A2"
    all_rows = iter(rows)
    first = list(islice(all_rows, _MEASURED))
    for column, value in enumerate(header, start=1):
        longest = max((_breadth(row[column - 1]) for row in first if len(row) >= column), default=0)
        width = min(60, max(12, len(str(value)) + 4, longest + 2))
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.append([_xlsx_cell(sheet, value, bold=True) for value in header])
    count = 1
    for row in chain(first, all_rows):
        sheet.append([_xlsx_cell(sheet, value) for value in row])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, len(header)))}{count}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _breadth(value: object) -> int:
    """About how many characters a cell shows; moments are shown to the minute."""
    plain = _plain(value)
    return 16 if isinstance(plain, datetime) else len(str(plain))


def _plain(value: object) -> Any:
    """The value as a spreadsheet may hold it: text cleaned, date-times local and naive."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, int | float | Decimal | date | time | timedelta):
        return value
    return _ILLEGAL.sub("", str(value))[:_LONGEST]


def _csv_cell(value: object) -> str:
    plain = _plain(value)
    if isinstance(plain, str):
        return f"'{plain}" if plain.startswith(_FORMULA) else plain
    if isinstance(plain, datetime):
        return plain.isoformat(sep=" ", timespec="seconds")
    if isinstance(plain, timedelta):
        minutes, seconds = divmod(int(plain.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(plain, float | Decimal):
        return str(plain).replace(".", ",")
    return str(plain)


def _xlsx_cell(sheet: WriteOnlyWorksheet, value: object, *, bold: bool = False) -> WriteOnlyCell:
    plain = _plain(value)
    cell = WriteOnlyCell(sheet, value=plain)
    if isinstance(plain, str):
        cell.data_type = "s"  # also where it begins with "=" or looks like an error
        cell.quotePrefix = plain.startswith(_FORMULA)  # stays text when someone edits it
    for kind, number_format in _FORMATS:
        if isinstance(plain, kind):
            cell.number_format = number_format
            break
    if bold:
        cell.font = Font(bold=True)
    return cell


def _sheet_title(title: str) -> str:
    """Excel's rules: at most 31 characters, none of []:*?/\\, no apostrophe at either end."""
    words = re.sub(r"[\[\]:*?/\\\s]+", " ", _ILLEGAL.sub("", title)).strip()
    return words[:31].strip("' ") or "1"
