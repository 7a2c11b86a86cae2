"""What the gate refuses, counted without a person: to size the next term."""

from datetime import datetime

from django.core.cache import cache
from django.utils import timezone

from courses.choices import REFUSAL_CAUSES, RefusalCause
from courses.models import Refusal, Session
from people.models import User
from people.services import Refusal as Refused

DAY = 24 * 60 * 60


def record_refusal(
    *, session: Session, person: User, refusal: Refused, at: datetime
) -> Refusal | None:
    """Counts one refusal: its cause, its day, the person's verified establishment if they have one.

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
        refused_on=on,
    )
