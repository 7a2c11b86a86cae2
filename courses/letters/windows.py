"""How long an offered seat is held. Pure arithmetic of aware datetimes.

Source of the windows: the Academy's rules of enrolment (docs/decisions, 0016). They are real hours;
only the end moves, out of nights, week-ends and Québec's public holidays: nobody loses a seat
asleep.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

HERE = ZoneInfo("America/Toronto")
# (the start is more than this far away, the offer holds this long), the farthest first.
WINDOWS = (
    (timedelta(days=7), timedelta(hours=48)),
    (timedelta(days=2), timedelta(hours=24)),
    (timedelta(hours=12), timedelta(hours=4)),
)
NO_OFFERS = timedelta(hours=12)  # from here on nobody holds an offer: the first to ask has the seat
OPEN_TO_ALL = timedelta(hours=2)  # from here on a free seat waits for nobody
LAST_END = timedelta(hours=6)  # an offer never ends later than this before the start
DAY_BEGINS, DAY_ENDS = time(8), time(18)
MORNING = time(10)
ASK_DAYS = 3  # from J-3 on, everybody is asked first

# Read with this module: the library takes half a second to find a country, and the first offer of
# a process would spend it under the locks that everybody waits for.
HOLIDAYS = holidays.country_holidays("CA", subdiv="QC")


def is_working_day(day: date) -> bool:
    """Monday to Friday, Québec's public holidays excepted."""
    return day.weekday() < 5 and day not in HOLIDAYS


def offer_ends_at(*, at: datetime, starts_at: datetime) -> datetime | None:
    """The end of an offer made at `at` for a session that starts at `starts_at`.

    48 h when the start is over 7 days away, 24 h from 7 to 2 days, 4 h from 48 to 12 h. An end
    outside 8 h to 18 h of a Montréal working day moves to 10 h of the next one, and never passes
    6 h before the start. None from 12 h before the start: nobody holds an offer any more.
    """
    # Aware datetimes of one zone add and compare by their wall clock: real hours need UTC.
    at, starts_at = at.astimezone(UTC), starts_at.astimezone(UTC)
    left = starts_at - at
    if left <= NO_OFFERS:
        return None
    hours = next(length for farther, length in WINDOWS if left > farther)
    end = _into_working_hours((at + hours).astimezone(HERE))
    return min(end.astimezone(UTC), starts_at - LAST_END)


def _into_working_hours(end: datetime) -> datetime:
    day = end.date()
    if is_working_day(day) and DAY_BEGINS <= end.time() <= DAY_ENDS:
        return end
    if not (is_working_day(day) and end.time() < DAY_BEGINS):
        day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, tzinfo=HERE)


def seats_by_itself(*, asks_first: bool, at: datetime, starts_at: datetime) -> bool:
    """Whether a free seat is given at once rather than offered: the person chose so, and it is
    still before J-3 (counted in local days)."""
    if asks_first:
        return False
    return (starts_at.astimezone(HERE).date() - at.astimezone(HERE).date()).days > ASK_DAYS
