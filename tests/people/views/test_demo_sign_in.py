"""One-click sign-in exists in the demonstration only, for its fictional people only."""

from django.urls import reverse

import pytest

from people.choices import DEMO_ACCOUNTS, Role
from tests.factories.people import coordinator, person
from tests.people.views.steps import HERE, reader_of

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ the demonstration
def test_demo_sign_in_does_not_exist_outside_the_demonstration(client, settings):
    settings.DEMO = False
    person(DEMO_ACCOUNTS[Role.LEARNER])
    assert client.get(reverse("people:demo_sign_in")).status_code == 404
    answer = client.post(reverse("people:demo_sign_in"), {"account": Role.LEARNER.value})
    assert (answer.status_code, reader_of(client)) == (404, None)


def test_demo_signs_in_with_one_click(client, settings):
    settings.DEMO = True
    learner = person(DEMO_ACCOUNTS[Role.LEARNER])
    page = client.get(reverse("people:demo_sign_in"), {"next": HERE}).content.decode()
    assert str(learner) in page
    answer = client.post(reverse("people:demo_sign_in"), {"account": "learner", "next": HERE})
    assert (answer["Location"], reader_of(client)) == (HERE, learner)


def test_demo_opens_no_other_account(client, settings):
    settings.DEMO = True
    staff = coordinator(email="vraie@exemple.test")
    for account in ("vraie@exemple.test", str(staff.pk), str(staff.key), "", "coordinator"):
        answer = client.post(reverse("people:demo_sign_in"), {"account": account})
        assert (answer.status_code, reader_of(client)) == (404, None)


def test_demo_changes_person_without_keeping_the_last_one(client, settings):
    settings.DEMO = True
    learner = person(DEMO_ACCOUNTS[Role.LEARNER])
    staff = coordinator(email=DEMO_ACCOUNTS[Role.COORDINATOR])
    client.post(reverse("people:demo_sign_in"), {"account": "learner"})
    assert reader_of(client) == learner
    client.post(reverse("people:demo_sign_in"), {"account": "coordinator"})
    assert reader_of(client) == staff
