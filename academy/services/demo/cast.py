"""The people of the demonstration: accounts to sign in with, trainers, a crowd of the network."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from academy.services.demo import texts
from academy.services.demo.accounts import ACCOUNTS, Account
from academy.services.demo.crowd import build_crowd
from academy.services.demo.registry import HOME, Registry, address_of, domain_of
from academy.services.demo.timetable import DEMO_TRAINER
from people.choices import GRANTED_ROLES, EstablishmentKind, Language, MembershipRole, Role
from people.models import EstablishmentDomain, Membership, User
from people.selectors.establishments import other_organisation
from people.services.memberships import join_establishment, verify_membership
from people.services.places import save_establishment
from people.services.roles import grant_role


@dataclass(frozen=True)
class Cast:
    """Everybody, by what they are for. `members`: ids of people the network knows for its own."""

    accounts: dict[Role, User]
    trainers: dict[str, User]
    crowd: list[User]
    members: frozenset[int]

    @property
    def coordinator(self) -> User:
        return self.accounts[Role.COORDINATOR]

    @property
    def learner(self) -> User:
        return self.accounts[Role.LEARNER]


def build_cast(*, die: random.Random, at: datetime) -> Cast:
    """Registers everybody; most memberships are proved, some are left to the liaison agent."""
    registry = Registry(die, at)
    names = texts.read("names.json")
    accounts = {each.role: _open_demo_account(registry, each) for each in ACCOUNTS}
    coordinator = accounts[Role.COORDINATOR]
    _claim_domains(registry, coordinator)
    _place_accounts(registry, accounts)
    trainers = {row["key"]: _open_trainer(registry, row, coordinator) for row in names["trainers"]}
    trainers[DEMO_TRAINER] = accounts[Role.TRAINER]
    crowd = build_crowd(
        registry,
        names,
        taken={str(user) for user in (*accounts.values(), *trainers.values())},
        coordinator=coordinator,
        leader=trainers["dube"],
    )
    proved = (
        Membership.objects.verified()
        .exclude(establishment__kind=EstablishmentKind.OTHER)
        .values_list("user_id", flat=True)
    )
    return Cast(accounts, trainers, crowd, frozenset(proved))


def _open_demo_account(registry: Registry, account: Account) -> User:
    user = registry.open_account(
        account.printed_name,
        account.email,
        profession=account.profession,
        joined_at=registry.begun,
        language=account.language,
    )
    if account.role in GRANTED_ROLES:
        grant_role(user=user, role=account.role, by=None, at=registry.begun)
    return user


def _claim_domains(registry: Registry, coordinator: User) -> None:
    """So that an address proves where somebody works, as in the life of the network."""
    for place in registry.network:
        place.domains = [*place.domains.all(), EstablishmentDomain(domain=domain_of(place))]
        save_establishment(establishment=place, by=coordinator, at=registry.begun)


def _place_accounts(registry: Registry, accounts: dict[Role, User]) -> None:
    """Their addresses prove nothing: the coordinator vouches for them, the agent for the learner.

    A coordinator may verify anybody, themself included; an agent only members of their own place.
    """
    for account in ACCOUNTS:
        is_agent = account.role == Role.LIAISON
        membership = join_establishment(
            user=accounts[account.role],
            establishment=registry.places[account.establishment],
            role=MembershipRole.LIAISON if is_agent else MembershipRole.MEMBER,
            at=registry.begun,
        )
        if account.role != Role.LEARNER:
            verify_membership(
                membership=membership, by=accounts[Role.COORDINATOR], at=registry.begun
            )
    verify_membership(
        membership=accounts[Role.LEARNER].memberships.get(),
        by=accounts[Role.LIAISON],
        at=registry.begun + timedelta(days=1),
    )


def _open_trainer(registry: Registry, row: dict[str, Any], coordinator: User) -> User:
    joined_at = registry.begun + timedelta(hours=1)
    place = registry.places.get(row["establishment"])
    user = registry.open_account(
        row["name"],
        address_of(row["name"], domain_of(place) if place else HOME),
        profession=row["profession"],
        joined_at=joined_at,
        language=row.get("language", Language.FRENCH),
    )
    grant_role(user=user, role=Role.TRAINER, by=coordinator, at=joined_at)
    join_establishment(
        user=user,
        establishment=place or other_organisation(),
        organisation=row.get("organisation", ""),
        at=joined_at,
    )
    return user
