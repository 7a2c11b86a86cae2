"""The control room: one session and all that staff follow of it, in as many queries for any."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from courses.choices import PAST_SESSION_STATES, EnrolmentState, SessionChange
from courses.models import Enrolment, Pool, Session, SessionEvent
from courses.selectors.checklists import DueItem, checklist_of
from courses.selectors.copies import ROWS, Question, questions_of
from courses.selectors.day import Banner, banner_of, day_of, is_changeable
from courses.selectors.seats import SeatSummary, seat_summary, with_counts, with_pools
from courses.selectors.sessions import Agenda, agenda
from courses.selectors.terms import IN_PREPARATION

NAMED = 12  # offers and people in line shown by name; the roster shows them all


@dataclass(frozen=True)
class PoolFill:
    """Seats of one pool; the last line of a room is the general one. `is_kept`: still reserved."""

    label: str
    used: int
    capacity: int | None
    pool: Pool | None
    is_kept: bool

    @property
    def percent(self) -> int | None:
        return round(100 * self.used / self.capacity) if self.capacity else None


@dataclass(frozen=True)
class HistoryLine:
    """One event of a session: what happened, in words, and the event itself."""

    event: SessionEvent
    words: str


@dataclass(frozen=True)
class Room:
    """What the control room shows of a session."""

    session: Session
    agenda: Agenda
    summary: SeatSummary
    pools: list[PoolFill]
    states: Counter[str]
    offers: list[Enrolment]  # the first to end, first
    in_line: list[Enrolment]  # the next ones
    certificates: int
    checklist: list[DueItem]
    questions: list[Question]  # what is left to decide before it opens
    banner: Banner | None
    twins: list[Session]  # second sessions of this one
    history: list[HistoryLine]
    is_past: bool
    has_day: bool  # a change on the day has something to change


def control_room(sessions: QuerySet[Session], key: Any, *, at: datetime) -> Room | None:
    """The room of the session `key` among `sessions` (already scoped to the reader), or None."""
    rows = with_counts(sessions, at=at).select_related("course", "term", "twin_of__course")
    read = [name for name in ROWS if not name.startswith("pools")]
    session = (
        with_pools(rows.prefetch_related(*read, "trainers__person__profile"))
        .filter(key=key)
        .first()
    )
    if session is None:
        return None
    summary, enrolments = seat_summary(session, at=at), session.enrolments
    return Room(
        session=session,
        agenda=agenda(session),
        summary=summary,
        pools=_pools(session, summary, at=at),
        states=Counter(
            dict(
                enrolments.order_by()
                .values("state")
                .annotate(n=Count("pk"))
                .values_list("state", "n")
            )
        ),
        offers=_named(
            enrolments.filter(state=EnrolmentState.OFFERED).order_by("offer_expires_at", "pk")
        ),
        in_line=_named(enrolments.waiting()),
        certificates=session.certificates.values("person").distinct().count(),
        checklist=checklist_of(session, at=at),
        questions=_questions(session, at=at),
        banner=banner_of(session, at=at),
        twins=list(with_counts(session.twins.all(), at=at).select_related("course")),
        history=history_of(session),
        is_past=session.state in PAST_SESSION_STATES,
        has_day=is_changeable(session) and bool(day_of(session.meetings.all(), at=at)),
    )


def _named(rows: QuerySet[Enrolment]) -> list[Enrolment]:
    return list(rows.select_related("person__profile")[:NAMED])


def _pools(session: Session, summary: SeatSummary, *, at: datetime) -> list[PoolFill]:
    """Each pool, then the general seats; empty for a session without pools."""
    pools: list[Any] = list(session.pools.all())
    if not pools:
        return []
    lines = [
        PoolFill(str(pool), pool.used, pool.capacity, pool, pool.is_kept(at)) for pool in pools
    ]
    kept = sum(pool.capacity for pool in pools)
    general = None if session.capacity is None else session.capacity - kept
    used = summary.held - sum(line.used for line in lines)
    return [*lines, PoolFill(_("Everybody"), used, general, None, False)]


def _questions(session: Session, *, at: datetime) -> list[Question]:
    if session.state not in IN_PREPARATION:
        return []
    meetings, pools = list(session.meetings.all()), list(session.pools.all())
    return questions_of(session, meetings=meetings, pools=pools, term=session.term, at=at)


def history_of(session: Session, *, last: int = 20) -> list[HistoryLine]:
    """The newest events of a session: the state it came to, or what was changed."""
    events = session.events.select_related("by__profile").order_by("-at", "-pk")[:last]
    return [HistoryLine(event, _words_of(event)) for event in events]


def _words_of(event: SessionEvent) -> str:
    if event.from_state != event.to_state:
        return event.get_to_state_display()
    labels = dict(SessionChange.choices)
    known = [str(labels[name]) for name in event.changes if name in labels]
    return ", ".join(known) or _("Agenda or details")
