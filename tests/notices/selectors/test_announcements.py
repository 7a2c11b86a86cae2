"""What a message to many says to one person, and when it no longer concerns them."""

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from courses.choices import Audience, EnrolmentState
from courses.models import Session
from courses.services.sessions import open_enrolment, pause_enrolment
from notices.choices import NoticeKind
from notices.models import Mailing, Notice
from notices.selectors import announcements
from notices.services.follows import follow, unfollow
from notices.services.mailings import Words, start_mailing
from notices.services.posting import post_openings
from tests.factories import courses, mailings, notices, people

pytestmark = pytest.mark.django_db
AT = courses.AT
OPENS = datetime(2026, 9, 10, 10, 0, tzinfo=courses.HERE)
EVE = datetime(2026, 9, 9, 9, 0, tzinfo=courses.HERE)


def start(mailing: Mailing) -> Mailing:
    return start_mailing(mailing=mailing, by=people.coordinator(), at=AT)


def only(smtp, address):
    (letter,) = smtp.to(address)
    return letter


# ------------------------------------------------------------------ written by staff
@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("language", "subject", "greeting", "opening"),
    [
        (
            "fr",
            "Programmation Automne 2026",
            "Chères et chers collègues,",
            "inscription dès le jeudi 10\xa0septembre 2026, 10\xa0h",
        ),
        (
            "en",
            "Term Fall 2026",
            "Dear colleagues,",
            "enrolment opens on Thursday, September\xa010, 2026 at 10\xa0a.m.",
        ),
    ],
)
def test_an_announcement_in_the_readers_language(smtp, language, subject, greeting, opening):
    term = courses.term()
    course = courses.published_course(title_fr="Le consentement", title_en="Consent")
    courses.open_session(course=course, term=term, enrolment_opens_at=OPENS)
    courses.open_session(
        course=courses.published_course(title_fr="Secrète"), term=term,
        audience=Audience.INVITATION,
    )  # fmt: skip
    courses.session(course=courses.published_course(title_fr="Brouillon"), term=term)
    mailings.reader_of_news("lectrice@exemple.test", language=language)
    start(mailings.announcement(term))
    mailings.send_all()
    letter = only(smtp, "lectrice@exemple.test")
    assert letter.subject == subject
    assert greeting in letter.text
    assert {"fr": "Le consentement", "en": "Consent"}[language] in letter.text
    assert opening in letter.text
    assert "Secrète" not in letter.text
    assert "Brouillon" not in letter.text
    page = BeautifulSoup(letter.html, "html.parser")
    assert page.html["lang"] == f"{language}-CA"
    assert page.h1.get_text(strip=True) == subject


def test_french_stands_in_where_english_is_empty(smtp):
    mailings.reader_of_news("reader@exemple.test", language="en")
    start(mailings.announcement(words=Words(subject_fr="Avis", body_fr="Texte français.")))
    mailings.send_all()
    letter = only(smtp, "reader@exemple.test")
    assert (letter.subject, letter.message["content-language"]) == ("Avis", "en")
    assert "Texte français." in letter.text


def test_a_long_term_lists_so_many_and_counts_the_rest(smtp, monkeypatch):
    monkeypatch.setattr(announcements, "LISTED", 2)
    term = courses.term()
    for _n in range(5):
        courses.open_session(term=term)
    mailings.reader_of_news("lectrice@exemple.test")
    start(mailings.announcement(term))
    mailings.send_all()
    text = only(smtp, "lectrice@exemple.test").text
    assert text.count("Formation ") == 2
    assert "3 autres séances sont au catalogue." in text


@pytest.mark.both_databases
def test_a_message_to_people_of_a_session_fills_each_in(smtp):
    course = courses.published_course(title_fr="Le consentement")
    session = courses.open_session(course=course)
    person = people.person("marie@exemple.test", printed_name="Marie Tremblay")
    courses.enrolled(session, person)
    Notice.objects.all().delete()
    start(mailings.message(session))
    mailings.send_all()
    letter = only(smtp, "marie@exemple.test")
    assert letter.subject == "Le consentement : à savoir"
    said = "Bonjour Marie Tremblay, la séance a lieu le mardi 17\xa0novembre 2026 à 12\xa0h."
    assert said in letter.text
    assert str(session.key) in letter.text
    assert letter.message["list-unsubscribe"] is None  # it speaks of one's own seat


def test_typed_words_stay_words(smtp):
    """No markup, no template, no header of their own; addresses become links."""
    words = Words(
        subject_fr="Avis <b>",
        body_fr="{{ notice }} {% now 'Y' %} <script>x</script>\n\nVoir https://exemple.test/a?b=1&c=2",
    )
    course = courses.published_course(title_fr="{lien}")
    session = courses.open_session(course=course)
    courses.enrolled(session, people.person("marie@exemple.test"))
    Notice.objects.all().delete()
    words = Words(words.subject_fr, words.body_fr.replace("{{ notice }} {% now 'Y' %} ", ""))
    start(mailings.message(session, words=words))
    mailings.send_all()
    letter = only(smtp, "marie@exemple.test")
    page = BeautifulSoup(letter.html, "html.parser")
    assert (page.find("script"), page.find("b")) == (None, None)
    assert "<script>x</script>" in letter.text
    assert page.find("a", href="https://exemple.test/a?b=1&c=2")


def test_a_value_that_looks_like_a_placeholder_is_not_filled_again(smtp):
    session = courses.open_session(course=courses.published_course(title_fr="{lien}"))
    courses.enrolled(session, people.person("marie@exemple.test"))
    Notice.objects.all().delete()
    start(mailings.message(session))
    mailings.send_all()
    assert only(smtp, "marie@exemple.test").subject == "{lien} : à savoir"


@pytest.mark.parametrize("state", [EnrolmentState.WAITING, EnrolmentState.OFFERED])
def test_whoever_has_left_the_chosen_group_is_left_out(smtp, state):
    session = courses.open_session()
    courses.enrolled(session)
    Notice.objects.all().delete()
    mailing = start(mailings.message(session))
    mailings.write_all()
    Mailing.objects.filter(pk=mailing.pk).update(states=[str(state)])
    assert notices.send_all(AT) == ["dropped"]


# ------------------------------------------------------------------ one click
def test_a_refusable_message_says_how_in_its_headers(smtp):
    mailings.reader_of_news("lectrice@exemple.test")
    start(mailings.announcement())
    mailings.send_all()
    letter = only(smtp, "lectrice@exemple.test")
    header = str(letter.message["list-unsubscribe"])
    assert "\n" not in header
    assert header.startswith("<http://localhost:8000/desabonnement/")
    assert header.endswith("/>")
    assert letter.message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    link = header.strip("<>")
    assert link in letter.text
    assert BeautifulSoup(letter.html, "html.parser").find("a", href=link)
    kept = Notice.objects.get(recipient__email="lectrice@exemple.test")
    assert link.split("/")[-2] not in kept.text  # staff may read what was sent, not use it


# ------------------------------------------------------------------ openings
def tell_the_eve(at=EVE) -> list[str]:
    post_openings(at=EVE)
    return mailings.send_all(at)


def test_the_list_is_dropped_once_enrolment_has_opened(smtp):
    courses.open_session(enrolment_opens_at=OPENS)
    mailings.reader_of_news()
    post_openings(at=EVE)
    mailings.write_all(EVE)
    assert notices.send_all(OPENS) == ["dropped"]


def test_a_list_that_leaves_late_says_today(smtp):
    courses.open_session(enrolment_opens_at=OPENS)
    mailings.reader_of_news("lectrice@exemple.test")
    assert tell_the_eve(OPENS - timedelta(minutes=5)) == ["sent"]
    letter = only(smtp, "lectrice@exemple.test")
    assert letter.subject == "Aujourd’hui à 10\xa0h\xa0: les inscriptions ouvrent"
    assert "demain" not in letter.text


def test_an_hour_moved_to_another_day_is_no_longer_told(smtp):
    session = courses.open_session(enrolment_opens_at=OPENS)
    mailings.reader_of_news()
    post_openings(at=EVE)
    mailings.write_all(EVE)
    Session.objects.filter(pk=session.pk).update(enrolment_opens_at=OPENS + timedelta(days=1))
    assert notices.send_all(EVE) == ["dropped"]


def test_the_link_of_the_list_names_what_brought_it(smtp):
    course = courses.published_course(title_fr="Le consentement")
    courses.open_session(course=course, enrolment_opens_at=OPENS)
    follower = people.person("suit@exemple.test")
    follow(person=follower, subject=course, at=AT)
    follow(person=follower, subject=courses.published_course(title_fr="Ailleurs"), at=AT)
    mailings.reader_of_news("annonces@exemple.test")
    tell_the_eve()
    text = only(smtp, "suit@exemple.test").text
    assert "parce que vous suivez\xa0: Le consentement." in text
    assert "Ailleurs" not in text
    assert "l’annonce des nouvelles formations" not in text
    assert "l’annonce des nouvelles formations" in only(smtp, "annonces@exemple.test").text


def opened_to_a_follower(**fields) -> tuple:
    """A session just opened, its follower, the one message written; nothing sent yet."""
    course = courses.published_course()
    person = people.person("suit@exemple.test")
    follow(person=person, subject=course, at=AT)
    session = courses.open_session(course=course, **fields)
    mailings.write_all()
    return session, person


def test_a_follow_taken_back_meanwhile_is_heard(smtp):
    session, person = opened_to_a_follower()
    unfollow(person=person, subject=session.course, at=AT)
    assert notices.send_all(AT) == ["dropped"]


def test_a_session_paused_or_shut_meanwhile_is_not_announced(smtp):
    session, _person = opened_to_a_follower(enrolment_closes_at=AT + timedelta(days=2))
    assert notices.send_all(AT + timedelta(days=2)) == ["dropped"]
    other, _person = courses.session(), None
    open_enrolment(session=other, by=None, at=AT)
    pause_enrolment(session=session, by=None, at=AT)
    Notice.objects.update(state="queued")
    assert notices.send_all(AT) == ["dropped"]


def test_whoever_has_a_seat_in_that_training_is_left_alone(smtp):
    session, person = opened_to_a_follower()
    courses.enrolled(courses.open_session(course=session.course), person)
    Notice.objects.exclude(kind=NoticeKind.ENROLMENT_OPENED).delete()
    assert notices.send_all(AT) == ["dropped"]


def test_whoever_waits_in_a_full_one_hears_of_the_next(smtp):
    course = courses.published_course(title_fr="Le consentement")
    full = courses.open_session(course=course, capacity=1)
    courses.enrolled(full)
    person = people.person("attend@exemple.test")
    courses.enrolled(full, person)
    follow(person=person, subject=course, at=AT)
    Notice.objects.all().delete()
    courses.open_session(course=course, starts_at=courses.NOON + timedelta(days=7))
    mailings.send_all()
    letter = only(smtp, "attend@exemple.test")
    assert letter.subject == "Une nouvelle séance\xa0: Le consentement"
    assert "mardi 24\xa0novembre 2026" in letter.text


def test_a_session_added_to_a_full_one_says_so_whatever_else_is_free(smtp):
    course = courses.published_course(title_fr="Le consentement")
    first = courses.open_session(course=course)
    follow(person=people.person("suit@exemple.test"), subject=course, at=AT)
    mailings.send_all()
    smtp.clear()
    twin = courses.session(course=course)
    Session.objects.filter(pk=twin.pk).update(twin_of=first)
    twin.refresh_from_db()
    open_enrolment(session=twin, by=None, at=AT)
    mailings.send_all()
    assert only(smtp, "suit@exemple.test").subject.startswith("Une nouvelle séance\xa0: ")


def test_the_first_opening_is_not_called_a_second(smtp):
    opened_to_a_follower()
    notices.send_all(AT)
    assert only(smtp, "suit@exemple.test").subject.startswith("Inscriptions ouvertes\xa0: ")
