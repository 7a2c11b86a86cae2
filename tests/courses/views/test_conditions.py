"""What a session's page and the page of enrolment say before a seat is asked for."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

import pytest
import time_machine
from bs4 import BeautifulSoup

from courses.models import Pool
from courses.services.draws import publish_draw
from courses.services.enrolments import cancel_enrolment, set_asking
from courses.services.offers import promote_next
from courses.services.sessions import save_session
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    guest,
    open_session,
    pool,
    published_course,
)

pytestmark = [pytest.mark.django_db]

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


def english(client, name: str, row) -> BeautifulSoup:
    with translation.override("en"):
        url = reverse(f"courses:{name}", kwargs={"key": row.key})
    response = client.get(url)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(page: BeautifulSoup) -> str:
    return page.main.get_text(" ", strip=True).replace("\xa0", " ")


def chum():
    return people.establishment("chum")


def button(page: BeautifulSoup) -> str:
    return page.select_one(".panel .button--primary").get_text(" ", strip=True)


def reserved(**fields):
    """Four seats for the CHUM until ten days before, one for everybody, which is taken."""
    row = open_session(capacity=5, pools=[pool(chum(), 4, release_at=NOON - 10 * DAY, **fields)])
    enrolled(row)
    return row


# ------------------------------------------------------------------ reserved seats
def test_reserved_seats_are_said_to_everybody_until_their_release(client, clock):
    row = reserved()

    before = words(english(client, "session", row))
    assert "4 seats kept for CHUM until noon on November 7, 2026" in before
    assert "(4 are still free)" in before
    assert "Reserved seats only" in before

    clock.move_to(NOON - 10 * DAY)
    after = words(english(client, "session", row))
    assert "kept for CHUM" not in after
    assert "4 seats" in after


def test_the_button_tells_whom_the_seats_are_for(client):
    row = reserved()
    assert button(english(client, "session", row)) == "Join the waiting list"

    client.force_login(people.person())
    other = english(client, "session", row)
    assert (button(other), "You may use" in words(other)) == ("Join the waiting list", False)

    client.force_login(people.verified_member(chum()))
    mine = english(client, "session", row)
    assert button(mine) == "Reserve my seat"
    assert "You may use the seats kept for CHUM." in words(mine)
    assert "You may use the seats kept for CHUM." in words(english(client, "enrol", row))


def test_an_earlier_hour_of_a_pool_is_said_to_its_people_alone(client):
    hour = AT + DAY
    row = reserved(opens_at=hour)
    row.enrolment_opens_at = AT + 2 * DAY
    save_session(session=row, meetings=None, breaks=None, trainers=None, by=None, at=AT)

    assert "Enrolment opens at 9 a.m. on Thursday, September 3" in words(
        english(client, "session", row)
    )
    client.force_login(people.verified_member(chum()))
    mine = words(english(client, "session", row))
    assert "Enrolment opens at 9 a.m. on Wednesday, September 2" in mine
    assert "from 9 a.m. on Wednesday, September 2" in mine


# ------------------------------------------------------------------ rules
def test_rules_are_said_on_both_pages_and_a_plain_session_says_none(client):
    first = published_course(title_en="Good practice")
    row = open_session(
        prerequisite=first, survey_gate=True, counts_strikes=True, audience="invitation"
    )
    plain = open_session()
    person = people.person()
    guest(row, person)
    client.force_login(person)

    for name in ("session", "enrol"):
        page = english(client, name, row)
        assert page.main.find("a", string="Good practice"), name
        for part in ("recognise an equivalence", "answer it first", "Late withdrawals"):
            assert part in words(page), (name, part)
            assert part not in words(english(client, name, plain)), (name, part)
    assert "By invitation" in words(english(client, "session", row))


def test_approval_turns_the_button_into_a_request(client):
    row = open_session(needs_approval=True)
    client.force_login(people.person())

    assert button(english(client, "session", row)) == "Ask for a seat"
    asked = english(client, "enrol", row)
    assert asked.h1.get_text(strip=True).startswith("Ask for a seat in")
    assert "reads each request" in words(asked)
    assert "You receive a confirmation" not in words(asked)


def test_a_draw_says_its_window_and_after_it_seats_go_to_the_first(client, clock):
    closes = NOON - 20 * DAY
    row = open_session(opening_mode="draw", requests_close_at=closes)
    publish_draw(session=row, at=AT)
    client.force_login(people.person())

    page = english(client, "session", row)
    assert button(page) == "Ask for a seat"
    assert "asking earlier gives no advantage" in words(page)
    assert page.main.find("a", string="How the draw works")

    clock.move_to(closes)
    page = english(client, "session", row)
    assert button(page) == "Reserve my seat"
    assert "Seats were given by a draw" in words(page)


def test_a_request_reads_as_a_request_and_is_withdrawn_by_name(client):
    row = open_session(needs_approval=True)
    asked = enrolled(row)
    client.force_login(asked.person)

    page = english(client, "session", row)

    assert "Your request is recorded." in words(page)
    assert "Withdraw my request" in words(page)
    assert "Your seat is reserved." not in words(page)


def test_an_offer_is_answered_from_the_page_before_anything_else(client):
    row = open_session(capacity=1)
    seat, waiting = enrolled(row), enrolled(row)
    set_asking(enrolment=waiting, asks_first=True, by=waiting.person, at=AT)
    cancel_enrolment(enrolment=seat, by=seat.person, at=AT)
    promote_next(session_id=row.pk, at=AT)
    waiting.refresh_from_db()
    assert waiting.state == "offered"
    client.force_login(waiting.person)

    page = english(client, "session", row)

    with translation.override("en"):
        offer = reverse("courses:offer", kwargs={"key": waiting.key})
    assert page.select_one(".panel .button--now")["href"] == offer
    assert "Your seat is reserved." not in words(page)
    assert page.select(".panel .button--primary") == []


# ------------------------------------------------------------------ what it costs
@pytest.mark.parametrize("reader", ["anybody", "member"])
def test_a_page_takes_as_many_questions_for_ten_pools_as_for_one(client, reader):
    row = open_session(capacity=50, pools=[pool(chum(), 4)])
    if reader == "member":
        client.force_login(people.verified_member(chum()))

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            english(client, "session", row)
        return len(asked)

    questions()
    one = questions()
    others = type(chum()).objects.exclude(code="chum")[:9]
    Pool.objects.bulk_create(
        Pool(session=row, kind="establishment", establishment=each, capacity=1) for each in others
    )

    assert questions() == one
