"""The seat, as a person meets it: sentences, status codes, one row at most."""

from datetime import timedelta

from django.urls import reverse

import pytest
from bs4 import BeautifulSoup

from courses.choices import Audience, EnrolmentState
from courses.models import Enrolment
from courses.services.enrolments import cancel_enrolment
from courses.services.sessions import cancel_session, pause_enrolment, postpone_session
from people import letters
from tests.courses.views.screens import title, url, words
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    held,
    open_session,
    session,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


# ------------------------------------------------------------------ taking
def test_the_way_to_a_seat_survives_the_sign_in(client):
    row = open_session()

    response = client.get(url("enrol", row))

    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={url('enrol', row)}")
    assert Enrolment.objects.count() == 0


def test_somebody_without_a_complete_account_completes_it_and_comes_back(client):
    from people.services.accounts import begin_account

    client.force_login(begin_account(email="nouvelle@exemple.test", at=AT))
    row = open_session()

    response = client.get(url("enrol", row))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("people:onboarding"))
    assert f"next={url('enrol', row).replace('/', '%2F')}" in response["Location"]


def test_looking_at_the_question_takes_no_seat(client, person):
    row = open_session()

    for _ in range(2):
        assert client.get(url("enrol", row)).status_code == 200
    assert Enrolment.objects.count() == 0


def test_pressing_takes_the_seat_and_says_so_first(client, person, both_languages):
    row = open_session()

    response = client.post(url("enrol", row))

    assert (response.status_code, response["Location"]) == (302, url("enrol", row))
    response = client.get(response["Location"])
    assert title(response) == both_languages("Your seat is reserved.")
    enrolment = Enrolment.objects.get()
    assert (enrolment.person, enrolment.state) == (person, EnrolmentState.CONFIRMED)


@pytest.mark.parametrize(
    ("kind", "joins"), [("online", True), ("hybrid", True), ("in_person", False)]
)
def test_only_what_is_joined_from_our_page_says_so(client, person, kind, joins):
    row = open_session(format=kind)
    enrolled(row, person)

    assert ("vous rejoindrez la séance" in words(client.get(url("enrol", row)))) is joins


def test_pressing_twice_or_coming_back_keeps_one_row_and_says_the_same(client, person):
    """I13: double click, reload, back button."""
    row = open_session()

    first, second = (client.post(url("enrol", row), follow=True) for _ in range(2))
    back = client.get(url("enrol", row))

    assert title(first) == title(second) == title(back)
    assert Enrolment.objects.count() == 1


def test_a_full_session_gives_a_rank_in_words(client, person, both_languages):
    row = open_session(capacity=1)
    enrolled(row), enrolled(row), enrolled(row)

    asked = client.get(url("enrol", row))
    answered = client.post(url("enrol", row), follow=True)

    assert both_languages("Join the waiting list") in words(asked)
    assert "3" in title(answered)
    assert Enrolment.objects.get(person=person).rank == 3


@pytest.mark.parametrize(
    "shut",
    [
        lambda row: pause_enrolment(session=row, by=None, at=AT),
        lambda row: postpone_session(session=row, by=None, at=AT, motive="Verglas"),
        lambda row: cancel_session(session=row, by=None, at=AT, motive="Verglas"),
        held,
    ],
    ids=["paused", "postponed", "cancelled", "over"],
)
def test_a_session_that_is_shut_says_why(client, person, shut):
    row = open_session()
    shut(row)

    asked, pressed = client.get(url("enrol", row)), client.post(url("enrol", row))

    assert (asked.status_code, pressed.status_code) == (200, 409)
    assert BeautifulSoup(pressed.content, "html.parser").select_one(".notice").get_text(strip=True)
    assert Enrolment.objects.count() == 0


def test_the_deadline_may_pass_between_the_question_and_the_press(client, person, clock):
    row = open_session(enrolment_closes_at=AT + timedelta(minutes=5))
    assert client.get(url("enrol", row)).status_code == 200

    clock.shift(timedelta(minutes=5))

    assert client.post(url("enrol", row)).status_code == 409
    assert Enrolment.objects.count() == 0


def test_somebody_outside_the_audience_is_told(client, person):
    row = open_session(audience=Audience.NETWORK)

    assert client.post(url("enrol", row)).status_code == 409
    assert Enrolment.objects.count() == 0


@pytest.mark.parametrize("name", ["session", "enrol", "cancel", "join", "calendar"])
def test_a_draft_and_an_unknown_session_are_not_found(client, person, name):
    draft = session()

    assert client.get(url(name, draft)).status_code == 404
    draft.key = "6f9619ff-8b86-4d11-b42d-00c04fc964ff"
    assert client.get(url(name, draft)).status_code == 404


def test_a_press_from_another_site_is_refused(person):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    row = open_session()

    assert strict.post(url("enrol", row)).status_code == 403
    assert Enrolment.objects.count() == 0


# ------------------------------------------------------------------ giving back
def test_giving_back_asks_first_then_does_it_once(client, person):
    row = open_session()
    enrolment = enrolled(row, person)

    asked = client.get(url("cancel", row))
    enrolment.refresh_from_db()
    assert (asked.status_code, enrolment.state) == (200, EnrolmentState.CONFIRMED)

    done, again, back = (
        client.post(url("cancel", row), follow=True), client.post(url("cancel", row), follow=True),
        client.get(url("cancel", row)),
    )  # fmt: skip
    enrolment.refresh_from_db()
    assert [each.status_code for each in (done, again, back)] == [200, 200, 200]
    assert title(done) == title(again) == title(back)
    assert (enrolment.state, enrolment.events.count()) == (EnrolmentState.CANCELLED, 2)


@pytest.mark.parametrize("page", ["enrol", "cancel"])
def test_what_is_pressed_leads_to_a_page_that_can_be_read_again(client, person, page):
    """Back and reload never ask to send a form once more."""
    row = open_session()
    if page == "cancel":
        enrolled(row, person)

    pressed = client.post(url(page, row))

    assert (pressed.status_code, pressed["Location"]) == (302, url(page, row))


def test_only_a_seat_that_somebody_awaits_goes_to_the_next_person(client, person, both_languages):
    row = open_session(capacity=1)
    enrolled(row, person)
    next_person = both_languages(
        "Your seat goes at once to the next person. "
        "If you change your mind, you take your turn again."
    )

    nobody_waits = words(client.get(url("cancel", row)))
    enrolled(row)
    somebody_waits = words(client.get(url("cancel", row)))

    assert (next_person in nobody_waits, next_person in somebody_waits) == (False, True)


@pytest.mark.parametrize(("hours", "is_said"), [(1, True), (-1, False)])
def test_a_seat_taken_late_promises_no_free_withdrawal(client, person, hours, is_said):
    row = open_session(cancel_until=AT + timedelta(hours=hours))

    asked = BeautifulSoup(client.get(url("enrol", row)).content, "html.parser")

    day = letters.date_words(row.cancel_until, "fr")
    said = [each for each in asked.select(".confirm__consequences li") if day in each.get_text()]
    assert len(said) == int(is_said)


def test_a_late_withdrawal_is_announced_before_and_after(client, person, both_languages):
    row = open_session(cancel_until=AT - timedelta(days=1))
    enrolled(row, person)

    done = client.post(url("cancel", row), follow=True)

    assert both_languages(
        "It is recorded as late. Thank you for telling us all the same."
    ) in words(done)


@pytest.mark.parametrize(("by_staff", "counts"), [(False, True), (True, False)])
def test_a_late_withdrawal_made_by_staff_is_not_said_to_count(client, person, by_staff, counts):
    row = open_session(cancel_until=AT - timedelta(days=1), counts_strikes=True)
    enrolment = enrolled(row, person)
    by = people.coordinator() if by_staff else person
    cancel_enrolment(enrolment=enrolment, by=by, at=AT)

    said = words(client.get(url("cancel", row)))
    assert ("ce désistement comptera" in said) is counts


def test_nobody_gives_back_the_seat_of_somebody_else(client, person):
    other = enrolled(open_session())

    response = client.post(url("cancel", other.session))

    other.refresh_from_db()
    assert (response.status_code, other.state) == (404, EnrolmentState.CONFIRMED)


def test_once_the_session_has_begun_it_is_too_late(client, person, later):
    enrolment = enrolled(open_session(), person)
    later(NOON)

    response = client.post(url("cancel", enrolment.session))

    enrolment.refresh_from_db()
    assert (response.status_code, enrolment.state) == (409, EnrolmentState.CONFIRMED)


def test_a_place_that_lapsed_is_not_given_back(client, person):
    row = open_session(capacity=0)
    enrolled(row, person)
    held(row)

    assert client.get(url("cancel", row)).status_code == 200
    assert client.post(url("cancel", row)).status_code == 409


# ------------------------------------------------------------------ some days before
def test_coming_is_one_press_and_asks_no_more(client, person, later, both_languages):
    enrolment = enrolled(open_session(), person)
    row = enrolment.session
    later(NOON - timedelta(days=3))

    asked = client.get(url("coming", row))
    enrolment.refresh_from_db()
    assert enrolment.coming_at is None
    done, again = (client.post(url("coming", row), follow=True) for _ in range(2))

    enrolment.refresh_from_db()
    assert title(asked) == both_languages("Are you coming?")
    assert title(done) == title(again) == both_languages("Thank you: we are expecting you.")
    assert enrolment.coming_at == NOON - timedelta(days=3)
    assert enrolment.state == EnrolmentState.CONFIRMED


def test_not_coming_leads_to_the_page_that_asks_first(client, person):
    row = enrolled(open_session(), person).session

    page = BeautifulSoup(client.get(url("coming", row)).content, "html.parser")

    assert url("cancel", row) in {link["href"] for link in page.main.find_all("a")}


@pytest.mark.parametrize("who", ["stranger", "waiting", "gone"])
def test_only_whoever_holds_a_seat_says_so(client, person, who):
    row = open_session(capacity=1)
    if who == "waiting":
        enrolled(row), enrolled(row, person)
    if who == "gone":
        cancel_enrolment(enrolment=enrolled(row, person), by=person, at=AT)

    response = client.post(url("coming", row))

    assert response.status_code == (404 if who == "stranger" else 200)
    assert not Enrolment.objects.filter(coming_at__isnull=False).exists()


def test_nobody_comes_to_a_cancelled_session(client, person):
    row = enrolled(open_session(), person).session
    cancel_session(session=row, by=None, at=AT, motive="Verglas")

    assert client.post(url("coming", row)).status_code == 409
    assert Enrolment.objects.get().coming_at is None
