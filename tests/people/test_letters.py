from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from people.letters import (
    date_words,
    duration_words,
    folded,
    hour_words,
    hours_words,
    interval_words,
    number_words,
    ordinal_words,
    percent_words,
    short_date_words,
)


def plain(text: str) -> str:
    """No-break spaces shown as « ~ », so that a test can see them."""
    return text.replace("\N{NO-BREAK SPACE}", "~")


@pytest.mark.parametrize(
    ("day", "french", "english"),
    [
        (date(2026, 11, 17), "mardi 17~novembre 2026", "Tuesday, November~17, 2026"),
        (date(2026, 11, 1), "dimanche 1er~novembre 2026", "Sunday, November~1, 2026"),
        (date(2027, 2, 28), "dimanche 28~février 2027", "Sunday, February~28, 2027"),
        (date(2026, 8, 2), "dimanche 2~août 2026", "Sunday, August~2, 2026"),
    ],
)
def test_date_is_written_out(day, french, english):
    assert (plain(date_words(day, "fr")), plain(date_words(day, "en"))) == (french, english)


def test_date_may_leave_out_weekday_and_year():
    day = date(2026, 11, 1)
    assert plain(date_words(day, "fr", with_weekday=False)) == "1er~novembre 2026"
    assert plain(date_words(day, "fr", with_weekday=False, with_year=False)) == "1er~novembre"
    assert plain(date_words(day, "en", with_year=False)) == "Sunday, November~1"


@pytest.mark.parametrize(
    ("day", "french", "english"),
    [
        (date(2026, 11, 1), "1er~nov.~2026", "Nov.~1, 2026"),
        (date(2026, 5, 12), "12~mai~2026", "May~12, 2026"),
    ],
)
def test_short_date(day, french, english):
    assert plain(short_date_words(day, "fr")) == french
    assert plain(short_date_words(day, "en")) == english


@pytest.mark.parametrize(
    ("moment", "french", "english"),
    [
        (time(9, 0), "9~h", "9~a.m."),
        (time(8, 5), "8~h~05", "8:05~a.m."),
        (time(13, 30), "13~h~30", "1:30~p.m."),
        (time(12, 0), "12~h", "noon"),
        (time(12, 15), "12~h~15", "12:15~p.m."),
        (time(0, 0), "0~h", "midnight"),
        (time(0, 30), "0~h~30", "12:30~a.m."),
        (time(23, 59), "23~h~59", "11:59~p.m."),
    ],
)
def test_hour(moment, french, english):
    assert (plain(hour_words(moment, "fr")), plain(hour_words(moment, "en"))) == (french, english)


def test_aware_moment_is_shown_in_montreal():
    midnight_in_london = datetime(2026, 11, 18, 0, 30, tzinfo=UTC)
    assert plain(hour_words(midnight_in_london, "fr")) == "19~h~30"
    assert plain(date_words(midnight_in_london, "fr")) == "mardi 17~novembre 2026"


def test_hour_follows_daylight_saving():
    assert plain(hour_words(datetime(2026, 7, 1, 16, 0, tzinfo=UTC), "fr")) == "12~h"
    assert plain(hour_words(datetime(2026, 12, 1, 17, 0, tzinfo=UTC), "fr")) == "12~h"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "mardi 17~novembre 2026, 12~h à 13~h~30"),
        ("en", "Tuesday, November~17, 2026, noon to 1:30~p.m."),
    ],
)
def test_interval_of_one_day(language, words):
    start = datetime(2026, 11, 17, 17, 0, tzinfo=UTC)
    end = datetime(2026, 11, 17, 18, 30, tzinfo=UTC)
    assert plain(interval_words(start, end, language)) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "du mardi 17~novembre 2026, 9~h au mercredi 18~novembre 2026, 16~h"),
        ("en", "Tuesday, November~17, 2026, 9~a.m. to Wednesday, November~18, 2026, 4~p.m."),
    ],
)
def test_interval_of_several_days(language, words):
    start = datetime(2026, 11, 17, 14, 0, tzinfo=UTC)
    end = datetime(2026, 11, 18, 21, 0, tzinfo=UTC)
    assert plain(interval_words(start, end, language)) == words


def test_hours_alone():
    assert plain(hours_words(time(9), time(16, 30), "fr")) == "9~h à 16~h~30"


@pytest.mark.parametrize(
    ("n", "masculine", "feminine", "english"),
    [
        (1, "1er", "1re", "1st"),
        (2, "2e", "2e", "2nd"),
        (3, "3e", "3e", "3rd"),
        (4, "4e", "4e", "4th"),
        (11, "11e", "11e", "11th"),
        (12, "12e", "12e", "12th"),
        (13, "13e", "13e", "13th"),
        (21, "21e", "21e", "21st"),
        (112, "112e", "112e", "112th"),
    ],
)
def test_ordinal(n, masculine, feminine, english):
    assert ordinal_words(n, "fr") == masculine
    assert ordinal_words(n, "fr", feminine=True) == feminine
    assert ordinal_words(n, "en") == english


@pytest.mark.parametrize(
    ("value", "places", "french", "english"),
    [
        (12345, None, "12~345", "12,345"),
        (Decimal("12345.5"), None, "12~345,5", "12,345.5"),
        (1.5, None, "1,5", "1.5"),
        (2.0, None, "2", "2"),
        (Decimal("2.25"), 1, "2,3", "2.3"),
        (Decimal("0.005"), 2, "0,01", "0.01"),
        (0, 1, "0,0", "0.0"),
        (1000000, None, "1~000~000", "1,000,000"),
        (-1234.5, None, "-1~234,5", "-1,234.5"),
    ],
)
def test_number(value, places, french, english):
    assert plain(number_words(value, "fr", places)) == french
    assert plain(number_words(value, "en", places)) == english


def test_percent():
    assert plain(percent_words(90, "fr")) == "90~%"
    assert plain(percent_words(Decimal("87.25"), "fr", 1)) == "87,3~%"
    assert plain(percent_words(90, "en")) == "90%"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0~min"),
        (45, "45~min"),
        (60, "1~h"),
        (90, "1~h~30~min"),
        (150, "2~h~30~min"),
    ],
)
def test_duration(minutes, words):
    assert plain(duration_words(minutes, "fr")) == words


def test_unknown_language_is_written_in_french():
    assert plain(hour_words(time(13, 30), None)) == "13~h~30"
    assert plain(hour_words(time(13, 30), "en-ca")) == "1:30~p.m."


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Hôpital du Sacré-Cœur-de-Montréal", "hopital du sacre coeur de montreal"),
        ("L’Hôtel-Dieu de Québec", "l hotel dieu de quebec"),
        ("  CHU   Sainte–Justine ", "chu sainte justine"),
        ("Louis-H. Lafontaine", "louis h lafontaine"),
        ("«»–_", ""),
    ],
)
def test_folded_text_keeps_only_letters_and_digits(text, bare):
    assert folded(text) == bare
