"""The screen of a session's guests: who opens it, what it says to whom, what is pasted."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import pytest
import time_machine
from bs4 import BeautifulSoup

from courses.models import SessionGuest
from courses.services.guests import invite_guests
from courses.services.sessions import cancel_session
from people.models import User
from tests.factories import people
from tests.factories.courses import AT, enrolled, guest, open_session

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


def url(row) -> str:
    return reverse("courses:guests", kwargs={"key": row.key})


def withdraw_url(row, named) -> str:
    return reverse("courses:guest_withdraw", kwargs={"key": row.key, "pk": named.pk})


def page(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def addresses(row) -> list[str]:
    return list(SessionGuest.objects.filter(session=row).values_list("address", flat=True))


# ------------------------------------------------------------------ who may
def test_trainers_open_the_guests_of_their_own_sessions_and_staff_of_all(client):
    trainer, other = people.trainer(), people.trainer()
    row = open_session(trainers=[trainer])

    for user, status in [
        (None, 302), (people.person(), 403), (people.liaison_agent(), 403), (other, 404),
        (trainer, 200), (people.coordinator(), 200),
    ]:  # fmt: skip
        client.logout()
        if user:
            client.force_login(user)
        assert client.get(url(row)).status_code == status, user
        if status != 200:
            client.post(url(row), {"addresses": "a@exemple.ca"})
    assert addresses(row) == []


def test_a_trainer_withdraws_no_guest_of_another_session(client):
    trainer = people.trainer()
    mine, other = open_session(trainers=[trainer]), open_session()
    foreign = guest(other, "a@exemple.ca")
    client.force_login(trainer)

    assert client.post(withdraw_url(other, foreign)).status_code == 404
    assert client.post(withdraw_url(mine, foreign)).status_code == 404
    assert addresses(other) == ["a@exemple.ca"]


def test_the_session_s_page_leads_there_only_those_who_may(client):
    trainer = people.trainer()
    row = open_session(trainers=[trainer])
    session_page = reverse("courses:session", kwargs={"key": row.key})

    def leads_there() -> bool:
        return any(
            link["href"] == url(row) for link in page(client.get(session_page)).find_all("a")
        )

    assert not leads_there()
    client.force_login(people.person())
    assert not leads_there()
    client.force_login(trainer)
    assert leads_there()


# ------------------------------------------------------------------ naming
def test_addresses_pasted_are_named_once_and_the_page_does_not_post_again(client):
    trainer = people.trainer()
    row = open_session(trainers=[trainer])
    client.force_login(trainer)

    response = client.post(url(row), {"addresses": "B@exemple.ca\r\nAnne <a@exemple.ca>\r\n"})

    assert (response.status_code, response["Location"]) == (302, url(row))
    assert addresses(row) == ["a@exemple.ca", "b@exemple.ca"]
    assert SessionGuest.objects.filter(session=row, invited_by=trainer).count() == 2


@pytest.mark.parametrize("typed", ["a@exemple.ca\nrien\nb@exemple.ca", ""])
def test_a_wrong_line_is_told_at_the_field_with_all_that_was_typed(client, typed):
    row = open_session()
    client.force_login(people.coordinator())

    response = client.post(url(row), {"addresses": typed})

    html = page(response)
    field = html.find("textarea", {"name": "addresses"})
    assert response.status_code == 409
    assert (field["aria-invalid"], field.text.strip().splitlines()) == ("true", typed.splitlines())
    assert html.select_one(".error-summary a")["href"] == f"#{field['id']}"
    assert addresses(row) == []


def test_a_cancelled_session_takes_nobody_but_shows_whom_it_had(client):
    row = open_session()
    named = guest(row, "a@exemple.ca")
    cancel_session(session=row, by=None, at=AT, motive="Verglas")
    client.force_login(people.coordinator())

    assert page(client.get(url(row))).find("textarea") is None
    assert client.post(url(row), {"addresses": "b@exemple.ca"}).status_code == 409
    assert client.post(withdraw_url(row, named)).status_code == 302
    assert addresses(row) == []


def test_nothing_is_withdrawn_by_opening_an_address(client):
    row = open_session()
    named = guest(row, "a@exemple.ca")
    client.force_login(people.coordinator())

    assert client.get(withdraw_url(row, named)).status_code == 405
    assert addresses(row) == ["a@exemple.ca"]
    assert client.post(withdraw_url(row, named)).status_code == 302
    assert client.post(withdraw_url(row, named)).status_code == 404
    assert addresses(row) == []


def test_a_form_without_its_token_is_refused():
    from django.test import Client

    row = open_session()
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.coordinator())

    assert client.post(url(row), {"addresses": "a@exemple.ca"}).status_code == 403
    assert addresses(row) == []


# ------------------------------------------------------------------ what it says
def cells(client, row) -> dict[str, list[str]]:
    rows = page(client.get(url(row))).select("table tbody tr")
    return {
        line.th.get_text(strip=True): [cell.get_text(" ", strip=True) for cell in line("td")][:-1]
        for line in rows
    }


def test_a_trainer_reads_who_is_enrolled_and_never_who_has_an_account(client):
    trainer = people.trainer()
    row = open_session(trainers=[trainer], audience="invitation")
    here, elsewhere = people.person("Ici@exemple.test"), people.person("ailleurs@exemple.test")
    for address in (here, elsewhere, "inconnue@exemple.test"):
        guest(row, address)
    seat = enrolled(row, here)

    client.force_login(trainer)
    seen = cells(client, row)

    assert len(seen["ici@exemple.test"]) == 2
    assert seen["ici@exemple.test"][1] == seat.get_state_display()
    # The two others read alike: an address with an account and one without.
    assert seen["ailleurs@exemple.test"] == seen["inconnue@exemple.test"]


def test_staff_read_who_has_an_account(client):
    row = open_session()
    with_account, closed = people.person("Ailleurs@exemple.test"), people.person("p@exemple.test")
    for address in (with_account, closed, "inconnue@exemple.test"):
        guest(row, address)
    User.objects.filter(pk=closed.pk).update(closed_at=AT)

    client.force_login(people.coordinator())
    seen = cells(client, row)

    assert {len(each) for each in seen.values()} == {3}
    assert seen["inconnue@exemple.test"][2] == seen["p@exemple.test"][2]
    assert seen["ailleurs@exemple.test"][2] != seen["inconnue@exemple.test"][2]


@pytest.mark.parametrize("role", ["trainer", "staff"])
def test_the_page_takes_as_many_questions_for_a_thousand_guests_as_for_ten(client, role):
    trainer = people.trainer()
    row = open_session(trainers=[trainer], capacity=None)
    client.force_login(trainer if role == "trainer" else people.coordinator())

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url(row)).status_code == 200
        return len(asked)

    def invite(numbers: range) -> None:
        lines = [f"personne{number}@exemple.ca" for number in numbers]
        invite_guests(session=row, addresses=lines, by=None, at=AT)

    invite(range(10))
    questions()
    counts = [questions()]
    for numbers in (range(10, 100), range(100, 1000)):
        invite(numbers)
        counts.append(questions())

    assert counts[0] == counts[1] == counts[2]
