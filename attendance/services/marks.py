"""Marks put down by people. Append-only: a correction is a new mark."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from attendance.choices import MarkKind, MarkSource
from attendance.models import Mark
from attendance.services import AttendanceRefused, SettledAlready
from courses.choices import EnrolmentState, SessionState
from courses.models import Enrolment, Meeting, Session
from people.models import User


def mark_presence(
    *,
    session: Session,
    person: User,
    kind: str,
    source: str,
    by: User | None,
    at: datetime,
    meeting: Meeting | None = None,
    seconds: int | None = None,
    motive: str = "",
    key: UUID | None = None,
) -> Mark:
    """Writes one mark. Idempotent by `key`: a mark sent twice by a device is one.

    `seconds` belongs to PARTIAL (0 until given). Raises AttendanceRefused for a person without a
    place, a settled session, an unknown kind, or a decision of staff without motive.
    """
    if kind not in MarkKind.values:
        raise AttendanceRefused(_("Choose present, partly present or absent."))
    if source == MarkSource.OVERRIDE and not motive.strip():
        raise AttendanceRefused(_("Say why: a decision of staff is kept with its motive."))
    if seconds is not None and seconds < 0:
        raise AttendanceRefused(_("Minutes cannot be negative."))
    with transaction.atomic():
        known = Mark.objects.filter(key=key).first() if key else None
        if known is not None:
            if (known.session_id, known.person_id) != (session.pk, person.pk):
                raise AttendanceRefused(_("This mark belongs to somebody else."))
            return known
        session = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
        if session.state == SessionState.CLOSED:
            raise SettledAlready
        if not Enrolment.objects.filter(
            session=session, person=person, state=EnrolmentState.CONFIRMED
        ).exists():
            raise AttendanceRefused(_("This person has no confirmed place in the session."))
        return Mark.objects.create(
            key=key or uuid4(),
            session=session,
            meeting=meeting,
            person=person,
            kind=kind,
            seconds=seconds if kind == MarkKind.PARTIAL else None,
            source=source,
            motive=motive.strip(),
            by=by,
            at=at,
        )
