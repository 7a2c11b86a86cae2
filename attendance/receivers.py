"""What the register hears: the closing of an account. Rows only."""

from typing import Any

from django.dispatch import receiver

from attendance.services.retention import forget_person
from people.signals import account_closed


@receiver(account_closed)
def forget_the_person(*, user: Any, **_extra: Any) -> None:
    """Names and addresses once confirmed as somebody's are forgotten with the account."""
    forget_person(user=user)
