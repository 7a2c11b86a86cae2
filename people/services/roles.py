"""Granting and ending roles. The rows decide; Django's groups follow them for Wagtail's checks."""

from datetime import datetime

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext as _

from people.choices import GRANTED_ROLES, Role
from people.models import RoleGrant, User
from people.selectors.rights import forget_rights, may
from people.services import Refusal
from people.signals import role_changed

# Roles that work in the content admin; their Django group bears the role's code.
EDITING_ROLES = frozenset({Role.TRAINER, Role.COMMITTEE, Role.COORDINATOR})


class RoleRefused(Refusal):
    """The role cannot be granted or ended so."""


def group_of(role: str) -> Group:
    """The Django group of a role, made with its door to the admin when it is missing.

    Wagtail's permission rows appear when its migrations have run, so the group is made when it is
    first needed rather than in a migration of ours. Idempotent.
    """
    group, _created = Group.objects.get_or_create(name=role)
    if role in EDITING_ROLES:
        door = Permission.objects.filter(
            content_type__app_label="wagtailadmin", codename="access_admin"
        )
        group.permissions.add(*door)
    return group


@transaction.atomic
def ensure_groups() -> None:
    """Every role's group exists and opens what it should. Idempotent; run after migrations."""
    for role in GRANTED_ROLES:
        group_of(role)


def _guard(user: User, role: str, by: User | None) -> None:
    if role not in GRANTED_ROLES:
        raise RoleRefused(_("This role is not granted by hand."))
    if by is not None and not may(by, "people.manage"):
        raise RoleRefused(_("You may not change roles."))
    if user.closed_at is not None:
        raise RoleRefused(_("This account is closed."))


@transaction.atomic
def grant_role(*, user: User, role: str, by: User | None, at: datetime) -> RoleGrant:
    """Give a role, `by` a coordinator (None: the command line). Idempotent.

    Locks the person, puts them into the role's Django group, sends role_changed for a new grant.
    """
    User.objects.select_for_update().get(pk=user.pk)
    _guard(user, role, by)
    standing = RoleGrant.objects.filter(user=user, role=role, ended_at__isnull=True).first()
    if standing:
        return standing
    grant = RoleGrant.objects.create(user=user, role=role, granted_by=by, granted_at=at)
    user.groups.add(group_of(role))
    forget_rights(user)
    role_changed.send(sender=RoleGrant, user=user, role=role, at=at)
    return grant


@transaction.atomic
def end_role(*, user: User, role: str, by: User | None, at: datetime) -> RoleGrant | None:
    """End a role; None when it was not held. Idempotent. Nobody ends their own last key.

    Locks the person, takes them out of the role's Django group, sends role_changed.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if by is not None and role == Role.COORDINATOR and by.pk == user.pk:
        raise RoleRefused(_("Another coordinator must end your own role."))
    if role not in GRANTED_ROLES:
        raise RoleRefused(_("This role is not granted by hand."))
    if by is not None and not may(by, "people.manage"):
        raise RoleRefused(_("You may not change roles."))
    grant = RoleGrant.objects.filter(user=user, role=role, ended_at__isnull=True).first()
    if grant is None:
        return None
    grant.ended_at = at
    grant.save(update_fields=["ended_at"])
    user.groups.remove(*Group.objects.filter(name=role))
    forget_rights(user)
    role_changed.send(sender=RoleGrant, user=user, role=role, at=at)
    return grant
