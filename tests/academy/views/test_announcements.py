"""The coordinator's screens of messages to many: write, look, try, start, stop, resume."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

import pytest
from bs4 import BeautifulSoup

from courses.choices import EnrolmentState
from notices.choices import MailingState, NoticeState
from notices.models import Mailing, Notice
from notices.services.follows import follow
from notices.services.mailings import start_mailing, stop_mailing
from people.choices import Role
from tests.factories import courses, mailings, notices, people

pytestmark = pytest.mark.django_db
AT = courses.AT
TYPED = {"subject_fr": "Objet", "body_fr": "Texte.", "subject_en": "", "body_en": ""}


@pytest.fixture
def staff(client):
    row = people.coordinator(email="coordination@exemple.test")
    client.force_login(row)
    return row


def read(answer) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def url(name: str, row=None, **parameters) -> str:
    if row is not None:
        parameters["key"] = row.key
    return reverse(f"academy:{name}", kwargs=parameters)


def step(client, mailing, name):
    return client.post(url("mailing_step", mailing, step=name), follow=True)


def buttons(page) -> list[str]:
    return [" ".join(each.get_text().split()) for each in page.find("main").select("form button")]


# ------------------------------------------------------------------ the door
def addresses(mailing, session) -> list[str]:
    return [
        url("mailings"), url("announce"), url("message", session), url("mailing", mailing),
        url("mailing_edit", mailing), url("mailing_progress", mailing),
        url("mailing_letter", mailing, language="fr"),
    ]  # fmt: skip


@pytest.mark.parametrize("role", [Role.TRAINER, Role.DIRECTION, Role.INSPECTOR, Role.COMMITTEE])
def test_only_coordinators_come_in(client, role):
    mailing, session = mailings.announcement(), courses.open_session()
    client.force_login(people.person(roles=(role,)))
    for address in addresses(mailing, session):
        assert client.get(address).status_code == 403
    assert client.post(url("mailing_step", mailing, step="start")).status_code == 403


def test_every_screen_reads_without_changing(client, staff):
    mailings.reader_of_news()
    mailing, session = mailings.announcement(by=staff), courses.open_session()
    before = Notice.objects.count()
    assert {client.get(each).status_code for each in addresses(mailing, session)} == {200}
    assert client.get(url("mailing_step", mailing, step="start")).status_code == 405
    mailing.refresh_from_db()
    assert (mailing.state, Notice.objects.count()) == (MailingState.DRAFT, before)


# ------------------------------------------------------------------ announcing a term
def test_a_term_is_announced_from_the_first_word_to_the_last_message(client, staff, smtp):
    term = courses.term()
    coming = timezone.now() + timedelta(days=30)  # screens read the clock of today
    course = courses.published_course(title_fr="Le consentement")
    courses.open_session(course=course, term=term, starts_at=coming)
    for n in range(3):
        mailings.reader_of_news(f"lectrice{n}@exemple.test")

    answer = client.post(url("announce"), TYPED | {"term": term.key}, follow=True)
    mailing = Mailing.objects.exclude(term=None).get()
    assert answer.redirect_chain == [(url("mailing", mailing), 302)]
    page = read(answer)
    assert "Il joindrait 3 personnes en ce moment." in " ".join(page.get_text().split())
    assert buttons(page) == ["Envoyer à 3 personnes", "M’envoyer un essai", "Jeter ce brouillon"]
    assert "Le consentement" in page.get_text()

    assert "coordination@exemple.test" in read(step(client, mailing, "test")).get_text()
    notices.send_all(AT + timedelta(days=365))
    assert [letter.subject for letter in smtp.letters] == ["[Essai] Objet"]

    assert "Arrêter l’envoi" in buttons(read(step(client, mailing, "start")))
    assert buttons(read(step(client, mailing, "stop")))[0] == "Reprendre l’envoi"
    mailings.send_all(AT + timedelta(days=365))
    assert len(smtp) == 1
    step(client, mailing, "resume")
    mailings.send_all(AT + timedelta(days=365))
    assert len(smtp) == 4
    page = read(client.get(url("mailing", mailing)))
    assert "Envoyé" in page.get_text()
    assert buttons(page) == ["M’envoyer un essai"]


def test_a_refused_text_comes_back_with_what_was_typed(client, staff):
    term = courses.term()
    typed = TYPED | {"term": term.key, "body_fr": "Bonjour {prenom}"}
    answer = client.post(url("announce"), typed)
    page = read(answer)
    assert answer.status_code == 422
    assert "{prenom}" in page.select_one(".error-summary").get_text()
    assert page.find("textarea", attrs={"name": "body_fr"}).get_text().strip() == "Bonjour {prenom}"
    assert client.post(url("announce"), {}).status_code == 422
    assert Mailing.objects.count() == 0


def test_a_draft_is_corrected_and_thrown_away(client, staff):
    mailing = mailings.announcement(by=staff)
    page = read(client.get(url("mailing_edit", mailing)))
    assert page.find("input", attrs={"name": "subject_fr"})["value"] == mailing.subject_fr
    client.post(url("mailing_edit", mailing), TYPED)
    mailing.refresh_from_db()
    assert mailing.subject_fr == "Objet"
    answer = step(client, mailing, "discard")
    assert answer.redirect_chain == [(url("mailings"), 302)]
    assert client.get(url("mailing", mailing)).status_code == 404


def test_a_message_on_its_way_is_not_corrected(client, staff):
    mailings.reader_of_news()
    mailing = mailings.announcement(by=staff)
    start_mailing(mailing=mailing, by=staff, at=AT)
    answer = client.post(url("mailing_edit", mailing), TYPED)
    assert answer.status_code == 422
    assert "Arrêtez d’abord l’envoi" in read(answer).get_text()


# ------------------------------------------------------------------ people of a session
def test_groups_are_shown_with_their_counts_and_one_is_written_to(client, staff, smtp):
    session = courses.open_session(capacity=2)
    rows = [courses.enrolled(session) for _ in range(3)]
    Notice.objects.all().delete()
    page = read(client.get(url("message", session) + "?state=waiting"))
    labels = [" ".join(each.get_text().split()) for each in page.select(".choices label")]
    assert labels[0].endswith("(2)")
    assert labels[3].endswith("(1)")
    checked = [each["value"] for each in page.select("input[name=states][checked]")]
    assert checked == ["waiting"]

    client.post(url("message", session), TYPED | {"states": ["waiting"]})
    mailing = Mailing.objects.get(session=session, kind="session_message")
    step(client, mailing, "start")
    mailings.send_all(AT)
    assert [letter.recipients for letter in smtp.letters] == [(rows[2].person.email,)]
    assert client.post(url("message", session), TYPED).status_code == 422


def test_those_ticked_on_the_roster_alone(client, staff):
    session = courses.open_session()
    first, second = courses.enrolled(session), courses.enrolled(session)
    stranger = courses.enrolled(courses.open_session())
    who = {"who": [str(first.key), str(stranger.key), "x"]}
    page = read(client.get(url("message", session), who))
    assert [each["value"] for each in page.select("input[name=who]")] == [str(first.key)]
    assert [each["value"] for each in page.select("input[name=states][checked]")] == ["confirmed"]
    client.post(url("message", session), TYPED | who | {"states": ["confirmed"]})
    mailing = Mailing.objects.get(session=session, kind="session_message")
    assert (mailing.enrolments, mailing.states) == ([first.pk], [EnrolmentState.CONFIRMED])
    assert second.pk not in mailing.enrolments


def test_the_control_room_leads_there(client, staff):
    session = courses.open_session()
    page = read(client.get(reverse("academy:control_room", kwargs={"key": session.key})))
    assert page.find("a", href=url("message", session))
    desk = read(client.get(reverse("academy:dashboard")))
    assert desk.find("a", href=url("mailings"))


# ------------------------------------------------------------------ looking at it
def test_the_preview_is_a_real_persons_and_holds_no_link_of_theirs(client, staff):
    mailings.reader_of_news("marie@exemple.test", printed_name="Marie Tremblay")
    mailing = mailings.announcement(by=staff)
    page = read(client.get(url("mailing", mailing)))
    assert "Comme Marie Tremblay le lirait" in " ".join(page.get_text().split())
    frames = [each["src"] for each in page.find_all("iframe")]
    assert frames == [url("mailing_letter", mailing, language=each) for each in ("fr", "en")]
    for src, language in zip(frames, ("fr", "en"), strict=True):
        answer = client.get(src)
        letter = read(answer)
        assert letter.html["lang"] == f"{language}-CA"
        assert "Marie Tremblay" in letter.get_text()
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "desabonnement/…/" in str(letter) or "unsubscribe/…/" in str(letter)
    assert client.get(url("mailing_letter", mailing, language="de")).status_code == 404


def test_without_anybody_the_reader_sees_their_own(client, staff):
    mailing = mailings.announcement(by=staff)
    page = read(client.get(url("mailing", mailing)))
    assert f"Comme {staff} le lirait" in " ".join(page.get_text().split())
    (start,) = [each for each in page.select("form button") if "Envoyer à" in each.get_text()]
    assert start.has_attr("disabled")
    assert "Personne ne le recevrait" in read(step(client, mailing, "start")).get_text()


def test_counts_are_asked_for_again_only_while_it_is_being_sent(client, staff, smtp):
    mailings.reader_of_news()
    mailing = mailings.announcement(by=staff)
    start_mailing(mailing=mailing, by=staff, at=AT)
    mailings.write_all()
    part = read(client.get(url("mailing_progress", mailing)))
    assert part.select_one("[data-live]")["data-live"] == url("mailing_progress", mailing)
    assert [each.get_text() for each in part.select("dd")] == ["0", "1", "0", "0"]
    mailings.send_all()
    part = read(client.get(url("mailing_progress", mailing)))
    assert part.select_one("[data-live]") is None
    assert [each.get_text() for each in part.select("dd")] == ["1", "0", "0", "0"]


def test_what_a_worker_holds_when_it_is_stopped_is_counted_until_it_lets_go(client, staff):
    mailings.reader_of_news()
    mailing = mailings.announcement(by=staff)
    start_mailing(mailing=mailing, by=staff, at=AT)
    mailings.write_all()
    Notice.objects.filter(mailing=mailing).update(state=NoticeState.SENDING)
    stop_mailing(mailing=mailing, by=staff, at=AT)

    part = read(client.get(url("mailing_progress", mailing)))
    assert part.select_one("[data-live]")
    assert [each.get_text() for each in part.select("dd")] == ["0", "1", "0", "0"]
    Notice.objects.filter(mailing=mailing).update(state=NoticeState.DROPPED)
    part = read(client.get(url("mailing_progress", mailing)))
    assert part.select_one("[data-live]") is None
    assert [each.get_text() for each in part.select("dd")] == ["0", "0", "0", "1"]
    assert "non envoyés" not in part.select("dt")[3].get_text()  # it may leave later


@pytest.mark.parametrize("count", [1, 24])
def test_the_list_costs_the_same_however_long(client, staff, count, django_assert_num_queries):
    mailings.reader_of_news()
    for _n in range(count):
        start_mailing(mailing=mailings.announcement(by=staff), by=staff, at=AT)
    assert mailings.write_all() == count
    with django_assert_num_queries(9):
        client.get(url("mailings"))


def test_what_comes_of_itself_is_listed_once_it_reaches_somebody(client, staff):
    course = courses.published_course(title_fr="Le consentement")
    courses.open_session(course=courses.published_course(title_fr="Ailleurs"))
    follow(person=people.person(), subject=course, at=AT)
    courses.open_session(course=course)
    mailings.announcement(by=staff)
    mailings.write_all()
    page = read(client.get(url("mailings")))
    rows = [
        [cell.get_text(strip=True) for cell in row.select("th, td")[:2]]
        for row in page.select("tbody tr")
    ]
    assert sorted(rows) == [
        ["Les inscriptions sont ouvertes", "Le consentement"],
        ["Programmation Automne 2026", "Automne 2026"],
    ]


def test_an_unknown_step_or_message_is_not_found(client, staff):
    mailing = mailings.announcement(by=staff)
    assert client.post(url("mailing_step", mailing, step="burn")).status_code == 404
    mailing.delete()
    assert client.post(url("mailing_step", mailing, step="start")).status_code == 404
