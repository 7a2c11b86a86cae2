"""The address of one's own calendar: made, renewed, withdrawn. One a person."""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import CalendarFeed
from courses.models.feeds import digest_of
from people.models import User
from people.services import Refusal

TOKEN_BYTES = 32


class FeedRefused(Refusal):
    """No address for this person; the text says why."""


def renew_feed(*, person: User, at: datetime) -> str:
    """A new token for the person's calendar; the former address, if any, answers no more.

    The token is returned once and only its digest is kept. Locks the person. Refuses a closed
    account.
    """
    with transaction.atomic():
        row = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        if row.closed_at is not None or not row.is_active:
            raise FeedRefused(_("This account is closed."))
        token = secrets.token_urlsafe(TOKEN_BYTES)
        CalendarFeed.objects.update_or_create(
            person=row,
            defaults={"token_hash": digest_of(token), "created_at": at, "read_on": None},
        )
    return token


def end_feed(*, person: User, at: datetime) -> bool:
    """Withdraws the address; False when there was none. Safe inside a receiver: one DELETE."""
    return CalendarFeed.objects.filter(person=person).delete()[0] > 0


def mark_read(*, feed: CalendarFeed, at: datetime) -> None:
    """Keeps the day of the last reading, never the hour: the person sees that an address is in
    use, nobody sees when. Writes once a day.
    """
    today = timezone.localdate(at)
    if feed.read_on is not None and feed.read_on >= today:
        return
    earlier = Q(read_on__isnull=True) | Q(read_on__lt=today)
    CalendarFeed.objects.filter(earlier, pk=feed.pk).update(read_on=today)
    feed.read_on = today
