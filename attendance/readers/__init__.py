"""Bytes of a meeting report to connections: pure, by shape and content, never by file name.

One file a family of reports, each with `FORMAT`, `recognises(head)` and `read(table, terms)`; a new
family is one more file and one more line of `_FAMILIES`.
"""

from collections.abc import Collection
from datetime import date
from typing import BinaryIO
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from attendance.readers import zoom_meeting, zoom_webinar
from attendance.readers.report import (
    Connection,
    Person,
    Report,
    Terms,
    UndecidableOrder,
    UnreadableReport,
    people_of,
)
from people.readers.tables import UnreadableTable, read_table

__all__ = [
    "PARSER_VERSION",
    "Connection",
    "Person",
    "Report",
    "UndecidableOrder",
    "UnreadableReport",
    "people_of",
    "read_report",
]

PARSER_VERSION = "1"  # kept with every import; raised whenever the same bytes would read otherwise

_FAMILIES = (
    zoom_webinar,
    zoom_meeting,
)  # the first that recognises the file reads it: special before general


def read_report(
    data: bytes | BinaryIO,
    *,
    zone: ZoneInfo,
    on: date | Collection[date],
    order: str | None = None,
) -> Report:
    """The connections of a report, in UTC.

    `zone` is that of its stamps, for reports name none; `on` the day (or days) of the session,
    which may settle whether 05/06 is in May or June; `order` a value of DateOrder, the answer of
    staff when UndecidableOrder asked. Raises UnreadableReport: nothing was read.
    """
    around = (on,) if isinstance(on, date) else tuple(on)
    try:
        table = read_table(data)
        head = table.head()
        family = next((family for family in _FAMILIES if family.recognises(head)), None)
        if family is None:
            raise UnreadableReport(
                _(
                    "This file was not recognised as a meeting report. "
                    "Choose the attendance report as the meeting platform exports it."
                )
            )
        return family.read(table, Terms(zone, around, order))
    except UnreadableReport:
        raise
    except UnreadableTable as error:
        raise UnreadableReport(str(error)) from error
