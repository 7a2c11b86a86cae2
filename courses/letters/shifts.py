"""Moving dates of a programme by the clock on the wall. Pure arithmetic of aware datetimes.

A session of Tuesday at 13 h stays on a Tuesday at 13 h, on either side of a change of hour: what is
shifted is what people read, never an amount of seconds.
"""

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

HERE = ZoneInfo("America/Toronto")
SATURDAY = 5


def shifted(moment: datetime, shift: timedelta) -> datetime:
    """`moment` moved by `shift` on the local clock. An hour that a spring night skips becomes the
    one an hour later, as clocks show it."""
    wall = moment.astimezone(HERE).replace(tzinfo=None) + shift
    aware = wall.replace(tzinfo=HERE)
    # Through UTC and back: an hour that does not exist is written as the one that does.
    return aware.astimezone(ZoneInfo("UTC")).astimezone(HERE)


def wall_shift(old: datetime, new: datetime) -> timedelta:
    """The shift that brings `old` to `new` on the local clock."""
    walls = [moment.astimezone(HERE).replace(tzinfo=None) for moment in (new, old)]
    return walls[0] - walls[1]


@cache
def _holidays(language: str) -> holidays.HolidayBase:
    return holidays.country_holidays("CA", subdiv="QC", language=language)


def holiday_name(day: date, language: str | None) -> str:
    """« Fête nationale du Québec »; empty on any other day. Source: the library `holidays`."""
    return _holidays("en_CA" if (language or "").startswith("en") else "fr").get(day, "")


def is_weekend(day: date) -> bool:
    return day.weekday() >= SATURDAY
