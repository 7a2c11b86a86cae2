"""Follows and messages to many. Rows only; the worker writes to the people."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from courses.signals import session_moved
from notices.services.follows import forget_follows
from notices.services.posting import tell_opened
from notices.signals import mailing_started
from notices.tasks import write_mailings
from people.signals import account_closed


@receiver(session_moved)
def when_session_opens(*, session, to_state, at, **_: Any) -> None:
    tell_opened(session=session, to_state=to_state, at=at)


@receiver(account_closed)
def when_a_follower_leaves(*, user, **_: Any) -> None:
    forget_follows(user=user)


@receiver(mailing_started)
def when_mailing_started(**_: Any) -> None:
    transaction.on_commit(lambda: write_mailings.delay(), robust=True)
