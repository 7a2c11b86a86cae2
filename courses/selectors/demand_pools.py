"""What the people of each pool asked for, for the report of a term's demand."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from courses.choices import EnrolmentState, PoolKind
from courses.models import Enrolment, Pool, Refusal, SessionGuest, Term
from courses.models.pools import TARGETS
from people.models import Profile, User

FEW = 5  # groups of fewer people are shown together to readers who do not manage the sessions
WAITING = frozenset({EnrolmentState.WAITING, EnrolmentState.REQUESTED, EnrolmentState.OFFERED})
UNMET = WAITING | {EnrolmentState.LAPSED, EnrolmentState.REFUSED}


@dataclass
class PoolLine:
    """The seats of one pool of a session and what its people asked for; `pool` None: the general
    seats, and the people of no pool. Somebody of two pools is counted in both. `unmet` and
    `refused` None: a number too small to show to this reader.
    """

    pool: Any  # with `used`, the seats held in it
    label: str
    capacity: int | None
    held: int
    unmet: int | None = 0
    refused: int | None = 0


def pool_lines(session: Any) -> list[PoolLine]:
    """Each pool of a session, then its general seats; empty without pools. Reads `with_counts` and
    `with_pools`.
    """
    pools = list(session.pools.all())
    if not pools:
        return []
    kept = sum(pool.capacity for pool in pools)
    general = None if session.capacity is None else session.capacity - kept
    held = session.held_count - sum(pool.used for pool in pools)
    return [
        *(PoolLine(pool, str(pool), pool.capacity, pool.used) for pool in pools),
        PoolLine(None, _("Everybody"), general, held),
    ]


def count_by_pool(
    term: Term,
    by_pool: dict[int, list[PoolLine]],
    asks: dict[tuple[int, int], str],
    places: dict[int, set[tuple[str, int]]],
) -> None:
    """Adds to each line the people left without a seat and the refusals: `asks`, the state of each
    (session, person); `places`, the establishments and communities of each person. Four queries.
    """
    asking = Enrolment.objects.filter(session__term=term).order_by().values("person")
    professions = dict(
        Profile.objects.filter(user__in=asking, profession__isnull=False).values_list(
            "user_id", "profession_id"
        )
    )
    addresses = dict(User.objects.filter(pk__in=asking).values_list("pk", "email"))
    guests = set(
        SessionGuest.objects.filter(session__term=term).values_list("session_id", "address")
    )
    wanting = [ask for ask, state in asks.items() if state in UNMET and by_pool[ask[0]]]
    for session_id, person_id in wanting:
        mine = set(places.get(person_id, ()))
        if mine and person_id in professions:
            mine.add(("profession", professions[person_id]))
        is_guest = (session_id, (addresses.get(person_id) or "").casefold()) in guests
        *kept, general = by_pool[session_id]
        for line in [each for each in kept if _is_theirs(each.pool, mine, is_guest)] or [general]:
            line.unmet = (line.unmet or 0) + 1
    refused = (
        Refusal.objects.filter(session__term=term)
        .order_by()
        .values_list("session_id", "pool_id")
        .annotate(n=Count("pk"))
    )
    for session_id, pool_id, n in refused:
        for line in by_pool[session_id]:
            if (line.pool.pk if line.pool else None) == pool_id:
                line.refused = n


def _is_theirs(pool: Pool, mine: set[tuple[str, int]], is_guest: bool) -> bool:
    if pool.kind == PoolKind.GUESTS:
        return is_guest
    target = TARGETS[PoolKind(pool.kind)]
    return (target, getattr(pool, f"{target}_id")) in mine


def hide_few(by_pool: dict[int, list[PoolLine]]) -> None:
    """Says nothing of what fewer than FEW people of a pool asked for: they could be known by it."""
    for line in (line for lines in by_pool.values() for line in lines):
        line.unmet = None if 0 < (line.unmet or 0) < FEW else line.unmet
        line.refused = None if 0 < (line.refused or 0) < FEW else line.refused
