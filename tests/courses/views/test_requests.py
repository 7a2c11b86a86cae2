"""Seats asked for: by approval and by a draw, to the person; the draw itself, to everybody."""

import json
import subprocess
import sys
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

import pytest

from courses.choices import EnrolmentState, OpeningMode
from courses.models import Draw, DrawTicket, Enrolment
from courses.services.draws import seed_hash
from courses.services.requests import approve_request, draw_lots, refuse_request
from tests.courses.views.screens import buttons, links, page_of, title, url, words
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, open_session, session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

CLOSES = AT + timedelta(days=3)


def draw_session(**fields):
    return open_session(opening_mode=OpeningMode.DRAW, requests_close_at=CLOSES, **fields)


# ------------------------------------------------------------------ approval
def test_what_kind_of_asking_it_is_stands_on_the_button(client, person, both_languages):
    label = {}
    for name, row in {
        "free": open_session(),
        "full": open_session(capacity=0),
        "approval": open_session(needs_approval=True),
        "draw": draw_session(),
    }.items():
        page = page_of(client.get(url("enrol", row)))
        label[name] = page.main.select_one("form button").get_text(strip=True)

    assert label == {
        "free": both_languages("Reserve my seat"),
        "full": both_languages("Join the waiting list"),
        "approval": both_languages("Send my request"),
        "draw": both_languages("Send my request"),
    }


def test_a_request_is_recorded_and_may_be_withdrawn(client, person, both_languages):
    row = open_session(needs_approval=True)

    asked = client.post(url("enrol", row), follow=True)

    assert title(asked) == both_languages("Your request is recorded.")
    assert url("cancel", row) in links(asked)
    question = client.get(url("cancel", row))
    assert both_languages("Withdraw my request") in words(question)
    done = client.post(url("cancel", row), follow=True)
    assert title(done) == both_languages("Your request is withdrawn.")
    assert Enrolment.objects.get().state == EnrolmentState.CANCELLED


def test_an_answered_request_shows_the_place_it_became(client, person, both_languages):
    row = open_session(needs_approval=True)
    request = enrolled(row, person)

    approve_request(enrolment=request, by=people.coordinator(), at=AT)

    assert title(client.get(url("enrol", row))) == both_languages("Your seat is reserved.")


def test_a_refused_request_leaves_the_way_to_ask_again(client, person):
    row = open_session(needs_approval=True)
    refuse_request(
        enrolment=enrolled(row, person), by=people.coordinator(), at=AT, motive="Trop tôt."
    )

    assert (url("enrol", row), "") in buttons(client.get(url("enrol", row)))


# ------------------------------------------------------------------ one's own ticket
def test_each_person_sees_their_own_ticket_and_no_other(client, person):
    row = draw_session()
    other = enrolled(row)

    response = client.post(url("enrol", row), follow=True)

    mine = DrawTicket.objects.get(enrolment__person=person)
    theirs = DrawTicket.objects.get(enrolment=other)
    assert page_of(response).select_one(".ticket").get_text(strip=True) == mine.number
    assert theirs.number not in response.content.decode()
    assert url("draw", row) in links(response)


@pytest.mark.parametrize("capacity", [2, 0])
def test_after_the_draw_the_ticket_tells_where_it_came_out(client, person, later, capacity):
    row = draw_session(capacity=capacity)
    enrolled(row, person), enrolled(row)
    draw_lots(session=row, at=CLOSES)
    later(CLOSES)

    response = client.get(url("enrol", row))

    mine = DrawTicket.objects.get(enrolment__person=person)
    assert page_of(response).select_one(".ticket").get_text(strip=True) == mine.number
    assert (mine.position, mine.is_seated) in {(1, capacity > 0), (2, capacity > 0)}


# ------------------------------------------------------------------ the draw, in public
def test_before_the_draw_the_fingerprint_alone_is_public(client):
    row = draw_session()
    enrolled(row)
    draw, ticket = Draw.objects.get(), DrawTicket.objects.get()

    response = client.get(url("draw", row))

    page = response.content.decode()
    assert draw.seed_hash in page
    assert draw.seed not in page
    assert ticket.number not in page
    for name in ("draw_json", "draw_csv"):
        assert client.get(url(name, row)).status_code == 404


@pytest.fixture
def drawn(clock):
    """Five requests for two seats, drawn."""
    row = draw_session(capacity=2)
    names = [enrolled(row, people.person(printed_name=f"Nom{n} Secret")).person for n in range(5)]
    clock.move_to(CLOSES)
    draw_lots(session=row, at=CLOSES)
    return row, names


def test_after_the_draw_seed_and_tickets_are_public_without_names(client, drawn):
    row, names = drawn

    page = client.get(url("draw", row)).content.decode()
    data = client.get(url("draw_json", row)).json()
    table = client.get(url("draw_csv", row)).content.decode("utf-8-sig")

    assert seed_hash(data["seed"]) == data["seed_hash"]
    assert [each["position"] for each in data["tickets"]] == [1, 2, 3, 4, 5]
    assert [each["seated"] for each in data["tickets"]] == [True, True, False, False, False]
    for whole in (page, json.dumps(data), table):
        assert all(ticket["ticket"] in whole for ticket in data["tickets"])
        assert not any(name.email in whole or str(name) in whole for name in names)
        assert "Secret" not in whole
    assert data["seed"] in page


def test_the_lines_of_the_page_recompute_the_result(client, drawn, tmp_path):
    """Anybody may copy them: they are run here as they are shown, on what is downloaded."""
    row, _names = drawn
    lines = page_of(client.get(url("draw", row))).select_one("pre code").get_text()
    result = tmp_path / "tirage.json"
    result.write_bytes(client.get(url("draw_json", row)).content)

    honest = run(lines, result)
    data = json.loads(result.read_text())
    first, second = data["tickets"][:2]
    first["position"], second["position"] = 2, 1
    result.write_text(json.dumps(data))
    forged = run(lines, result)

    assert (honest.returncode, honest.stdout) == (0, "5 OK\n")
    assert forged.returncode == 1
    assert "AssertionError" in forged.stderr


def run(lines: str, result) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-I", "-c", lines, str(result)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_session_without_a_draw_has_no_such_page(client):
    for row in (open_session(), session(opening_mode=OpeningMode.DRAW, requests_close_at=CLOSES)):
        for name in ("draw", "draw_json", "draw_csv"):
            assert client.get(url(name, row)).status_code == 404


def test_the_draw_takes_the_same_questions_for_few_and_for_many(client):
    row = draw_session(starts_at=NOON + timedelta(days=30))
    enrolled(row)
    draw_lots(session=row, at=CLOSES)
    with CaptureQueriesContext(connection) as few:
        client.get(url("draw", row))
    other = draw_session(starts_at=NOON + timedelta(days=31))
    for _ in range(8):
        enrolled(other)
    draw_lots(session=other, at=CLOSES)

    with CaptureQueriesContext(connection) as many:
        client.get(url("draw", other))
    assert len(many) == len(few)
