"""The demand of a term, on screen and as tables to take away."""

import csv
import io

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

from courses.services.demand import record_refusal
from courses.services.enrolments import TermLimitReached
from tests.factories import courses, people
from tests.factories.courses import AT, NOON, enrolled, open_session, published_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def term():
    """One full session of one seat where somebody waits, one refused at the door."""
    row = courses.term()
    session = open_session(
        term=row, capacity=1, course=published_course(title_fr="=Alpha"), starts_at=NOON
    )
    enrolled(session, people.verified_member())
    enrolled(session)
    record_refusal(session=session, person=people.person(), refusal=TermLimitReached("Non"), at=AT)
    return row


@pytest.fixture
def staff(client):
    client.force_login(people.coordinator())
    return client


def screen(term):
    return f"{reverse('academy:demand')}?term={term.key}"


def export(term, part="sessions", kind="csv"):
    return reverse("academy:demand_export", args=[term.key, part, kind])


def test_the_screen_says_who_asked_who_sits_and_who_was_refused(staff, term):
    shown = BeautifulSoup(staff.get(screen(term)).content, "html.parser").main

    figures = [each.get_text(strip=True) for each in shown.select(".tile__figure")]
    assert figures == ["2", "1", "1", "1", "0"]
    assert "Limite de places dans la programmation" in shown.get_text()


def test_the_term_going_on_is_shown_first_and_an_unknown_one_is_no_error(staff, term):
    for address in (reverse("academy:demand"), f"{reverse('academy:demand')}?term=inconnu"):
        assert staff.get(address).context["term"] == term


def test_without_a_term_or_a_session_the_screen_says_so(staff):
    assert "Aucune séance" in staff.get(reverse("academy:demand")).content.decode()
    assert "Aucune séance" in staff.get(screen(courses.term())).content.decode()


def test_a_table_is_taken_away_as_csv_with_nothing_that_runs(staff, term):
    answer = staff.get(export(term))

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][0] == "'=Alpha"
    assert rows[1][3:6] == ["1", "2", "1"]
    assert 'filename="demande-2026-09-sessions.csv"' in answer["Content-Disposition"]


@pytest.mark.parametrize("part", ["sessions", "pools", "establishments", "communities"])
def test_every_table_is_taken_away_as_a_workbook(staff, term, part):
    answer = staff.get(export(term, part, "xlsx"))

    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet.max_row >= 1
    assert sheet["A1"].value


@pytest.mark.parametrize(("part", "kind"), [("people", "csv"), ("sessions", "pdf")])
def test_an_unknown_table_is_not_found(staff, term, part, kind):
    assert staff.get(export(term, part, kind)).status_code == 404


@pytest.mark.parametrize(
    ("role", "code"),
    [(None, 403), ("trainer", 403), ("coordinator", 200), ("direction", 200), ("inspector", 200)],
)
def test_the_demand_is_for_staff(client, term, role, code):
    client.force_login(people.person(roles=(role,) if role else ()))

    assert client.get(screen(term)).status_code == code
    assert client.get(export(term)).status_code == code


@pytest.mark.parametrize(("role", "named"), [("coordinator", True), ("direction", False)])
def test_few_people_of_an_establishment_are_named_to_those_who_manage_alone(
    client, term, role, named
):
    client.force_login(people.person(roles=(role,)))
    place = str(people.establishment())

    assert (place in client.get(screen(term)).content.decode()) is named
    assert (place in client.get(export(term, "establishments")).content.decode()) is named


@pytest.mark.parametrize("count", [10, 100, 1000])
def test_the_screen_costs_the_same_whatever_the_number_of_sessions(staff, term, count):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            staff.get(screen(term))
        return len(queries)

    cost()
    one = cost()
    courses.many_sessions(count, course=published_course(), term=term)
    assert cost() == one
