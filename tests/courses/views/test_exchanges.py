"""A seat for another, proposed where it helps, told in full, done once."""

import uuid
from datetime import timedelta

import pytest

from courses.choices import EnrolmentState, OpeningMode, RefusalCause
from courses.models import Enrolment, Refusal
from courses.services.enrolments import cancel_enrolment
from courses.services.offers import fill_session
from tests.courses.views.screens import buttons, notice, page_of, title, url, words
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, held, open_session, term

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

WEEK = timedelta(days=7)


def seats_shown(response) -> list[str]:
    return [each["value"] for each in page_of(response).main.select("input[name=seat]")]


def states(*rows: Enrolment) -> list[str]:
    return [Enrolment.objects.get(pk=row.pk).state for row in rows]


@pytest.fixture
def at_limit(person):
    """One seat a person in the term, taken; another session of the term is wanted."""
    year = term(seats_per_person=1)
    seat = enrolled(open_session(term=year), person)
    return seat, open_session(term=year, starts_at=NOON + WEEK, capacity=1)


# ------------------------------------------------------------------ proposed
def test_the_page_says_the_limit_before_anything_is_pressed(client, at_limit, both_languages):
    _seat, wanted = at_limit

    response = client.get(url("enrol", wanted))

    assert "1" in notice(response)
    label = page_of(response).main.select_one("form button[type=submit]").get_text(strip=True)
    assert label == both_languages("Choose the seat to give up")


def test_at_the_limit_the_seats_that_may_go_are_proposed(client, at_limit):
    seat, wanted = at_limit

    response = client.post(url("enrol", wanted))

    assert response.status_code == 409
    assert seats_shown(response) == [str(seat.key)]
    assert (url("exchange", wanted), "") in buttons(response)
    assert Refusal.objects.get().cause == RefusalCause.LIMIT


def test_an_overlap_proposes_the_seat_that_overlaps_and_no_other(client, person):
    overlapping = enrolled(open_session(), person)
    enrolled(open_session(starts_at=NOON + WEEK), person)
    wanted = open_session(starts_at=NOON + timedelta(minutes=30))

    response = client.post(url("enrol", wanted))

    assert response.status_code == 409
    assert seats_shown(response) == [str(overlapping.key)]
    assert str(overlapping.session.course) in notice(response)
    assert Refusal.objects.get().cause == RefusalCause.OVERLAP


def test_where_no_single_seat_helps_only_the_reason_is_said(client, person):
    year = term(seats_per_person=1)
    past = enrolled(open_session(term=year), person)
    held(past.session)
    wanted = open_session(term=year, starts_at=NOON + WEEK)

    response = client.post(url("enrol", wanted))

    assert response.status_code == 409
    assert seats_shown(response) == []
    assert "1" in notice(response)


def test_a_seat_given_upon_request_is_not_exchanged(client, at_limit, both_languages):
    seat, _wanted = at_limit
    wanted = open_session(term=seat.session.term, starts_at=NOON + 2 * WEEK, needs_approval=True)

    read = client.get(url("exchange", wanted))
    pressed = client.post(url("exchange", wanted), {"seat": str(seat.key)})

    assert (read.status_code, pressed.status_code) == (200, 409)
    assert seats_shown(read) == []
    assert states(seat) == [EnrolmentState.CONFIRMED]


# ------------------------------------------------------------------ done
def test_an_exchange_is_one_press(client, at_limit, both_languages):
    seat, wanted = at_limit
    assert seats_shown(client.get(url("exchange", wanted))) == [str(seat.key)]

    response = client.post(url("exchange", wanted), {"seat": str(seat.key)}, follow=True)

    assert title(response) == both_languages("Your seat is reserved.")
    assert both_languages("Your seat in “%(course)s” is given back.") % {
        "course": seat.session.course
    } in notice(response)
    row = Enrolment.objects.get(session=wanted)
    assert states(seat, row) == [EnrolmentState.CANCELLED, EnrolmentState.CONFIRMED]


def test_pressing_twice_exchanges_once(client, at_limit):
    seat, wanted = at_limit

    first, second = (
        client.post(url("exchange", wanted), {"seat": str(seat.key)}, follow=True) for _ in range(2)
    )

    assert title(first) == title(second)
    assert Enrolment.objects.filter(session=wanted).count() == 1


def test_a_full_session_keeps_the_seat_and_gives_a_rank(client, at_limit, both_languages):
    seat, wanted = at_limit
    enrolled(wanted)

    asked = client.get(url("exchange", wanted))
    response = client.post(url("exchange", wanted), {"seat": str(seat.key)}, follow=True)

    assert both_languages(
        "This session is full: you keep your seat, and take the next rank here."
    ) in words(asked)
    assert "1er sur 1" in title(response)
    row = Enrolment.objects.get(session=wanted, person=seat.person)
    assert states(seat, row) == [EnrolmentState.CONFIRMED, EnrolmentState.WAITING]


def test_what_the_page_promises_comes_true_when_the_turn_comes(client, at_limit):
    seat, wanted = at_limit
    other = enrolled(wanted)
    client.post(url("exchange", wanted), {"seat": str(seat.key)})

    cancel_enrolment(enrolment=other, by=other.person, at=AT)
    fill_session(session_id=wanted.pk, at=AT)

    row = Enrolment.objects.get(session=wanted, person=seat.person)
    assert states(seat, row) == [EnrolmentState.CANCELLED, EnrolmentState.CONFIRMED]


def test_somebody_who_waits_already_may_choose_what_goes(client, person):
    year = term(seats_per_person=1)
    full = open_session(term=year, starts_at=NOON + WEEK, capacity=0)
    rank = enrolled(full, person)
    seat = enrolled(open_session(term=year), person)

    response = client.post(url("exchange", full), {"seat": str(seat.key)}, follow=True)

    rank.refresh_from_db()
    assert "1er sur 1" in title(response)
    assert (rank.instead_of, rank.state) == (seat, EnrolmentState.WAITING)
    assert states(seat) == [EnrolmentState.CONFIRMED]


def test_a_late_exchange_says_that_the_seat_given_up_is_late(client, person, both_languages):
    year = term(seats_per_person=1)
    seat = enrolled(open_session(term=year, cancel_until=AT - timedelta(days=1)), person)
    wanted = open_session(term=year, starts_at=NOON + WEEK)

    response = client.get(url("exchange", wanted))

    assert both_languages("given back late") in words(response)
    client.post(url("exchange", wanted), {"seat": str(seat.key)})
    seat.refresh_from_db()
    assert seat.is_late


# ------------------------------------------------------------------ bad input
@pytest.mark.parametrize("forged", ["", "nothing", "unknown", "foreign", "cancelled"])
def test_a_seat_that_is_not_one_s_own_is_refused_at_the_field(client, at_limit, forged):
    seat, wanted = at_limit
    gone = enrolled(open_session(starts_at=NOON + 3 * WEEK), people.person())
    if forged == "cancelled":
        cancel_enrolment(enrolment=gone, by=gone.person, at=AT)
    value = {"": "", "nothing": "1", "unknown": str(uuid.uuid4())}.get(forged, str(gone.key))

    response = client.post(url("exchange", wanted), {"seat": value})

    assert response.status_code == 422
    assert page_of(response).select_one(".error-summary a")["href"] == "#id_seat_0"
    assert states(seat) == [EnrolmentState.CONFIRMED]
    assert not Enrolment.objects.filter(session=wanted).exists()


def test_a_session_that_is_shut_is_not_exchanged_into(client, at_limit, later):
    seat, wanted = at_limit
    wanted.enrolment_closes_at = AT + timedelta(hours=1)
    wanted.save()
    later(AT + timedelta(hours=1))

    pressed = client.post(url("exchange", wanted), {"seat": str(seat.key)})

    assert pressed.status_code == 409
    assert states(seat) == [EnrolmentState.CONFIRMED]


def test_whoever_has_a_seat_there_already_is_led_to_it(client, person):
    seat = enrolled(open_session(), person)

    response = client.get(url("exchange", seat.session))

    assert (response.status_code, response["Location"]) == (302, url("enrol", seat.session))


def test_at_the_limit_nobody_exchanges_a_seat_for_a_ticket(client, at_limit):
    seat, _wanted = at_limit
    wanted = open_session(
        term=seat.session.term,
        starts_at=NOON + 2 * WEEK,
        opening_mode=OpeningMode.DRAW,
        requests_close_at=AT + timedelta(days=3),
    )

    response = client.post(url("enrol", wanted))

    assert response.status_code == 409
    assert seats_shown(response) == []


def test_at_the_limit_nothing_is_asked_that_would_be_lost(client, person):
    """The choice and the question belong to a press that takes a seat or a rank."""
    year = term(seats_per_person=1)
    enrolled(open_session(term=year), person)
    wanted = open_session(term=year, starts_at=NOON + WEEK, capacity=0, takes_questions=True)

    form = page_of(client.get(url("enrol", wanted))).main.find("form")

    assert [each["name"] for each in form.find_all(["input", "textarea"])] == [
        "csrfmiddlewaretoken"
    ]
