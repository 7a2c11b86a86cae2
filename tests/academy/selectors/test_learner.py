"""« Mes formations »: what waits for an answer first, then what comes, each with its own press."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import pytest
import time_machine
from bs4 import BeautifulSoup

from academy.selectors.learner import learner_desk
from courses.choices import EnrolmentState, StrikeCause
from courses.services.enrolments import cancel_enrolment, pause_waiting, say_coming
from courses.services.exchanges import offer_to
from courses.services.holds import give_strike
from courses.services.offers import accept_offer, fill_session
from courses.services.sessions import cancel_session, postpone_session
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return people.person()


@pytest.fixture
def agent():
    return people.liaison_agent()


def offered(person, agent, *, at=AT, **fields):
    return offer_to(person=person, session=open_session(**fields), by=agent, at=at)


# ------------------------------------------------------------------ offers
def test_offers_come_first_the_soonest_end_first(person, agent):
    late = offered(person, agent, at=AT + timedelta(days=1), starts_at=NOON)
    soon = offered(person, agent, starts_at=NOON + timedelta(days=1))

    desk = learner_desk(person, at=AT + timedelta(days=1))

    assert desk.offers == [soon, late]
    assert desk.coming == []


def test_an_offer_leaves_the_list_at_its_very_end_and_once_answered(person, agent):
    offer = offered(person, agent)
    assert learner_desk(person, at=offer.offer_expires_at - timedelta(seconds=1)).offers == [offer]
    assert learner_desk(person, at=offer.offer_expires_at).offers == []

    accept_offer(enrolment=offer, by=person, at=AT)
    desk = learner_desk(person, at=AT)
    assert (desk.offers, [one.enrolment for one in desk.coming]) == ([], [offer])


def test_an_offer_of_a_cancelled_session_asks_nothing(person, agent):
    offer = offered(person, agent)
    cancel_session(session=offer.session, by=None, at=AT, motive="Verglas")

    assert learner_desk(person, at=AT).offers == []


# ------------------------------------------------------------------ what comes
@pytest.mark.parametrize(
    ("before", "is_asked"),
    [
        (timedelta(days=4), False),
        (timedelta(days=3), True),
        (timedelta(days=1), True),
        (timedelta(hours=3), False),  # that day, the door is what matters
    ],
)
def test_whether_one_comes_is_asked_some_days_before(person, before, is_asked):
    enrolled(open_session(), person)

    (one,) = learner_desk(person, at=NOON - before).coming
    assert one.asks_coming is is_asked


def test_whoever_said_so_is_not_asked_again(person):
    seat = enrolled(open_session(), person)
    say_coming(enrolment=seat, by=person, at=NOON - timedelta(days=3))

    (one,) = learner_desk(person, at=NOON - timedelta(days=2)).coming
    assert one.asks_coming is False


def test_a_postponed_session_asks_nothing(person):
    seat = enrolled(open_session(), person)
    postpone_session(session=seat.session, by=None, at=AT, motive="Verglas")

    (one,) = learner_desk(person, at=NOON - timedelta(days=2)).coming
    assert (one.asks_coming, one.may_take) == (False, False)


def test_a_seat_to_take_in_the_last_hours_is_on_the_list(person):
    row = open_session(capacity=1)
    seat = enrolled(row)
    enrolled(row, person)
    at = NOON - timedelta(hours=10)
    cancel_enrolment(enrolment=seat, by=seat.person, at=at)
    fill_session(session_id=row.pk, at=at)

    (one,) = learner_desk(person, at=at).coming
    assert (one.rank, one.may_take) == ("1er sur 1", True)


def test_strikes_are_one_link_away_for_who_has_some(person):
    assert learner_desk(person, at=AT).has_strikes is False
    seat = enrolled(open_session(counts_strikes=True), person)
    give_strike(enrolment=seat, cause=StrikeCause.ABSENT, at=NOON)

    assert learner_desk(person, at=NOON).has_strikes is True


# ------------------------------------------------------------------ the page
def page(client) -> BeautifulSoup:
    response = client.get(reverse("academy:my_courses"))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser").main


def test_the_page_leads_to_every_place(client, person, agent):
    offer = offered(person, agent)
    waiting = enrolled(open_session(capacity=0, starts_at=NOON + timedelta(days=1)), person)
    request = enrolled(
        open_session(needs_approval=True, starts_at=NOON + timedelta(days=2)), person
    )
    with time_machine.travel(AT, tick=False):
        client.force_login(person)
        found = page(client)

    links = [link["href"] for link in found.find_all("a", href=True)]
    assert request.state == EnrolmentState.REQUESTED
    for name, key in (
        ("offer", offer.key), ("waiting", waiting.session.key), ("enrol", request.session.key),
    ):  # fmt: skip
        assert reverse(f"courses:{name}", kwargs={"key": key}) in links
    assert links[0] == reverse("courses:session", kwargs={"key": offer.session.key})


def test_a_paused_turn_says_so(client, person):
    waiting = enrolled(open_session(capacity=0), person)
    with time_machine.travel(AT, tick=False):
        client.force_login(person)
        running = page(client).select_one(".badge").get_text()
        pause_waiting(enrolment=waiting, paused=True, by=person, at=AT)
        paused = page(client).select_one(".badge").get_text()

    assert "1er sur 1" in running
    assert "1er sur 1" in paused
    assert "pause" in paused
    assert "pause" not in running


def test_the_press_of_the_list_is_a_post_with_its_token(client, person):
    seat = enrolled(open_session(), person)
    with time_machine.travel(NOON - timedelta(days=2), tick=False):
        client.force_login(person)
        form = page(client).find("form", method="post")

    assert form["action"] == reverse("courses:coming", kwargs={"key": seat.session.key})
    assert form.find("input", {"name": "csrfmiddlewaretoken"})["value"]


def test_the_list_takes_the_same_questions_for_few_seats_and_for_many(person, agent):
    def asked(count: int) -> int:
        for _ in range(count):
            day = timedelta(days=next(days))
            offered(person, agent, starts_at=NOON + day)
            enrolled(open_session(starts_at=NOON + day + timedelta(hours=3)), person)
        with CaptureQueriesContext(connection) as questions:
            desk = learner_desk(person, at=AT)
            for row in (*desk.offers, *(one.enrolment for one in desk.coming)):
                str(row.session.course), list(row.session.meetings.all())
        return len(questions)

    days = iter(range(100))
    assert asked(1) == asked(4)


def test_an_offer_of_a_postponed_session_stays_on_the_list(person, agent):
    offer = offered(person, agent)
    postpone_session(session=offer.session, by=None, at=AT, motive="Verglas")

    assert learner_desk(person, at=offer.offer_expires_at + timedelta(days=2)).offers == [offer]
