"""Memberships as lists: one's own, and those one answers for."""

from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from people.models import Membership
from people.selectors.rights import scope_for


def memberships_of(user: Any, on: date) -> QuerySet[Membership]:
    """What the person belongs to on that date, establishments first."""
    rows = Membership.objects.filter(user=user).current(on)
    return rows.select_related("establishment", "community").order_by(
        F("establishment").asc(nulls_last=True), "created_at"
    )


def memberships_to_verify(
    user: Any, on: date, *, include_verified: bool = False
) -> QuerySet[Membership]:
    """Live memberships within the reach of `user`: those waiting first, then the newest."""
    rows = Membership.objects.visible_to(user, scope_for(user, "people.verify_membership"), on)
    if not include_verified:
        rows = rows.filter(verified_at__isnull=True)
    return (
        rows.current(on)
        .filter(user__closed_at__isnull=True)
        .select_related("user__profile__profession", "establishment", "community", "verified_by")
        .order_by(F("verified_at").asc(nulls_first=True), "-created_at")
    )
