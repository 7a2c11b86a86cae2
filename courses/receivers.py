"""What the heart hears: its own wake-up signal and the closing of an account. What wakes a worker
does so after commit; the sweep covers a lost message.
"""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from courses.services.retention import forget_person
from courses.signals import seat_freed
from courses.tasks import fill_one_session, release_seats
from people.signals import account_closed


@receiver(seat_freed)
def wake_the_waiting_list(sender: Any, session_id: int, **_extra: Any) -> None:
    """A seat may be free: once that is committed, give it."""
    transaction.on_commit(lambda: fill_one_session.delay(session_id), robust=True)


@receiver(account_closed)
def wake_the_release(sender: Any, **_extra: Any) -> None:
    """Whoever leaves gives back seats and ranks."""
    transaction.on_commit(lambda: release_seats.delay(), robust=True)


@receiver(account_closed)
def forget_the_person(sender: Any, user: Any, **_extra: Any) -> None:
    """What served the account ends with it: its calendar, what counted for or against a seat."""
    forget_person(user=user)
