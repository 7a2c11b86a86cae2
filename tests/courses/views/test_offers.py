"""An offered seat: until when, two buttons, and plain words once it is over."""

import uuid
from datetime import timedelta

import pytest

from courses.choices import EnrolmentState
from courses.models import Enrolment
from courses.services.enrolments import cancel_enrolment, enrol
from courses.services.exchanges import offer_to, pass_on
from courses.services.offers import expire_offers, fill_session
from courses.services.second_sessions import offer_second_session
from courses.services.sessions import cancel_session, postpone_session
from people.letters import date_words, hour_words
from tests.courses.views.screens import buttons, links, notice, title, url, words
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, open_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def offered(person) -> Enrolment:
    """A seat freed goes to that person, who asked to be asked: two days to answer."""
    row = open_session(capacity=1)
    seat = enrolled(row)
    enrol(person=person, session=row, by=person, at=AT, asks_first=True)
    cancel_enrolment(enrolment=seat, by=seat.person, at=AT)
    fill_session(session_id=row.pk, at=AT)
    mine = Enrolment.objects.get(person=person)
    assert mine.state == EnrolmentState.OFFERED
    return mine


@pytest.fixture
def offer(person):
    return offered(person)


# ------------------------------------------------------------------ reading
def test_the_page_says_until_when_and_has_two_buttons(client, offer):
    response = client.get(url("offer", offer))

    until = offer.offer_expires_at
    assert date_words(until, "fr") in notice(response)
    assert hour_words(until, "fr") in notice(response)
    assert buttons(response) == [(url("offer", offer), "accept"), (url("offer", offer), "decline")]


def test_opening_the_link_changes_nothing(client, offer):
    """Mail scanners open links."""
    before = Enrolment.objects.filter(pk=offer.pk).values().get()

    client.get(url("offer", offer)), client.head(url("offer", offer))

    assert Enrolment.objects.filter(pk=offer.pk).values().get() == before


def test_the_page_of_one_s_place_shows_the_offer_too(client, offer):
    for name in ("enrol", "waiting"):
        response = client.get(url(name, offer.session), follow=True)
        assert (url("offer", offer), "accept") in buttons(response)


def test_the_link_survives_the_sign_in(client, person):
    offer = offered(person)
    client.logout()

    response = client.get(url("offer", offer))

    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={url('offer', offer)}")


def test_the_offer_of_somebody_else_answers_as_one_that_does_not_exist(client, person):
    foreign = offered(people.person())
    unknown = Enrolment(key=uuid.uuid4())

    for method in (client.get, client.post):
        answers = [method(url("offer", row), {"act": "accept"}) for row in (foreign, unknown)]
        assert [each.status_code for each in answers] == [404, 404]
        assert words(answers[0]) == words(answers[1])
        assert "pas d’offre pour ce compte" in words(answers[0])
    foreign.refresh_from_db()
    assert foreign.state == EnrolmentState.OFFERED


# ------------------------------------------------------------------ answering
def test_taking_the_seat_leads_to_the_seat(client, offer, both_languages):
    response = client.post(url("offer", offer), {"act": "accept"}, follow=True)

    offer.refresh_from_db()
    assert offer.state == EnrolmentState.CONFIRMED
    assert title(response) == both_languages("Your seat is reserved.")


def test_saying_no_frees_the_seat_and_leaves_a_way_back(client, offer, both_languages):
    response = client.post(url("offer", offer), {"act": "decline"}, follow=True)

    offer.refresh_from_db()
    assert offer.state == EnrolmentState.DECLINED
    assert both_languages("You said no to this offer.") in notice(response)
    assert url("enrol", offer.session) in links(response)


@pytest.mark.parametrize("act", ["accept", "decline"])
def test_pressing_twice_or_coming_back_says_the_same(client, offer, act):
    once, twice = (client.post(url("offer", offer), {"act": act}, follow=True) for _ in range(2))
    back = client.get(url("offer", offer), follow=True)

    offer.refresh_from_db()
    assert title(once) == title(twice) == title(back)
    assert Enrolment.objects.filter(person=offer.person).count() == 1


@pytest.mark.parametrize(("first", "second"), [("accept", "decline"), ("decline", "accept")])
def test_the_other_button_pressed_afterwards_is_refused_in_words(client, offer, first, second):
    client.post(url("offer", offer), {"act": first})
    offer.refresh_from_db()
    state = offer.state

    response = client.post(url("offer", offer), {"act": second}, follow=True)

    offer.refresh_from_db()
    assert response.status_code in {200, 409}
    assert offer.state == state


def test_a_press_that_means_nothing_leaves_the_offer_as_it_is(client, offer):
    response = client.post(url("offer", offer), {"act": "later"})

    offer.refresh_from_db()
    assert (response.status_code, offer.state) == (302, EnrolmentState.OFFERED)


# ------------------------------------------------------------------ over
def test_at_the_very_second_of_its_end_the_offer_has_no_button(client, offer, later):
    later(offer.offer_expires_at)

    read, pressed = (
        client.get(url("offer", offer)), client.post(url("offer", offer), {"act": "accept"}),
    )  # fmt: skip

    offer.refresh_from_db()
    assert (read.status_code, pressed.status_code) == (200, 409)
    assert buttons(read) == buttons(pressed) == []
    assert date_words(offer.offer_expires_at, "fr") in notice(read)
    assert offer.state == EnrolmentState.OFFERED  # the sweep ends it, not the page


def test_an_expired_offer_says_where_its_person_stands_now(client, offer, later):
    expire_offers(at=offer.offer_expires_at)
    later(offer.offer_expires_at + timedelta(hours=1))

    response = client.get(url("offer", offer))

    assert "1er sur 1" in words(response)
    assert url("waiting", offer.session) in links(response)


def test_an_offer_of_a_cancelled_session_says_so_and_offers_nothing(client, offer, both_languages):
    cancel_session(session=offer.session, by=None, at=AT, motive="Verglas")

    read, pressed = (
        client.get(url("offer", offer)), client.post(url("offer", offer), {"act": "accept"}),
    )  # fmt: skip

    assert both_languages("This session is over or cancelled: the offer is over.") in notice(read)
    assert pressed.status_code == 409
    assert buttons(pressed) == []


def test_an_offer_of_a_postponed_session_does_not_end_meanwhile(client, offer, later):
    postpone_session(session=offer.session, by=None, at=AT, motive="Verglas")
    later(offer.offer_expires_at + timedelta(days=1))

    assert (url("offer", offer), "accept") in buttons(client.get(url("offer", offer)))
    client.post(url("offer", offer), {"act": "accept"})

    offer.refresh_from_db()
    assert offer.state == EnrolmentState.CONFIRMED


def test_the_page_of_one_s_place_has_no_button_once_the_offer_is_over(client, offer, later):
    """Between its end and the sweep."""
    later(offer.offer_expires_at)

    response = client.get(url("enrol", offer.session), follow=True)

    assert response.redirect_chain == [(url("offer", offer), 302)]
    assert buttons(response) == []


def test_an_offer_that_never_had_a_rank_ends_without_one(client, person, later, both_languages):
    row = open_session()
    given = offer_to(person=person, session=row, by=people.liaison_agent(), at=AT)
    expire_offers(at=given.offer_expires_at)
    later(given.offer_expires_at)

    response = client.get(url("offer", given))

    assert both_languages("You have neither a seat nor a rank in this session.") in words(response)
    assert url("enrol", row) in links(response)


# ------------------------------------------------------------------ who gives
def test_the_liaison_agent_who_asked_is_named(client, person):
    agent = people.liaison_agent(printed_name="Louise Agente")
    given = offer_to(person=person, session=open_session(), by=agent, at=AT)

    assert "Louise Agente" in words(client.get(url("offer", given)))


def test_the_colleague_who_gives_is_named(client, person):
    seat = enrolled(open_session(), people.person(printed_name="Colette Collègue"))
    given = pass_on(enrolment=seat, to=person, by=seat.person, at=AT)

    assert "Colette Collègue" in words(client.get(url("offer", given)))


def test_a_second_session_says_which_list_is_left(client, person, both_languages):
    first = open_session(capacity=0)
    enrolled(first, person)
    second = open_session(course=first.course, starts_at=NOON + timedelta(days=7))
    offer_second_session(first=first, second=second, by=None, at=AT)
    given = Enrolment.objects.get(person=person, session=second)

    said = both_languages("If you take it, you leave the other waiting list of “%(course)s”.")
    assert said % {"course": first.course} in words(client.get(url("offer", given)))
