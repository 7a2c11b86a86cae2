import pytest

from academy.services.demo import texts

NBSP = "\N{NO-BREAK SPACE}"
COURSES = texts.read_folder("courses")


@pytest.mark.parametrize(
    ("plain", "typeset"),
    [
        ("Qualité : CAPA", f"Qualité{NBSP}: CAPA"),
        ("le mot « sujet »", f"le mot «{NBSP}sujet{NBSP}»"),
        ("au plus 3 h et 80 %", f"au plus 3{NBSP}h et 80{NBSP}%"),
        ("au plus {hours} h", f"au plus {{hours}}{NBSP}h"),
        ("<p>Combien? Deux; trois!</p>", "<p>Combien? Deux; trois!</p>"),
        ("deux heures", "deux heures"),
    ],
)
def test_french_is_typeset_as_in_quebec(plain, typeset):
    words = {"fr": [plain], "title_fr": plain}

    assert texts.typeset(words) == {"fr": [typeset], "title_fr": typeset}


def test_english_is_left_alone():
    words = {"en": "Fact: 3 h", "title_en": "80 %", "code": "a : b"}

    assert texts.typeset(words) == words


def test_ten_courses_are_written():
    assert len(COURSES) == 10


@pytest.mark.parametrize("code", COURSES)
def test_course_says_the_same_in_both_languages(code):
    french, english = COURSES[code]["fr"], COURSES[code]["en"]

    assert 3 <= len(french["objectives"]) == len(english["objectives"]) <= 4
    assert [block["type"] for block in french["body"]] == [
        block["type"] for block in english["body"]
    ]
    assert french["title"] != english["title"]


@pytest.mark.parametrize("code", COURSES)
def test_french_has_neither_straight_apostrophe_nor_space_before_a_mark(code):
    words = str(COURSES[code]["fr"]).replace(NBSP, "_")

    assert [mark for mark in (" ;", " ?", " !", " :", "« ", " »") if mark in words] == []
    assert [word for word in words.split() if "'" in word.strip("'{}[],:")] == []
