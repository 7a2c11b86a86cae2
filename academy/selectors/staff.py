"""The staff dashboard: fill, attendance, satisfaction, attestations, from selectors of all floors.

Every figure carries its definition to the screen. A constant number of queries, whatever the number
of sessions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from attendance.choices import ImportState, PresenceStatus
from attendance.models import Attendance, ReportImport
from certificates.models import Certificate
from courses.choices import (
    LIVE_SESSION_STATES,
    SessionState,
)
from courses.models import Session, Term
from courses.selectors.seats import SeatSummary, seat_summary, with_counts, with_offers
from notices.choices import NoticeState
from notices.models import Notice
from people.models import User
from people.selectors.memberships import memberships_to_verify
from people.selectors.rights import may
from surveys.models import Survey
from surveys.selectors.figures import Proportion, satisfaction, satisfaction_by_session


@dataclass(frozen=True)
class SessionLine:
    """One session of the dashboard. Proportions are None where nothing can be said yet."""

    session: Session  # with waiting_count and offered_count
    seats: SeatSummary
    fill: Proportion | None
    attendance: Proportion | None
    satisfaction: Proportion | None
    certificates: int


@dataclass(frozen=True)
class ToDo:
    """Something that needs a hand today, and where."""

    kind: str
    session: Session | None
    count: int


@dataclass(frozen=True)
class StaffDesk:
    term: Term | None
    terms: list[Term]
    lines: list[SessionLine]
    fill: Proportion
    attendance: Proportion
    satisfaction: Proportion
    certificates: int
    waiting: int
    to_do: list[ToDo]


def staff_desk(
    sessions: QuerySet[Session], *, term: Term | None, at: datetime, reader: User | None = None
) -> StaffDesk:
    """The dashboard over `sessions` (already scoped to the reader), for one term or all.

    `to_do` holds what the reader may do; without a reader, what anybody might.
    """
    rows = list(
        with_offers(with_counts(sessions.filter(term=term) if term else sessions))
        .exclude(state=SessionState.DRAFT)
        .select_related("course", "term")
        .prefetch_related("meetings")
        .order_by("-starts_at")
    )
    presences = _presences(rows)
    opinions = satisfaction_by_session(rows)
    issued = dict(
        Certificate.objects.filter(session__in=rows)
        .values("session")
        .order_by()
        .annotate(n=Count("person", distinct=True))
        .values_list("session", "n")
    )
    lines = [
        SessionLine(
            session=row,
            seats=seat_summary(row),
            fill=_fill(row),
            attendance=presences.get(row.pk),
            satisfaction=opinions.get(row.pk),
            certificates=issued.get(row.pk, 0),
        )
        for row in rows
    ]
    return StaffDesk(
        term=term,
        terms=list(Term.objects.all()),
        lines=lines,
        fill=_sum([line.fill for line in lines]),
        attendance=_sum(list(presences.values())),
        satisfaction=satisfaction(Survey.objects.filter(session__in=rows)),
        certificates=sum(issued.values()),
        waiting=sum(row.waiting_count for row in rows),
        to_do=_to_do(rows, reader, at),
    )


def _fill(row: Session) -> Proportion | None:
    """Seats held among seats offered; None without a limit, or when the session is cancelled."""
    if not row.capacity or row.state == SessionState.CANCELLED:
        return None
    return Proportion(row.held_count, row.capacity)


def _presences(rows: Sequence[Session]) -> dict[int, Proportion]:
    """Session id → people present among people with a place, where presence is settled."""
    counts = (
        Attendance.objects.standing()
        .filter(closing__session__in=rows)
        .values("closing__session")
        .order_by()
        .annotate(whole=Count("pk"), part=Count("pk", filter=Q(status=PresenceStatus.PRESENT)))
    )
    return {row["closing__session"]: Proportion(row["part"], row["whole"]) for row in counts}


def _sum(proportions: Sequence[Proportion | None]) -> Proportion:
    known = [one for one in proportions if one is not None]
    return Proportion(sum(one.part for one in known), sum(one.whole for one in known))


def _to_do(rows: Sequence[Session], reader: User | None, at: datetime) -> list[ToDo]:
    """What waits for the reader, the oldest first: only what their rights let them do."""
    if reader is not None and not may(reader, "academy.control_room"):
        return []
    found = [
        ToDo("close", row, row.held_count)
        for row in reversed(rows)
        if row.state == SessionState.HELD
    ]
    previewed = (
        ReportImport.objects.filter(session__in=rows, state=ImportState.PREVIEWED)
        .values("session")
        .order_by()
        .annotate(n=Count("pk"))
        .values_list("session", "n")
    )
    by_id = {row.pk: row for row in rows}
    found += [ToDo("apply", by_id[pk], n) for pk, n in previewed]
    soon = at + timedelta(days=7)
    found += [
        ToDo("join", row, 1)
        for row in rows
        if row.state in LIVE_SESSION_STATES
        and row.starts_at
        and at < row.starts_at < soon
        and row.state != SessionState.POSTPONED
        and not any(meeting.join_url for meeting in row.meetings.all())
        and row.format != "in_person"
    ]
    today = timezone.localdate(at)
    members = memberships_to_verify(reader, today).count() if reader else 0
    if members:
        found.append(ToDo("members", None, members))
    failed = Notice.objects.filter(state=NoticeState.FAILED).count()
    if failed:
        found.append(ToDo("mail", None, failed))
    return found
