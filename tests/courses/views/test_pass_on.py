"""A seat for a colleague named by address: seen before it is done, done once, no secret told."""

from datetime import timedelta

import pytest

from courses.choices import EnrolmentState
from courses.models import Enrolment
from people.letters import date_words, hour_words
from tests.courses.views.screens import buttons, links, notice, page_of, title, url, words
from tests.factories import people
from tests.factories.courses import NOON, enrolled, open_session, pool

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def states(*rows: Enrolment) -> list[str]:
    return [Enrolment.objects.get(pk=row.pk).state for row in rows]


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
