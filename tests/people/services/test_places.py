from datetime import date, timedelta

import pytest

from people.choices import ConsentPurpose, VerifiedHow
from people.models import ConsentText, EstablishmentDomain
from people.services.memberships import join_establishment
from people.services.places import (
    SHARED_DOMAINS,
    PlaceRefused,
    publish_consent_text,
    save_establishment,
)
from tests.factories.people import AT, coordinator, establishment, person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LATER = AT + timedelta(days=10)


def with_domain(domain: str, code: str = "chum"):
    place = establishment(code)
    place.domains.add(EstablishmentDomain(domain=domain))
    return place


def test_domain_is_kept_in_lower_case_and_verifies_who_waited():
    user = person("a@chum.exemple.test")
    membership = join_establishment(user=user, establishment=establishment(), at=AT)
    save_establishment(
        establishment=with_domain(" @CHUM.exemple.test "), by=coordinator(), at=LATER
    )
    assert list(EstablishmentDomain.objects.values_list("domain", flat=True)) == [
        "chum.exemple.test"
    ]
    membership.refresh_from_db()
    assert (membership.verified_how, membership.verified_at) == (VerifiedHow.MAIL_DOMAIN, LATER)


@pytest.mark.parametrize("domain", [*sorted(SHARED_DOMAINS)[:3], "SSSS.gouv.qc.ca", "Gmail.com"])
def test_domain_that_everybody_has_is_refused(domain):
    with pytest.raises(PlaceRefused):
        save_establishment(establishment=with_domain(domain), by=coordinator(), at=AT)
    assert EstablishmentDomain.objects.count() == 0


@pytest.mark.parametrize("domain", ["", "chum", "a@chum.exemple.test", "chum .test", "-a.test"])
def test_what_is_no_domain_is_refused(domain):
    with pytest.raises(PlaceRefused):
        save_establishment(establishment=with_domain(domain), by=coordinator(), at=AT)


def test_domain_of_another_establishment_is_refused():
    staff = coordinator()
    save_establishment(establishment=with_domain("un.exemple.test"), by=staff, at=AT)
    with pytest.raises(PlaceRefused):
        save_establishment(establishment=with_domain("un.exemple.test", "cusm"), by=staff, at=AT)
    save_establishment(establishment=establishment(), by=staff, at=AT)  # its own stays its own


def test_only_who_manages_people_changes_the_network():
    with pytest.raises(PlaceRefused):
        save_establishment(establishment=with_domain("un.exemple.test"), by=person(), at=AT)


def publish(**changes):
    facts = {
        "purpose": ConsentPurpose.ANNOUNCEMENTS,
        "text_fr": "Neuf",
        "text_en": "New",
        "effective_on": date(2026, 12, 1),
        "by": coordinator(),
        "at": AT,
    }
    return publish_consent_text(**(facts | changes))


def test_new_words_are_a_new_version_and_the_old_ones_stay():
    assert publish().version == 2
    assert publish(text_fr="Encore").version == 3
    assert ConsentText.objects.filter(purpose=ConsentPurpose.ANNOUNCEMENTS).count() == 3


@pytest.mark.parametrize("empty", ["text_fr", "text_en"])
def test_words_need_both_languages(empty):
    with pytest.raises(PlaceRefused):
        publish(**{empty: "  "})


def test_version_does_not_take_effect_before_the_one_it_follows():
    publish()
    with pytest.raises(PlaceRefused):
        publish(effective_on=date(2026, 11, 30))
