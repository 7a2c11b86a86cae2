import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from attendance.choices import MarkKind, MarkSource, PresenceStatus, Source
from courses.models import Meeting, Session
from people.policies import Scope


class Mark(models.Model):
    """Something a human put down about one person's presence. Append-only: the newest mark for a
    person and meeting (or for the whole session, `meeting` empty) wins, and wins over reports.

    PRESENT stands for the whole meeting minus breaks, PARTIAL for `seconds` (0 until given),
    ABSENT and EXCUSED for none, WITHDRAWN takes the former mark back.

    pii: person, by, motive: kept as long as the attestation that rests on it
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True)  # made on the device: replays are one
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="marks")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="marks"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="marks"
    )
    kind = models.CharField(max_length=10, choices=MarkKind.choices)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    source = models.CharField(max_length=10, choices=MarkSource.choices)
    motive = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["session", "person"], name="mark_person")]
        constraints = [
            models.CheckConstraint(
                name="override_has_a_motive",
                condition=~Q(source=MarkSource.OVERRIDE) | Q(motive__gt=""),
            ),
        ]
        verbose_name = _("mark")
        verbose_name_plural = _("marks")

    def __str__(self) -> str:
        return f"{self.person_id} · {self.kind}"


class Closing(models.Model):
    """« Clore la séance »: the moment presence was settled, and by which rule. Append-only but for
    the reopening, which is written once.

    pii: closed_by, reopened_by (staff): kept
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="closings")
    number = models.PositiveIntegerField()
    rule_version = models.CharField(max_length=30)
    threshold_percent = models.PositiveSmallIntegerField()
    held_seconds = models.PositiveIntegerField()
    doubts = models.JSONField(default=list, blank=True)  # what was left open, in words
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField()
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopen_motive = models.TextField(blank=True)

    class Meta:
        ordering = ["session", "number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="one_closing_number"),
            models.UniqueConstraint(
                fields=["session"],
                name="one_standing_closing",
                condition=Q(reopened_at__isnull=True),
            ),
            models.CheckConstraint(
                name="reopening_has_a_motive",
                condition=Q(reopened_at__isnull=True) | Q(reopen_motive__gt=""),
            ),
        ]
        verbose_name = _("closing")
        verbose_name_plural = _("closings")

    def __str__(self) -> str:
        return f"{self.session_id} · {self.number}"


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def standing(self):
        """Decisions of closings that were not reopened."""
        return self.filter(closing__reopened_at__isnull=True)

    def visible_to(self, user, scope: Scope | None):
        match scope:
            case Scope.ALL:
                return self
            case Scope.OWN_SESSIONS:
                return self.filter(closing__session__trainers__person=user)
            case Scope.SELF:
                return self.filter(person=user)
            case _:
                return self.none()


class Attendance(models.Model):
    """What was decided of one person's presence when the session was closed. Append-only.

    `seconds` is the length of the union of the person's intervals, clipped to the meetings minus
    breaks; the percentage is of `closing.held_seconds`.

    pii: person, intervals: kept as long as the attestation that rests on it
    """

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attendances"
    )
    status = models.CharField(_("presence"), max_length=10, choices=PresenceStatus.choices)
    is_excused = models.BooleanField(_("excused"), default=False)
    seconds = models.PositiveIntegerField()
    intervals = models.JSONField(default=list)  # merged: [["2026-10-06T16:00:05+00:00", "…"], …]
    by_meeting = models.JSONField(default=dict)  # meeting key → seconds
    connections = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=10, choices=Source.choices)
    decided_at = models.DateTimeField()

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["closing", "person"]
        constraints = [
            models.UniqueConstraint(fields=["closing", "person"], name="one_decision_a_closing"),
        ]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")

    def __str__(self) -> str:
        return f"{self.person_id} · {self.status}"

    @property
    def percent(self) -> float:
        """Part of the held time attended, 0 to 100."""
        held = self.closing.held_seconds
        return 100 * self.seconds / held if held else 0.0
