from django.test import Client
from django.urls import reverse

import pytest

from people.choices import Role
from people.models import User
from people.selectors.rights import roles_of
from people.services.accounts import close_account
from tests.factories.people import AT, coordinator, person, trainer

pytestmark = pytest.mark.django_db
PEOPLE = "people_admin:people"


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def found(client: Client, text: str = "") -> list[str]:
    return [str(row) for row in client.get(reverse(PEOPLE), {"q": text}).context["page"]]


def test_people_are_found_by_name_and_by_any_address():
    staff = as_(coordinator(printed_name="Équipe"))
    zoe = person("zoe@exemple.test", printed_name="Zoé Roy")
    zoe.emailaddress_set.create(email="zr@hopital.test", verified=True)
    person("max@exemple.test", printed_name="Max Roy")
    assert found(staff, "roy") == ["Max Roy", "Zoé Roy"]
    assert (
        found(staff, "Zoé")
        == found(staff, "hopital.test")
        == found(staff, "roy zr@")
        == ["Zoé Roy"]
    )
    assert found(staff, "nobody") == []


def test_closed_accounts_are_not_listed():
    staff, gone = coordinator(printed_name="Équipe"), person()
    close_account(user=gone, by=gone, at=AT)
    assert found(as_(staff)) == ["Équipe"]


def test_list_costs_the_same_for_ten_as_for_one(django_assert_max_num_queries):
    client = as_(coordinator())
    client.get(reverse(PEOPLE))
    for _ in range(10):
        trainer()
    with django_assert_max_num_queries(14):
        client.get(reverse(PEOPLE))


@pytest.mark.parametrize("make", [person, trainer, lambda: person(roles=(Role.DIRECTION,))])
def test_others_do_not_enter(make):
    user = make()
    client = as_(user)
    assert client.get(reverse(PEOPLE)).status_code == 403
    assert client.get(reverse("people_admin:person", args=[user.key])).status_code == 403
    role = reverse("people_admin:role", args=[user.key])
    assert client.post(role, {"role": "coordinator", "held": "1"}).status_code == 403
    assert Role.COORDINATOR not in roles_of(User.objects.get(pk=user.pk))


def test_role_is_given_and_ended_by_a_button():
    staff, user = as_(coordinator()), person()
    url = reverse("people_admin:role", args=[user.key])
    assert staff.get(url).status_code == 405
    staff.post(url, {"role": "trainer", "held": "1"})
    assert Role.TRAINER in roles_of(User.objects.get(pk=user.pk))
    assert staff.get(reverse("people_admin:person", args=[user.key])).status_code == 200
    staff.post(url, {"role": "trainer", "held": "0"})
    assert Role.TRAINER not in roles_of(User.objects.get(pk=user.pk))


@pytest.mark.parametrize("role", ["learner", "liaison", "nonsense", ""])
def test_role_that_is_not_granted_by_hand_is_refused_in_words(role):
    staff, user = as_(coordinator()), person()
    answer = staff.post(
        reverse("people_admin:role", args=[user.key]), {"role": role, "held": "1"}, follow=True
    )
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert user.role_grants.count() == 0


def test_the_admin_keeps_no_second_account_page(client):
    client.force_login(coordinator())

    answer = client.get(reverse("wagtailadmin_account"))

    assert (answer.status_code, answer.url) == (302, reverse("people:account"))
