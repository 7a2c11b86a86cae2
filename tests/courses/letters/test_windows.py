"""How long an offer holds: real hours, ends in working hours, never near the start."""

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.letters.windows import is_working_day, offer_ends_at, seats_by_itself
from tests.architecture.house import ROOT

HERE = ZoneInfo("America/Toronto")
SECOND = timedelta(seconds=1)
FAR = datetime(2027, 6, 1, 12, 0, tzinfo=HERE)


def local(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=HERE)


def end(at: datetime, starts_at: datetime) -> datetime | None:
    """The end in local time, from moments of any zone."""
    found = offer_ends_at(at=at, starts_at=starts_at)
    return found.astimezone(HERE) if found is not None else None


# ------------------------------------------------------------------ how many hours
MONDAY = local(2026, 10, 5, 9)  # an ordinary week: ends below fall in working hours


@pytest.mark.parametrize(
    ("left", "hours"),
    [
        (timedelta(days=30), 48),
        (timedelta(days=7) + SECOND, 48),
        (timedelta(days=7), 24),
        (timedelta(days=2) + SECOND, 24),
        (timedelta(days=2), 4),
        (timedelta(hours=12) + SECOND, None),  # 4 h, but never later than 6 h before the start
    ],
)
def test_the_window_shrinks_as_the_session_comes_near(left, hours):
    found = end(MONDAY, MONDAY + left)

    if hours is None:
        assert found == MONDAY + timedelta(hours=4)
    else:
        assert found == MONDAY + timedelta(hours=hours)


@pytest.mark.parametrize("left", [timedelta(hours=12), timedelta(hours=1), timedelta(0)])
def test_nobody_holds_an_offer_in_the_last_twelve_hours(left):
    assert end(MONDAY, MONDAY + left) is None


# ------------------------------------------------------------------ out of nights and holidays
@pytest.mark.parametrize(
    ("made", "ends"),
    [
        (local(2026, 10, 5, 8), local(2026, 10, 7, 8)),  # at the first second of the day
        (local(2026, 10, 5, 7, 59, 59), local(2026, 10, 7, 10)),  # before it: that morning
        (local(2026, 10, 5, 18), local(2026, 10, 7, 18)),  # at the last one
        (local(2026, 10, 5, 18, 0, 1), local(2026, 10, 8, 10)),  # after it: the next morning
        (local(2026, 10, 5, 0), local(2026, 10, 7, 10)),  # midnight
        (local(2026, 10, 7, 12), local(2026, 10, 9, 12)),  # Wednesday → Friday
        (local(2026, 10, 7, 18, 0, 1), local(2026, 10, 13, 10)),  # past the holiday of 12 October
        (local(2026, 10, 8, 12), local(2026, 10, 13, 10)),  # Saturday → Tuesday, after the holiday
        (local(2026, 10, 15, 12), local(2026, 10, 19, 10)),  # Saturday → Monday
        (local(2026, 10, 16, 12), local(2026, 10, 19, 10)),  # Sunday → Monday
    ],
)
def test_an_end_outside_working_hours_moves_to_ten_the_next_working_day(made, ends):
    assert end(made, FAR) == ends


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 4, 3),  # Good Friday
        date(2026, 5, 18),  # Journée nationale des patriotes
        date(2026, 6, 24),  # Fête nationale
        date(2026, 7, 1),
        date(2026, 9, 7),  # fête du Travail
        date(2026, 10, 12),  # Action de grâce
        date(2026, 12, 25),
    ],
)
def test_public_holidays_of_quebec_are_not_worked(day):
    assert day.weekday() < 5
    assert not is_working_day(day)
    noon = datetime.combine(day, time(12), tzinfo=HERE)
    found = end(noon - timedelta(hours=48), FAR + timedelta(days=365))
    assert found is not None
    assert (found.time(), is_working_day(found.date()), found.date() > day) == (
        time(10),
        True,
        True,
    )


@pytest.mark.parametrize("day", [date(2026, 11, 11), date(2026, 8, 3), date(2026, 9, 30)])
def test_days_that_are_holidays_elsewhere_are_worked_here(day):
    """Remembrance Day, the civic holiday, the federal day of 30 September."""
    assert is_working_day(day)


def test_the_first_offer_of_a_process_reads_nothing_more():
    """It is made under locks: the calendar of Québec came with the module."""
    first_offer = """
import sys
from datetime import UTC, datetime
from courses.letters.windows import offer_ends_at

before = set(sys.modules)
offer_ends_at(at=datetime(2026, 9, 1, tzinfo=UTC), starts_at=datetime(2026, 11, 17, tzinfo=UTC))
print(sorted(set(sys.modules) - before))
"""
    found = subprocess.run(
        [sys.executable, "-c", first_offer], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert found.stdout == "[]\n"


# ------------------------------------------------------------------ when clocks change
@pytest.mark.parametrize(
    ("made", "ends"),
    [
        # 48 real hours over the night of 25 hours: an hour earlier on the clock.
        (datetime(2026, 10, 31, 14, 0, tzinfo=UTC), local(2026, 11, 2, 9)),
        (datetime(2026, 10, 31, 12, 59, 59, tzinfo=UTC), local(2026, 11, 2, 10)),
        # Over the night of 23 hours: an hour later.
        (datetime(2026, 3, 7, 14, 0, tzinfo=UTC), local(2026, 3, 9, 10)),
        (datetime(2026, 3, 7, 23, 0, tzinfo=UTC), local(2026, 3, 10, 10)),
    ],
)
def test_hours_are_real_when_clocks_change(made, ends):
    assert end(made, FAR + timedelta(days=365)) == ends


def test_six_hours_before_are_six_real_hours_on_the_night_of_twenty_five():
    """Whatever zone the moments come in."""
    starts_at = local(2026, 11, 1, 7)  # noon in UTC: six hours before, 2 h happens a second time
    at = starts_at.astimezone(UTC) - timedelta(hours=20)

    found = {offer_ends_at(at=a, starts_at=s) for a in both(at) for s in both(starts_at)}

    assert found == {datetime(2026, 11, 1, 6, 0, tzinfo=UTC)}


def both(moment: datetime) -> list[datetime]:
    return [moment.astimezone(UTC), moment.astimezone(HERE)]


# ------------------------------------------------------------------ for every moment
moments = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - the zone is given below
    max_value=datetime(2028, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(moments, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30)))
def test_an_offer_is_long_enough_ends_awake_and_never_near_the_start(at, left):
    starts_at = at + left
    found = offer_ends_at(at=at, starts_at=starts_at)

    if left <= timedelta(hours=12):
        assert found is None
        return
    assert found is not None
    assert at < found <= starts_at - timedelta(hours=6)
    if found < starts_at - timedelta(hours=6):
        here = found.astimezone(HERE)
        assert is_working_day(here.date())
        assert time(8) <= here.time() <= time(18)
        assert found - at >= timedelta(hours=4)


# ------------------------------------------------------------------ J-3
@pytest.mark.parametrize(
    ("at", "by_itself"),
    [
        (local(2026, 11, 13, 23, 59, 59), True),  # J-4, in local days
        (local(2026, 11, 14, 0), False),
        (datetime(2026, 11, 14, 4, 59, 59, tzinfo=UTC), True),  # still the 13th in Montréal
        (datetime(2026, 11, 14, 5, tzinfo=UTC), False),
    ],
)
@pytest.mark.parametrize("starts_at", [local(2026, 11, 17, 0), local(2026, 11, 17, 23, 59)])
def test_a_seat_is_given_by_itself_until_three_local_days_before(at, by_itself, starts_at):
    assert seats_by_itself(asks_first=False, at=at, starts_at=starts_at) == by_itself
    assert not seats_by_itself(asks_first=True, at=at, starts_at=starts_at)
