"""Belonging to an establishment or a community: joining, proving it, leaving."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people.choices import EstablishmentKind, MembershipRole, VerifiedHow
from people.models import Community, Establishment, EstablishmentDomain, Membership, User
from people.policies import Scope
from people.selectors.addresses import verified_domains_of
from people.selectors.establishments import establishments_answered_for
from people.selectors.rights import forget_rights, scope_for
from people.services import Refusal
from people.signals import membership_verified

ROLES_OF_ESTABLISHMENT = frozenset({MembershipRole.MEMBER, MembershipRole.LIAISON})
ROLES_OF_COMMUNITY = frozenset({MembershipRole.MEMBER, MembershipRole.LEADER})


class MembershipRefused(Refusal):
    """The membership cannot be written so."""


@transaction.atomic
def join_establishment(
    *,
    user: User,
    establishment: Establishment,
    at: datetime,
    organisation: str = "",
    role: str = MembershipRole.MEMBER,
) -> Membership:
    """The person says where they work; a verified address of a known domain proves it at once.

    Idempotent: a live membership is returned, with the new name of the organisation. Only a plain
    membership proves itself: a liaison agent is verified by a coordinator.
    """
    is_other = establishment.kind == EstablishmentKind.OTHER
    if is_other and not organisation.strip():
        raise MembershipRefused(_("Enter the name of your organisation."))
    person = User.objects.select_for_update().get(pk=user.pk)
    if person.closed_at is not None:
        raise MembershipRefused(_("This account is closed."))
    membership = Membership.objects.filter(
        user=user, establishment=establishment, ends_on__isnull=True
    ).first()
    if membership is None:
        membership = Membership(user=user, establishment=establishment, role=role, created_at=at)
    membership.organisation = organisation.strip() if is_other else ""
    membership.save()
    _verify_by_domain(membership, at)
    return membership


@transaction.atomic
def join_community(*, user: User, community: Community, at: datetime) -> Membership:
    """The person joins a community of practice. Idempotent; a person verifies it."""
    person = User.objects.select_for_update().get(pk=user.pk)
    if person.closed_at is not None:
        raise MembershipRefused(_("This account is closed."))
    membership, _created = Membership.objects.get_or_create(
        user=user, community=community, ends_on__isnull=True, defaults={"created_at": at}
    )
    return membership


def _write_verified(
    membership: Membership, how: VerifiedHow, by: User | None, at: datetime
) -> None:
    membership.verified_how, membership.verified_by, membership.verified_at = how, by, at
    membership.save(update_fields=["verified_how", "verified_by", "verified_at"])
    forget_rights(membership.user)
    membership_verified.send(sender=Membership, membership=membership, at=at)


def _verify_by_domain(membership: Membership, at: datetime) -> None:
    if membership.verified_at is not None or membership.role != MembershipRole.MEMBER:
        return
    known = EstablishmentDomain.objects.filter(
        establishment=membership.establishment, domain__in=verified_domains_of(membership.user)
    )
    if known.exists():
        _write_verified(membership, VerifiedHow.MAIL_DOMAIN, None, at)


@transaction.atomic
def verify_by_addresses(*, user: User, at: datetime) -> int:
    """After a new address was proved: verify what it proves. Returns how many were verified."""
    waiting = Membership.objects.select_for_update(of=("self",)).filter(
        user=user, establishment__isnull=False, ends_on__isnull=True, verified_at__isnull=True
    )
    for membership in waiting:
        _verify_by_domain(membership, at)
    return sum(membership.verified_at is not None for membership in waiting)


def _guard_verifier(membership: Membership, by: User, at: datetime) -> None:
    scope = scope_for(by, "people.verify_membership")
    if scope == Scope.ALL:
        return
    if scope == Scope.OWN_ESTABLISHMENT and membership.role == MembershipRole.MEMBER:
        answered = establishments_answered_for(by, timezone.localdate(at))
        if membership.user_id != by.pk and answered.filter(pk=membership.establishment_id).exists():
            return
    raise MembershipRefused(_("This membership is not yours to verify."))


@transaction.atomic
def verify_membership(*, membership: Membership, by: User, at: datetime) -> Membership:
    """A liaison agent (own establishment, plain members) or a coordinator vouches for it.

    Idempotent. Locks the membership, sends membership_verified.
    """
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    _guard_verifier(membership, by, at)
    if membership.ends_on is not None:
        raise MembershipRefused(_("This membership has ended."))
    if membership.verified_at is None:
        _write_verified(membership, VerifiedHow.PERSON, by, at)
    return membership


@transaction.atomic
def set_membership_role(*, membership: Membership, role: str, by: User, at: datetime) -> Membership:
    """A coordinator makes a liaison agent or a community leader, which also verifies them.

    Idempotent. Locks the membership, sends membership_verified when it was not verified yet.
    """
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if scope_for(by, "people.verify_membership") != Scope.ALL:
        raise MembershipRefused(_("This membership is not yours to change."))
    if membership.ends_on is not None:
        raise MembershipRefused(_("This membership has ended."))
    if role not in (ROLES_OF_ESTABLISHMENT if membership.establishment_id else ROLES_OF_COMMUNITY):
        raise MembershipRefused(_("This role does not exist here."))
    membership.role = role
    membership.save(update_fields=["role"])
    forget_rights(membership.user)
    if membership.verified_at is None and role != MembershipRole.MEMBER:
        _write_verified(membership, VerifiedHow.PERSON, by, at)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User, at: datetime) -> Membership:
    """End it on the day before `at` so that it opens nothing from now on.

    By the person, or by whoever may verify it. Idempotent. Locks the membership.
    """
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if by.pk != membership.user_id:
        _guard_verifier(membership, by, at)
    if membership.ends_on is None:
        membership.ends_on = timezone.localdate(at) - timedelta(days=1)
        membership.save(update_fields=["ends_on"])
        forget_rights(membership.user)
    return membership
