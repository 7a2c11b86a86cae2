"""Stamps of one file to instants: one order of dates, and the hours that clocks repeat or skip."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from attendance.choices import DateOrder
from attendance.readers import dates
from attendance.readers.notes import Note
from attendance.readers.report import Terms

_SLACK = timedelta(minutes=2)  # a report rounds its minutes, some round their stamps too
_REMEMBERED = 65_536  # stamps repeat: a day has 86,400 seconds, most reports a few thousand


class Moment(NamedTuple):
    """What a wall clock showed: one instant (UTC), two in a repeated hour."""

    instants: tuple[datetime, ...]
    is_shown: bool = True  # False for a time that clocks skipped, read as if they had not


class Stay(NamedTuple):
    """A connection on the time line. `is_certain` is False where the clock alone could not tell."""

    joined_at: datetime
    left_at: datetime | None
    is_certain: bool


def moment(stamp: datetime, zone: ZoneInfo) -> Moment:
    """When clocks of `zone` showed `stamp`; a stamp with its own offset is one instant anyway."""
    if stamp.tzinfo:
        return Moment((stamp.astimezone(UTC),))
    first = stamp.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = stamp.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first == second:
        return Moment((first,))
    return Moment((first, second)) if first < second else Moment((first,), is_shown=False)


def stay(joined: Moment, left: Moment | None, *, minutes: int | None = None) -> Stay | None:
    """The instants of a connection; None when it ends before it begins.

    In an hour that occurs twice the report's own `minutes` decide; what they leave open is read as
    the earliest, and said uncertain.
    """
    is_shown = joined.is_shown and (left is None or left.is_shown)
    if left is None:
        return Stay(joined.instants[0], None, is_shown and len(joined.instants) == 1)
    pairs = [(start, end) for start in joined.instants for end in left.instants if start <= end]
    if len(pairs) > 1 and minutes is not None:
        told = timedelta(minutes=minutes)
        pairs = [pair for pair in pairs if abs(pair[1] - pair[0] - told) <= _SLACK] or pairs
    return Stay(*pairs[0], is_shown and len(pairs) == 1) if pairs else None


class Clock:
    """Reads the stamps of one file.

    The order of numeric dates is decided when the first one is met, from `stamps()`, a pass over
    the arrivals and departures of the whole file; from then on a date that contradicts it refuses
    the file. Raises UnreadableReport and UndecidableOrder.
    """

    def __init__(
        self, terms: Terms, stamps: Callable[[], Iterable[str]], *, hints: Iterable[str] = ()
    ) -> None:
        self._terms = terms
        self._stamps = stamps
        self._hints = hints
        self._decision: dates.Decision | None = None
        self._has_year_first = False
        self._known: dict[str, Moment | None] = {}

    @property
    def order(self) -> DateOrder | None:
        """The order of the numeric dates met so far; None when there was none."""
        if self._decision and self._decision.order:
            return self._decision.order
        return DateOrder.YEAR_FIRST if self._has_year_first else None

    @property
    def is_assumed(self) -> bool:
        """Whether nothing but the session's date decided the order."""
        return bool(self._decision and self._decision.is_assumed)

    def moment(self, text: str) -> Moment | None:
        """The moment a stamp tells; None when it tells none."""
        try:
            return self._known[text]
        except KeyError:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[text] = self._read(text)
            return found

    def _read(self, text: str) -> Moment | None:
        day = dates.numeric_date(text)
        self._has_year_first = self._has_year_first or day.is_year_first
        if day.is_year_last and not self._decision:
            self._decision = dates.decide_order(
                self._stamps(),
                around=self._terms.around,
                order=self._terms.order,
                hints=self._hints,
            )
        decision = self._decision or dates.Decision(None)
        stamp = dates.read_stamp(text, decision.order)
        if not stamp and day.is_year_last:
            dates.refuse_contradiction(day.text, decision)
        return moment(stamp, self._terms.zone) if stamp else None

    def stay(
        self, joined: str, left: str, *, minutes: int | None
    ) -> tuple[Stay, Note | None] | Note:
        """The connection between two stamps (`left` may be empty), and what to note about it.

        A note alone means that the row tells no connection.
        """
        start = self.moment(joined)
        end = self.moment(left) if left else None
        if not start or (left and not end):
            return Note.UNREAD
        found = stay(start, end, minutes=minutes)
        if not found:
            return Note.BACKWARDS
        if not found.is_certain:
            return found, Note.REPEATED_HOUR
        if found.left_at and minutes is not None:
            lasted = found.left_at - found.joined_at
            if abs(lasted - timedelta(minutes=minutes)) > _SLACK + timedelta(minutes=1):
                return found, Note.MINUTES_DIFFER
        return found, None
