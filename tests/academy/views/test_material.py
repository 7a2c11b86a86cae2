"""Slides and recording: who may announce them, to whom it goes, and that nobody is told twice."""

from django.urls import reverse
from django.utils import timezone

import pytest
from bs4 import BeautifulSoup

from courses.services.enrolments import cancel_enrolment
from notices.choices import NoticeKind as Kind
from notices.models import Notice
from people.choices import Role
from tests.factories import cms, courses, mailings, notices, people

pytestmark = pytest.mark.django_db
AT = courses.AT


@pytest.fixture
def staff(client):
    row = people.coordinator()
    client.force_login(row)
    return row


@pytest.fixture
def held():
    """A session that took place: two people with a seat, one who had given theirs back."""
    row = courses.open_session()
    seated = [courses.enrolled(row).person for _ in range(2)]
    gone = courses.enrolled(row)
    cancel_enrolment(enrolment=gone, by=gone.person, at=AT)
    return courses.held(row), seated, gone.person


def url(session) -> str:
    return reverse("academy:material", kwargs={"key": session.key})


def words(answer) -> str:
    text = BeautifulSoup(answer.content, "html.parser").main.get_text(" ", strip=True)
    return text.replace("\xa0", " ")


def buttons(answer) -> list[str]:
    page = BeautifulSoup(answer.content, "html.parser")
    return [" ".join(each.get_text().split()) for each in page.main.select("form button")]


@pytest.mark.parametrize("role", [Role.TRAINER, Role.DIRECTION, Role.INSPECTOR, Role.COMMITTEE])
def test_only_coordinators_come_in(client, held, role):
    session, *_people = held
    client.force_login(people.person(roles=(role,)))

    assert [client.get(url(session)).status_code, client.post(url(session)).status_code] == [
        403,
        403,
    ]


def test_each_person_with_a_seat_is_told_once_of_each(client, staff, held):
    session, seated, gone = held
    before = client.get(url(session))
    assert buttons(before) == [
        "Prévenir 2 personnes que les diapositives sont prêtes",
        "Prévenir 2 personnes que l’enregistrement est prêt",
    ]

    answers = [
        client.post(url(session), {"kind": Kind.SLIDES_READY}, follow=True) for _ in range(2)
    ]
    assert "2 personnes sont prévenues." in words(answers[0])
    assert "Tout le monde était déjà prévenu." in words(answers[1])
    assert buttons(answers[1]) == ["Prévenir 2 personnes que l’enregistrement est prêt"]
    assert "2 personnes ont été prévenues." in words(answers[1])
    assert [len(notices.of(person, Kind.SLIDES_READY)) for person in (*seated, gone)] == [1, 1, 0]


def test_a_recording_waits_for_the_session_and_looking_tells_nobody(client, staff):
    session = courses.open_session()
    courses.enrolled(session)
    before = Notice.objects.count()

    answer = client.get(url(session))
    assert buttons(answer) == ["Prévenir 1 personne que les diapositives sont prêtes"]
    assert "L’enregistrement s’annonce une fois la séance passée." in words(answer)
    forged = client.post(url(session), {"kind": Kind.RECORDING_READY}, follow=True)
    assert words(forged).count("L’enregistrement s’annonce une fois la séance passée.") == 2
    client.post(url(session), {"kind": Kind.SURVEY_OPENED})
    assert Notice.objects.count() == before


def test_the_message_leads_to_the_page_of_the_training(smtp, staff, client):
    cms.site()
    page = cms.course_page(courses.published_course(title_fr="Le consentement"), at=AT)
    session = courses.open_session(course=page.course)
    person = courses.enrolled(session, people.person("a@exemple.test")).person
    client.post(url(courses.held(session)), {"kind": Kind.SLIDES_READY})

    mailings.send_all(timezone.now())
    told = smtp.to(person.email)[-1]
    assert told.subject == "Les diapositives sont prêtes\xa0: Le consentement"
    assert reverse("cms:course", kwargs={"key": page.course.key}) in told.text


def test_the_control_room_leads_here(client, staff, held):
    session, *_people = held

    room = client.get(reverse("academy:control_room", kwargs={"key": session.key}))
    assert url(session) in room.content.decode()
