"""The worker's side of the outbox. The rows are the truth: a task lost or repeated harms nobody.

Each task empties the outbox for a few seconds at most, so that a slow mail server never keeps the
worker from its other work; the sweep goes on where it stopped.
"""

import time

from django.utils import timezone

from celery import shared_task

from notices.services import outbox, posting, reminders

SECONDS = 12  # a little less than the sweep's interval


@shared_task
def wake() -> None:
    """Somebody posted: send what is due, the most urgent first, whoever posted it."""
    _empty()


@shared_task
def deliver_due() -> None:
    """The sweep: lost wake-ups, tries that are due again, what a dead worker left behind."""
    outbox.put_back(at=timezone.now())
    _empty()


@shared_task
def write_mailings() -> None:
    """Wake-up and sweep of messages to many: writes the next people, marks what is over."""
    stops = time.monotonic() + SECONDS
    while time.monotonic() < stops and posting.write_batch(at=timezone.now()):
        continue
    posting.settle_mailings(at=timezone.now())


@shared_task
def post_openings() -> None:
    posting.post_openings(at=timezone.now())


@shared_task
def post_reminders() -> None:
    reminders.post_reminders(at=timezone.now())


@shared_task
def forget_old_words() -> None:
    outbox.forget_old_words(at=timezone.now())


def _empty() -> None:
    stops = time.monotonic() + SECONDS
    while time.monotonic() < stops and (taken := outbox.take_due(at=timezone.now())):
        for notice in taken:
            outbox.deliver(notice=notice, at=timezone.now())
