"""Issuing, replacing, revoking. Exactly once, whoever asks and however often.

Lock: the number sequence of the year, so that numbers have no gap and events one chain. Nothing
issued is ever edited: a correction is a new certificate that replaces the old one.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.models import Attendance
from certificates.choices import CertificateEventKind, CertificateKind
from certificates.letters import canonical_json, format_number, sha256_of
from certificates.models import (
    Certificate,
    CertificateContent,
    CertificateEvent,
    NumberSequence,
)
from certificates.models.certificates import new_token
from certificates.selectors.eligibility import eligibilities, eligibility
from certificates.selectors.snapshot import participation_snapshot
from certificates.signals import certificate_ended, certificate_issued
from courses.choices import ChecklistCode, EnrolmentState, SessionState
from courses.models import Enrolment, Session
from courses.services.checklists import tick_item
from people.models import User
from people.services import Refusal


class IssuingRefused(Refusal):
    """No attestation can be issued, replaced or revoked; the text says why."""


def issue_certificate(*, enrolment: Enrolment, by: User | None, at: datetime) -> Certificate:
    """The attestation of one confirmed and eligible enrolment. Idempotent: the newest is returned.

    Raises IssuingRefused with the first missing condition. Sends certificate_issued once.
    """
    with transaction.atomic():
        sequence = _lock_sequence(timezone.localdate(at).year)
        existing = _newest(enrolment)
        if existing is not None:
            return existing
        found = eligibility(enrolment)
        if not found.is_eligible:
            raise IssuingRefused(found.missing[0].sentence)
        return _issue(enrolment, version=1, sequence=sequence, by=by, at=at)


def issue_for_session(*, session: Session, by: User | None, at: datetime) -> list[Certificate]:
    """Issues to everyone eligible of a session who has none; each in a transaction of its own.

    The first ones issued tick « attestations » on the session's checklist.
    """
    done = set(
        session.certificates.filter(kind=CertificateKind.PARTICIPATION).values_list(
            "person_id", flat=True
        )
    )
    found = eligibilities(session)
    waiting = (
        Enrolment.objects.filter(session=session, state=EnrolmentState.CONFIRMED)
        .select_related("session__version", "session__course", "person__profile__profession")
        .order_by("pk")
    )
    issued = [
        issue_certificate(enrolment=enrolment, by=by, at=at)
        for enrolment in waiting
        if enrolment.person_id not in done and found[enrolment.person_id].is_eligible
    ]
    if issued:
        tick_item(session=session, code=ChecklistCode.ATTESTATIONS, by=by, at=at)
    return issued


def issue_due(*, at: datetime) -> int:
    """The sweep: issues wherever the conditions are complete; gives how many were issued."""
    closed = Session.objects.filter(state=SessionState.CLOSED).select_related("version", "course")
    return sum(len(issue_for_session(session=session, by=None, at=at)) for session in closed)


def supersede_certificate(
    *, certificate: Certificate, by: User | None, at: datetime, reason: str
) -> Certificate:
    """Issues the next version from today's facts; the old one says it was replaced, and by which.

    Raises IssuingRefused for a certificate that was already replaced or revoked, or without reason.
    """
    if not reason.strip():
        raise IssuingRefused(_("Say why this attestation is replaced."))
    with transaction.atomic():
        sequence = _lock_sequence(timezone.localdate(at).year)
        _refuse_if_ended(certificate)
        enrolment = (
            Enrolment.objects.filter(
                session=certificate.session,
                person=certificate.person,
                state=EnrolmentState.CONFIRMED,
            )
            .select_related("session__version", "session__course", "person__profile__profession")
            .first()
        )
        if enrolment is None:
            raise IssuingRefused(_("This person no longer has a place in the session."))
        successor = _issue(
            enrolment, version=certificate.version + 1, sequence=sequence, by=by, at=at
        )
        _record(certificate, CertificateEventKind.SUPERSEDED, reason, by, at, successor=successor)
        certificate_ended.send(
            sender=Certificate, certificate=certificate, kind=CertificateEventKind.SUPERSEDED, at=at
        )
        return successor


def revoke_certificate(
    *, certificate: Certificate, by: User | None, at: datetime, reason: str
) -> CertificateEvent:
    """Declares an attestation without value; the public page says so at once.

    Raises IssuingRefused without a reason, or when it was already revoked or replaced.
    """
    if not reason.strip():
        raise IssuingRefused(_("Say why this attestation is revoked."))
    with transaction.atomic():
        _lock_sequence(timezone.localdate(at).year)
        _refuse_if_ended(certificate)
        event = _record(certificate, CertificateEventKind.REVOKED, reason, by, at)
        certificate_ended.send(
            sender=Certificate, certificate=certificate, kind=CertificateEventKind.REVOKED, at=at
        )
        return event


def _issue(
    enrolment: Enrolment, *, version: int, sequence: NumberSequence, by: User | None, at: datetime
) -> Certificate:
    attendance = (
        Attendance.objects.standing()
        .select_related("closing")
        .get(closing__session=enrolment.session, person=enrolment.person)
    )
    sequence.last += 1
    sequence.save(update_fields=["last"])
    number, token = format_number(sequence.year, sequence.last), new_token()
    issued_on = timezone.localdate(at)
    snapshot = canonical_json(
        participation_snapshot(
            enrolment=enrolment,
            attendance=attendance,
            number=number,
            token=token,
            issued_on=issued_on,
        )
    )
    certificate = Certificate.objects.create(
        number=number,
        token=token,
        kind=CertificateKind.PARTICIPATION,
        person=enrolment.person,
        session=enrolment.session,
        version=version,
        issued_on=issued_on,
    )
    CertificateContent.objects.create(
        certificate=certificate, snapshot=snapshot, sha256=sha256_of(snapshot)
    )
    _record(certificate, CertificateEventKind.ISSUED, "", by, at)
    certificate_issued.send(sender=Certificate, certificate=certificate, at=at)
    return certificate


def _lock_sequence(year: int) -> NumberSequence:
    NumberSequence.objects.get_or_create(year=year)
    return NumberSequence.objects.select_for_update().get(year=year)


def _newest(enrolment: Enrolment) -> Certificate | None:
    return (
        Certificate.objects.filter(
            session=enrolment.session, person=enrolment.person, kind=CertificateKind.PARTICIPATION
        )
        .order_by("-version")
        .first()
    )


def _refuse_if_ended(certificate: Certificate) -> None:
    ended = certificate.events.filter(
        kind__in=[CertificateEventKind.REVOKED, CertificateEventKind.SUPERSEDED]
    )
    if ended.exists():
        raise IssuingRefused(_("This attestation was already replaced or revoked."))


def _record(
    certificate: Certificate,
    kind: str,
    reason: str,
    by: User | None,
    at: datetime,
    successor: Certificate | None = None,
) -> CertificateEvent:
    """Appends one event, chained by hash to the one before it in the whole register."""
    last = CertificateEvent.objects.order_by("-id").values_list("sha256", flat=True).first() or ""
    body = canonical_json(
        {
            "number": certificate.number,
            "kind": str(kind),
            "reason": reason,
            "by": str(by.key) if by else "",
            "at": at.isoformat(),
            "successor": successor.number if successor else "",
            "previous": last,
        }
    )
    return CertificateEvent.objects.create(
        certificate=certificate,
        kind=kind,
        reason=reason,
        by=by,
        at=at,
        successor=successor,
        previous_sha256=last,
        sha256=sha256_of(body),
    )
