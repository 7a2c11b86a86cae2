"""When things happen in the demonstration, counted from the moment it is built."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

QUARTER = timedelta(minutes=15)
AHEAD = timedelta(minutes=10)  # the session that is about to begin leaves time to look around
SATURDAY = 5
LAST_BEFORE_HOLIDAYS, FIRST_AFTER_HOLIDAYS = (12, 23), (1, 3)  # month and day


@dataclass(frozen=True)
class Season:
    """A term of the Academy: four months with a name."""

    title_fr: str
    title_en: str
    starts_on: date
    ends_on: date


def season_of(on: date) -> Season:
    """« Hiver » January to April, « Été » May to August, « Automne » September to December."""
    french, english, first, last = (
        ("Hiver", "Winter", (1, 1), (4, 30)),
        ("Été", "Summer", (5, 1), (8, 31)),
        ("Automne", "Fall", (9, 1), (12, 31)),
    )[(on.month - 1) // 4]
    return Season(
        title_fr=f"{french} {on.year}",
        title_en=f"{english} {on.year}",
        starts_on=date(on.year, *first),
        ends_on=date(on.year, *last),
    )


def working_day(on: date, offset: int) -> date:
    """The working day that many working days after (or before) `on`; never `on` itself.

    Nobody works on weekends, nor from December 24 to January 2.
    """
    step = timedelta(days=1 if offset > 0 else -1)
    for _each in range(abs(offset)):
        on += step
        while _is_off(on):
            on += step
    return on


def _is_off(on: date) -> bool:
    is_holiday = not FIRST_AFTER_HOLIDAYS <= (on.month, on.day) <= LAST_BEFORE_HOLIDAYS
    return is_holiday or on.weekday() >= SATURDAY


def moment(on: date, clock: str) -> datetime:
    """« 13:30 » of that day, in the time zone of the site."""
    return datetime.combine(on, time.fromisoformat(clock), ZoneInfo(settings.TIME_ZONE))


def about_to_begin(at: datetime) -> datetime:
    """The first quarter of an hour that is at least ten minutes away."""
    wanted = (at + AHEAD).astimezone(UTC)  # a quarter there is a quarter here
    midnight = wanted.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + -(-(wanted - midnight) // QUARTER) * QUARTER
