"""Finding an establishment the way people speak of it, and the ones a person answers for."""

from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone

from people.choices import EstablishmentKind, MembershipRole
from people.letters import folded
from people.models import Establishment, Membership

# Said of every establishment alike: they distinguish nothing, unless nothing else was typed.
COMMON_WORDS = frozenset("a au aux d de des du et l la le les of the".split())  # noqa: SIM905
# An everyday name is the same with or without it: « Sacré-Cœur », « Hôpital du Sacré-Cœur ».
KIND_WORDS = frozenset({"hopital", "hospital"})
ABBREVIATIONS = {"st": "saint", "ste": "sainte", "hop": "hopital", "hosp": "hopital"}
EXACT, BEGINS, CONTAINS = 0, 1, 2


def _words(text: str) -> list[str]:
    return [ABBREVIATIONS.get(word, word) for word in folded(text).split()]


def _core(words: list[str]) -> list[str]:
    """The words that tell one name from another."""
    idle = COMMON_WORDS | KIND_WORDS
    return [word for word in words if word not in idle] or words


def _closeness(wanted: list[str], name: str) -> int | None:
    """How well one name answers what was typed; None when it does not."""
    words = _words(name)
    if _core(words) == _core(wanted):
        return EXACT
    telling = [word for word in wanted if word not in COMMON_WORDS] or wanted
    if not all(any(word.startswith(part) for word in words) for part in telling):
        return None
    return BEGINS if words[: len(wanted)] == wanted else CONTAINS


def _names() -> list[tuple[int, str]]:
    """(establishment, name) of every official, short and everyday name, in one query."""
    rows = Establishment.objects.filter(kind=EstablishmentKind.NETWORK).values_list(
        "pk", "name_fr", "name_en", "short_name", "city", "other_names__name"
    )
    return [(pk, name) for pk, *names in rows for name in names if name]


def closest_establishments(text: str) -> dict[int, int]:
    """Establishment id → closeness of its best name (EXACT, BEGINS or CONTAINS)."""
    wanted = _words(text)
    best: dict[int, int] = {}
    if wanted:
        for pk, name in _names():
            closeness = _closeness(wanted, name)
            if closeness is not None:
                best[pk] = min(closeness, best.get(pk, closeness))
    return best


def find_establishments(text: str) -> QuerySet[Establishment]:
    """Establishments of the network one of whose names answers `text`, the closest first.

    Every word typed must begin a word of the name; accents, capitals, hyphens and « de la » do not
    count, « St » reads as « Saint ». Names are compared here, not in the database, so PostgreSQL
    and SQLite give the same answer. Nothing typed finds nothing.
    """
    best = closest_establishments(text)
    rank = Case(
        *(When(pk=pk, then=Value(closeness)) for pk, closeness in best.items()),
        default=Value(CONTAINS),
        output_field=IntegerField(),
    )
    return Establishment.objects.filter(pk__in=best).order_by(rank, "name_fr")


def find_exact_establishment(text: str) -> Establishment | None:
    """The one establishment that bears exactly this name (« hôpital » may be left out), or None.

    One that merely contains the words is not chosen for anybody: « Notre-Dame » may be another.
    """
    best = closest_establishments(text)
    exact = [pk for pk, closeness in best.items() if closeness == EXACT]
    return Establishment.objects.get(pk=exact[0]) if len(exact) == 1 else None


def everyday_names() -> list[str]:
    """Every name worth suggesting while a person types, each once, in alphabetical order."""
    rows = Establishment.objects.filter(kind=EstablishmentKind.NETWORK).values_list(
        "name_fr", "short_name", "other_names__name"
    )
    return sorted({name for names in rows for name in names if name}, key=folded)


def other_organisation() -> Establishment:
    """The one row « Autre organisation », seeded by a migration."""
    return Establishment.objects.get(kind=EstablishmentKind.OTHER)


def establishments_answered_for(user: Any, on: date | None = None) -> QuerySet[Establishment]:
    """Those whose liaison agent this person is today (verified and not ended)."""
    on = on or timezone.localdate()
    agent = Membership.objects.filter(user_id=user.pk, role=MembershipRole.LIAISON)
    rows = agent.verified().current(on).values("establishment")
    return Establishment.objects.filter(pk__in=rows)
