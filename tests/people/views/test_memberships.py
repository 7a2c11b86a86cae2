from django.test import Client
from django.urls import reverse

import pytest
from bs4 import BeautifulSoup

from people.choices import MembershipRole, Role
from people.services.memberships import join_establishment
from tests.factories.people import (
    AT,
    coordinator,
    establishment,
    liaison_agent,
    person,
    trainer,
    verified_member,
)

pytestmark = pytest.mark.django_db
LIST = "people:memberships"


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def member(name: str, code: str = "chum"):
    user = person(printed_name=name)
    return join_establishment(user=user, establishment=establishment(code), at=AT)


def names(response) -> list[str]:
    rows = BeautifulSoup(response.content, "html.parser").select("tbody th")
    return [row.get_text("|", strip=True).partition("|")[0] for row in rows]


def test_liaison_agent_sees_their_own_establishment_only():
    member("Ici")
    member("Ailleurs", "cusm")
    agent = as_(liaison_agent(establishment("chum"), printed_name="Agente"))
    assert names(agent.get(reverse(LIST))) == ["Ici"]
    assert set(names(agent.get(reverse(LIST), {"show": "all"}))) == {"Ici", "Agente"}


def test_coordinator_sees_every_establishment():
    member("Ici")
    member("Ailleurs", "cusm")
    assert set(names(as_(coordinator()).get(reverse(LIST)))) == {"Ici", "Ailleurs"}


@pytest.mark.parametrize(
    "make",
    [
        person,
        trainer,
        verified_member,
        lambda: person(roles=(Role.DIRECTION, Role.INSPECTOR)),
    ],
)
def test_others_do_not_enter(make):
    assert as_(make()).get(reverse(LIST)).status_code == 403


def test_agent_verifies_a_member():
    membership, agent = member("Ici"), liaison_agent(establishment("chum"))
    as_(agent).post(reverse("people:verify_membership", args=[membership.pk]))
    membership.refresh_from_db()
    assert membership.verified_by == agent


def test_agent_ends_the_membership_of_who_left():
    membership, agent = member("Ici"), liaison_agent(establishment("chum"))
    as_(agent).post(reverse("people:end_membership", args=[membership.pk]))
    membership.refresh_from_db()
    assert membership.ends_on is not None


@pytest.mark.parametrize("name", ["verify_membership", "end_membership", "membership_role"])
def test_membership_of_another_establishment_does_not_exist(name):
    membership = member("Ailleurs", "cusm")
    agent = as_(liaison_agent(establishment("chum")))
    answer = agent.post(reverse(f"people:{name}", args=[membership.pk]), {"role": "liaison"})
    assert answer.status_code == 404
    membership.refresh_from_db()
    assert (membership.verified_at, membership.ends_on, membership.role) == (None, None, "member")


def test_coordinator_names_a_liaison_agent():
    membership = member("Ici")
    as_(coordinator()).post(
        reverse("people:membership_role", args=[membership.pk]), {"role": "liaison"}
    )
    membership.refresh_from_db()
    assert membership.role == MembershipRole.LIAISON
    assert membership.verified_at is not None
    assert names(as_(membership.user).get(reverse(LIST))) == []


def test_agent_names_no_other_agent():
    membership = member("Ici")
    agent = as_(liaison_agent(establishment("chum")))
    agent.post(reverse("people:membership_role", args=[membership.pk]), {"role": "liaison"})
    membership.refresh_from_db()
    assert membership.role == MembershipRole.MEMBER


def test_list_costs_the_same_for_ten_as_for_one(django_assert_num_queries):
    client = as_(coordinator())
    member("Un")
    client.get(reverse(LIST))
    with django_assert_num_queries(
        8
    ):  # who reads, their rights (5); the name in the header; count; rows
        client.get(reverse(LIST))
    for number in range(9):
        member(f"Personne {number}")
    with django_assert_num_queries(8):
        assert len(names(client.get(reverse(LIST)))) == 10


def test_verifying_is_a_post():
    membership = member("Ici")
    url = reverse("people:verify_membership", args=[membership.pk])
    assert as_(coordinator()).get(url).status_code == 405
