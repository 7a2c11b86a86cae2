"""People for tests, made by calling services."""

import itertools
from datetime import UTC, datetime
from typing import Any

from people.choices import ConsentPurpose, Language, MembershipRole, Role
from people.models import Establishment, Membership, User
from people.services.accounts import register_person
from people.services.consents import record_consent
from people.services.memberships import join_establishment, verify_membership
from people.services.roles import grant_role

AT = datetime(2026, 9, 1, 13, 0, tzinfo=UTC)  # 9 h in Montréal, before the term begins
_numbers = itertools.count(1)


def person(
    email: str | None = None,
    *,
    printed_name: str = "",
    language: str = Language.FRENCH,
    roles: tuple[Role, ...] = (),
    establishment: Establishment | None = None,
    is_email_verified: bool = True,
    has_consented: bool = True,
    at: datetime = AT,
    **fields: Any,
) -> User:
    """A person with a complete account: proved address, printed name, consent."""
    number = next(_numbers)
    user = register_person(
        email=email or f"personne{number}@exemple.test",
        printed_name=printed_name or f"Personne {number}",
        language=language,
        is_email_verified=is_email_verified,
        at=at,
        **fields,
    )
    if has_consented:
        record_consent(user=user, purpose=ConsentPurpose.ACCOUNT, is_given=True, at=at)
    for role in roles:
        grant_role(user=user, role=role, by=None, at=at)
    if establishment is not None:
        join_establishment(user=user, establishment=establishment, at=at)
    return user


def coordinator(**fields: Any) -> User:
    return person(roles=(Role.COORDINATOR,), **fields)


def trainer(**fields: Any) -> User:
    return person(roles=(Role.TRAINER,), **fields)


def liaison_agent(place: Establishment | None = None, *, at: datetime = AT, **fields: Any) -> User:
    """A person verified as liaison agent of `place`."""
    user = person(at=at, **fields)
    place = place or establishment()
    membership = join_establishment(
        user=user, establishment=place, role=MembershipRole.LIAISON, at=at
    )
    verify_membership(membership=membership, by=coordinator(at=at), at=at)
    return user


def establishment(code: str = "chum") -> Establishment:
    """One of the eighteen, seeded by the migration."""
    return Establishment.objects.get(code=code)


def verified_member(
    place: Establishment | None = None, *, at: datetime = AT, **fields: Any
) -> User:
    """A person whose membership of `place` a coordinator has verified."""
    user = person(at=at, **fields)
    membership: Membership = join_establishment(
        user=user, establishment=place or establishment(), at=at
    )
    verify_membership(membership=membership, by=coordinator(at=at), at=at)
    return user
