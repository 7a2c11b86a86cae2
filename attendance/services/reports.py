"""Meeting reports: kept byte for byte, previewed before anything counts, applied, undone.

Nothing counts until « Appliquer »; undoing takes every line of the report out of the count and
leaves the file as evidence. The same file twice is refused with the hour of the first.
"""

import hashlib
from datetime import datetime
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attendance.choices import ImportState, MatchLevel
from attendance.models import Connection, LearnedAlias, ReportImport
from attendance.readers import PARSER_VERSION, people_of, read_report
from attendance.readers.fit import doubts
from attendance.selectors.agenda import held_time, session_zone
from attendance.selectors.matching import match_people, name_key
from attendance.services import AttendanceRefused, SettledAlready
from courses.choices import SessionState
from courses.models import Session
from people.letters import date_words, hour_words
from people.models import User


def preview_report(
    *,
    session: Session,
    data: bytes,
    filename: str,
    by: User,
    at: datetime,
    date_order: str | None = None,
) -> ReportImport:
    """Reads, matches and keeps a report; nothing of it counts yet.

    Raises attendance.readers.UnreadableReport (nothing kept) or AttendanceRefused for a file
    already here, a session without meetings, or one already settled.
    """
    _refuse_if_settled(session)
    digest = hashlib.sha256(data).hexdigest()
    _refuse_if_known(session, digest)
    held = held_time(session)
    if not held.meetings:
        raise AttendanceRefused(_("This session has no meeting yet: add its hours first."))
    zone = session_zone()
    report = read_report(data, zone=zone, on=held.days, order=date_order)
    warnings = [*report.warnings, *(words for _code, words in doubts(report, held.meetings))]
    people = people_of(report)
    matches = match_people(session, people)
    with transaction.atomic():
        _refuse_if_known(session, digest)
        row = ReportImport(
            session=session,
            state=ImportState.PREVIEWED,
            filename=PurePath(filename.replace("\\", "/")).name[:200],
            sha256=digest,
            size=len(data),
            format=report.format,
            encoding=report.encoding,
            date_order=report.date_order or "",
            zone=str(zone),
            parser_version=PARSER_VERSION,
            warnings=warnings,
            uploaded_by=by,
            uploaded_at=at,
        )
        row.file.save("report", ContentFile(data), save=False)
        row.save(force_insert=True)
        Connection.objects.bulk_create(
            Connection(
                report=row,
                line=line.line,
                section=line.section[:40],
                role=line.role,
                name=line.name[:200],
                email=line.email[:254],
                joined_at=line.joined_at,
                left_at=line.left_at,
                reasons=sorted(line.reasons | person.reasons),
                person_id=match.person_id,
                match_level=match.level,
            )
            for person, match in zip(people, matches, strict=True)
            for line in person.connections
        )
    return row


def apply_report(*, report: ReportImport, by: User, at: datetime) -> ReportImport:
    """The report counts from now on. Idempotent. AttendanceRefused once settled or undone."""
    with transaction.atomic():
        _refuse_if_settled(report.session)
        report = ReportImport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if report.state == ImportState.APPLIED:
            return report
        if report.state != ImportState.PREVIEWED:
            raise AttendanceRefused(_("This report was undone. Drop the file again to use it."))
        report.state, report.applied_by, report.applied_at = ImportState.APPLIED, by, at
        report.save(update_fields=["state", "applied_by", "applied_at"])
    return report


def undo_report(*, report: ReportImport, by: User, at: datetime) -> ReportImport:
    """Nothing of the report counts any more; the file stays as evidence. Idempotent."""
    with transaction.atomic():
        _refuse_if_settled(report.session)
        report = ReportImport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if report.state in (ImportState.UNDONE, ImportState.SUPERSEDED):
            return report
        report.state, report.undone_by, report.undone_at = ImportState.UNDONE, by, at
        report.save(update_fields=["state", "undone_by", "undone_at"])
    return report


def choose_person(*, connection: Connection, person: User | None, by: User, at: datetime) -> int:
    """Staff say who a line is: every line of that address or name in the report follows.

    The address (or the name) is remembered for the next report; `person` None takes the choice
    back. Gives the number of lines changed.
    """
    with transaction.atomic():
        _refuse_if_settled(connection.report.session)
        same = Connection.objects.filter(report=connection.report)
        same = (
            same.filter(email__iexact=connection.email)
            if connection.email
            else same.filter(email="", name=connection.name)
        )
        value = connection.email.casefold() or name_key(connection.name)
        if person is None:
            LearnedAlias.objects.filter(value=value).delete()
            return same.update(person=None, match_level=MatchLevel.NONE)
        if value:
            LearnedAlias.objects.update_or_create(
                value=value, defaults={"person": person, "learned_by": by, "learned_at": at}
            )
        return same.update(person=person, match_level=MatchLevel.HAND)


def _refuse_if_known(session: Session, digest: str) -> None:
    known = ReportImport.objects.filter(
        session=session, sha256=digest, state__in=[ImportState.PREVIEWED, ImportState.APPLIED]
    ).first()
    if known is not None:
        raise AttendanceRefused(
            _("This file was already imported on %(day)s at %(hour)s by %(who)s.")
            % {
                "day": date_words(known.uploaded_at, get_language()),
                "hour": hour_words(known.uploaded_at, get_language()),
                "who": known.uploaded_by,
            }
        )


def _refuse_if_settled(session: Session) -> None:
    if Session.objects.filter(pk=session.pk, state=SessionState.CLOSED).exists():
        raise SettledAlready
