"""The log of the door: that a message written by others was handed over, never what it said."""

import logging
from datetime import datetime

from django.db import DatabaseError, transaction

from notices.models import DoorMail

logger = logging.getLogger(__name__)


def record_door_mail(
    *, kind: str, seconds: float, is_handed_over: bool, error: str, at: datetime
) -> DoorMail | None:
    """Writes one line of the log. None when the database refuses: the message has left already, and
    whoever waits for a code must not pay for our bookkeeping.
    """
    try:
        with transaction.atomic():
            return DoorMail.objects.create(
                kind=kind[:40],
                handed_at=at,
                seconds=seconds,
                is_handed_over=is_handed_over,
                error=error[:200],
            )
    except DatabaseError:
        logger.exception("a message passed the door (%s) but could not be logged", kind)
        return None
