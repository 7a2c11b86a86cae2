import pytest

from certificates.pdf import ForbiddenCharacter, MissingGlyph
from certificates.pdf.scripts import clean, clean_name, join, spelling, visual


def test_clean_composes_and_mends_blanks():
    assert clean("  Éloïse\n  Côté\t") == "Éloïse Côté"
    assert clean("E\u0301loi\u0308se") == "Éloïse"


@pytest.mark.parametrize(
    "char",
    ["\x00", "\x0b", "\x1b", "\x85", "\u00ad", "\u200b", "\u200e", "\u202e", "\u2028", "\u2066",
     "\ufeff", "\ue000", "\U000e0041", "\ud800"],
)  # fmt: skip
def test_what_cannot_be_seen_is_refused(char):
    with pytest.raises(ForbiddenCharacter) as refusal:
        clean(f"Jean{char}ne")

    assert refusal.value.char == char


def test_a_name_holds_no_line_break():
    assert clean("Jean\nRoy") == "Jean Roy"
    with pytest.raises(ForbiddenCharacter):
        clean_name("Jean\nRoy")


def test_the_joiners_of_persian_are_kept():
    assert clean_name("علی\u200cرضا") == "علی\u200cرضا"


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("بيت", "\ufe91\ufef4\ufe96"),  # initial, medial, final
        ("دار", "\ufea9\ufe8d\ufead"),  # none of these joins onward
        ("لا", "\ufefb"),  # lam and alef are one form
        ("سلام", "\ufeb3\ufefc\ufee1"),  # and joined to the letter before
        ("بَيت", "\ufe91\u064e\ufef4\ufe96"),  # a vowel mark does not part letters
        ("ب ت", "\ufe8f \ufe95"),  # a space does
        ("ب\u200cت", "\ufe8f\u200c\ufe95"),  # and so does the non-joiner
        ("پگاه", "\ufb58\ufb95\ufe8e\ufee9"),  # Persian
        ("Roy", "Roy"),
    ],
)
def test_arabic_letters_take_their_forms(typed, drawn):
    assert join(typed) == drawn


def test_a_letter_that_should_join_and_has_no_form_is_refused():
    with pytest.raises(MissingGlyph) as refusal:
        join("ب\u08a0")

    assert refusal.value.char == "\u08a0"


def test_a_form_is_spelled_as_its_letters():
    assert spelling("\ufe91") == "ب"
    assert spelling("\ufefb") == "لا"
    assert spelling("é") == "é"


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("Éloïse", "Éloïse"),
        ("אברהם", "םהרבא"),
        ("דוד בן", "ןב דוד"),
        ("Jean (אב) Roy", "Jean (בא) Roy"),
        ("(אב)", "(בא)"),
        ("דוד 123", "123 דוד"),
        ("דוד Roy 3.5", "Roy 3.5 דוד"),
        ("דוד-1980/12", "1980/12-דוד"),
        ("Roy, דוד", "Roy, דוד"),
        ("دار 12", "12 راد"),
    ],
)
def test_right_to_left_runs_are_put_in_the_order_of_the_eye(typed, seen):
    assert visual(typed) == seen


def test_a_mark_precedes_the_letter_it_was_reversed_with():
    assert visual("עִב") == "ב\u05b4ע"
