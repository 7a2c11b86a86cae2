"""People brought to the roster by staff: typed, in a list, or written to."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

import pytest

from courses.choices import EnrolmentOrigin
from courses.models import Enrolment, Session
from people.models import Establishment, User
from people.sheets import csv_bytes, xlsx_bytes
from tests.factories import people
from tests.factories.courses import AT, enrolled, open_session, session

pytestmark = pytest.mark.django_db


def url(name: str, row: Session, **more) -> str:
    return reverse(f"courses:{name}", kwargs={"key": row.key, **more})


@pytest.fixture(autouse=True)
def clock(time_machine):
    """The service reads a September morning, weeks before the sessions of the tests."""
    time_machine.move_to(AT)


@pytest.fixture
def staff(client) -> User:
    coordinator = people.coordinator()
    client.force_login(coordinator)
    return coordinator


# ------------------------------------------------------------------ people brought by staff
def lists(*addresses: str) -> dict[str, bytes]:
    rows = [[f"Nom {n}", address] for n, address in enumerate(addresses)]
    return {
        "liste.csv": csv_bytes(["Nom", "Courriel"], rows),
        "liste.xlsx": xlsx_bytes("Liste", ["Nom", "Courriel"], rows),
    }


@pytest.mark.parametrize("name", ["liste.csv", "liste.xlsx"])
def test_a_list_is_shown_before_anybody_is_enrolled(client, staff, name):
    row = open_session(capacity=1)
    new, already = people.person(), enrolled(row).person
    rows = (new.email.upper(), already.email, "inconnue@exemple.test", "pas une adresse")
    file = SimpleUploadedFile(name, lists(*rows)[name])

    page = client.post(url("roster_add", row), {"file": file}).content.decode()

    assert [words in page for words in (str(new), *rows[2:])] == [True] * 3
    assert not Enrolment.objects.filter(person=new).exists()
    client.post(
        url("roster_add", row), {"confirmed": "1", "person": str(new.key), "is_import": "1"}
    )
    standing = Enrolment.objects.get(person=new)
    assert (standing.state, standing.origin) == ("waiting", EnrolmentOrigin.IMPORT)


def test_addresses_typed_take_seats_beyond_the_capacity_only_with_a_motive(client, staff):
    row = open_session(capacity=0)
    person = people.person()
    typed = client.post(url("roster_add", row), {"addresses": person.email, "motive": "Jury"})
    assert "Jury" in typed.content.decode()

    client.post(
        url("roster_add", row), {"confirmed": "1", "person": str(person.key), "beyond": "Jury"}
    )

    standing = Enrolment.objects.get(person=person)
    assert (standing.state, standing.is_extra) == ("confirmed", True)


@pytest.mark.parametrize("data", [{}, {"addresses": "  "}])
def test_nothing_typed_is_a_sentence_and_no_row(client, staff, data):
    row = open_session()

    assert client.post(url("roster_add", row), data).status_code == 422
    assert not row.enrolments.exists()


def test_addresses_typed_beside_a_list_are_not_lost(client, staff):
    row = open_session()
    file = SimpleUploadedFile("liste.csv", lists("ana@exemple.test")["liste.csv"])

    answer = client.post(url("roster_add", row), {"addresses": "ben@exemple.test", "file": file})

    assert (answer.status_code, answer.context["preview"]) == (422, None)


def test_the_preview_says_how_many_would_wait(client, staff):
    row = open_session(capacity=2)
    enrolled(row)
    typed = {"addresses": "; ".join(people.person().email for _n in range(3))}

    assert client.post(url("roster_add", row), typed).context["in_line"] == 2
    beyond = client.post(url("roster_add", row), typed | {"motive": "Jury"})
    assert "liste d’attente" not in beyond.content.decode()


def test_a_picture_is_not_a_list(client, staff):
    row = open_session()
    file = SimpleUploadedFile("liste.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 50)

    assert client.post(url("roster_add", row), {"file": file}).status_code == 422


def test_a_draft_answers_each_person_with_a_sentence(client, staff):
    row = session()
    person = people.person()

    answer = client.post(url("roster_add", row), {"confirmed": "1", "person": str(person.key)})

    assert str(person) in answer.content.decode()
    assert not Enrolment.objects.exists()


def test_the_list_names_the_places_of_work(client, staff):
    place: Establishment = people.establishment("chum")
    row = open_session()
    enrolled(row, people.verified_member(place))

    assert place.short_name in client.get(url("roster", row)).content.decode()
