"""Late withdrawals and absences, as the person concerned reads and contests them."""

from datetime import timedelta

from django.urls import reverse

import pytest

from courses.choices import StrikeCause
from courses.models import Strike
from courses.services.enrolments import cancel_enrolment
from courses.services.holds import excuse_strike, give_strike
from people.letters import date_words
from tests.courses.views.screens import buttons, links, page_of, words
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, open_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

PAGE = reverse("courses:strikes")
LATE = NOON - timedelta(hours=3)


def struck(person, cause=StrikeCause.LATE) -> Strike:
    """A seat of a session that counts them, given back three hours before."""
    row = open_session(counts_strikes=True, cancel_until=NOON - timedelta(days=2))
    seat = enrolled(row, person)
    if cause == StrikeCause.LATE:
        cancel_enrolment(enrolment=seat, by=person, at=LATE)
    strike = give_strike(enrolment=seat, cause=cause, at=LATE)
    assert strike is not None
    return strike


def state_of(response) -> list[str]:
    return [each.get_text(" ", strip=True) for each in page_of(response).select(".badge")]


# ------------------------------------------------------------------ reading
def test_what_counts_is_listed_with_its_end(client, person):
    strike = struck(person)

    response = client.get(PAGE)

    (badge,) = state_of(response)
    assert date_words(strike.expires_on, "fr", with_weekday=False) in badge
    assert str(strike.enrolment.session.course) in words(response)


def test_the_page_says_when_a_late_withdrawal_begins_to_count(client, person, settings):
    settings.STRIKE_GRACE_HOURS = 48

    assert "après 2\xa0jours" in words(client.get(PAGE))


def test_only_one_s_own_are_listed(client, person, both_languages):
    struck(people.person())

    assert both_languages("No late withdrawal, no absence") in words(client.get(PAGE))


def test_what_no_longer_counts_says_so_and_asks_nothing(client, person, later, both_languages):
    over = struck(person)
    later(AT + timedelta(days=500))
    assert over.expires_on < (AT + timedelta(days=500)).date()

    response = client.get(PAGE)

    assert state_of(response) == [both_languages("Over: it counts no more.")]
    assert buttons(response) == []


def test_an_excused_one_is_closed(client, person, both_languages):
    excuse_strike(strike=struck(person), by=people.coordinator(), at=LATE, motive="Verglas")

    response = client.get(PAGE)

    assert state_of(response) == [both_languages("Excused: it counts no more.")]
    assert buttons(response) == []


# ------------------------------------------------------------------ contesting
def test_what_one_writes_is_kept_and_shown(client, person):
    strike = struck(person)

    response = client.post(PAGE, {"strike": strike.pk, "words": "Train en panne."}, follow=True)

    strike.refresh_from_db()
    assert (strike.contest, strike.contested_at) == ("Train en panne.", AT)
    assert page_of(response).select_one("blockquote").get_text(strip=True) == "Train en panne."


def test_saying_nothing_is_refused_at_the_field(client, person):
    strike = struck(person)

    response = client.post(PAGE, {"strike": strike.pk, "words": "  "})

    assert response.status_code == 422
    link = page_of(response).select_one(".error-summary a")["href"]
    assert page_of(response).select_one(link).name == "textarea"


@pytest.mark.parametrize("number", ["", "x", "0", "-1", "²", "9" * 18])
def test_a_strike_that_does_not_exist_is_not_found(client, person, number):
    assert client.post(PAGE, {"strike": number, "words": "x"}).status_code == 404


def test_nobody_writes_about_the_strike_of_somebody_else(client, person):
    strike = struck(people.person())

    assert client.post(PAGE, {"strike": strike.pk, "words": "x"}).status_code == 404
    strike.refresh_from_db()
    assert strike.contest == ""


def test_one_excused_meanwhile_needs_no_words(client, person):
    strike = struck(person)
    excuse_strike(strike=strike, by=people.coordinator(), at=LATE, motive="Verglas")

    response = client.post(PAGE, {"strike": strike.pk, "words": "x"})

    strike.refresh_from_db()
    assert response.status_code == 422
    assert strike.contest == ""


# ------------------------------------------------------------------ said before it counts
def test_they_are_one_link_away_before_enrolling_where_they_count(client, person):
    assert PAGE in links(client.get(url_of(counts_strikes=True)))
    assert PAGE not in links(client.get(url_of(counts_strikes=False)))


def url_of(**fields) -> str:
    return reverse("courses:enrol", kwargs={"key": open_session(**fields).key})


@pytest.mark.parametrize(
    ("fields", "is_said"),
    [({"counts_strikes": True}, True), ({"counts_strikes": False}, False)],
)
def test_a_late_withdrawal_says_whether_it_counts(client, person, later, fields, is_said):
    row = open_session(cancel_until=NOON - timedelta(days=2), **fields)
    enrolled(row, person)
    later(LATE)
    page = reverse("courses:cancel", kwargs={"key": row.key})

    before = links(client.get(page))
    after = links(client.post(page, follow=True))

    assert (PAGE in before, PAGE in after) == (is_said, is_said)


def test_a_seat_received_too_late_is_said_not_to_count(client, person, later, both_languages):
    row = open_session(cancel_until=NOON - timedelta(days=2), counts_strikes=True)
    later(NOON - timedelta(hours=30))
    enrolled(row, person, at=NOON - timedelta(hours=30))
    later(LATE)

    asked = client.get(reverse("courses:cancel", kwargs={"key": row.key}))

    assert both_languages(
        "It is not held against you: you received this seat too near the session, or its date has "
        "changed since."
    ) in words(asked)
