"""What is to be done around sessions, and by which day. Days are local; « late » is the day after.

An item before the session counts from the day of its first meeting, an item after it from the day
its last meeting ends. A session without a date gives no due date, and nothing of it is late.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from courses.choices import SessionState
from courses.models import ChecklistItem, Meeting, Session
from courses.selectors.sessions import sessions_for
from people.models import User

AHEAD_DAYS = 14  # how far ahead staff are shown what comes due
UNDATED = frozenset({SessionState.POSTPONED, SessionState.CANCELLED})


@dataclass(frozen=True)
class DueItem:
    """One item with its day. `due_on` None: the session has no date."""

    item: ChecklistItem
    session: Session
    due_on: date | None
    is_late: bool

    @property
    def is_done(self) -> bool:
        return self.item.done_at is not None


def due_items(
    at: datetime, user: User, *, sessions: Iterable[Session] | None = None
) -> list[DueItem]:
    """What is not done and is late or comes due within two weeks, the most pressing first.

    Over the sessions that the reader may manage, or those of `sessions` among them. One query
    beside those of the reader's rights.
    """
    reached = sessions_for(user, "courses.manage").exclude(state__in=UNDATED)
    if sessions is not None:
        reached = reached.filter(pk__in=[each.pk for each in sessions])
    meetings = Meeting.objects.filter(session=OuterRef("session"))
    rows = (
        ChecklistItem.objects.filter(done_at__isnull=True, session__in=reached)
        .select_related("session__course")
        .annotate(
            first=Subquery(meetings.order_by("starts_at").values("starts_at")[:1]),
            last=Subquery(meetings.order_by("-ends_at").values("ends_at")[:1]),
        )
        .filter(first__isnull=False)
        .order_by("pk")
    )
    today = timezone.localdate(at)
    until = today + timedelta(days=AHEAD_DAYS)
    found = [_due(item, item.session, item.first, item.last, today) for item in rows]
    pressing = [one for one in found if one.due_on is not None and one.due_on <= until]
    return sorted(pressing, key=lambda one: (one.due_on or until, one.session.pk, one.item.pk))


def checklist_of(session: Session, *, at: datetime) -> list[DueItem]:
    """Every item of one session, done or not, the earliest first. Reads prefetched meetings."""
    meetings = [] if session.state in UNDATED else list(session.meetings.all())
    first = min((each.starts_at for each in meetings), default=None)
    last = max((each.ends_at for each in meetings), default=None)
    today = timezone.localdate(at)
    rows = session.checklist.select_related("done_by__profile")
    return [_due(item, session, first, last, today) for item in rows]


def due_on(offset_days: int, first: datetime, last: datetime) -> date:
    """The local day of an item: before the first meeting, or after the last one."""
    anchor = first if offset_days < 0 else last
    return timezone.localdate(anchor) + timedelta(days=offset_days)


def _due(
    item: ChecklistItem,
    session: Session,
    first: datetime | None,
    last: datetime | None,
    today: date,
) -> DueItem:
    day = due_on(item.offset_days, first, last) if first and last else None
    return DueItem(item, session, day, bool(day and day < today and item.done_at is None))
