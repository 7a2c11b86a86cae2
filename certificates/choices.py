"""Words of the proof."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CertificateKind(models.TextChoices):
    PARTICIPATION = "participation", _("Attestation of participation")
    SELF_STUDY = "self_study", _("Attestation of self-study")
    TEACHING = "teaching", _("Attestation of teaching")


class CertificateEventKind(models.TextChoices):
    ISSUED = "issued", pgettext_lazy("certificate", "Issued")
    SUPERSEDED = "superseded", pgettext_lazy("certificate", "Replaced")
    REVOKED = "revoked", pgettext_lazy("certificate", "Revoked")
    EXPIRED = "expired", pgettext_lazy("certificate", "Expired")
    NAME_WITHDRAWN = "name_withdrawn", _("Name withdrawn from the public page")


class CertificateStatus(models.TextChoices):
    """Derived from the events, never stored."""

    VALID = "valid", pgettext_lazy("certificate", "Valid")
    SUPERSEDED = "superseded", pgettext_lazy("certificate", "Replaced")
    REVOKED = "revoked", pgettext_lazy("certificate", "Revoked")
    EXPIRED = "expired", pgettext_lazy("certificate", "Expired")


# Event → status, the strongest first.
STATUS_OF_EVENT = (
    (CertificateEventKind.REVOKED, CertificateStatus.REVOKED),
    (CertificateEventKind.SUPERSEDED, CertificateStatus.SUPERSEDED),
    (CertificateEventKind.EXPIRED, CertificateStatus.EXPIRED),
)


class AccreditationStatus(models.TextChoices):
    ASKED = "asked", pgettext_lazy("accreditation", "Asked for")
    GRANTED = "granted", pgettext_lazy("accreditation", "Granted")
    REFUSED = "refused", pgettext_lazy("accreditation", "Refused")


class AccreditationCategory(models.TextChoices):
    REGULATORY = "regulatory", _("Regulatory (good clinical practice)")
    PROFESSIONAL = "professional", _("Therapeutic or professional")


class Condition(models.TextChoices):
    """What an attestation asks for; eligibility answers each with yes or no and a sentence."""

    SESSION_CLOSED = "session_closed", _("Presence settled by the team")
    ATTENDANCE = "attendance", _("Presence")
    SURVEY = "survey", _("Evaluation form")
    COURSE_TEXTS = "course_texts", _("Course published in both languages")
    MODULES = "modules", _("Modules")
