"""What screens ask about sessions: the catalogue's list, seats in words, the agenda."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.choices import (
    LIVE_SESSION_STATES,
    EnrolmentState,
    SessionState,
)
from courses.models import Break, Enrolment, Meeting, Session, SessionEvent
from courses.selectors.seats import (
    SeatSummary,
    count_now,
    seat_summary,
    sessions_to_fill,
    with_counts,
    with_pools,
)
from people.letters import ordinal_words
from people.models import User
from people.selectors.rights import scopes_for

__all__ = [
    "Agenda",
    "SeatSummary",
    "agenda",
    "catalogue_sessions",
    "get_public_session",
    "history_count",
    "public_sessions",
    "rank_words",
    "seat_summary",
    "session_for",
    "sessions_for",
    "sessions_to_fill",
    "with_counts",
]

FILTERS = {
    "course": "course",
    "theme": "course__theme",
    "kind": "course__kind",
    "term": "term",
    "language": "language",
    "format": "format",
    "audience": "audience",
    "partner": "course__partners",
}


@dataclass(frozen=True)
class Agenda:
    """The intervals of a session in order. None, None while it has no date."""

    meetings: list[Meeting]
    breaks: list[Break]
    starts_at: datetime | None
    ends_at: datetime | None


def history_count() -> Coalesce:
    """The length of a session's history, for an annotation: it only grows, so it is the SEQUENCE of
    the entries that everybody reads."""
    rows = SessionEvent.objects.filter(session=OuterRef("pk")).order_by()
    return Coalesce(Subquery(rows.values("session").annotate(n=Count("pk")).values("n")), 0)


def catalogue_sessions(*, at: datetime, **filters: Any) -> QuerySet[Session]:
    """Sessions still to come that the public may see, soonest first, postponed ones last.

    `filters`: course, theme, kind, term, language, format, audience, partner (rows or values).
    Annotated by `with_counts`, meetings and pools prefetched: a constant number of queries.
    """
    rows = with_counts(Session.objects.filter(state__in=LIVE_SESSION_STATES), at=at).filter(
        Q(state=SessionState.POSTPONED) | Q(ends_at__gt=at)
    )
    for name, value in filters.items():
        if value not in (None, ""):
            rows = rows.filter(**{FILTERS[name]: value})
    undated_last = Case(When(state=SessionState.POSTPONED, then=1), default=0)
    return (
        with_pools(rows)
        .select_related("course__theme", "term", "version")
        .prefetch_related("meetings")
        .order_by(undated_last, F("starts_at").asc(nulls_last=True), "pk")
    )


def rank_words(enrolment: Enrolment) -> str:
    """« 3e sur 12 » for somebody who waits, counted among those who still wait; else empty."""
    if enrolment.state != EnrolmentState.WAITING:
        return ""
    waiting = Enrolment.objects.filter(
        session_id=enrolment.session_id, state=EnrolmentState.WAITING
    )
    counts = waiting.aggregate(
        total=Count("pk"),
        place=Count(
            "pk",
            filter=Q(rank__lt=enrolment.rank) | Q(rank=enrolment.rank, pk__lte=enrolment.pk),
        ),
    )
    return _("%(rank)s of %(total)d") % {
        "rank": ordinal_words(counts["place"], get_language()),
        "total": counts["total"],
    }


def agenda(session: Session) -> Agenda:
    """The session's meetings and breaks in order; uses what was prefetched."""
    meetings = sorted(session.meetings.all(), key=lambda each: each.starts_at)
    breaks = sorted(session.breaks.all(), key=lambda each: each.starts_at)
    starts_at = meetings[0].starts_at if meetings else None
    ends_at = max(each.ends_at for each in meetings) if meetings else None
    return Agenda(meetings, breaks, starts_at, ends_at)


def public_sessions(*, at: datetime | None = None) -> QuerySet[Session]:
    """Every session the public may read of, whatever its state, with all that its page shows."""
    return with_counts(_with_words(Session.objects.public()), at=at)


def _with_words(sessions: QuerySet[Session]) -> QuerySet[Session]:
    return (
        with_pools(sessions)
        .annotate(history_count=history_count())
        .select_related("course", "term", "version", "prerequisite", "draw")
        .prefetch_related("meetings", "breaks", "trainers__person__profile")
    )


def get_public_session(key: UUID, *, at: datetime) -> Session:
    """One session of `public_sessions`, for its page and those of one's own place in it.

    Its words are at most SESSION_WORDS_SECONDS old: when the doors open, hundreds read the same
    page in the same second. Its seats are counted now, those in its pools with the words. Raises
    Session.DoesNotExist.
    """
    name = f"session-words:{key}"
    row: Session | None = cache.get(name)
    if row is None:
        row = _with_words(Session.objects.public()).get(key=key)
        cache.set(name, row, settings.SESSION_WORDS_SECONDS)
    count_now(row, at=at)
    return row


def sessions_for(user: User, action: str) -> QuerySet[Session]:
    """Sessions that any of the person's rights to `action` reaches."""
    reached = Q(pk__in=[])
    for scope in scopes_for(user, action):
        reached |= Q(pk__in=Session.objects.visible_to(user, scope).values("pk"))
    return Session.objects.filter(reached)


def session_for(user: User, key: UUID | str, action: str, *, at: datetime | None = None) -> Session:
    """The session of that key, if the person's right to `action` reaches it.

    Session.DoesNotExist otherwise: a foreign session and an unknown one answer alike.
    """
    rows = sessions_for(user, action).select_related("course", "term", "version")
    return (
        with_counts(rows, at=at)
        .prefetch_related("meetings", "breaks", "trainers__person")
        .get(key=key)
    )
