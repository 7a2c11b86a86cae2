import pytest

from people.choices import EstablishmentKind
from people.models import Establishment
from people.selectors.establishments import (
    establishments_answered_for,
    everyday_names,
    find_establishments,
    find_exact_establishment,
    other_organisation,
)
from tests.factories.people import establishment, liaison_agent, verified_member

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_the_network_has_eighteen_establishments_and_one_other():
    assert Establishment.objects.filter(kind=EstablishmentKind.NETWORK).count() == 18
    assert other_organisation().name_fr == "Autre organisation"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Maisonneuve-Rosemont", "ciusss-est-montreal"),
        ("maisonneuve rosemont", "ciusss-est-montreal"),
        ("HMR", "ciusss-est-montreal"),
        ("Hôpital général juif", "ciusss-centre-ouest-montreal"),
        ("hopital general juif", "ciusss-centre-ouest-montreal"),
        ("Jewish General Hospital", "ciusss-centre-ouest-montreal"),
        ("Sacré-Cœur", "ciusss-nord-montreal"),
        ("sacre coeur", "ciusss-nord-montreal"),
        ("Saint-Luc", "chum"),
        ("St-Luc", "chum"),
        ("hôpital st luc", "chum"),
        ("Royal Victoria", "cusm"),
        ("Hôpital de Montréal pour enfants", "cusm"),
        ("MUHC", "cusm"),
        ("L'Hôtel-Dieu de Québec", "chu-de-quebec"),
        ("hotel dieu de quebec", "chu-de-quebec"),
        ("Hôtel-Dieu de Lévis", "cisss-chaudiere-appalaches"),
        ("Charles-Le Moyne", "cisss-monteregie-centre"),
        ("CHARLES LE MOYNE", "cisss-monteregie-centre"),
        ("Cité-de-la-Santé", "cisss-laval"),
        ("Fleurimont", "ciusss-estrie"),
        ("CHUS", "ciusss-estrie"),
        ("CHUM", "chum"),
        ("Ste-Justine", "chu-sainte-justine"),
        ("IUCPQ", "iucpq"),
        ("Rimouski", "cisss-bas-saint-laurent"),
    ],
)
def test_everyday_name_finds_its_establishment(typed, code):
    found = find_exact_establishment(typed)
    assert (found.code if found else None) == code


@pytest.mark.parametrize("typed", ["", "   ", "-", "Clinique du coin", "xyz"])
def test_words_of_no_establishment_find_nothing(typed):
    assert list(find_establishments(typed)) == []
    assert find_exact_establishment(typed) is None


def test_beginning_of_a_name_is_enough_to_find():
    assert [row.code for row in find_establishments("maisonn")] == ["ciusss-est-montreal"]


@pytest.mark.parametrize("typed", ["Hôtel-Dieu", "Québec", "Montréal", "Laval", "Notre-Dame"])
def test_ambiguous_name_is_not_chosen_for_anybody(typed):
    assert find_exact_establishment(typed) is None
    assert find_establishments(typed).count() >= 1


def test_closest_comes_first():
    assert next(iter(find_establishments("hôtel-dieu de québec"))).code == "chu-de-quebec"


def test_search_costs_two_queries(django_assert_num_queries):
    with django_assert_num_queries(2):
        assert len(find_establishments("hôpital de")) > 5


def test_suggestions_hold_each_name_once():
    names = everyday_names()
    assert len(names) == len(set(names)) > 80
    assert {"Hôpital Maisonneuve-Rosemont", "CHUM"} <= set(names)
    assert "Autre organisation" not in names


def test_liaison_agent_answers_for_their_own_establishment():
    agent = liaison_agent(establishment("cusm"))
    assert [row.code for row in establishments_answered_for(agent)] == ["cusm"]
    assert list(establishments_answered_for(verified_member(establishment("cusm")))) == []
