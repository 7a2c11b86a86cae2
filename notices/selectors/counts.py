"""How the mail is doing, for staff: what waits, what failed, what passed the door."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q

from notices.choices import NoticeState
from notices.models import DoorMail, Notice

LATELY = timedelta(hours=24)


@dataclass(frozen=True)
class OutboxCounts:
    """`overdue`: minutes since the oldest message that should have left, 0 when none should."""

    waiting: int
    failed: int
    overdue: int


@dataclass(frozen=True)
class DoorCounts:
    """Messages of others in the last 24 hours; `slowest` in seconds."""

    handed_over: int
    failed: int
    slowest: float


def outbox_counts(at: datetime) -> OutboxCounts:
    counts = Notice.objects.aggregate(
        waiting=Count("pk", filter=Q(state__in=[NoticeState.QUEUED, NoticeState.SENDING])),
        failed=Count("pk", filter=Q(state=NoticeState.FAILED)),
        oldest=Min("due_at", filter=Q(state=NoticeState.QUEUED, due_at__lte=at)),
    )
    overdue = (at - counts["oldest"]) // timedelta(minutes=1) if counts["oldest"] else 0
    return OutboxCounts(counts["waiting"], counts["failed"], overdue)


def door_counts(at: datetime) -> DoorCounts:
    counts = DoorMail.objects.filter(handed_at__gt=at - LATELY, handed_at__lte=at).aggregate(
        handed_over=Count("pk", filter=Q(is_handed_over=True)),
        failed=Count("pk", filter=Q(is_handed_over=False)),
        slowest=Max("seconds"),
    )
    return DoorCounts(counts["handed_over"], counts["failed"], counts["slowest"] or 0.0)
