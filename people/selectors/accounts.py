"""Reads about one account."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower

from people.choices import REQUIRED_PURPOSES
from people.models import Consent, Profile, User

_CACHE = "_is_complete"


def is_complete(user: Any) -> bool:
    """Has this person a name to print, and accepted what an account needs? One query, kept."""
    if _CACHE not in user.__dict__:
        complete = User.objects.filter(
            Exists(Profile.objects.filter(user=OuterRef("pk")).exclude(printed_name="")), pk=user.pk
        )
        for purpose in REQUIRED_PURPOSES:
            newest = Consent.objects.filter(user=OuterRef("pk"), text__purpose=purpose)
            decision = newest.order_by("-decided_at", "-pk").values("is_given")[:1]
            complete = complete.annotate(given=Subquery(decision)).filter(given=True)
        user.__dict__[_CACHE] = complete.exists()
    return bool(user.__dict__[_CACHE])


def forget_completeness(user: Any) -> None:
    """Ask the database again the next time; for services that complete an account."""
    user.__dict__.pop(_CACHE, None)


def find_people(text: str) -> QuerySet[User]:
    """Open accounts whose printed name or an address contains `text`, by name."""
    people = User.objects.filter(closed_at__isnull=True).select_related("profile__profession")
    for word in text.split():
        addressed = User.objects.filter(emailaddress__email__icontains=word).values("pk")
        people = people.filter(Q(profile__printed_name__icontains=word) | Q(pk__in=addressed))
    return people.order_by(Lower("profile__printed_name"), "pk")
