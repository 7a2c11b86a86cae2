from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.letters import (
    check_character,
    format_number,
    hours_attended,
    masked_name,
    read_number,
    same_name,
)

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def test_the_check_character_is_that_of_the_standard():
    # ISO/IEC 7064, MOD 37,36: the example of its annex.
    assert check_character("A12425GABC1234002") == "M"


@given(st.integers(2020, 2100), st.integers(1, 999_999))
def test_a_number_is_read_back_in_any_spelling(year, serial):
    number = format_number(year, serial)

    for typed in (
        number,
        number.lower(),
        number.replace("-", ""),
        number.replace("-", " "),
        f"  {number} ",
        number.replace("-", "–"),
    ):
        assert read_number(typed) == number


@given(st.integers(1, 999_999), st.data())
def test_one_wrong_character_is_always_caught(serial, data):
    number = format_number(2026, serial).replace("-", "")
    place = data.draw(st.integers(2, len(number) - 1))
    wrong = data.draw(st.sampled_from([c for c in ALPHABET if c != number[place]]))

    typed = number[:place] + wrong + number[place + 1 :]

    assert read_number(typed) is None


@pytest.mark.parametrize("typed", ["", "QC", "bonjour", "QC-2026-000123", "XX-2026-000123-K"])
def test_what_cannot_be_a_number_is_none(typed):
    assert read_number(typed) is None


@pytest.mark.parametrize(
    ("minutes", "maximum", "hours"),
    [
        (60, "1", "1"),
        (58, "1", "1"),
        (54, "1", "0.75"),
        (50, "1", "0.75"),
        (90, "1", "1"),
        (85, "1.5", "1.5"),
        (0, "1", "0"),
        (9, "1", "0"),
        (10, "1", "0.25"),
    ],
)
def test_hours_are_quarters_with_five_minutes_of_grace_and_never_over_the_maximum(
    minutes, maximum, hours
):
    found = hours_attended(seconds=minutes * 60, maximum=Decimal(maximum))

    assert found == Decimal(hours)


@pytest.mark.parametrize(
    ("typed", "corresponds"),
    [
        ("Marie-Ève Côté", True),
        ("marie eve cote", True),
        ("CÔTÉ, Marie-Ève", True),
        ("Marie Côté", False),
        ("", False),
        ("Marie-Ève Coté-Roy", False),
    ],
)
def test_a_name_corresponds_whatever_its_accents_case_and_order(typed, corresponds):
    assert same_name(typed, "Marie-Ève Côté") is corresponds


def test_a_masked_name_keeps_initials_only():
    assert masked_name("Marie-Ève Côté") == "M… C…"
