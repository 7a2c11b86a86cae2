"""« Clore la séance »: presence is settled, its rule frozen, the news sent.

Reopening needs a motive; what was settled stays as history.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance.choices import RULE_VERSION, ImportState, PresenceStatus
from attendance.models import Attendance, Closing, Connection, Mark, ReportImport
from attendance.selectors.agenda import held_time, threshold_for
from attendance.selectors.presence import Presence, presence_of, standing_closing
from attendance.services import AttendanceRefused
from attendance.signals import attendance_closed, attendance_reopened
from courses.choices import ChecklistCode, SessionState
from courses.models import Session
from courses.services.checklists import tick_item
from courses.services.holds import give_absence_strikes, record_completions
from courses.services.states import close_session, reopen_session
from people.models import User


def close_attendance(
    *, session: Session, by: User, at: datetime, despite_doubts: bool = True
) -> Closing:
    """Freezes everyone's presence with the rule that counted it, and closes the session.

    Idempotent: a settled session gives its standing closing. Locks the session. Raises
    AttendanceRefused before the session is over, while something is open unless `despite_doubts`,
    and once the reports that counted are erased. Sends attendance_closed.
    """
    with transaction.atomic():
        session = (
            Session.objects.select_for_update(of=("self",))
            .select_related("course")
            .get(pk=session.pk)
        )
        standing = standing_closing(session)
        if standing is not None:
            return standing
        if session.state != SessionState.HELD:
            raise AttendanceRefused(
                _("Attendance is settled after the session: this one is not over yet.")
            )
        _refuse_if_forgotten(session)
        doubts = doubts_of(session)
        if doubts and not despite_doubts:
            raise AttendanceRefused(_("Something is still open. Settle it, or close all the same."))
        held = held_time(session)
        last = Closing.objects.filter(session=session).aggregate(n=Max("number"))["n"] or 0
        closing = Closing.objects.create(
            session=session,
            number=last + 1,
            rule_version=RULE_VERSION,
            threshold_percent=threshold_for(session),
            held_seconds=held.seconds,
            doubts=doubts,
            closed_by=by,
            closed_at=at,
        )
        people = presence_of(session)
        Attendance.objects.bulk_create(
            Attendance(
                closing=closing,
                person=one.person,
                status=one.status,
                is_excused=one.is_excused,
                seconds=one.seconds,
                intervals=[[start.isoformat(), end.isoformat()] for start, end in one.intervals],
                by_meeting=one.by_meeting,
                connections=one.connections,
                source=one.source,
                decided_at=at,
            )
            for one in people
        )
        _tell_the_gate(session, people, at=at)
        close_session(session=session, by=by, at=at)
        tick_item(session=session, code=ChecklistCode.PRESENCE, by=by, at=at)
        attendance_closed.send(sender=Closing, closing=closing, at=at)
        return closing


def _tell_the_gate(session: Session, people: Iterable[Presence], *, at: datetime) -> None:
    """What presence means for the next enrolments: courses completed, seats left empty."""
    by_status = {
        status: [one.person for one in people if one.status == status and not one.is_excused]
        for status in (PresenceStatus.PRESENT, PresenceStatus.ABSENT)
    }
    record_completions(session=session, people=by_status[PresenceStatus.PRESENT], at=at)
    give_absence_strikes(session=session, absent=by_status[PresenceStatus.ABSENT], at=at)


def reopen_attendance(*, session: Session, by: User, at: datetime, motive: str) -> Closing:
    """Takes the settled presence back, with a motive; the old decisions stay as history.

    Raises AttendanceRefused when nothing is settled, the motive is empty, or the reports that
    counted are erased. Sends attendance_reopened.
    """
    if not motive.strip():
        raise AttendanceRefused(_("Say why the attendance is reopened."))
    with transaction.atomic():
        session = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
        closing = (
            Closing.objects.select_for_update()
            .filter(session=session, reopened_at__isnull=True)
            .first()
        )
        if closing is None:
            raise AttendanceRefused(_("The attendance of this session is not settled."))
        _refuse_if_forgotten(session)
        closing.reopened_by, closing.reopened_at, closing.reopen_motive = by, at, motive.strip()
        closing.save(update_fields=["reopened_by", "reopened_at", "reopen_motive"])
        reopen_session(session=session, by=by, at=at, motive=motive.strip())
        tick_item(session=session, code=ChecklistCode.PRESENCE, by=by, at=at, done=False)
        attendance_reopened.send(sender=Closing, closing=closing, at=at)
        return closing


def _refuse_if_forgotten(session: Session) -> None:
    """Without its connections a presence would be counted as nobody's."""
    applied = ReportImport.objects.filter(session=session, state=ImportState.APPLIED)
    if applied.filter(file="").exists():
        raise AttendanceRefused(
            _(
                "The meeting reports of this session were erased, as they are after five years: "
                "its attendance can no longer be counted."
            )
        )


def doubts_of(session: Session) -> list[str]:
    """What is still open, in words, for the person who settles to see first."""
    doubts = []
    applied = ReportImport.objects.filter(session=session, state=ImportState.APPLIED)
    if not (applied.exists() or Mark.objects.filter(session=session).exists()):
        doubts.append(_("No report counts and nobody is marked: everybody would be absent."))
    waiting = ReportImport.objects.filter(session=session, state=ImportState.PREVIEWED).count()
    if waiting:
        doubts.append(
            ngettext(
                "%(n)s report was dropped but not applied.",
                "%(n)s reports were dropped but not applied.",
                waiting,
            )
            % {"n": waiting}
        )
    unknown = (
        Connection.objects.filter(
            report__session=session, report__state=ImportState.APPLIED, person__isnull=True
        )
        .values("email", "name")
        .distinct()
        .count()
    )
    if unknown:
        doubts.append(
            ngettext(
                "%(n)s connected person is unknown.",
                "%(n)s connected people are unknown.",
                unknown,
            )
            % {"n": unknown}
        )
    return doubts
