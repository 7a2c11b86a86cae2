"""How the seats of a session are shared: what its pools must be, and how their rows are written.

Called by services.sessions under the session's lock; nothing else writes what staff type of a Pool.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from courses.choices import PoolKind
from courses.models import Meeting, Pool, Session
from courses.models.pools import TARGETS
from courses.services.agenda import write_rows
from people.letters import date_words, hour_words
from people.services import Refusal


class PoolRefusal(Refusal):
    """Pools that cannot be; the text says which rule they break."""


class PoolsTooLarge(PoolRefusal):
    """More seats are kept than the session has."""


class PoolTwice(PoolRefusal):
    """Two pools for the same people: nobody could say whose seats are left."""


class PoolForNobody(PoolRefusal):
    pass


class PoolNegative(PoolRefusal):
    pass


class PoolDatesReversed(PoolRefusal):
    pass


def check_pools(session: Session, pools: Sequence[Pool], meetings: Sequence[Meeting]) -> None:
    """Refuses pools without people, for the same people twice, of fewer than no seats, with dates
    that cannot be; and more seats kept than there are. Empties the columns of other kinds."""
    people: set[tuple[str, int | None]] = set()
    for pool in pools:
        found = _people_of(pool)
        if found in people:
            raise PoolTwice(_("Two pools are kept for the same people: %(pool)s.") % {"pool": pool})
        people.add(found)
        if pool.capacity is None or pool.capacity < 0:
            raise PoolNegative(
                _("Say how many seats are kept, zero or more: %(pool)s.") % {"pool": pool}
            )
        _check_hours(session, pool, meetings)
    check_sum(session, pools)


def check_sum(session: Session, pools: Sequence[Pool]) -> None:
    """Pools never hold more than the capacity, whether they are released or not."""
    kept = sum(pool.capacity for pool in pools)
    if session.capacity is None or kept <= session.capacity:
        return
    raise PoolsTooLarge(
        ngettext(
            "The pools keep %(kept)d seats, and the session has only %(count)d.",
            "The pools keep %(kept)d seats, and the session has only %(count)d.",
            session.capacity,
        )
        % {"kept": kept, "count": session.capacity}
    )


def _people_of(pool: Pool) -> tuple[str, int | None]:
    """(kind, key of its people), once the columns of the other kinds are empty."""
    if pool.kind not in PoolKind.values:
        raise PoolForNobody(_("Choose for whom these seats are kept."))
    target = TARGETS.get(PoolKind(pool.kind))
    for other in set(TARGETS.values()) - {target}:
        setattr(pool, other, None)
    key = getattr(pool, f"{target}_id") if target else None
    if target and key is None:
        raise PoolForNobody(_("Choose for whom these seats are kept."))
    return pool.kind, key


def _check_hours(session: Session, pool: Pool, meetings: Sequence[Meeting]) -> None:
    starts_at = min((each.starts_at for each in meetings), default=None)
    opens_at, release_at, closes_at = pool.opens_at, pool.release_at, session.enrolment_closes_at
    if release_at is not None and starts_at is not None and release_at > starts_at:
        raise PoolDatesReversed(
            _("The seats of %(pool)s would be released after the session begins, on %(date)s.")
            % {"pool": pool, "date": _moment(starts_at)}
        )
    for limit in (release_at, closes_at, starts_at):
        if opens_at is not None and limit is not None and opens_at >= limit:
            raise PoolDatesReversed(
                _("Enrolment would open too late for %(pool)s: these seats end on %(date)s.")
                % {"pool": pool, "date": _moment(limit)}
            )


def _moment(at: datetime) -> str:
    language = get_language()
    return _("%(date)s at %(hour)s") % {
        "date": date_words(at, language),
        "hour": hour_words(at, language),
    }


def plan_of(pools: Sequence[Pool]) -> list[dict[str, Any]]:
    """The pools as JSON for a SessionEvent, in the order of their keys; new ones come last."""
    ordered = sorted(pools, key=lambda pool: (pool.pk is None, pool.pk or 0))
    return [
        {
            "id": pool.pk,
            "kind": str(pool.kind),
            "people": _code_of(pool),
            "capacity": pool.capacity,
            "opens_at": pool.opens_at and pool.opens_at.isoformat(),
            "release_at": pool.release_at and pool.release_at.isoformat(),
        }
        for pool in ordered
    ]


def _code_of(pool: Pool) -> str:
    target = TARGETS.get(PoolKind(pool.kind))
    return getattr(pool, target).code if target else ""


def write_pools(session: Session, pools: Sequence[Pool], *, at: datetime) -> None:
    """Makes the session's pools exactly `pools`, in that order.

    Those who sit in a pool taken away sit in a general seat from then on; so do those of a pool
    that changes its people, which is another pool. What the sweep wrote stands, unless the seats
    are to be released later: then people are warned, and the release seen, once more.
    """
    known = {pool.pk: pool for pool in Pool.objects.filter(session=session)}
    for pool in pools:
        stored = known.get(pool.pk)
        if stored is None or _people_of(stored) != _people_of(pool):
            pool.pk = pool.warned_at = pool.seen_released_at = None
            continue
        delayed = pool.release_at is None or pool.release_at > at
        renewed = delayed and pool.release_at != stored.release_at
        pool.warned_at = None if renewed else stored.warned_at
        pool.seen_released_at = None if renewed else stored.seen_released_at
    write_rows(session, Pool, pools)
