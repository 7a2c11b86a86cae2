"""Stamps of meeting reports: text to wall clock, wall clock to instants.

Reports carry no zone and write dates in the order of their exporter's locale. The order is decided
once for the whole file, by a date that fits only one, else by the session's own date, else it is
asked (`UndecidableOrder`): never guessed. Read are named months in English and French, 12 and 24
hours, every width of blank, `13 h 30`, ISO with or without an offset.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from attendance.choices import DateOrder
from attendance.readers.report import UndecidableOrder, UnreadableReport

_YEARS = range(1990, 2101)  # of meetings held on line; far ones overflow a change of zone
_LONGEST = 64  # characters of a stamp; anything longer is prose
_TIME = re.compile(
    r"(?:^|(?<=[ ,T]))(?P<hour>\d{1,2}) ?[:h] ?(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r" ?(?:(?P<half>[ap])\.? ?m\.?)? ?(?P<offset>z|utc|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_LINKS = re.compile(r"(?:,|T| à| at| -)+$")  # what stands between a date and its time
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_DAY_MONTH = re.compile(r"(?:[^\W\d]+\.?,? )?(\d{1,2})(?:st|nd|rd|th|er)? ([^\W\d]+)\.?,? (\d{4})")
_MONTH_DAY = re.compile(r"(?:[^\W\d]+\.?,? )?([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janv janvier",
            "feb february fev fevr fevrier",
            "mar march mars",
            "apr april avr avril",
            "may mai",
            "jun june juin",
            "jul july juil juill juillet",
            "aug august aou aout",
            "sep sept september septembre",
            "oct october octobre",
            "nov november novembre",
            "dec december decembre",
        ),
        start=1,
    )
    for name in names.split()
}
_EITHER = (DateOrder.MONTH_FIRST, DateOrder.DAY_FIRST)
_NEAR = timedelta(days=1)  # a report may begin on the eve, or end after midnight


def _tidy(text: str) -> str:
    return " ".join(text.split())  # U+00A0 and U+202F are blanks too


def _valid(year: str, month: str, day: str) -> date | None:
    number = int(year) + (2000 if len(year) == 2 else 0)
    try:
        return date(number, int(month), int(day)) if number in _YEARS else None
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def read_date(text: str, order: str | None = None) -> date | None:
    """The date written in `text`; None when it is none, or when only another order reads it."""
    text = _tidy(text)
    if found := _YEAR_FIRST.fullmatch(text):
        return _valid(found[1], found[3], found[4])
    if found := _YEAR_LAST.fullmatch(text):
        first, second, last = found[1], found[3], found[4]
        if order == DateOrder.DAY_FIRST:
            return _valid(last, second, first)
        if order == DateOrder.MONTH_FIRST:
            return _valid(last, first, second)
        if order == DateOrder.YEAR_FIRST and len(first) == 2 and len(last) == 2:
            return _valid(first, second, last)
        return None
    for pattern, day, month in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        found = pattern.fullmatch(text)
        number = found and _MONTHS.get(_without_accents(found[month]))
        if found and number:
            return _valid(found[3], str(number), found[day])
    return None


def _without_accents(word: str) -> str:
    return "".join(
        letter
        for letter in unicodedata.normalize("NFD", word.casefold())
        if not unicodedata.combining(letter)
    )


def _parts(stamp: str) -> tuple[str, re.Match[str]] | None:
    """The text of the date and the match of the time, or None when there is no time."""
    stamp = _tidy(stamp[: _LONGEST + 1])
    if len(stamp) > _LONGEST or not (found := _TIME.search(stamp)):
        return None
    return _LINKS.sub("", stamp[: found.start()].rstrip()).rstrip(), found


def read_stamp(text: str, order: str | None = None) -> datetime | None:
    """The date and time written in `text`: naive, or aware where it names its offset.

    None when either is missing or impossible, or when only another order reads the date.
    """
    parts = _parts(text)
    day = read_date(parts[0], order) if parts else None
    if not parts or not day:
        return None
    hour, minute, second = int(parts[1]["hour"]), int(parts[1]["minute"]), parts[1]["second"]
    half = (parts[1]["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        stamp = datetime(day.year, day.month, day.day, hour, minute, int(second or 0))  # noqa: DTZ001
        offset = _offset(parts[1]["offset"] or "")
    except ValueError:
        return None
    return stamp.replace(tzinfo=offset)


def _offset(text: str) -> timezone | None:
    """The zone of `Z`, `+00:00`, `-0400`; ValueError for one that cannot be."""
    if not text:
        return None
    if text.upper() in ("Z", "UTC"):
        return UTC
    size = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-size if text[0] == "-" else size)


class NumericDate(NamedTuple):
    """The date part of a stamp, when it is written in digits."""

    text: str
    is_year_first: bool = False
    is_year_last: bool = False  # in either order of day and month


def numeric_date(stamp: str) -> NumericDate:
    parts = _parts(stamp)
    text = parts[0] if parts else _tidy(stamp[:_LONGEST])
    if _YEAR_FIRST.fullmatch(text):
        return NumericDate(text, is_year_first=True)
    return NumericDate(text, is_year_last=bool(_YEAR_LAST.fullmatch(text)))


class Decision(NamedTuple):
    """How the dates of one file are read."""

    order: DateOrder | None  # None when no numeric date occurs
    because: str = ""  # the date that fits no other order
    is_assumed: bool = False  # nothing but the session's date told
    is_told: bool = False  # staff answered


def decide_order(
    stamps: Iterable[str],
    *,
    around: Collection[date],
    order: str | None = None,
    hints: Iterable[str] = (),
) -> Decision:
    """The order of all numeric dates of a file: the answer of staff, else the first that decides.

    `stamps` are the arrivals and departures, read no further than needed; `hints` other dates of
    the report, believed only when the stamps leave a doubt; `around` the days of the session;
    `order` what staff answered. Raises UndecidableOrder when nothing decides.
    """
    if order:
        return Decision(DateOrder(order), is_told=True)
    doubtful: set[str] = set()
    for stamp in stamps:
        day = numeric_date(stamp)
        if day.is_year_last and day.text not in doubtful:
            fitting = _fitting(day.text)
            if len(fitting) == 1:
                return Decision(fitting[0], because=day.text)
            if fitting:
                doubtful.add(day.text)
    for hint in hints:
        fitting = _fitting(numeric_date(hint).text)
        if len(fitting) == 1:
            return Decision(fitting[0])
    if not doubtful:
        return Decision(None)
    if not (telling := sorted(text for text in doubtful if len(_readings(text)) > 1)):
        return Decision(_EITHER[0])  # 05/05: the same day either way
    for enough in (any, all):
        near = [
            choice
            for choice in _EITHER
            if enough(_is_near(read_date(text, choice), around) for text in doubtful)
        ]
        if len(near) == 1:
            return Decision(near[0], is_assumed=True)
    raise UndecidableOrder(
        _(
            "The date “%(date)s” can be read day first or month first, and the date of the session "
            "does not decide. Say which order this report uses."
        )
        % {"date": telling[0]}
    )


def refuse_contradiction(text: str, decision: Decision) -> None:
    """Raise UnreadableReport when `text` is a date, only not in the order decided."""
    if not decision.order or not _fitting(text):
        return
    if decision.is_told:
        raise UnreadableReport(
            _("“%(date)s” is not a date in the order you chose: %(order)s.")
            % {"date": text, "order": decision.order.label}
        )
    raise UnreadableReport(
        _(
            "The dates of this file contradict each other: some have the day first, others the "
            "month (%(dates)s). Export the report again."
        )
        % {"dates": ", ".join(dict.fromkeys(filter(None, (decision.because, text))))}
    )


def _fitting(text: str) -> list[DateOrder]:
    """The orders of day and month in which the text is a date."""
    return [choice for choice in _EITHER if _YEAR_LAST.fullmatch(text) and read_date(text, choice)]


def _readings(text: str) -> set[date | None]:
    return {read_date(text, choice) for choice in _EITHER}


def _is_near(day: date | None, around: Collection[date]) -> bool:
    return day is not None and any(abs(day - other) <= _NEAR for other in around)
