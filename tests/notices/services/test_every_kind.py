"""Each kind of message, in each of its forms: text and HTML say the same, in one language."""

import re
from datetime import date

from django.utils import translation

import pytest
from bs4 import BeautifulSoup

from notices.choices import TEXTS, NoticeKind
from notices.models import Notice
from notices.selectors.facts import Facts
from notices.selectors.samples import sample_facts
from notices.services import composition
from tests.factories import courses

AT = courses.AT
PAGE = "http://localhost:8000/s/"
ROWS = [{"term": "t", "text": "f"}]
# Beside the sample, what makes the other forms of a kind.
FORMS = {
    NoticeKind.SEAT_CONFIRMED: [{}, {"was_waiting": True, "by_itself": True, "cancel_until": AT}],
    NoticeKind.PUT_ON_WAITING_LIST: [
        {},
        {"asks_first": True, "has_chosen": True},
        {"asks_first": True, "giver": "Ève Côté"},
        {"asked_from": None},
        {"is_near": True},
        {"asks_first": True, "is_second": True},
    ],
    NoticeKind.ENROLMENT_CANCELLED: [
        {},
        {"held": False, "was": "waiting", "instead": {"title": "A", "date": "d"}},
        *({"held": False, "was": was} for was in ("offered", "requested", "waiting")),
    ],
    NoticeKind.PLACE_NOT_OBTAINED: [{}, {"begins": False}],
    NoticeKind.SEAT_OFFERED: [
        {"silences": 1, "instead_of": {"title": "A", "date": "d", "is_seat": True}},
        {"comes_from": "twin", "instead_of": {"title": "A", "date": "d", "is_seat": False}},
        *(
            {"comes_from": origin, "giver": "Ève Côté"}
            for origin in ("list", "liaison", "colleague", "staff")
        ),
    ],
    NoticeKind.OFFER_EXPIRED: [{}, {"keeps_rank": False}, {"again": False}],
    NoticeKind.OFFER_DECLINED: [{}, {"waited": False}],
    NoticeKind.SEAT_REQUESTED: [{}, {"requests_close_at": None}, {"is_draw": False}],
    NoticeKind.REQUEST_REFUSED: [{}, {"motive": ""}],
    NoticeKind.SEAT_PASSED_ON: [{}, {"until": None}],
    NoticeKind.POOL_RELEASE_NEAR: [{}, {"unused": 1, "is_agent": True}],
    NoticeKind.STRIKE_GIVEN: [{}, {"is_absence": True, "effect": "last"}, {"effect": "delayed"}],
    NoticeKind.REMINDER_WEEK: [{}, {"cancel_until": AT}],
    NoticeKind.SESSION_CHANGED: [
        {},
        {"trainers_come": ["A"], "trainers_gone": ["B"], "one_for_one": True, "teaches": True},
        {"trainers_come": ["A"], "trainers_gone": []},
        {"trainers_come": [], "trainers_gone": ["B"], "teaches": True, "leaves": True},
        {"trainers_come": ["A", "B"], "trainers_gone": ["C", "D"]},
    ],
    NoticeKind.SESSION_POSTPONED: [
        {},
        {"held": False, "was": "waiting"},
        {"held": False, "was": "offered", "teaches": True},
    ],
    NoticeKind.SESSION_CANCELLED: [{}, {"held": False, "motive": ""}, {"teaches": True}],
    NoticeKind.CERTIFICATE_ENDED: [{}, {"is_replaced": False}],
    NoticeKind.ENROLMENT_OPENED: [{}, {"is_second": True, "for_network": True}],
    NoticeKind.ENROLMENT_OPENS: [{}, {"is_today": True}],
}
CASES = [(kind, form) for kind in NoticeKind for form in FORMS.get(kind, [{}])]
IDS = [f"{kind.value}-{FORMS.get(kind, [{}]).index(form)}" for kind, form in CASES]


class Composed:
    """What the comparisons read of a message not sent."""

    def __init__(self, letter: composition.Letter) -> None:
        self.subject, self.text = letter.subject, letter.message.body
        self.html = letter.message.alternatives[0].content


@pytest.fixture(scope="module")
def words_of_example(django_db_setup, django_db_blocker):
    """Words of example in each language; the messages of staff bring their own."""
    found = {}
    for language in ("fr", "en"):
        with translation.override(language), django_db_blocker.unblock():
            words = sample_facts(AT).words
        found[language] = words | {
            "subject": f"Sujet {language}",
            "paragraphs": [f"Trois mots {language}"],
            "left_out": 2,
            "sessions": [{"title": "T", "url": PAGE}],
            "is_news": True,
            "followed": ["X", "Y"],
            "unsubscribe_url": f"{PAGE}u/",
            "cancel_url": f"{PAGE}c/",
            "waiting_url": f"{PAGE}w/",
            "session_url": f"{PAGE}p/",
            "verify_url": f"{PAGE}v/",
            "facts": ROWS,
        }
    return found


@pytest.fixture
def composed(words_of_example):
    def compose(kind, form, language) -> Composed:
        notice = Notice(key="k", kind=kind, language=language, address="a@b.test")
        own = (
            {"name": ""} if kind == NoticeKind.ACCOUNT_CLOSED else words_of_example[language] | form
        )
        with translation.override(language):
            return Composed(composition.compose(notice=notice, facts=Facts(own | form)))

    return compose


def links(text: str) -> set[str]:
    return set(re.findall(r"https?://\S+[\w/]", text))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("kind", "form"), CASES, ids=IDS)
def test_text_and_html_say_the_same(kind, form, language, composed):
    letter = composed(kind, form, language)
    page = BeautifulSoup(letter.html, "html.parser")
    assert page.html["lang"] == f"{language}-CA"
    seen = " ".join(page.body.get_text(" ").split())
    for line in filter(None, map(str.strip, letter.text.splitlines())):
        # The footer of the text names site and address on one line.
        for piece in line.split(" · "):
            for mark in re.split(r"https?://\S+|\S+@\S+", piece.strip("- ")):
                assert " ".join(mark.split()) in seen, line
    hrefs = {link["href"] for link in page.find_all("a") if link["href"].startswith("http")}
    assert hrefs == links(letter.text)
    assert not page.find_all(["img", "script", "link", "form"])


@pytest.mark.parametrize(("kind", "form"), CASES, ids=IDS)
def test_no_english_is_left_in_a_french_message(kind, form, composed):
    french, english = (composed(kind, form, language) for language in ("fr", "en"))
    lines = [line for line in english.text.splitlines() if "http" not in line]
    spoken = {line for line in lines if len(line.split()) > 2}
    assert spoken & set(french.text.splitlines()) == set()
    assert french.subject != english.subject


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", TEXTS)
def test_words_of_staff_stand_in_both_parts_in_place_of_ours(kind, language, composed):
    """The first paragraph is replaced; what must be said stays."""
    ours = composed(kind, {}, language)
    theirs = composed(kind, {"lead": ["Une <b>phrase</b>.\nUne autre."]}, language)
    assert "Une <b>phrase</b>.\nUne autre." in theirs.text
    page = BeautifulSoup(theirs.html, "html.parser")
    (paragraph,) = [each for each in page.find_all("p") if "phrase" in each.get_text()]
    assert paragraph.get_text() == "Une <b>phrase</b>.Une autre."
    gone = set(ours.text.splitlines()) - set(theirs.text.splitlines())
    assert gone, "the built-in paragraph is still there"
    assert links(theirs.text) == links(ours.text)


def test_the_sample_names_a_day_where_a_letter_writes_one(words_of_example):
    assert isinstance(words_of_example["fr"]["expires_on"], date)


@pytest.mark.parametrize(("kind", "form"), CASES, ids=IDS)
def test_no_sentence_in_english_has_two_full_stops(kind, form, composed):
    assert ".." not in composed(kind, form, "en").text  # “9 a.m.” has its own


def test_whoever_was_put_down_by_another_is_not_told_that_they_asked(composed):
    kind = NoticeKind.PUT_ON_WAITING_LIST
    put_down = composed(kind, {"asks_first": True, "giver": "Ève Côté"}, "fr").text
    second = composed(kind, {"asks_first": True, "is_second": True}, "fr").text
    own = composed(kind, {}, "fr").text

    asked = "parce que vous avez demandé une place"
    assert [asked in text for text in (put_down, second, own)] == [False, False, True]
    chosen = "Vous aimeriez qu’on vous demande chaque fois"  # they are asked each time already
    assert [chosen in text for text in (put_down, second, own)] == [False, False, True]


@pytest.mark.parametrize("kind", [NoticeKind.SEAT_CONFIRMED, NoticeKind.SESSION_CHANGED])
def test_whoever_was_seated_by_staff_is_not_told_that_they_asked(kind, composed):
    text = composed(kind, {}, "fr").text
    assert "parce que vous avez une place dans cette séance" in text
    assert "parce que vous avez demandé" not in text
