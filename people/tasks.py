"""Sweeps of the ground floor; each may run twice without harm."""

from django.utils import timezone

from celery import shared_task

from people.services.accounts import forget_unconfirmed_accounts


@shared_task(name="people.tasks.forget_unconfirmed")
def forget_unconfirmed() -> int:
    """Take away accounts whose address nobody proved within a day."""
    return forget_unconfirmed_accounts(at=timezone.now())
