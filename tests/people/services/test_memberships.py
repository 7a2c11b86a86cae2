from datetime import timedelta

import pytest

from people.choices import MembershipRole, VerifiedHow
from people.models import Community, EstablishmentDomain, Membership
from people.selectors.establishments import other_organisation
from people.services.memberships import (
    MembershipRefused,
    end_membership,
    join_community,
    join_establishment,
    set_membership_role,
    verify_by_addresses,
    verify_membership,
)
from people.signals import membership_verified
from tests.factories.people import AT, coordinator, establishment, liaison_agent, person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LATER = AT + timedelta(days=10)


@pytest.fixture
def _chum_domain() -> None:
    EstablishmentDomain.objects.create(establishment=establishment(), domain="chum.exemple.test")


def test_membership_waits_to_be_verified():
    membership = join_establishment(user=person(), establishment=establishment(), at=AT)
    assert (membership.verified_at, membership.verified_how) == (None, VerifiedHow.UNVERIFIED)


@pytest.mark.usefixtures("_chum_domain")
@pytest.mark.parametrize(
    ("email", "is_verified", "proves"),
    [
        ("a@chum.exemple.test", True, True),
        ("a@CHUM.exemple.TEST", True, True),
        ("a@chum.exemple.test", False, False),
        ("a@autre.chum.exemple.test", True, False),
        ("a@xchum.exemple.test", True, False),
        ("a@exemple.test", True, False),
        ('"chum.exemple.test"@exemple.test', True, False),
    ],
)
def test_only_a_proved_address_of_the_very_domain_verifies(email, is_verified, proves):
    user = person(email, is_email_verified=is_verified)
    membership = join_establishment(user=user, establishment=establishment(), at=AT)
    assert (membership.verified_at == AT) is proves


@pytest.mark.usefixtures("_chum_domain")
def test_domain_verifies_its_own_establishment_only():
    user = person("a@chum.exemple.test")
    membership = join_establishment(user=user, establishment=establishment("cusm"), at=AT)
    assert membership.verified_at is None


@pytest.mark.usefixtures("_chum_domain")
def test_domain_makes_no_liaison_agent():
    membership = join_establishment(
        user=person("a@chum.exemple.test"),
        establishment=establishment(),
        role=MembershipRole.LIAISON,
        at=AT,
    )
    assert membership.verified_at is None


@pytest.mark.usefixtures("_chum_domain")
def test_address_proved_later_verifies_what_waited():
    user = person()
    membership = join_establishment(user=user, establishment=establishment(), at=AT)
    user.emailaddress_set.create(email="a@chum.exemple.test", verified=True)
    assert verify_by_addresses(user=user, at=LATER) == 1
    membership.refresh_from_db()
    assert (membership.verified_how, membership.verified_at) == (VerifiedHow.MAIL_DOMAIN, LATER)
    assert verify_by_addresses(user=user, at=LATER) == 0


def test_joining_twice_is_joining_once():
    user = person()
    first = join_establishment(user=user, establishment=establishment(), at=AT)
    assert join_establishment(user=user, establishment=establishment(), at=LATER) == first
    community = Community.objects.get(code="pediatrique")
    assert join_community(user=user, community=community, at=AT) == join_community(
        user=user, community=community, at=LATER
    )
    assert Membership.objects.filter(user=user).count() == 2


def test_person_may_belong_to_several_establishments():
    user = person()
    for code in ("chum", "cusm"):
        join_establishment(user=user, establishment=establishment(code), at=AT)
    assert user.memberships.count() == 2


def test_who_left_may_come_back():
    user = person()
    first = join_establishment(user=user, establishment=establishment(), at=AT)
    end_membership(membership=first, by=user, at=LATER)
    assert join_establishment(user=user, establishment=establishment(), at=LATER) != first


def test_other_organisation_needs_its_name():
    user = person()
    with pytest.raises(MembershipRefused):
        join_establishment(user=user, establishment=other_organisation(), organisation=" ", at=AT)
    membership = join_establishment(
        user=user, establishment=other_organisation(), organisation=" Clinique ", at=AT
    )
    assert membership.organisation == "Clinique"


def test_agent_verifies_a_plain_member_and_news_goes_up_once():
    heard = []

    def hear(sender, membership, at, **_):
        heard.append((membership.pk, at))

    agent = liaison_agent(establishment())
    membership = join_establishment(user=person(), establishment=establishment(), at=AT)
    membership_verified.connect(hear)
    try:
        verify_membership(membership=membership, by=agent, at=LATER)
        verify_membership(membership=membership, by=agent, at=LATER + timedelta(days=1))
    finally:
        membership_verified.disconnect(hear)
    membership.refresh_from_db()
    assert (membership.verified_by, membership.verified_at) == (agent, LATER)
    assert heard == [(membership.pk, LATER)]


def test_agent_verifies_neither_themself_nor_another_agent_nor_another_place():
    agent = liaison_agent(establishment("chum"))
    own = join_establishment(user=agent, establishment=establishment("cusm"), at=AT)
    other_agent = join_establishment(
        user=person(), establishment=establishment("chum"), role=MembershipRole.LIAISON, at=AT
    )
    elsewhere = join_establishment(user=person(), establishment=establishment("iucpq"), at=AT)
    for membership in (own, other_agent, elsewhere):
        with pytest.raises(MembershipRefused):
            verify_membership(membership=membership, by=agent, at=LATER)


def test_stranger_verifies_and_ends_nothing():
    membership = join_establishment(user=person(), establishment=establishment(), at=AT)
    for act in (verify_membership, end_membership):
        with pytest.raises(MembershipRefused):
            act(membership=membership, by=person(), at=LATER)


def test_ended_membership_is_not_verified():
    user = person()
    membership = join_establishment(user=user, establishment=establishment(), at=AT)
    end_membership(membership=membership, by=user, at=LATER)
    with pytest.raises(MembershipRefused):
        verify_membership(membership=membership, by=coordinator(), at=LATER)


def test_ended_membership_opens_nothing_from_that_very_day():
    user = person()
    membership = join_establishment(user=user, establishment=establishment(), at=AT)
    end_membership(membership=membership, by=user, at=LATER)
    live = Membership.objects.filter(user=user)
    assert live.current(LATER.date()).count() == 0
    assert live.current(LATER.date() - timedelta(days=1)).count() == 1


def test_role_fits_the_thing_one_belongs_to():
    staff = coordinator()
    community = join_community(
        user=person(), community=Community.objects.get(code="thoracique"), at=AT
    )
    place = join_establishment(user=person(), establishment=establishment(), at=AT)
    for membership, role in ((community, "liaison"), (place, "leader"), (place, "nonsense")):
        with pytest.raises(MembershipRefused):
            set_membership_role(membership=membership, role=role, by=staff, at=LATER)
    leader = set_membership_role(membership=community, role="leader", by=staff, at=LATER)
    assert (leader.role, leader.verified_by) == (MembershipRole.LEADER, staff)
