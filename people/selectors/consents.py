"""Which words stand for a purpose, and what a person decided."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from people.choices import ConsentPurpose
from people.models import Consent, ConsentText, User


def current_text(purpose: str, on: date) -> ConsentText | None:
    """The newest text of that purpose in force on the date `on`."""
    texts = ConsentText.objects.filter(purpose=purpose, effective_on__lte=on)
    return texts.order_by("-effective_on", "-version").first()


def standing_consent(user: Any, purpose: str) -> Consent | None:
    """The person's newest decision on that purpose."""
    decisions = Consent.objects.filter(user=user, text__purpose=purpose)
    return decisions.select_related("text").order_by("-decided_at", "-pk").first()


def standing_consents(user: Any) -> dict[str, Consent]:
    """Purpose → newest decision, for every purpose the person ever decided on. One query."""
    rows = Consent.objects.filter(user=user).select_related("text").order_by("decided_at", "pk")
    return {row.text.purpose: row for row in rows}


def has_consented(user: Any, purpose: ConsentPurpose) -> bool:
    """Did the person say yes, and not take it back since?"""
    standing = standing_consent(user, purpose)
    return standing is not None and standing.is_given


def consenting_people(purpose: ConsentPurpose) -> QuerySet[User]:
    """Open accounts whose newest decision on that purpose is a yes. One query, however many."""
    decisions = Consent.objects.filter(user=OuterRef("pk"), text__purpose=purpose)
    newest = decisions.order_by("-decided_at", "-pk").values("is_given")[:1]
    people = User.objects.filter(closed_at__isnull=True, is_active=True, email__isnull=False)
    return people.annotate(says_yes=Subquery(newest)).filter(says_yes=True)
