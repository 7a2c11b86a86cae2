"""The alarm clock of the outbox: once the transaction is committed, the worker is woken."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from notices.signals import notice_posted
from notices.tasks import wake


@receiver(notice_posted)
def when_notice_posted(**_: Any) -> None:
    transaction.on_commit(lambda: wake.delay(), robust=True)
