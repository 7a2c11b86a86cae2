from datetime import UTC, date, datetime

import pytest

from academy.services.demo.moments import about_to_begin, moment, season_of, working_day

FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)


@pytest.mark.parametrize(
    ("on", "french", "english", "first", "last"),
    [
        (date(2026, 9, 1), "Automne 2026", "Fall 2026", date(2026, 9, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), "Automne 2026", "Fall 2026", date(2026, 9, 1), date(2026, 12, 31)),
        (date(2027, 1, 1), "Hiver 2027", "Winter 2027", date(2027, 1, 1), date(2027, 4, 30)),
        (date(2027, 4, 30), "Hiver 2027", "Winter 2027", date(2027, 1, 1), date(2027, 4, 30)),
        (date(2027, 5, 1), "Été 2027", "Summer 2027", date(2027, 5, 1), date(2027, 8, 31)),
    ],
)
def test_season_names_the_term(on, french, english, first, last):
    season = season_of(on)

    assert (season.title_fr, season.title_en) == (french, english)
    assert (season.starts_on, season.ends_on) == (first, last)


@pytest.mark.parametrize(
    ("on", "offset", "day"),
    [
        (FRIDAY, 1, MONDAY),
        (MONDAY, -1, FRIDAY),
        (date(2026, 11, 22), -1, FRIDAY),  # a Sunday
        (date(2026, 11, 22), 1, MONDAY),
        (FRIDAY, 6, date(2026, 11, 30)),
        (date(2026, 12, 23), 1, date(2027, 1, 4)),
        (date(2027, 1, 4), -1, date(2026, 12, 23)),
        (FRIDAY, 0, FRIDAY),
    ],
)
def test_working_day_passes_over_weekends_and_holidays(on, offset, day):
    assert working_day(on, offset) == day


def test_moment_is_a_wall_clock_of_the_site():
    assert moment(FRIDAY, "13:30") == datetime(2026, 11, 20, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "begins"),
    [
        (datetime(2026, 11, 22, 14, 0, tzinfo=UTC), datetime(2026, 11, 22, 14, 15, tzinfo=UTC)),
        (datetime(2026, 11, 22, 14, 5, tzinfo=UTC), datetime(2026, 11, 22, 14, 15, tzinfo=UTC)),
        (datetime(2026, 11, 22, 14, 6, tzinfo=UTC), datetime(2026, 11, 22, 14, 30, tzinfo=UTC)),
        (datetime(2026, 11, 23, 4, 55, tzinfo=UTC), datetime(2026, 11, 23, 5, 15, tzinfo=UTC)),
        # The night the clocks go back: 1:00 comes twice in Montréal.
        (datetime(2026, 11, 1, 5, 40, tzinfo=UTC), datetime(2026, 11, 1, 6, 0, tzinfo=UTC)),
    ],
)
def test_session_is_about_to_begin_on_a_quarter_of_an_hour(at, begins):
    assert about_to_begin(at) == begins
