"""What this floor hears of itself: wake-up signals only, each one wakes a worker after commit."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from courses.signals import seat_freed
from courses.tasks import fill_one_session


@receiver(seat_freed)
def wake_the_waiting_list(sender: Any, session_id: int, **_extra: Any) -> None:
    """A seat may be free: once that is committed, give it. The sweep covers a lost message."""
    transaction.on_commit(lambda: fill_one_session.delay(session_id), robust=True)
