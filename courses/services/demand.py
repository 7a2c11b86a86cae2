"""What the gate refuses, counted without a person: to size the next term."""

from datetime import datetime

from django.core.cache import cache
from django.utils import timezone

from courses.choices import REFUSAL_CAUSES, RefusalCause
from courses.models import Pool, Refusal, Session
from courses.selectors.standing import eligibility
from people.models import User
from people.services import Refusal as Refused

DAY = 24 * 60 * 60


def record_refusal(
    *, session: Session, person: User, refusal: Refused, at: datetime
) -> Refusal | None:
    """Counts one refusal: its cause, its day, the person's verified establishment if they have one
    and the smallest pool of the session that is theirs.

    Called once the refused transaction is over. The same person, session and cause count once a
    day: that is remembered by the cache for a day, never by the row. None when it was counted
    already. A full session is no refusal: people wait.
    """
    cause = REFUSAL_CAUSES.get(type(refusal).__name__, RefusalCause.OTHER)
    on = timezone.localdate(at)
    if not cache.add(f"refused:{session.pk}:{cause}:{person.pk}:{on}", True, DAY):
        return None
    memberships = person.memberships.verified().current(on).filter(establishment__isnull=False)
    return Refusal.objects.create(
        session=session,
        cause=cause,
        establishment_id=memberships.order_by("created_at")
        .values_list("establishment_id", flat=True)
        .first(),
        pool=_own_pool(session, person, at=at),
        refused_on=on,
    )


def _own_pool(session: Session, person: User, *, at: datetime) -> Pool | None:
    pools = sorted(Pool.objects.filter(session=session), key=lambda pool: (pool.capacity, pool.pk))
    mine = eligibility([person.pk], pools, at=at)[person.pk]
    return next((pool for pool in pools if pool.pk in mine), None)
