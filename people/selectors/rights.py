"""Who a person is in the house, and what the policy table lets them do.

Answers are kept on the user object, so a request asks the database twice at most; a service that
grants or ends a role forgets them (`forget_rights`).
"""

from datetime import date
from typing import Any

from django.utils import timezone

from people.choices import MembershipRole, Role
from people.models import Membership, RoleGrant
from people.policies import POLICIES, Scope

# From the widest to the narrowest. OWN_ESTABLISHMENT and OWN_SESSIONS overlap without containing
# one another: a verb that must honour both asks for `scopes_for`.
WIDTH = (
    Scope.ALL,
    Scope.OWN_ESTABLISHMENT,
    Scope.OWN_SESSIONS,
    Scope.SELF,
    Scope.TOKEN,
    Scope.PUBLIC,
)
_CACHE = "_roles_by_date"


def roles_of(user: Any, on: date | None = None) -> frozenset[Role]:
    """The roles `user` holds on that date (today by default).

    Anonymous, closed and inactive accounts hold none; every other account is a learner. A verified
    membership as liaison agent makes a liaison agent. The account created on the command line to
    begin with (`is_superuser`) counts as a coordinator.
    """
    if not user.is_authenticated or not user.is_active or user.closed_at is not None:
        return frozenset()
    on = on or timezone.localdate()
    known: dict[date, frozenset[Role]] = user.__dict__.setdefault(_CACHE, {})
    if on not in known:
        held = RoleGrant.objects.filter(user=user, ended_at__isnull=True)
        roles = {Role.LEARNER, *map(Role, held.values_list("role", flat=True))}
        liaison = Membership.objects.filter(
            user=user, role=MembershipRole.LIAISON, establishment__isnull=False
        )
        if liaison.verified().current(on).exists():
            roles.add(Role.LIAISON)
        if user.is_superuser:
            roles.add(Role.COORDINATOR)
        known[on] = frozenset(roles)
    return known[on]


def forget_rights(user: Any) -> None:
    """Ask the database again the next time; for services that change roles or memberships."""
    user.__dict__.pop(_CACHE, None)


def scopes_for(user: Any, action: str) -> frozenset[Scope]:
    """Every row scope the person's roles open for `action`; empty where the answer is no."""
    row = POLICIES[action]
    scopes = {row.cells[role] for role in roles_of(user) if role in row.cells}
    return frozenset(scopes | {Scope.PUBLIC} if row.is_public else scopes)


def scope_for(user: Any, action: str) -> Scope | None:
    """The widest row scope of `scopes_for`, or None where the answer is no."""
    scopes = scopes_for(user, action)
    return next((scope for scope in WIDTH if scope in scopes), None)


def may(user: Any, action: str) -> bool:
    """Does the table let this person do `action` at all? KeyError where it has no such action."""
    row = POLICIES[action]
    return row.is_public or bool(scopes_for(user, action))


def rights_of(user: Any) -> frozenset[str]:
    """The names of every action the person may do, public ones included."""
    roles = roles_of(user)
    return frozenset(
        name for name, row in POLICIES.items() if row.is_public or not roles.isdisjoint(row.cells)
    )
