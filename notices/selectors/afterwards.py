"""Messages about what follows a session (survey, attestation), and the last one to an account."""

import json
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from certificates.choices import CertificateStatus
from certificates.models import Certificate
from certificates.selectors.snapshot import verify_url
from certificates.selectors.verification import status_of
from notices.letters import one_line
from notices.models import Notice
from notices.selectors.words import Facts, address, session_facts, terms
from people.choices import in_language
from surveys.choices import InvitationState, SurveyMode
from surveys.models import Invitation

ENDED_STATUSES = frozenset({CertificateStatus.SUPERSEDED, CertificateStatus.REVOKED})


def survey_opened(notice: Notice, at: datetime) -> Facts | None:
    """None once answered or closed. The link is a capability: it is not kept with the text."""
    invitation = (
        Invitation.objects.select_related("survey__session__course", "survey__session__version")
        .filter(pk=notice.context["invitation"], state=InvitationState.SENT)
        .first()
    )
    if invitation is None:
        return None
    survey = invitation.survey
    if survey.closed_at is not None or survey.closes_at <= at:
        return None
    session = session_facts(survey.session)
    words = {
        "session": session,
        "facts": session.rows,
        "action_url": address("surveys:answer", token=invitation.token),
        "closes_at": survey.closes_at,
        "is_anonymous": survey.mode == SurveyMode.ANONYMOUS,
        "is_required": survey.session.survey_required,
    }
    return Facts(words, secrets=(invitation.token,))


def certificate_ready(notice: Notice, at: datetime) -> Facts | None:
    """None once replaced or revoked. The stored file of the recipient's language is attached."""
    found = _certificate(notice)
    if found is None or found[1] != CertificateStatus.VALID:
        return None
    certificate = found[0]
    stored = certificate.files.get(language=notice.language)
    with stored.file.open("rb") as file:
        attached = (f"attestation-{certificate.number}.pdf", file.read(), "application/pdf")
    words = _certificate_words(certificate, verify_url=verify_url(certificate.token))
    return Facts(words, files=(attached,))


def certificate_ended(notice: Notice, at: datetime) -> Facts | None:
    found = _certificate(notice)
    if found is None or found[1] not in ENDED_STATUSES:
        return None
    certificate, status = found
    successors = [event.successor for event in certificate.events.all() if event.successor]
    return Facts(
        _certificate_words(
            certificate,
            is_replaced=status == CertificateStatus.SUPERSEDED,
            successor=successors[0].number if successors else "",
        )
    )


def account_closed(notice: Notice, at: datetime) -> Facts | None:
    return Facts({}) if notice.address else None


def _certificate(notice: Notice) -> tuple[Certificate, CertificateStatus] | None:
    certificate = (
        Certificate.objects.select_related("content")
        .prefetch_related("events__successor")
        .filter(pk=notice.context["certificate"])
        .first()
    )
    return (certificate, status_of(list(certificate.events.all()))) if certificate else None


def _certificate_words(certificate: Certificate, **words: Any) -> dict[str, Any]:
    title = one_line(in_language(json.loads(certificate.content.snapshot), "course_title"))
    return {
        "number": certificate.number,
        "title": title,
        "facts": terms([(_("Training"), title), (_("Number"), certificate.number)]),
        "action_url": address("certificates:certificate", number=certificate.number),
    } | words
