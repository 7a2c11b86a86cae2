import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.choices import CertificateEventKind, CertificateKind
from certificates.models.accreditations import private_storage
from courses.models import Session
from people.choices import Language
from people.policies import Scope


def new_token() -> str:
    """128 random bits: what the QR code carries, unrelated to the number."""
    return secrets.token_urlsafe(16)


class NumberSequence(models.Model):
    """The last number given in a year. Locked while the next is taken.

    pii: none
    """

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("number sequence")
        verbose_name_plural = _("number sequences")

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user, scope: Scope | None):
        match scope:
            case Scope.ALL:
                return self
            case Scope.SELF:
                return self.filter(person=user)
            case _:
                return self.none()


class Certificate(models.Model):
    """An attestation: a number, a public token, a date. The row never changes and is never deleted
    (triggers refuse it); its status is derived from its events, its words stand in its content.

    pii: person: kept fifteen years if related to trials, else five; cut from the name when the
    account is closed
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    kind = models.CharField(_("kind"), max_length=14, choices=CertificateKind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates"
    )
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, related_name="certificates"
    )
    version = models.PositiveSmallIntegerField(default=1)  # n+1 replaces n
    issued_on = models.DateField(_("issued on"))

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-id"]
        constraints = [
            # Exactly once, whoever asks and however often.
            models.UniqueConstraint(
                fields=["session", "person", "kind", "version"], name="one_certificate"
            ),
        ]
        verbose_name = _("attestation")
        verbose_name_plural = _("attestations")

    def __str__(self) -> str:
        return self.number


class CertificateContent(models.Model):
    """The facts as they were at issue, as canonical JSON (RFC 8785 rules) with its hash. Immutable.

    pii: snapshot (name, profession, hours): purged by retention alone
    """

    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, primary_key=True, related_name="content"
    )
    snapshot = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("attestation content")
        verbose_name_plural = _("attestation contents")

    def __str__(self) -> str:
        return self.sha256


def file_path(row: "CertificateFile", filename: str) -> str:
    return f"certificates/{row.certificate.number}-{row.language}.pdf"


class CertificateFile(models.Model):
    """The stored PDF of one language: drawn once, signed once, never drawn again. Immutable.

    pii: the file holds the content: purged by retention alone
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="files")
    language = models.CharField(max_length=2, choices=Language.choices)
    file = models.FileField(upload_to=file_path, storage=private_storage)
    unsigned_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    is_signed = models.BooleanField(default=False)
    stored_at = models.DateTimeField()

    class Meta:
        ordering = ["certificate", "language"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "language"], name="one_file_a_language"),
        ]
        verbose_name = _("attestation file")
        verbose_name_plural = _("attestation files")

    def __str__(self) -> str:
        return f"{self.certificate_id} · {self.language}"


class CertificateEvent(models.Model):
    """What happened to an attestation, each row chained to the one before by hash. Append-only.

    pii: by, reason: kept with the attestation
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=14, choices=CertificateEventKind.choices)
    reason = models.TextField(blank=True)
    successor = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    previous_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        verbose_name = _("attestation event")
        verbose_name_plural = _("attestation events")

    def __str__(self) -> str:
        return f"{self.certificate_id} · {self.kind}"
