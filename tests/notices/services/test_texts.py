"""The words of staff: kept whole or refused with one sentence, filled once, escaped always."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

import pytest
from bs4 import BeautifulSoup

from notices.choices import TEXTS, NoticeKind
from notices.models import MessageText, Notice
from notices.selectors.facts import facts_of
from notices.services.texts import (
    TextRefused,
    TypedText,
    preview_text,
    save_text,
    try_text,
)
from people.services.accounts import close_account
from surveys.services.surveys import open_survey
from tests.factories import courses, notices, people

pytestmark = pytest.mark.django_db
AT = courses.AT
LATER = courses.NOON.replace(day=18)
CONFIRMED = NoticeKind.SEAT_CONFIRMED
OURS = "Votre place à cette séance est réservée."


def write(kind=CONFIRMED, **parts):
    return save_text(kind=kind, typed=TypedText(**parts), by=None, at=AT)


def sent_to(person, smtp):
    notices.send_all(AT)
    return smtp.to(person.email)[-1]


# ------------------------------------------------------------------ kept
@pytest.mark.both_databases
def test_words_are_kept_with_who_wrote_them_and_when():
    by = people.coordinator()
    typed = TypedText("Bienvenue\u2028 {nom}", "  Voici.  ", "", "Here.")
    row = save_text(kind=CONFIRMED, typed=typed, by=by, at=AT)
    again = save_text(kind=CONFIRMED, typed=typed, by=None, at=LATER)
    assert again == row == MessageText.objects.get()
    again.refresh_from_db()
    assert (row.subject_fr, row.lead_fr, row.lead_en) == ("Bienvenue {nom}", "Voici.", "Here.")
    assert (again.updated_by, again.updated_at) == (by, AT)  # the second changed nothing


def test_words_replace_subject_and_first_paragraph_and_keep_the_rest(smtp):
    write(subject_fr="C’est fait: {formation}", lead_fr="Bravo {nom}!\n\nRendez-vous le {date}.")
    course = courses.published_course(title_fr="Le consentement")
    person = people.person(printed_name="Zoé Roy")
    courses.enrolled(courses.open_session(course=course), person)
    letter = sent_to(person, smtp)
    assert letter.subject == "C’est fait: Le consentement"
    lines = letter.text.splitlines()
    at = lines.index("Bravo Zoé Roy!")
    assert lines[at + 2] == "Rendez-vous le mardi 17\xa0novembre 2026."
    assert OURS not in letter.text
    assert "Bonjour Zoé Roy," in letter.text
    assert "Libérer ma place" in letter.text
    assert letter.attachment("text/calendar")


def test_words_left_empty_are_ours_language_by_language(smtp):
    write(subject_fr="À nous: {formation}", lead_en="Welcome, {name}.")
    french, english = people.person(language="fr"), people.person("e@x.test", language="en")
    session = courses.open_session()
    for person in (french, english):
        courses.enrolled(session, person)
    notices.send_all(AT)
    (first,), (second,) = smtp.to(french.email), smtp.to(english.email)
    assert first.subject.startswith("À nous: ")
    assert OURS in first.text
    assert second.subject.startswith("Your seat is reserved: ")
    assert "Welcome, Personne" in second.text


def test_either_name_of_a_placeholder_stands_in_either_text(smtp):
    write(lead_fr="{name}, { nom }".replace("{ nom }", "{nom}"), lead_en="{nom}")
    person = people.person(printed_name="Zoé Roy")
    courses.enrolled(courses.open_session(), person)
    assert "Zoé Roy, Zoé Roy" in sent_to(person, smtp).text


def test_a_value_is_neither_markup_nor_a_placeholder_nor_a_header(smtp):
    write(subject_fr="Pour {nom}", lead_fr="<i>{nom}</i>")
    person = people.person(printed_name="{formation} <b>X</b>\r\nBcc: y@z.test")
    courses.enrolled(courses.open_session(), person)
    letter = sent_to(person, smtp)
    assert letter.subject == "Pour {formation} <b>X</b> Bcc: y@z.test"
    assert letter.message["bcc"] is None
    page = BeautifulSoup(letter.html, "html.parser")
    assert page.find(["b", "i"]) is None
    assert "<i>{formation} <b>X</b> Bcc: y@z.test</i>" in letter.text


# ------------------------------------------------------------------ refused
@pytest.mark.parametrize(
    ("parts", "field", "said"),
    [
        ({"subject_fr": "Bonjour {prénom}"}, "subject_fr", "{prénom}"),
        ({"lead_en": "Rank {rang}"}, "lead_en", "{rang}"),  # another kind's
        ({"lead_fr": "{nom"}, "lead_fr", "{formation}"),
        ({"lead_fr": "nom}"}, "lead_fr", "{formation}"),
        ({"lead_fr": "{{nom}}"}, "lead_fr", "{formation}"),
        ({"lead_fr": "Venez: https://reunion.example/j/1"}, "lead_fr", "adresse"),
    ],
)
def test_words_that_no_message_may_say_are_refused_with_a_sentence(parts, field, said):
    courses.open_session(join_url="https://reunion.example/j/1")
    with pytest.raises(TextRefused) as refusal:
        write(**parts)
    assert refusal.value.field == field
    assert said in str(refusal.value)
    assert not MessageText.objects.exists()


def test_only_kinds_whose_words_are_staffs_are_kept():
    with pytest.raises(TextRefused):
        write(kind=NoticeKind.TERM_ANNOUNCED, lead_fr="x")


@pytest.mark.parametrize("kind", TEXTS)
def test_every_placeholder_of_a_kind_is_filled_in_its_preview(kind):
    """Held against the sample: each name has a value to put in its place."""
    names = "".join(f"[{{{name}}}]" for name in notices.placeholders(kind))
    typed = TypedText(lead_fr=f"mots {names}", lead_en=f"words {names}")
    for language in ("fr", "en"):
        shown = preview_text(
            kind=kind, typed=typed, language=language, reader=people.person(), at=AT
        )
        assert "{" not in shown.text
        assert "[]" not in shown.text


# ------------------------------------------------------------------ looked at, tried
def test_a_preview_is_about_the_newest_true_message_as_if_to_the_reader():
    old, new = (courses.published_course(title_fr=title) for title in ("Vieille", "Neuve"))
    for course in (old, new):
        courses.enrolled(courses.open_session(course=course), people.person(printed_name="X"))
    reader = people.coordinator(printed_name="Équipe")
    shown = preview_text(
        kind=CONFIRMED, typed=TypedText(lead_fr="{nom}: {formation}"), language="fr",
        reader=reader, at=AT,
    )  # fmt: skip
    assert "Équipe: Neuve" in shown.text
    assert "Bonjour Équipe," in shown.text
    assert not MessageText.objects.exists()
    assert Notice.objects.filter(recipient=reader).count() == 0


def test_a_preview_never_shows_the_link_of_somebodys_answer():
    session = courses.open_session(course=courses.published_course(), survey_required=True)
    courses.enrolled(session)
    survey = open_survey(session=courses.held(session), at=LATER)
    shown = preview_text(
        kind=NoticeKind.SURVEY_OPENED, typed=TypedText(), language="fr",
        reader=people.coordinator(), at=LATER,
    )  # fmt: skip
    assert survey.invitations.get().token not in shown.html + shown.text


def test_a_trial_goes_to_whoever_asks_alone_marked_and_without_a_calendar(smtp):
    other = courses.enrolled(courses.open_session()).person
    Notice.objects.all().delete()
    reader = people.coordinator()
    typed = TypedText(subject_en="Hello {training}", lead_en="Just you, {name}.")
    for _time in range(2):  # pressed twice in the same second
        try_text(kind=CONFIRMED, typed=typed, language="en", to=reader, at=AT)
    assert notices.send_all(AT) == ["sent"]
    (letter,) = smtp.to(reader.email)
    assert letter.subject.startswith("[Test] Hello ")
    assert f"Just you, {reader}." in letter.text
    assert [part.get_content_type() for part in letter.message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    assert len(smtp.to(other.email)) == 0


def test_a_trial_is_no_fact_for_the_next_preview(smtp):
    reader = people.coordinator()
    try_text(kind=CONFIRMED, typed=TypedText(), language="fr", to=reader, at=AT)
    (trial,) = notices.of(reader)
    assert facts_of(trial, at=AT) is not None  # on a sample: nothing recurses
    close_account(user=reader, by=reader, at=AT)
    reader.refresh_from_db()
    trial.recipient = reader
    assert facts_of(trial, at=AT) is None


def test_words_cost_one_query_a_message_written_or_not():
    (notice,) = notices.of(courses.enrolled(courses.open_session()).person)
    asked = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            facts_of(notice, at=AT)
        asked.append([each["sql"] for each in queries if "notices_messagetext" in each["sql"]])
        write(lead_fr="x")
    assert [len(each) for each in asked] == [1, 1]
