"""What is said before a seat is asked for: everything that pressing will do."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from courses.choices import EnrolmentState, OpeningMode, StrikeCause
from courses.models import Draw, Enrolment
from courses.services.holds import give_strike
from people import letters
from tests.courses.views.screens import url, words
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    open_session,
    pool,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_the_people_of_a_pool_are_asked_at_their_own_hour(client):
    """Their seats open before the others': they read the question, the others the hour."""
    chum = people.establishment("chum")
    opens_at = AT + timedelta(days=2)
    row = open_session(
        pools=[pool(chum, seats=2, opens_at=AT - timedelta(hours=1))], enrolment_opens_at=opens_at
    )
    answers = {}
    for name, somebody in {
        "member": people.verified_member(chum),
        "other": people.person(),
    }.items():
        client.force_login(somebody)
        answers[name] = client.get(url("enrol", row))

    assert BeautifulSoup(answers["member"].content, "html.parser").main.find("form")
    assert BeautifulSoup(answers["other"].content, "html.parser").main.find("form") is None
    assert letters.date_words(opens_at, "fr") in words(answers["other"])


def test_a_draw_shows_the_fingerprint_of_its_seed_and_its_closing_hour(client, person):
    closes_at = AT + timedelta(days=3)
    row = open_session(opening_mode=OpeningMode.DRAW, requests_close_at=closes_at)

    said = words(client.get(url("enrol", row)))

    draw = Draw.objects.get(session=row)
    assert draw.seed_hash in said
    assert draw.seed not in said
    assert letters.date_words(closes_at, "fr") in said


def test_whoever_is_served_last_is_offered_the_list_and_not_a_seat(client, person, both_languages):
    """What the button says is what the gate will do."""
    seats = [
        enrolled(open_session(starts_at=NOON - timedelta(days=n), counts_strikes=True), person)
        for n in (1, 2)
    ]
    for seat in seats:
        give_strike(enrolment=seat, cause=StrikeCause.ABSENT, at=AT)
    row = open_session(
        counts_strikes=True, enrolment_opens_at=AT - timedelta(days=9), starts_at=NOON
    )

    asked = client.get(url("enrol", row))
    client.post(url("enrol", row))

    assert both_languages("Join the waiting list") in words(asked)
    assert Enrolment.objects.get(session=row).state == EnrolmentState.WAITING
