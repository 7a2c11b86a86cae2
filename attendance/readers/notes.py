"""What a reader met on its way, gathered into one sentence a kind."""

from collections import defaultdict
from enum import Enum, auto

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance.choices import DateOrder
from people.readers.tables import Lines


class Note(Enum):
    UNREAD = auto()  # a stamp that is none
    BACKWARDS = auto()  # leaves before it joins
    REPEATED_HOUR = auto()  # clocks went back, or skipped the time
    MINUTES_DIFFER = auto()  # the report's own minutes contradict its stamps
    STRAY = auto()  # text between or after the tables


class Notes:
    """Lines by kind; memory stays small whatever the file."""

    def __init__(self) -> None:
        self._lines: defaultdict[Note, Lines] = defaultdict(Lines)

    def add(self, note: Note, line: int) -> None:
        self._lines[note].add(line)

    @property
    def lost(self) -> int:
        """How many rows of people could not be read."""
        return self._lines[Note.UNREAD].count + self._lines[Note.BACKWARDS].count

    def sentences(self) -> list[str]:
        return [
            _sentence(note, self._lines[note].count)
            % {"lines": self._lines[note], "count": self._lines[note].count}
            for note in Note
            if self._lines[note].count
        ]


def _sentence(note: Note, count: int) -> str:
    match note:
        case Note.UNREAD:
            return ngettext(
                "Line %(lines)s has no readable time and was left out.",
                "%(count)s lines have no readable time and were left out (%(lines)s).",
                count,
            )
        case Note.BACKWARDS:
            return ngettext(
                "Line %(lines)s leaves before it arrives and was left out.",
                "%(count)s lines leave before they arrive and were left out (%(lines)s).",
                count,
            )
        case Note.REPEATED_HOUR:
            return ngettext(
                "Line %(lines)s falls where the clocks change and could be an hour off: check it.",
                "%(count)s lines fall where the clocks change and could be an hour off: "
                "check them (%(lines)s).",
                count,
            )
        case Note.MINUTES_DIFFER:
            return ngettext(
                "Line %(lines)s: the minutes stated do not agree with the times; "
                "the times were used.",
                "%(count)s lines state minutes that do not agree with their times; "
                "the times were used (%(lines)s).",
                count,
            )
        case Note.STRAY:
            return ngettext(
                "Line %(lines)s is not a connection and was left out.",
                "%(count)s lines are not connections and were left out (%(lines)s).",
                count,
            )


def announced_more(announced: int, listed: int) -> str:
    """RECORD_COUNT_DIFFERS: a file cut short says so itself."""
    return _(
        "The report announces %(announced)s people and lists %(listed)s: it may be incomplete."
    ) % {"announced": announced, "listed": listed}


def order_assumed(order: DateOrder) -> str:
    """DATE_ORDER_ASSUMED, for the whole file."""
    return _(
        "The dates of this report can be read two ways; the session's date decided: %(order)s."
    ) % {"order": order.label}
