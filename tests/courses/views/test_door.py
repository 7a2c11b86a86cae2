"""The door of a session: when it opens, for whom, and where it leads."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from courses.models import JoinClick
from courses.services.enrolments import cancel_enrolment
from tests.courses.views.screens import url
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    meeting,
    open_session,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

LINK = "https://reunion.example/j/secret"


def test_the_door_is_shown_shut_with_its_hour_before_the_time(client, person, later):
    row = open_session(join_url=LINK)
    enrolled(row, person)
    later(NOON - timedelta(minutes=16))

    page = BeautifulSoup(client.get(url("join", row)).content, "html.parser")

    button = page.main.find("button")
    assert button.has_attr("disabled")
    assert "11" in page.find(id=button["aria-describedby"]).get_text()
    assert client.post(url("join", row)).status_code == 409
    assert JoinClick.objects.count() == 0


def test_the_door_opens_by_post_and_the_address_is_on_no_page(client, person, later):
    row = open_session(join_url=LINK)
    enrolled(row, person)
    later(NOON - timedelta(minutes=15))

    page = client.get(url("join", row))
    pressed = client.post(url("join", row))

    assert LINK.encode() not in page.content
    assert page.context["is_open"] is True
    assert (pressed.status_code, pressed["Location"]) == (302, LINK)
    assert JoinClick.objects.get().at == NOON - timedelta(minutes=15)


def test_the_browser_may_follow_the_form_to_the_meeting(client, person, later):
    """Chromium holds a redirect of a form to the form-action of the page that sent it."""
    row = open_session(join_url=LINK)
    enrolled(row, person)
    later(NOON)

    policy = client.get(url("join", row))["Content-Security-Policy"]

    assert "form-action 'self' https:" in policy
    elsewhere = client.get(url("session", row))["Content-Security-Policy"]
    assert "form-action 'self';" in f"{elsewhere};"


def test_the_door_leads_to_the_meeting_going_on(client, person, later):
    row = open_session(
        meetings=[
            meeting(join_url="https://reunion.example/1"),
            meeting(NOON + timedelta(days=7), join_url="https://reunion.example/2"),
        ]
    )
    enrolled(row, person)

    later(NOON + timedelta(days=7))

    assert client.post(url("join", row))["Location"] == "https://reunion.example/2"


def test_after_the_end_the_door_is_gone(client, person, later):
    row = open_session(join_url=LINK)
    enrolled(row, person)
    later(NOON + timedelta(hours=1))

    assert client.get(url("join", row)).status_code == 200
    assert client.post(url("join", row)).status_code == 409


@pytest.mark.parametrize("who", ["stranger", "waiting", "gone"])
def test_the_door_opens_for_nobody_without_a_seat(client, person, later, who):
    row = open_session(capacity=1, join_url=LINK)
    if who == "waiting":
        enrolled(row), enrolled(row, person)
    if who == "gone":
        cancel_enrolment(enrolment=enrolled(row, person), by=person, at=AT)
    later(NOON)

    response = client.post(url("join", row))

    assert response.status_code == 403
    assert LINK.encode() not in response.content
