"""The facts an attestation freezes: one set for both languages, read once, at issue."""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from attendance.models import Attendance
from certificates.choices import CertificateKind
from certificates.letters import hours_attended
from certificates.models import Signatory
from certificates.selectors.credits import credits_for
from courses.models import Enrolment
from people.choices import in_language

ISSUER_FR = "Académie Q-CROC"
ISSUER_EN = "Q-CROC Academy"


def participation_snapshot(
    *, enrolment: Enrolment, attendance: Attendance, number: str, token: str, issued_on: date
) -> dict[str, Any]:
    """Everything printed, as strings, whole numbers and lists; hours as decimal strings.

    Personal data: name, profession. Never the permit number, address or mail.
    """
    session, person = enrolment.session, enrolment.person
    version = session.version
    if version is None:
        raise ValueError("a session without a course version issues nothing")
    profile = getattr(person, "profile", None)
    profession = profile.profession if profile else None
    meetings = sorted(session.meetings.all(), key=lambda meeting: meeting.starts_at)
    days = [timezone.localdate(meeting.starts_at) for meeting in meetings]
    closing = attendance.closing
    recognised = credits_for(
        course=session.course,
        profession=profession,
        on=days[0],
        seconds=attendance.seconds,
        held_seconds=closing.held_seconds,
        threshold_percent=closing.threshold_percent,
    )
    return {
        "schema": 1,
        "kind": CertificateKind.PARTICIPATION.value,
        "number": number,
        "verify_url": verify_url(token),
        "issued_on": issued_on.isoformat(),
        "issuer_fr": ISSUER_FR,
        "issuer_en": ISSUER_EN,
        "holder_name": profile.printed_name if profile else str(person),
        "profession_fr": profession.title_fr if profession else "",
        "profession_en": profession.title_en if profession else "",
        "course_title_fr": version.title_fr,
        "course_title_en": version.title_en,
        "course_version": version.number,
        "ich_version": version.ich_version,
        "objectives_fr": list(version.objectives_fr),
        "objectives_en": list(version.objectives_en),
        "partners_fr": [in_language(row, "name", "fr") for row in version.partners],
        "partners_en": [in_language(row, "name", "en") for row in version.partners],
        "started_on": days[0].isoformat(),
        "ended_on": days[-1].isoformat(),
        "format_fr": _format_words(session, "fr"),
        "format_en": _format_words(session, "en"),
        "place": next((meeting.place for meeting in meetings if meeting.place), ""),
        "trainers": [str(row.person) for row in session.trainers.select_related("person__profile")],
        "hours_attended": str(hours_attended(seconds=attendance.seconds, maximum=version.hours)),
        "hours_maximum": str(version.hours),
        "seconds_attended": attendance.seconds,
        "seconds_held": closing.held_seconds,
        "rule_version": closing.rule_version,
        "accreditations": [
            {
                "body_fr": credit.accreditation.body.name_fr,
                "body_en": credit.accreditation.body.name_en or credit.accreditation.body.name_fr,
                "section_fr": credit.accreditation.section_fr,
                "section_en": credit.accreditation.section_en,
                "number": credit.accreditation.number,
                "hours": str(credit.hours),
                "statement_fr": credit.accreditation.statement_fr,
                "statement_en": credit.accreditation.statement_en,
                "disclosure_fr": credit.accreditation.disclosure_fr,
                "disclosure_en": credit.accreditation.disclosure_en,
            }
            for credit in recognised
        ],
        "signatories": [
            {
                "name": row.name,
                "title_fr": row.title_fr,
                "title_en": row.title_en,
                "image": row.image.name if row.image else "",
            }
            for row in Signatory.objects.filter(is_active=True)[:2]
        ],
    }


def verify_url(token: str) -> str:
    """The address printed and drawn as QR: a promise of fifteen years."""
    return f"{settings.PUBLIC_BASE_URL}/v/{token}/"


def _format_words(session: Any, language: str) -> str:
    with override(language):
        return str(session.get_format_display())
