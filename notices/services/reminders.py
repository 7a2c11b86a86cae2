"""Reminders before a session: written by the clock, each once a person and a date."""

from datetime import datetime

from django.db.models import QuerySet

from courses.choices import LIVE_SESSION_STATES, SessionState
from courses.models import Enrolment, Session
from notices.choices import NoticeKind
from notices.selectors.enrolments import untold
from notices.selectors.reminders import FARTHEST, Due, due_reminders
from notices.services.outbox import Draft, post_all

REMINDED_STATES = LIVE_SESSION_STATES - {SessionState.POSTPONED}


def post_reminders(*, at: datetime) -> int:
    """Writes the reminders whose moment has come; returns how many. Idempotent.

    To whoever held a confirmed seat before the reminder was due: nobody who waits, nobody who
    enrolled since. A session that moved reminds again for its new date, once; postponed and
    cancelled sessions stay silent. Two queries, and two more for each session that reminds.
    """
    coming = (
        Session.objects.filter(
            state__in=REMINDED_STATES,
            meetings__starts_at__gt=at,
            meetings__starts_at__lte=at + FARTHEST,
        )
        .distinct()
        .prefetch_related("meetings")
    )
    return sum(
        _remind(session, due, at=at)
        for session in coming
        for due in due_reminders([row.starts_at for row in session.meetings.all()], at)
    )


def _remind(session: Session, due: Due, *, at: datetime) -> int:
    drafts = [
        Draft(due.kind, row.notice_key, row.person, _context(row, due))  # type: ignore[attr-defined]
        for row in _unreminded(session, due)
    ]
    return post_all(drafts=drafts, at=at)


def _unreminded(session: Session, due: Due) -> QuerySet[Enrolment]:
    """Seats confirmed before the reminder was due that have not been reminded of that date."""
    seated = Enrolment.objects.confirmed().filter(
        session=session, confirmed_at__lt=due.due_at, person__closed_at__isnull=True
    )
    rows = untold(seated, f"{due.kind.value}:{due.fact}")
    rows = rows.select_related("person__profile").order_by("pk")
    if due.kind == NoticeKind.COMING_ASKED:
        # Only where somebody else could use the seat, and who has said so need not say it again.
        rows = rows.filter(coming_at__isnull=True, session__capacity__isnull=False, is_extra=False)
    return rows


def _context(enrolment: Enrolment, due: Due) -> dict[str, object]:
    if due.kind == NoticeKind.REMINDER_HOUR:
        return {"enrolment": enrolment.pk, "starts_at": due.starts_at.isoformat()}
    return {"enrolment": enrolment.pk, "day": due.fact}
