import dataclasses

import pytest

from certificates.pdf.facts import KINDS
from certificates.pdf.wording import ENGLISH, FRENCH, days, hours, listed


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [("3.00", "3", "3"), ("2.50", "2,5", "2.5"), ("0.25", "0,25", "0.25"), ("10", "10", "10")],
)
def test_hours_carry_no_idle_zero_and_the_sign_of_their_language(value, french, english):
    assert hours(value, "fr") == french
    assert hours(value, "en") == english


@pytest.mark.parametrize(
    ("first", "last", "french", "english"),
    [
        ("2026-11-12", "2026-11-12", "12 novembre 2026", "November 12, 2026"),
        ("2026-11-01", "2026-11-01", "1er novembre 2026", "November 1, 2026"),
        ("2026-11-01", "2026-11-13", "1er au 13 novembre 2026", "November 1–13, 2026"),
        (
            "2026-11-30",
            "2026-12-02",
            "30 novembre au 2 décembre 2026",
            "November 30 – December 2, 2026",
        ),
        (
            "2026-12-31",
            "2027-01-01",
            "31 décembre 2026 au 1er janvier 2027",
            "December 31, 2026 – January 1, 2027",
        ),
    ],
)
def test_days_are_written_as_they_are_read(first, last, french, english):
    assert days(first, last, "fr").replace("\u00a0", " ") == french
    assert days(first, last, "en").replace("\u00a0", " ") == english


def test_a_date_never_breaks_over_two_lines():
    assert " " not in days("2026-11-12", "2026-11-12", "fr")
    assert " " not in days("2026-11-12", "2026-11-12", "en")


def test_names_are_listed():
    assert listed([], "fr") == ""
    assert listed(["A"], "fr") == "A"
    assert listed(["A", "B", "C"], "fr") == "A, B et C"
    assert listed(["A", "B"], "en") == "A and B"


@pytest.mark.parametrize("words", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_each_kind_has_its_words_and_none_is_empty(words):
    for field in dataclasses.fields(words):
        value = getattr(words, field.name)
        if isinstance(value, dict):
            assert set(value) == set(KINDS)
            assert all(value.values())
        else:
            assert value


def test_french_keeps_a_no_break_space_before_the_colon_and_none_before_the_others():
    said = " ".join(
        value for value in dataclasses.asdict(FRENCH).values() if isinstance(value, str)
    )

    assert " :" not in said
    assert not any(f"{space}{mark}" in said for space in " \u00a0\u202f" for mark in ";!?")
    assert "'" not in said
