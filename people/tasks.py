"""Sweeps of the ground floor; each may run twice without harm."""

from django.utils import timezone

from celery import shared_task

from people.services.accounts import forget_expired_sessions, forget_unconfirmed_accounts


@shared_task(name="people.tasks.forget_unconfirmed")
def forget_unconfirmed() -> int:
    """Take away accounts whose address nobody proved within a day."""
    return forget_unconfirmed_accounts(at=timezone.now())


@shared_task(name="people.tasks.forget_sessions")
def forget_sessions() -> int:
    """Take away web sessions that have ended."""
    return forget_expired_sessions(at=timezone.now())
