from collections import Counter
from unicodedata import category

import pytest
from fontTools.ttLib import TTFont

from certificates.pdf import BrokenFont, MissingGlyph, typefaces
from certificates.pdf.typefaces import (
    COMMON,
    FALLBACKS,
    FOLDER,
    ITALIC,
    SERIF,
    STRONG,
    TEXT,
    font,
    runs,
    width,
)
from certificates.pdf.wording import ENGLISH, FRENCH

MAIN = [SERIF, ITALIC, TEXT, STRONG]


def test_each_font_has_a_postscript_name_of_its_own():
    names = Counter(font(file).face.name for file in [*MAIN, *FALLBACKS])

    assert set(names.values()) == {1}


@pytest.mark.parametrize("file", MAIN)
def test_a_main_face_holds_the_common_letters_and_every_printed_word(file):
    words = "".join(str(value) for value in [*vars(FRENCH).values(), *vars(ENGLISH).values()])

    letters = [char for char in COMMON + words if category(char) != "Mn"]
    assert not [char for char in letters if not font(file).has(char)]
    assert len(set(COMMON)) <= 220


def test_no_family_uses_a_reserved_name():
    for file in MAIN:
        records = TTFont(FOLDER / file)["name"]
        assert not any("Source" in (records.getDebugName(key) or "") for key in (1, 3, 4, 6, 16))


def test_each_script_finds_its_font_and_spaces_stay_with_their_word():
    found = [(run.text, run.file) for run in runs("Li 李娜 ᐃᓄᒃ", SERIF)]

    assert found == [("Li ", SERIF), ("李娜 ", FALLBACKS[1]), ("ᐃᓄᒃ", FALLBACKS[0])]


@pytest.mark.parametrize("name", ["देव", "ไทย", "አማርኛ", "ລາວ", "ߒߞߏ", "தமிழ்", "\U00020bb7", "😀"])
def test_a_script_without_a_font_is_refused(name):
    with pytest.raises(MissingGlyph) as refusal:
        runs(f"Anne {name}", SERIF)

    assert refusal.value.char in name
    assert f"U+{ord(refusal.value.char):04X}" in str(refusal.value)


def test_pairs_stand_closer_and_widths_know_it():
    alone = sum(font(SERIF).width(char) for char in "AVATAR")

    assert width("AVATAR", SERIF, 10) < alone * 10 / 1000 - 1
    assert width("hhh", SERIF, 10) == pytest.approx(3 * font(SERIF).width("h") / 100)


def test_a_combining_mark_takes_no_room_and_is_raised_over_a_capital():
    assert width("x\u0331n", SERIF, 10) == pytest.approx(width("xn", SERIF, 10), abs=0.3)
    (run,) = runs("Ẹ\u0301", SERIF)
    assert run.spacing.lifts[1] > 100
    (run,) = runs("ẹ\u0301", SERIF)
    assert run.spacing.lifts == ()


@pytest.mark.parametrize("content", [None, b"", b"\0\1\0\0" + b"x" * 400])
def test_a_font_that_is_absent_or_damaged_is_named(content, tmp_path, monkeypatch):
    if content is not None:
        (tmp_path / SERIF).write_bytes(content)
    monkeypatch.setattr(typefaces, "FOLDER", tmp_path)
    typefaces._font.cache_clear()

    with pytest.raises(BrokenFont, match="AcademieSerif") as refusal:
        font(SERIF)

    assert refusal.value.file == SERIF
    typefaces._font.cache_clear()


def test_the_packed_font_refuses_damage_too(tmp_path, monkeypatch):
    (tmp_path / FALLBACKS[1]).write_bytes((FOLDER / FALLBACKS[1]).read_bytes()[:1000])
    monkeypatch.setattr(typefaces, "FOLDER", tmp_path)
    typefaces._font.cache_clear()

    with pytest.raises(BrokenFont):
        font(FALLBACKS[1])
    typefaces._font.cache_clear()
