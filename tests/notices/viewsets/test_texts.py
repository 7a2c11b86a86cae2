"""The words of messages in the admin: read, shown, tried, kept by POST, by coordinators alone."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import pytest
from bs4 import BeautifulSoup

from notices.choices import TEXTS, NoticeKind
from notices.models import MessageText
from notices.services.texts import TypedText, save_text
from people.choices import Role
from tests.factories import courses, notices, people

pytestmark = pytest.mark.django_db
INDEX = "texts_admin:index"
KIND = NoticeKind.SEAT_CONFIRMED


def address(kind=KIND) -> str:
    return reverse("texts_admin:text", args=[kind.value])


@pytest.fixture
def coordinator(client):
    user = people.coordinator(printed_name="Équipe")
    client.force_login(user)
    return user


def typed(**parts) -> dict[str, str]:
    return {"subject_fr": "", "lead_fr": "", "subject_en": "", "lead_en": ""} | parts


def page_of(answer) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


@pytest.mark.parametrize("role", [Role.TRAINER, Role.COMMITTEE, Role.DIRECTION, Role.INSPECTOR])
def test_only_a_coordinator_reads_or_writes_the_words(client, role):
    client.force_login(people.person(roles=(role,)))
    assert client.get(reverse(INDEX)).status_code in {302, 403}
    assert client.post(address(), typed(lead_fr="x")).status_code in {302, 403}
    assert not MessageText.objects.exists()


def test_the_list_shows_every_kind_with_its_subject_of_today(client, coordinator):
    save_text(kind=KIND, typed=TypedText(subject_fr="Bravo {nom}"), by=coordinator, at=courses.AT)
    rows = page_of(client.get(reverse(INDEX))).select("tbody tr")
    assert len(rows) == len(TEXTS)
    cells = [cell.get_text(" ", strip=True) for cell in rows[0].find_all(["th", "td"])]
    assert cells[:2] == ["Place confirmée", "Bravo {nom}"]
    assert "Équipe" in cells[3]
    assert all("{" not in row.find("td").get_text() for row in rows[1:])


def test_the_list_costs_the_same_however_much_is_written(client, coordinator):
    counts = []
    for kinds in (list(TEXTS)[:2], list(TEXTS)):
        for kind in kinds:
            save_text(kind=kind, typed=TypedText("x"), by=coordinator, at=courses.AT)
        client.get(reverse(INDEX))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(INDEX))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_a_kind_is_shown_as_it_leaves_today(client, coordinator):
    save_text(kind=KIND, typed=TypedText(lead_fr="Chez nous."), by=coordinator, at=courses.AT)
    page = page_of(client.get(address()))
    assert page.find("textarea", {"name": "lead_fr"}).get_text(strip=True) == "Chez nous."
    frame = page.find("iframe")
    assert "Chez nous." in frame["srcdoc"]
    assert frame.has_attr("sandbox")
    assert "{formation}" in page.get_text()


def test_what_is_typed_is_shown_and_not_kept(client, coordinator):
    answer = client.post(address(), typed(lead_en="Only {name}.") | {"act": "show:en"})
    assert answer.status_code == 200
    assert "Only Équipe." in page_of(answer).find("iframe")["srcdoc"]
    assert not MessageText.objects.exists()


def test_a_trial_reaches_its_author_alone_and_keeps_nothing(client, coordinator, smtp):
    answer = client.post(address(), typed(subject_fr="Essai {nom}") | {"act": "try:fr"})
    assert "Essai {nom}" in page_of(answer).find("input", {"name": "subject_fr"})["value"]
    (trial,) = notices.of(coordinator)
    assert notices.send_all(trial.due_at) == ["sent"]
    assert smtp.to(coordinator.email)[0].subject == "[Essai] Essai Équipe"
    assert not MessageText.objects.exists()


def test_words_are_kept_by_post(client, coordinator):
    answer = client.post(address(), typed(lead_fr="Bravo.") | {"act": "save"})
    assert answer.url == reverse(INDEX)
    row = MessageText.objects.get()
    assert (row.kind, row.lead_fr, row.updated_by) == (KIND, "Bravo.", coordinator)


@pytest.mark.parametrize("act", ["save", "show:fr", "try:fr"])
def test_an_unknown_placeholder_is_refused_at_its_field(client, coordinator, act):
    answer = client.post(address(), typed(lead_fr="Bravo {prenom}.") | {"act": act})
    assert answer.status_code == 409
    assert "{prenom}" in str(answer.context["form"].errors["lead_fr"])
    assert not MessageText.objects.exists()
    assert notices.of(coordinator) == []


def test_a_kind_that_is_not_staffs_to_write_does_not_exist(client, coordinator):
    for name in ("term_announced", "nothing"):
        assert client.get(reverse("texts_admin:text", args=[name])).status_code == 404
