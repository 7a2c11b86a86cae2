"""Dates moved by the clock on the wall, on both sides of a change of hour."""

from datetime import UTC, date, datetime, timedelta

import pytest

from courses.letters.shifts import HERE, holiday_name, is_weekend, shifted, wall_shift


@pytest.mark.parametrize(
    ("moment", "weeks", "expected", "utc_hour"),
    [
        # Summer to winter: 13 h stays 13 h, an hour later in UTC.
        (datetime(2026, 10, 27, 13, tzinfo=HERE), 1, datetime(2026, 11, 3, 13, tzinfo=HERE), 18),
        # Winter to summer.
        (datetime(2027, 3, 9, 13, tzinfo=HERE), 1, datetime(2027, 3, 16, 13, tzinfo=HERE), 17),
        # A year of 52 weeks keeps the weekday.
        (datetime(2026, 11, 17, 9, tzinfo=HERE), 52, datetime(2027, 11, 16, 9, tzinfo=HERE), 14),
    ],
)
def test_a_shift_keeps_the_hour_that_people_read(moment, weeks, expected, utc_hour):
    found = shifted(moment.astimezone(UTC), timedelta(weeks=weeks))

    assert found == expected
    assert found.astimezone(UTC).hour == utc_hour
    assert found.weekday() == moment.weekday()


def test_a_shift_in_seconds_would_be_an_hour_off():
    moment = datetime(2026, 10, 27, 13, tzinfo=HERE)

    in_seconds = (moment.astimezone(UTC) + timedelta(weeks=1)).astimezone(HERE)

    assert in_seconds.hour == 12
    assert shifted(moment, timedelta(weeks=1)).hour == 13


def test_an_hour_that_a_spring_night_skips_becomes_one_that_exists():
    found = shifted(datetime(2027, 3, 7, 2, 30, tzinfo=HERE), timedelta(weeks=1))

    assert found.astimezone(UTC).astimezone(HERE) == found
    assert (found.day, found.hour, found.minute) == (14, 3, 30)


def test_the_shift_between_two_moments_is_that_of_their_clocks():
    old, new = datetime(2026, 10, 27, 13, tzinfo=HERE), datetime(2026, 11, 3, 13, tzinfo=HERE)

    assert wall_shift(old.astimezone(UTC), new.astimezone(UTC)) == timedelta(weeks=1)
    assert new.astimezone(UTC) - old.astimezone(UTC) == timedelta(weeks=1, hours=1)


@pytest.mark.parametrize(
    ("day", "language", "name"),
    [
        (date(2027, 6, 24), "fr", "Fête nationale du Québec"),
        (date(2027, 6, 24), "en", "Saint Jean Baptiste Day"),
        (date(2027, 5, 24), "fr", "Journée nationale des patriotes"),
        (date(2027, 11, 11), "fr", ""),  # a holiday elsewhere in Canada, not here
        (date(2027, 5, 25), "fr", ""),
    ],
)
def test_public_holidays_are_those_of_quebec(day, language, name):
    assert holiday_name(day, language) == name


def test_saturday_and_sunday_are_the_weekend():
    days = [date(2026, 11, 20) + timedelta(days=n) for n in range(4)]

    assert [is_weekend(day) for day in days] == [False, True, True, False]
