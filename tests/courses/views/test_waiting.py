"""One's turn, as a person meets it: the rank in words, what comes next, each thing one press."""

from datetime import timedelta

import pytest

from courses.choices import EnrolmentState
from courses.models import Enrolment
from courses.services.enrolments import cancel_enrolment, enrol
from courses.services.exchanges import exchange
from courses.services.offers import expire_offers, fill_session
from courses.services.sessions import cancel_session, pause_enrolment
from people.letters import date_words
from tests.courses.views.screens import buttons, notice, page_of, title, url, words
from tests.factories.courses import AT, NOON, enrolled, open_session, term

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

J_3 = (NOON - timedelta(days=3)).date()


def choices(response) -> dict[str, bool]:
    """What one may choose between, and which is chosen."""
    radios = page_of(response).main.select("input[type=radio]")
    return {each["value"]: each.has_attr("checked") for each in radios}


@pytest.fixture
def waiting(person):
    """The person waits behind a seat and one other: « 2e sur 2 »."""
    row = open_session(capacity=1)
    enrolled(row), enrolled(row)
    return enrolled(row, person)


# ------------------------------------------------------------------ joining
def test_the_choice_is_asked_only_where_there_is_something_to_wait_for(client, person):
    free, full = open_session(), open_session(capacity=1)
    enrolled(full)

    assert choices(client.get(url("enrol", free))) == {}
    asked = client.get(url("enrol", full))
    assert choices(asked) == {"by-itself": True, "ask": False}
    assert date_words(J_3, "fr") in words(asked)


@pytest.mark.parametrize(("asking", "asks_first"), [("ask", True), ("by-itself", False)])
def test_the_choice_made_at_joining_is_kept(client, person, asking, asks_first):
    full = open_session(capacity=1)
    enrolled(full)

    client.post(url("enrol", full), {"asking": asking})

    row = Enrolment.objects.get(person=person)
    assert (row.state, row.asks_first) == (EnrolmentState.WAITING, asks_first)


def test_a_bare_press_joins_with_the_usual_choice(client, person):
    """The button of a page left open since before the session was full."""
    full = open_session(capacity=1)
    enrolled(full)

    client.post(url("enrol", full))

    assert Enrolment.objects.get(person=person).asks_first is False


def test_a_forged_choice_is_refused_at_its_field(client, person):
    full = open_session(capacity=1)
    enrolled(full)

    response = client.post(url("enrol", full), {"asking": "first-of-all"})

    assert response.status_code == 422
    assert page_of(response).select_one(".error-summary a")["href"] == "#id_asking_0"
    assert not Enrolment.objects.filter(person=person).exists()


def test_near_the_session_there_is_nothing_to_choose(client, person, later):
    full = open_session(capacity=1)
    enrolled(full)
    later(NOON - timedelta(days=3))

    assert choices(client.get(url("enrol", full))) == {}
    client.post(url("enrol", full))
    assert choices(client.get(url("waiting", full))) == {}


# ------------------------------------------------------------------ reading
def test_the_rank_is_said_in_words(client, waiting):
    for name in ("waiting", "enrol"):
        assert "2e sur 2" in title(client.get(url(name, waiting.session)))


def test_reading_changes_nothing(client, waiting):
    before = Enrolment.objects.filter(pk=waiting.pk).values().get()

    client.get(url("waiting", waiting.session))

    assert Enrolment.objects.filter(pk=waiting.pk).values().get() == before
    assert waiting.events.count() == 1


def test_whoever_no_longer_waits_is_led_to_the_place_they_have(client, person):
    seat = enrolled(open_session(), person)

    response = client.get(url("waiting", seat.session))

    assert (response.status_code, response["Location"]) == (302, url("enrol", seat.session))


def test_whoever_never_asked_is_told(client, person):
    assert client.get(url("waiting", open_session())).status_code == 404


def test_a_cancelled_session_is_no_turn_to_wait_for(client, waiting, both_languages):
    cancel_session(session=waiting.session, by=None, at=AT, motive="Verglas")

    response = client.get(url("waiting", waiting.session))

    assert notice(response).endswith(both_languages("This session is cancelled."))
    assert buttons(response) == []


def test_a_pause_of_enrolment_keeps_the_rank_and_says_so(client, waiting, both_languages):
    pause_enrolment(session=waiting.session, by=None, at=AT)

    said = notice(client.get(url("waiting", waiting.session)))

    assert (
        both_languages("Enrolment in this session is paused for the moment. You keep your rank.")
        in said
    )


# ------------------------------------------------------------------ pausing, choosing
def test_pausing_and_coming_back_are_one_press_each(client, waiting):
    row = waiting.session

    client.post(url("waiting", row), {"act": "pause"})
    waiting.refresh_from_db()
    assert waiting.paused_at == AT
    assert (url("waiting", row), "resume") in buttons(client.get(url("waiting", row)))

    client.post(url("waiting", row), {"act": "resume"})
    waiting.refresh_from_db()
    assert (waiting.paused_at, waiting.rank) == (None, 2)


def test_a_paused_turn_promises_no_seat(client, waiting):
    promise = "elle est à vous"
    assert promise in words(client.get(url("waiting", waiting.session)))

    client.post(url("waiting", waiting.session), {"act": "pause"})
    paused = words(client.get(url("waiting", waiting.session)))
    assert promise not in paused
    assert "Votre tour passe aussi longtemps que vous le voulez" in paused


def test_the_choice_may_change_while_waiting(client, waiting):
    response = client.post(url("waiting", waiting.session), {"act": "ask", "asking": "ask"})

    waiting.refresh_from_db()
    assert (response.status_code, waiting.asks_first) == (302, True)
    assert choices(client.get(url("waiting", waiting.session)))["ask"] is True


@pytest.mark.parametrize("act", ["", "promote", "ask"])
def test_a_press_that_means_nothing_does_nothing(client, waiting, act):
    response = client.post(url("waiting", waiting.session), {"act": act})

    waiting.refresh_from_db()
    assert (response.status_code, waiting.state) == (302, EnrolmentState.WAITING)
    assert waiting.events.count() == 1


def test_pausing_a_turn_that_is_over_is_told(client, waiting):
    cancel_enrolment(enrolment=waiting, by=waiting.person, at=AT)

    assert client.post(url("waiting", waiting.session), {"act": "pause"}).status_code == 409


def test_nobody_pauses_the_turn_of_somebody_else(client, person):
    row = open_session(capacity=0)
    other = enrolled(row)

    assert client.post(url("waiting", row), {"act": "pause"}).status_code == 404
    other.refresh_from_db()
    assert other.paused_at is None


# ------------------------------------------------------------------ leaving
def test_leaving_is_one_press_and_the_way_back_is_explained(client, waiting, both_languages):
    row = waiting.session
    assert (url("cancel", row), "") in buttons(client.get(url("waiting", row)))

    left = client.post(url("cancel", row), follow=True)

    assert title(left) == both_languages("You have left the waiting list.")
    assert both_languages(
        "You may come back at any time, at the last rank of the waiting list."
    ) in words(left)
    again = client.post(url("enrol", row), follow=True)
    assert "2e sur 2" in title(again)


# ------------------------------------------------------------------ passed over
def test_an_offer_left_without_an_answer_is_explained(client, person, later, both_languages):
    row = open_session(capacity=1)
    seat = enrolled(row)
    enrol(person=person, session=row, by=person, at=AT, asks_first=True)
    cancel_enrolment(enrolment=seat, by=seat.person, at=AT)
    fill_session(session_id=row.pk, at=AT)
    expire_offers(at=AT + timedelta(days=5))
    later(AT + timedelta(days=5))

    response = client.get(url("waiting", row))

    assert "1er sur 1" in title(response)
    assert both_languages(
        "You let the last offer pass. You keep your rank, and the seats freed from now on will be "
        "offered to you again."
    ) in notice(response)


def test_a_limit_that_would_let_the_turn_pass_is_said_with_a_way_out(client, person):
    """Somebody at the limit of the term waits elsewhere in it: the list would pass them over."""
    year = term(seats_per_person=1)
    full = open_session(capacity=0, term=year)
    enrolled(full, person)
    enrolled(open_session(term=year, starts_at=NOON + timedelta(days=1)), person)

    response = client.get(url("waiting", full))

    assert "1" in notice(response)
    assert page_of(response).select_one(".notice a")["href"] == url("exchange", full)


# ------------------------------------------------------------------ the last hours
@pytest.fixture
def called(client, person, later):
    """Ten hours before the session, a seat is freed: the person and another are called."""
    row = open_session(capacity=1)
    seat = enrolled(row)
    mine, other = enrolled(row, person), enrolled(row)
    at = NOON - timedelta(hours=10)
    cancel_enrolment(enrolment=seat, by=seat.person, at=at)
    fill_session(session_id=row.pk, at=at)
    later(at + timedelta(minutes=5))
    return mine, other


def test_who_is_called_takes_the_seat_with_one_press(client, called, both_languages):
    mine, _other = called
    row = mine.session
    assert (url("enrol", row), "") in buttons(client.get(url("waiting", row)))

    response = client.post(url("enrol", row), follow=True)

    mine.refresh_from_db()
    assert title(response) == both_languages("Your seat is reserved.")
    assert mine.state == EnrolmentState.CONFIRMED


def test_who_comes_second_is_told_and_keeps_the_rank(client, called, both_languages):
    mine, other = called
    row = mine.session
    at = NOON - timedelta(hours=9)
    enrol(person=other.person, session=row, by=other.person, at=at)

    response = client.post(url("enrol", row), follow=True)

    mine.refresh_from_db()
    assert both_languages("No seat is free for you at this moment. You keep your rank.") in notice(
        response
    )
    assert (mine.state, mine.rank) == (EnrolmentState.WAITING, 1)
    assert (url("enrol", row), "") not in buttons(response)


# ------------------------------------------------------------------ an exchange that waits
@pytest.fixture
def exchanging(person):
    """At the limit of the term, the person waits elsewhere in it and named the seat to give up."""
    year = term(seats_per_person=1)
    full = open_session(capacity=1, term=year)
    holder = enrolled(full)
    seat = enrolled(open_session(term=year, starts_at=NOON + timedelta(days=1)), person)
    row = exchange(leaving=seat, session=full, by=person, at=AT)
    return row, seat, holder


def test_the_seat_that_will_go_is_named_and_nothing_else_is_asked(client, exchanging):
    row, seat, _holder = exchanging

    response = client.get(url("waiting", row.session))

    assert str(seat.session.course) in words(response)
    assert choices(response) == {}
    assert page_of(response).select(".notice") == []


def test_near_the_session_the_seat_that_stands_in_the_way_is_said(client, exchanging, later):
    """What the list does then: it passes, and keeps the rank."""
    row, _seat, holder = exchanging
    at = NOON - timedelta(days=2)
    later(at)

    said = notice(client.get(url("waiting", row.session)))
    cancel_enrolment(enrolment=holder, by=holder.person, at=at)
    fill_session(session_id=row.session_id, at=at)

    row.refresh_from_db()
    assert "1" in said
    assert (row.state, row.rank) == (EnrolmentState.WAITING, 1)
