"""A liaison agent asks for the people of their establishment, who confirm by mail."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import pytest

from courses.choices import EnrolmentOrigin, EnrolmentState, HoldReason, OpeningMode
from courses.models import Enrolment, Refusal
from courses.services.holds import hold_person
from people.choices import Role
from people.letters import hour_words
from people.services.memberships import end_membership, join_establishment
from tests.courses.views.screens import links, notice, page_of, url, words
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    open_session,
    pool,
    published_course,
    term,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

LIST = reverse("courses:delegate_sessions")


@pytest.fixture
def chum():
    return people.establishment("chum")


@pytest.fixture
def agent(client, chum):
    user = people.liaison_agent(chum)
    client.force_login(user)
    return user


def listed(response) -> list[str]:
    page = page_of(response).main
    return [each.get_text(" ", strip=True) for each in page.select(".people label")]


def answers(response) -> dict[str, str]:
    rows = page_of(response).main.select(".roster__row")
    return {
        row.select_one(".roster__name").get_text(strip=True): row.select_one(".badge").get_text(
            " ", strip=True
        )
        for row in rows
    }


def ask_for(client, row, *persons):
    return client.post(url("delegate", row), {"person": [str(each.key) for each in persons]})


# ------------------------------------------------------------------ who
@pytest.mark.parametrize("role", [None, Role.TRAINER, Role.DIRECTION, Role.INSPECTOR])
def test_the_screen_is_closed_to_the_others(client, role):
    client.force_login(people.person(roles=(role,) if role else ()))

    assert client.get(LIST).status_code == 403
    assert client.get(url("delegate", open_session())).status_code == 403


def test_an_agent_sees_the_verified_people_of_their_establishment(client, agent, chum):
    mine = people.verified_member(chum, printed_name="Ana Beaulieu")
    people.verified_member(people.establishment("cusm"), printed_name="Benoît Ailleurs")
    people.person(establishment=chum, printed_name="Carla Non Vérifiée")
    gone = people.verified_member(chum, printed_name="Denis Parti")
    end_membership(membership=gone.memberships.get(), by=gone, at=AT - timedelta(days=2))

    assert listed(client.get(url("delegate", open_session()))) == [str(mine)]


def test_a_coordinator_sees_those_of_every_establishment(client, chum):
    first = people.verified_member(chum, printed_name="Ana Beaulieu")
    second = people.verified_member(people.establishment("cusm"), printed_name="Benoît Caron")
    client.force_login(people.coordinator())

    assert listed(client.get(url("delegate", open_session()))) == [str(first), str(second)]


def test_people_are_found_by_name_or_address(client, agent, chum):
    people.verified_member(chum, printed_name="Ana Beaulieu")
    found = people.verified_member(chum, printed_name="Benoît Caron", email="bc@exemple.test")
    row = open_session()

    for text in ("caron", "bc@exemple"):
        assert listed(client.get(url("delegate", row), {"q": text})) == [str(found)]
    assert listed(client.get(url("delegate", row), {"q": "zzz"})) == []


def test_whoever_has_a_place_already_cannot_be_ticked(client, agent, chum):
    seated = people.verified_member(chum, printed_name="Ana Beaulieu")
    row = open_session()
    enrolled(row, seated)

    response = client.get(url("delegate", row))

    assert listed(response) == []
    assert str(seated) in words(response)


# ------------------------------------------------------------------ where
def test_only_sessions_where_a_seat_is_taken_are_proposed(client, agent):
    course = published_course(title_fr="Ouverte")
    free, full = open_session(course=course), open_session(capacity=0, starts_at=NOON)
    draw = open_session(opening_mode=OpeningMode.DRAW, requests_close_at=AT + timedelta(days=3))
    approval = open_session(needs_approval=True)
    closed = open_session(enrolment_closes_at=AT - timedelta(hours=1))

    shown = links(client.get(LIST))

    assert {url("delegate", row) for row in (free, full)} <= shown
    assert not {url("delegate", row) for row in (draw, approval, closed)} & shown


def test_a_session_given_upon_request_is_refused_in_words(client, agent, chum, both_languages):
    person, row = people.verified_member(chum), open_session(needs_approval=True)

    response = ask_for(client, row, person)

    assert response.status_code == 409
    assert both_languages(
        "Seats in this session are given upon request: each person asks for themselves."
    ) in notice(response)
    assert Enrolment.objects.count() == 0


# ------------------------------------------------------------------ asking
def test_each_person_gets_a_line_saying_what_became_of_them(client, agent, chum):
    one, two = (people.verified_member(chum, printed_name=f"Membre {n}") for n in "AB")
    row = open_session(capacity=1)

    response = ask_for(client, row, one, two)

    rows = {each.person: each for each in Enrolment.objects.all()}
    assert (rows[one].state, rows[two].state) == (EnrolmentState.OFFERED, EnrolmentState.WAITING)
    assert {each.origin for each in rows.values()} == {EnrolmentOrigin.LIAISON}
    said = answers(response)
    assert hour_words(rows[one].offer_expires_at, "fr") in said["Membre A"]
    assert "1er sur 1" in said["Membre B"]


def test_pressing_twice_asks_once(client, agent, chum, clock):
    person, row = people.verified_member(chum), open_session()

    ask_for(client, row, person)
    clock.shift(timedelta(seconds=1))
    again = ask_for(client, row, person)

    enrolment = Enrolment.objects.get()
    assert enrolment.events.count() == 1
    assert answers(again)[str(person)].endswith(f"{enrolment.get_state_display().lower()}.")


def test_nobody_ticked_is_said(client, agent, chum):
    people.verified_member(chum)

    response = client.post(url("delegate", open_session()))

    assert response.status_code == 422
    assert page_of(response).select_one(".error-summary a")["href"] == "#people"


def test_people_of_elsewhere_and_forged_keys_are_left_out(client, agent, chum):
    foreign = people.verified_member(people.establishment("cusm"))
    row = open_session()

    response = client.post(
        url("delegate", row), {"person": [str(foreign.key), "x", "", str(agent.key)]}
    )

    assert response.status_code == 422
    assert Enrolment.objects.count() == 0


def test_a_membership_ended_since_the_page_was_read_opens_nothing(client, agent, chum):
    person = people.verified_member(chum)
    end_membership(membership=person.memberships.get(), by=person, at=AT - timedelta(days=2))

    assert ask_for(client, open_session(), person).status_code == 422
    assert Enrolment.objects.count() == 0


# ------------------------------------------------------------------ what an agent may know
def test_a_refusal_of_one_leaves_the_others_and_tells_no_secret(client, agent, chum):
    """What a person owes, holds or missed is for that person."""
    held, free = (people.verified_member(chum, printed_name=name) for name in ("Une", "Deux"))
    hold_person(person=held, reason=HoldReason.STAFF, cause="x", since=AT.date())
    row = open_session()

    response = ask_for(client, row, held, free)

    said = answers(response)
    assert Enrolment.objects.get().person == free
    assert "place" in said["Deux"].lower() or "seat" in said["Deux"].lower()
    assert "academie@" not in said["Une"]
    assert Refusal.objects.count() == 1


def test_the_seat_somebody_holds_at_that_time_is_not_named(client, agent, chum, both_languages):
    person = people.verified_member(chum)
    other = enrolled(open_session(), person)
    row = open_session(starts_at=NOON + timedelta(minutes=10))

    said = answers(ask_for(client, row, person))[str(person)]

    assert both_languages("This person holds another seat at that time.") in said
    assert str(other.session.course) not in said


def test_limits_count_for_the_person(client, agent, chum, both_languages):
    year, person = term(seats_per_person=1), people.verified_member(chum)
    enrolled(open_session(term=year), person)

    said = answers(
        ask_for(client, open_session(term=year, starts_at=NOON + timedelta(days=7)), person)
    )

    assert (
        both_languages("This person already holds as many seats as one may in this term.")
        in said[str(person)]
    )


# ------------------------------------------------------------------ cost
def test_the_list_takes_the_same_questions_for_few_and_for_many(client, agent, chum):
    row = open_session()
    enrolled(row, people.verified_member(chum))
    client.get(url("delegate", row))
    with CaptureQueriesContext(connection) as few:
        client.get(url("delegate", row))
    for _ in range(6):
        enrolled(row, people.verified_member(chum))
        people.verified_member(chum)

    with CaptureQueriesContext(connection) as many:
        client.get(url("delegate", row))
    assert len(many) == len(few)


def test_the_list_of_sessions_takes_the_same_questions_for_few_and_for_many(client, agent):
    open_session()
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _ in range(5):
        open_session()

    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few)


def test_a_membership_merely_declared_makes_no_agent(client, chum):
    person = people.person()
    join_establishment(user=person, establishment=chum, at=AT, role="liaison")
    client.force_login(person)

    assert client.get(LIST).status_code == 403


def test_too_near_the_session_nobody_is_asked(client, agent, chum, clock, both_languages):
    person, row = people.verified_member(chum), open_session()
    clock.move_to(NOON - timedelta(hours=12))
    client.force_login(agent)

    assert url("delegate", row) not in links(client.get(LIST))
    response = ask_for(client, row, person)

    assert response.status_code == 409
    assert both_languages(
        "Fewer than twelve hours are left: nobody can be offered a seat."
    ) in notice(response)


def test_people_of_a_pool_that_opens_early_are_asked_early(client, agent, chum):
    person = people.verified_member(chum)
    early = pool(chum, seats=2, opens_at=AT - timedelta(hours=1))
    row = open_session(pools=[early], enrolment_opens_at=AT + timedelta(days=2))

    ask_for(client, row, person)

    assert Enrolment.objects.get(person=person).state == EnrolmentState.OFFERED
