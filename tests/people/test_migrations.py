"""What the migrations seed can be taken away and written again without harm."""

import importlib

from django.apps import apps

import pytest

from people.models import Community, ConsentText, Establishment, EstablishmentName, Profession
from people.services.memberships import join_establishment
from tests.factories.people import AT, establishment, person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
network = importlib.import_module("people.migrations.0002_network")
consents = importlib.import_module("people.migrations.0003_consent_texts")
SEEDED = (Establishment, EstablishmentName, Community, Profession, ConsentText)


def counts() -> list[int]:
    return [model.objects.count() for model in SEEDED]


def test_network_is_whole():
    years = dict(Community.objects.values_list("code", "founded_year"))
    assert years == {
        "thoracique": 2018,
        "pediatrique": 2018,
        "hematologique": 2020,
        "gastro-intestinal": 2020,
        "gynecologique": 2021,
        "neurologique": 2022,
    }
    assert counts()[0] == 19


def test_no_mail_domain_is_invented():
    assert not Establishment.objects.filter(domains__isnull=False).exists()


def test_seed_goes_and_comes_back():
    before = counts()
    for step in (consents, network):
        step.take_away(apps, None)
    assert counts() == [0, 0, 0, 0, 0]
    for step in (network, consents):
        step.write(apps, None)
        step.write(apps, None)  # twice changes nothing
    assert counts() == before


def test_taking_away_leaves_what_people_point_at():
    join_establishment(user=person(), establishment=establishment(), at=AT)
    network.take_away(apps, None)
    consents.take_away(apps, None)
    assert [row.code for row in Establishment.objects.all()] == ["chum"]
    assert [row.purpose for row in ConsentText.objects.all()] == ["account"]
