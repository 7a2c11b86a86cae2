"""A seat for another, a seat for a colleague: proposed where it helps, told in full, done once."""

import uuid
from datetime import timedelta

import pytest

from courses.choices import EnrolmentState, OpeningMode, RefusalCause
from courses.models import Enrolment, Refusal
from courses.services.enrolments import cancel_enrolment
from courses.services.offers import fill_session
from people.letters import date_words, hour_words
from tests.courses.views.screens import buttons, links, notice, page_of, title, url, words
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, held, open_session, pool, term

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


# ================================================================== a colleague
@pytest.fixture
def seat(person):
    return enrolled(open_session(cancel_until=NOON - timedelta(days=2)), person)


def name_colleague(client, row, address, **more):
    return client.post(url("pass_on", row), {"address": address, **more}, follow=True)


def confirm(client, row, address):
    return name_colleague(client, row, address, confirmed="1")


def test_the_preview_says_all_and_changes_nothing(client, seat):
    colleague = people.person()

    response = name_colleague(client, seat.session, colleague.email)

    assert colleague.email in title(response)
    assert states(seat) == [EnrolmentState.CONFIRMED]
    assert Enrolment.objects.count() == 1


def test_the_preview_is_the_same_for_an_account_and_for_none(client, seat):
    """Nothing tells who has an account here, nor the colleague's name."""
    colleague = people.person(printed_name="Colette Collègue")

    known = words(name_colleague(client, seat.session, colleague.email))
    unknown = words(name_colleague(client, seat.session, "personne@ailleurs.test"))

    assert known.replace(colleague.email, "x") == unknown.replace("personne@ailleurs.test", "x")
    assert "Colette" not in known


def test_confirming_offers_the_very_seat_to_the_colleague(client, seat, both_languages):
    colleague = people.person()

    response = confirm(client, seat.session, colleague.email)

    given = Enrolment.objects.get(person=colleague)
    assert states(seat, given) == [EnrolmentState.CANCELLED, EnrolmentState.OFFERED]
    assert title(response) == both_languages("Your seat is passed on.")
    assert colleague.email in notice(response)
    assert date_words(given.offer_expires_at, "fr") in notice(response)
    seat.refresh_from_db()
    assert seat.is_late is False


def test_the_hour_of_the_preview_is_that_of_the_offer(client, seat):
    colleague = people.person()

    preview = words(name_colleague(client, seat.session, colleague.email))
    confirm(client, seat.session, colleague.email)

    until = Enrolment.objects.get(person=colleague).offer_expires_at
    assert date_words(until, "fr") in preview
    assert hour_words(until, "fr") in preview


def test_confirming_twice_passes_one_seat(client, seat):
    colleague = people.person()

    first, second = (confirm(client, seat.session, colleague.email) for _ in range(2))

    assert title(first) == title(second)
    assert Enrolment.objects.filter(person=colleague).count() == 1


def ineligible(session) -> dict[str, str]:
    """Every kind of address that cannot have the seat, in a session kept for a hospital."""
    chum = people.establishment("chum")
    waiting, seated = people.verified_member(chum), people.verified_member(chum)
    enrolled(session, seated), enrolled(session, waiting)
    closed = people.verified_member(chum)
    address = closed.email
    closed.is_active = False
    closed.save()
    return {
        "no account": "personne@ailleurs.test",
        "not of the pool": people.person().email,
        "seated": seated.email,
        "waiting": waiting.email,
        "closed": address,
    }


def test_every_reason_why_not_is_the_same_sentence(client):
    chum = people.establishment("chum")
    person = people.verified_member(chum)
    client.force_login(person)
    row = open_session(capacity=2, pools=[pool(chum, seats=2)])
    seat = enrolled(row, person)
    addresses = ineligible(row)

    answers = {
        name: words(confirm(client, row, address)).replace(address, "x")
        for name, address in addresses.items()
    }

    assert len(set(answers.values())) == 1, answers
    assert states(seat) == [EnrolmentState.CONFIRMED]


def test_naming_oneself_is_told_plainly(client, seat, both_languages):
    response = confirm(client, seat.session, seat.person.email)

    assert both_languages("Name a colleague: this seat is already yours.") in words(response)
    assert states(seat) == [EnrolmentState.CONFIRMED]


@pytest.mark.parametrize("address", ["", "personne", "a@b", "x" * 300 + "@exemple.test"])
def test_what_is_no_address_is_refused_at_the_field(client, seat, address):
    response = client.post(url("pass_on", seat.session), {"address": address})

    assert response.status_code == 422
    assert page_of(response).select_one(".error-summary a")["href"] == "#id_address"


def test_guessing_addresses_is_slow(client, seat):
    answers = [confirm(client, seat.session, f"essai{n}@ailleurs.test") for n in range(12)]

    assert [each.status_code for each in answers] == [422] * 10 + [429] * 2
    assert states(seat) == [EnrolmentState.CONFIRMED]


def test_after_the_deadline_the_seat_may_only_be_given_back(client, seat, later, both_languages):
    later(NOON - timedelta(days=1))

    read, pressed = (
        client.get(url("pass_on", seat.session)),
        confirm(client, seat.session, people.person().email),
    )

    assert (read.status_code, pressed.status_code) == (200, 409)
    assert both_languages(
        "It is too late to pass a seat on: you may still give it back."
    ) in notice(read)
    assert buttons(read) == []
    assert states(seat) == [EnrolmentState.CONFIRMED]
    assert url("pass_on", seat.session) not in links(client.get(url("cancel", seat.session)))


def test_only_a_seat_is_passed_on(client, person):
    full = open_session(capacity=0)
    enrolled(full, person)
    assert client.get(url("pass_on", open_session())).status_code == 404

    response = client.get(url("pass_on", full))

    assert "1er sur 1" in title(response)


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
