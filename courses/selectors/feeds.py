"""What calendars that read again and again are given: one's own seats, a term's sessions.

A constant number of queries, however many sessions there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from courses.choices import (
    DATED_SESSION_STATES,
    PUBLIC_SESSION_STATES,
    EnrolmentState,
    SessionState,
)
from courses.letters import CANCELLED, CONFIRMED, Entry, place_uid, session_uid
from courses.models import CalendarFeed, Enrolment, EnrolmentEvent, Session, SessionEvent, Term
from courses.selectors.sessions import history_count
from people.models import User

# What is called off stays in the feed as CANCELLED for so long: some programs keep what vanishes.
RECALLED_FOR = timedelta(days=30)
PAST_KEPT = timedelta(days=366)


@dataclass(frozen=True)
class RemovedMeeting:
    """A meeting that is no more, as the session's history keeps it: its entries are recalled."""

    key: str
    starts_at: datetime
    ends_at: datetime
    removed_at: datetime
    place: str = ""


def find_feed(token: str) -> CalendarFeed | None:
    """The feed of that token; None for one that never was, was withdrawn, or lost its person."""
    return CalendarFeed.objects.with_token(token).select_related("person").first()


def feed_of(person: User) -> CalendarFeed | None:
    """The address a person has made, if any."""
    return CalendarFeed.objects.filter(person=person).first()


def removed_meetings(events: Iterable[SessionEvent]) -> list[RemovedMeeting]:
    """The meetings that those events took away, in their order."""
    return [
        RemovedMeeting(
            row["key"],
            datetime.fromisoformat(row["starts_at"]),
            datetime.fromisoformat(row["ends_at"]),
            event.at,
        )
        for event in events
        for row in event.changes.get("removed_meetings", [])
    ]


# ------------------------------------------------------------------ one's own seats
def seat_entries(person: User, *, at: datetime) -> list[Entry]:
    """The confirmed seats of the last year and to come; those called off in the last thirty days
    as CANCELLED. Nothing of requests, of waiting, of offers.
    """
    rows = list(_seats(person, at))
    removed = _removed_from([row.session_id for row in rows], at)
    return [entry for row in rows for entry in _entries_of(row, removed[row.session_id], at)]


def _seats(person: User, at: datetime) -> QuerySet[Enrolment]:
    off = _last(SessionEvent, "session", OuterRef("session"), to_state=F("session__state"))
    stands = Q(state=EnrolmentState.CONFIRMED, session__state__in=DATED_SESSION_STATES)
    called_off = Q(
        state=EnrolmentState.CONFIRMED,
        session__state__in=[SessionState.POSTPONED, SessionState.CANCELLED],
        off_at__gt=at - RECALLED_FOR,
    )
    given_up = Q(
        state=EnrolmentState.CANCELLED,
        confirmed_at__isnull=False,
        ended_at__gt=at - RECALLED_FOR,
    )
    return (
        Enrolment.objects.filter(person=person)
        .annotate(
            off_at=off,
            told_at=_last(EnrolmentEvent, "enrolment", OuterRef("pk")),
            moved_at=_last(SessionEvent, "session", OuterRef("session")),
        )
        .filter(stands | called_off | given_up)
        .select_related("session__course", "session__version")
        .prefetch_related("session__meetings")
        .order_by("pk")
    )


def _last(model: Any, parent: str, of: OuterRef, **more: Any) -> Subquery:
    """When the history of a row was last written."""
    rows = model.objects.filter(**{parent: of}, **more).order_by("-at", "-pk")
    return Subquery(rows.values("at")[:1])


def _removed_from(sessions: Sequence[int], at: datetime) -> dict[int, list[RemovedMeeting]]:
    events = SessionEvent.objects.filter(
        session__in=sessions, changes__has_key="removed_meetings", at__gt=at - RECALLED_FOR
    )
    found: dict[int, list[RemovedMeeting]] = defaultdict(list)
    for event in events.order_by("at", "pk"):
        found[event.session_id] += removed_meetings([event])
    return found


def _entries_of(row: Any, removed: list[RemovedMeeting], at: datetime) -> list[Entry]:
    session = row.session
    is_seated = row.state == EnrolmentState.CONFIRMED and session.state in DATED_SESSION_STATES
    promised_at = session.version and session.version.frozen_at
    changed_at = _latest(row.created_at, row.told_at, row.moved_at, promised_at)
    meetings = list(session.meetings.all())
    known = {str(meeting.key) for meeting in meetings}
    gone = [
        each for each in removed if each.key not in known and row.confirmed_at <= each.removed_at
    ]
    since = at - PAST_KEPT
    return [
        Entry(
            uid=place_uid(row, meeting),
            session=session,
            meeting=meeting,
            sequence=row.calendar_sequence,
            status=CONFIRMED if is_seated and str(meeting.key) in known else CANCELLED,
            changed_at=changed_at,
        )
        for meeting in [*meetings, *gone]
        if meeting.ends_at > since
    ]


# ------------------------------------------------------------------ a term
def term_of(key: UUID | str) -> Term:
    """The term of that key, once the public may see something of it; Term.DoesNotExist otherwise.

    A term that is only being prepared and one that never was answer alike.
    """
    return Term.objects.filter(pk__in=_announced().values("term")).get(key=key)


def term_entries(term: Term) -> list[Entry]:
    """Every session announced in the term; one called off as CANCELLED, one that has lost its date
    not at all until it has another.
    """
    rows = (
        _announced()
        .filter(term=term)
        .exclude(state=SessionState.POSTPONED)
        .annotate(
            history_count=history_count(), moved_at=_last(SessionEvent, "session", OuterRef("pk"))
        )
        .select_related("course", "version")
        .prefetch_related("meetings")
    )
    return [
        Entry(
            uid=session_uid(meeting),
            session=row,
            meeting=meeting,
            sequence=row.history_count,
            status=CANCELLED if row.state == SessionState.CANCELLED else CONFIRMED,
            changed_at=_latest(row.moved_at, row.version and row.version.frozen_at),
        )
        for row in rows
        for meeting in row.meetings.all()
    ]


def _announced() -> QuerySet[Session]:
    """Sessions the public has seen: a draft that was thrown away never had a version promised."""
    return Session.objects.filter(state__in=PUBLIC_SESSION_STATES, version__isnull=False)


def _latest(*moments: datetime | None) -> datetime:
    return max(moment for moment in moments if moment is not None)
