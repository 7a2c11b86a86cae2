"""Three hundred and some professionals of the eighteen establishments, and a few of elsewhere."""

from datetime import timedelta
from itertools import cycle
from typing import Any

from academy.services.demo import texts
from academy.services.demo.registry import HOME, Registry, address_of, domain_of
from people.choices import ConsentPurpose, Language, MembershipRole
from people.models import Community, User
from people.selectors.establishments import other_organisation
from people.services.consents import record_consent
from people.services.memberships import (
    join_community,
    join_establishment,
    set_membership_role,
    verify_membership,
)

CROWD = 340
JOINING = timedelta(days=8)  # everybody has joined this long after the first
AGENTS_PLACE = "chum"  # that of the demonstration's liaison agent: somebody waits there
WAITING_THERE = 5
OUTSIDE_EVERY = 30  # one in thirty works outside the network
COMMUNITY_EVERY = 5  # one in five belongs to a community of practice
# How many of a hundred people are of each profession.
PROFESSIONS = {
    "infirmiere-recherche": 30,
    "coordonnatrice-recherche": 27,
    "assistante-recherche": 10,
    "medecin": 10,
    "pharmacienne": 7,
    "gestion-donnees": 5,
    "affaires-reglementaires": 4,
    "ethique": 3,
    "gestionnaire": 3,
    "etudiante": 1,
}


def build_crowd(
    registry: Registry, names: dict[str, Any], *, taken: set[str], coordinator: User, leader: User
) -> list[User]:
    """Registers the crowd, no name twice and none of `taken`; one in ten is not proved by mail.

    The coordinator has vouched for half of these, but for nobody of the liaison agent's own place.
    """
    organisations = texts.read("frame.json")["organisations"]
    crowd = []
    for number, name in enumerate(_names(registry, names, taken)):
        place = registry.network[number % len(registry.network)]
        is_outside = number % OUTSIDE_EVERY == OUTSIDE_EVERY - 1
        is_waiting = place.code == AGENTS_PLACE and number // len(registry.network) < WAITING_THERE
        has_own_mailbox = registry.die.random() < 0.1 or is_outside or is_waiting
        joined_at = registry.begun + registry.die.random() * JOINING
        user = registry.open_account(
            name,
            address_of(name, HOME if has_own_mailbox else domain_of(place)),
            profession=registry.die.choices([*PROFESSIONS], [*PROFESSIONS.values()])[0],
            joined_at=joined_at,
            language=Language.ENGLISH if registry.die.random() < 0.1 else Language.FRENCH,
        )
        membership = join_establishment(
            user=user,
            establishment=other_organisation() if is_outside else place,
            organisation=registry.die.choice(organisations) if is_outside else "",
            at=joined_at,
        )
        if has_own_mailbox and place.code != AGENTS_PLACE and registry.die.random() < 0.5:
            verify_membership(
                membership=membership, by=coordinator, at=joined_at + timedelta(days=2)
            )
        _decide(registry, user)
        crowd.append(user)
    _gather_communities(registry, [leader, *crowd[::COMMUNITY_EVERY]], coordinator)
    return crowd


def _names(registry: Registry, names: dict[str, Any], taken: set[str]) -> list[str]:
    """Names drawn from the lists, two women for one man."""
    everybody = [
        f"{first} {family}"
        for first in [*names["women"], *names["women"], *names["men"]]
        for family in names["families"]
    ]
    registry.die.shuffle(everybody)
    return [name for name in dict.fromkeys(everybody) if name not in taken][:CROWD]


def _decide(registry: Registry, user: User) -> None:
    """Some want announcements, fewer let whoever verifies an attestation read their name."""
    shares = {ConsentPurpose.ANNOUNCEMENTS: 0.4, ConsentPurpose.PUBLIC_NAME: 0.15}
    for purpose, share in shares.items():
        if registry.die.random() < share:
            record_consent(user=user, purpose=purpose, is_given=True, at=user.date_joined)


def _gather_communities(registry: Registry, people: list[User], coordinator: User) -> None:
    """The first leads the first community; the last of all still wait to be verified."""
    communities = list(Community.objects.order_by("founded_year", "code"))
    joined_at = registry.begun + JOINING + timedelta(days=1)
    for number, (user, community) in enumerate(zip(people, cycle(communities), strict=False)):
        membership = join_community(user=user, community=community, at=joined_at)
        if number == 0:
            set_membership_role(
                membership=membership, role=MembershipRole.LEADER, by=coordinator, at=joined_at
            )
        elif number < len(people) - len(communities):
            verify_membership(membership=membership, by=coordinator, at=joined_at)
