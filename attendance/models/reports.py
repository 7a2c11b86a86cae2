import uuid

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.choices import ImportState, MatchLevel
from courses.models import Session


def private_storage() -> Storage:
    """Files no web server reaches: served by views that check rights."""
    return storages["private"]


def report_path(report: "ReportImport", filename: str) -> str:
    """A name of our own: the uploader's file name never becomes a path."""
    return f"reports/{report.session.key}/{report.key}"


class ReportImport(models.Model):
    """A meeting report as it was received, byte for byte, and what became of it.

    pii: the file, its name and the warnings hold names and addresses: erased five years after the
    session; hash, size and dates stay
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="report_imports")
    state = models.CharField(
        max_length=10, choices=ImportState.choices, default=ImportState.PREVIEWED
    )
    filename = models.CharField(_("file name"), max_length=200)
    file = models.FileField(_("file"), upload_to=report_path, storage=private_storage)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))
    format = models.CharField(_("format"), max_length=20)
    encoding = models.CharField(_("encoding"), max_length=12)
    date_order = models.CharField(_("date order"), max_length=12, blank=True)
    zone = models.CharField(_("time zone"), max_length=40, default="America/Toronto")
    parser_version = models.CharField(max_length=20)
    warnings = models.JSONField(default=list, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_live_import_of_a_file",
                fields=["session", "sha256"],
                condition=Q(state__in=["previewed", "applied"]),
            ),
        ]
        verbose_name = _("report")
        verbose_name_plural = _("reports")

    def __str__(self) -> str:
        return self.filename or self.sha256[:12]


class Connection(models.Model):
    """One counted line of a report: who was connected from when to when.

    Counts only while its report is applied. `person` is set by matching, with its level as reason.

    pii: name, email, times, person: erased five years after the session
    """

    report = models.ForeignKey(ReportImport, on_delete=models.CASCADE, related_name="connections")
    line = models.PositiveIntegerField()
    section = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=10)  # host, panellist, attendee
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    reasons = models.JSONField(default=list, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="connections",
    )
    match_level = models.CharField(
        max_length=10, choices=MatchLevel.choices, default=MatchLevel.NONE
    )

    class Meta:
        ordering = ["report", "line"]
        indexes = [models.Index(fields=["report", "person"], name="connection_person")]
        verbose_name = _("connection")
        verbose_name_plural = _("connections")

    def __str__(self) -> str:
        return f"{self.name} · {self.line}"


class LearnedAlias(models.Model):
    """An address or a name that staff once confirmed as a person's; found again without a click.

    pii: value, person: erased when the account is closed
    """

    value = models.CharField(max_length=254)  # casefolded
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="learned_aliases"
    )
    learned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    learned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["value"], name="one_alias")]
        verbose_name = _("confirmed address or name")
        verbose_name_plural = _("confirmed addresses and names")

    def __str__(self) -> str:
        return self.value
