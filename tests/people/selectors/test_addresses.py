import pytest

from people.selectors.addresses import (
    find_by_address,
    verified_addresses_of,
    verified_domains_of,
)
from people.services.accounts import close_account
from tests.factories.people import AT, person

pytestmark = pytest.mark.django_db


def test_only_proved_addresses_count():
    user = person("a@hopital.test")
    user.emailaddress_set.create(email="b@autre.test", verified=False)
    assert verified_addresses_of(user) == {"a@hopital.test"}
    assert verified_domains_of(user) == {"hopital.test"}


def test_account_is_found_by_any_proved_address():
    user = person("a@hopital.test")
    user.emailaddress_set.create(email="b@autre.test", verified=True)
    assert find_by_address(" B@Autre.test ") == user


def test_address_added_without_proof_opens_nothing():
    thief = person("thief@exemple.test")
    thief.emailaddress_set.create(email="victim@hopital.test", verified=False)
    assert find_by_address("victim@hopital.test") is None


def test_closed_account_is_not_found():
    user = person("a@hopital.test")
    close_account(user=user, by=user, at=AT)
    assert find_by_address("a@hopital.test") is None


@pytest.mark.parametrize("address", ["", "  ", "nobody@exemple.test"])
def test_unknown_address_finds_nobody(address):
    assert find_by_address(address) is None
