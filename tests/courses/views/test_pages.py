"""What a session's page, its calendar and its roster show, and to whom."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

import pytest
import time_machine
from bs4 import BeautifulSoup
from icalendar import Calendar

from courses.services.enrolments import cancel_enrolment
from courses.services.sessions import cancel_session
from people.choices import Role
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    held,
    meeting,
    open_session,
    published_course,
    session,
)

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


def url(name: str, row) -> str:
    return reverse(f"courses:{name}", kwargs={"key": row.key})


def page_of(client, name: str, row) -> BeautifulSoup:
    response = client.get(url(name, row))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def links(page: BeautifulSoup) -> set[str]:
    return {link["href"] for link in page.main.find_all("a", href=True)}


# ------------------------------------------------------------------ the page
def test_anybody_reads_the_page_and_it_holds_no_form(client):
    row = open_session(course=published_course(title_fr="Les bonnes pratiques"))

    page = page_of(client, "session", row)

    assert page.h1.get_text(strip=True) == "Les bonnes pratiques"
    assert page.main.find("time")["datetime"].startswith("2026-11-17T12:00")
    assert page.main.find("form") is None
    course = reverse("cms:course", kwargs={"key": row.course.key})
    assert {url("enrol", row), course} <= links(page)


@pytest.mark.parametrize("moment", ["to come", "over"])
def test_the_button_is_there_only_while_it_may_be_pressed(client, clock, moment):
    row = open_session()
    if moment == "over":
        clock.move_to(NOON + timedelta(hours=2))
        held(row)

    assert (url("enrol", row) in links(page_of(client, "session", row))) is (moment == "to come")


def test_a_full_session_says_how_many_wait(client):
    row = open_session(capacity=1)
    enrolled(row), enrolled(row), enrolled(row)

    badge = page_of(client, "session", row).select_one(".badge").get_text(strip=True)

    assert "2" in badge


@pytest.mark.parametrize(("minutes", "tone"), [(-1, set()), (1, {"badge--success"})])
def test_seats_invite_only_while_they_may_be_asked_for(client, minutes, tone):
    row = open_session(enrolment_closes_at=AT + timedelta(minutes=minutes))

    badge = page_of(client, "session", row).select_one(".badge")

    assert set(badge["class"]) - {"badge"} == tone


def test_the_page_says_what_the_attestation_asks(client):
    row = open_session(course=published_course(attendance_threshold=75))

    section = page_of(client, "session", row).find(id="attestation").parent

    assert "75" in section.get_text()
    assert len(section.find_all("li")) == 2


def test_one_s_own_seat_and_rank_are_on_the_page(client):
    row, person = open_session(capacity=1), people.person()
    first = enrolled(row)
    enrolled(row, person)
    client.force_login(person)

    waiting = page_of(client, "session", row)
    assert gettext("Leave the waiting list") in waiting.main.get_text()
    assert url("enrol", row) not in links(waiting)

    client.force_login(first.person)
    seated = page_of(client, "session", row)
    assert gettext("Your seat is reserved.") in seated.main.get_text()
    assert {url("join", row), url("cancel", row)} <= links(seated)


def test_a_cancelled_session_keeps_its_page_and_says_so(client):
    row = open_session()
    cancel_session(session=row, by=None, at=AT, motive="Verglas")

    page = page_of(client, "session", row)

    assert str(row.get_state_display()) in page.select_one(".badge").get_text()
    assert url("enrol", row) not in links(page)


def test_the_join_address_is_on_no_page(client):
    row = open_session(join_url="https://reunion.example/j/secret")
    person = enrolled(row).person
    client.force_login(person)

    for name in ("session", "join", "enrol", "calendar"):
        assert b"reunion.example" not in client.get(url(name, row)).content


def test_the_page_takes_the_same_questions_whatever_the_roster(client):
    row = open_session(capacity=50)
    person = enrolled(row).person
    client.force_login(person)
    client.get(url("session", row))
    with CaptureQueriesContext(connection) as few:
        client.get(url("session", row))
    for _ in range(5):
        enrolled(row)

    with CaptureQueriesContext(connection) as many:
        client.get(url("session", row))
    assert len(many) == len(few)


# ------------------------------------------------------------------ the calendar
def test_everybody_may_keep_the_public_entries(client):
    row = open_session(meetings=[meeting(), meeting(NOON + timedelta(days=7))])

    response = client.get(url("calendar", row))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.content)
    assert calendar["METHOD"] == "PUBLISH"
    assert [event["UID"][:8] for event in calendar.walk("VEVENT")] == ["session-"] * 2


def test_a_seat_has_entries_of_its_own(client):
    row = open_session()
    enrolment = enrolled(row)
    client.force_login(enrolment.person)

    (event,) = Calendar.from_ical(client.get(url("calendar", row)).content).walk("VEVENT")
    assert event["UID"].startswith(f"place-{enrolment.key}-")

    cancel_enrolment(enrolment=enrolment, by=enrolment.person, at=AT)
    (event,) = Calendar.from_ical(client.get(url("calendar", row)).content).walk("VEVENT")
    assert event["UID"].startswith("session-")


# ------------------------------------------------------------------ the roster
def test_the_page_leads_to_the_roster_those_who_may_read_it(client):
    teacher = people.trainer()
    mine, other = open_session(trainers=[teacher]), open_session()
    shown = {}
    for name, person in {
        "learner": people.person(),
        "trainer": teacher,
        "liaison": people.liaison_agent(),
    }.items():
        client.force_login(person)
        shown[name] = [
            url("roster", row) in client.get(url("session", row)).content.decode()
            for row in (mine, other)
        ]

    assert shown == {"learner": [False, False], "trainer": [True, False], "liaison": [True, True]}


def names(page: BeautifulSoup) -> list[str]:
    return [each.get_text(strip=True) for each in page.select("tbody th")]


def test_the_roster_is_closed_to_those_who_have_no_right(client):
    row = open_session()
    assert client.get(url("roster", row)).status_code == 302
    client.force_login(people.person())
    assert client.get(url("roster", row)).status_code == 403


def test_a_trainer_reads_the_roster_of_one_s_own_sessions_without_addresses(client):
    trainer = people.trainer()
    mine, other = open_session(capacity=1, trainers=[trainer]), open_session()
    seated, waiting = enrolled(mine), enrolled(mine)
    client.force_login(trainer)

    page = page_of(client, "roster", mine)

    assert names(page) == [str(seated.person), str(waiting.person)]
    assert seated.person.email not in page.get_text()
    assert client.get(url("roster", other)).status_code == 404


def test_a_liaison_agent_reads_the_people_of_one_s_own_establishment(client):
    chum, other = people.establishment("chum"), people.establishment("cusm")
    agent = people.liaison_agent(chum)
    row = open_session(capacity=2)
    mine = enrolled(row, people.verified_member(chum))
    enrolled(row, people.verified_member(other))
    enrolled(row, people.verified_member(other))
    last = enrolled(row, people.verified_member(chum))
    client.force_login(agent)

    page = page_of(client, "roster", row)

    assert names(page) == [str(mine.person), str(last.person)]
    # The rank is of the whole list, not of what the agent sees.
    assert "Rang 2" in " ".join(page.select("tbody tr")[-1].get_text().split())


def test_a_liaison_agent_who_teaches_reads_what_either_right_reaches(client):
    agent = people.liaison_agent(people.establishment("chum"), roles=(Role.TRAINER,))
    row = open_session(trainers=[agent])
    seated = enrolled(row)
    client.force_login(agent)

    assert names(page_of(client, "roster", row)) == [str(seated.person)]


def test_a_coordinator_reads_every_roster_with_addresses_and_the_list_in_order(client):
    row = open_session(capacity=1)
    seated, first, second = enrolled(row), enrolled(row), enrolled(row)
    client.force_login(people.coordinator())

    page = page_of(client, "roster", row)

    assert names(page) == [str(each.person) for each in (seated, first, second)]
    assert second.person.email in page.get_text()
    assert client.get(url("roster", session())).status_code == 200


def test_the_roster_takes_the_same_questions_for_one_and_for_many(client):
    row = open_session(capacity=2)
    enrolled(row)
    client.force_login(people.coordinator())
    client.get(url("roster", row))
    with CaptureQueriesContext(connection) as few:
        client.get(url("roster", row))
    for _ in range(6):
        enrolled(row)

    with CaptureQueriesContext(connection) as many:
        client.get(url("roster", row))
    assert len(many) == len(few)


def test_the_public_page_stays_out_of_shared_caches(client):
    assert "no-store" in client.get(url("session", open_session()))["Cache-Control"]
