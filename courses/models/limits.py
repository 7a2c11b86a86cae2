from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.choices import HoldReason, StrikeCause
from courses.models.catalogue import Course
from courses.models.enrolments import Enrolment


class EnrolmentHold(models.Model):
    """Why a person may not take a seat for now. Written and lifted by services.holds, on behalf of
    higher floors too; the gate reads it. `until` is a date, never an hour: the hour at which a
    survey was answered would tell whose answer it is.

    pii: the pair person and reason: erased on the day it is lifted from, at the latest after two
    terms (STRIKE_DAYS), or when the account is closed
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolment_holds"
    )
    reason = models.CharField(_("reason"), max_length=10, choices=HoldReason.choices)
    # What it stands for (« session:12 »): the same hold is written once.
    cause = models.CharField(max_length=60, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)  # held before this day; None: open

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "reason", "cause"], name="one_hold_a_cause"),
        ]
        verbose_name = _("hold on enrolment")
        verbose_name_plural = _("holds on enrolment")

    def __str__(self) -> str:
        return f"{self.person_id} · {self.reason}"


class Strike(models.Model):
    """A seat nobody could use because of a late withdrawal or an absence. Counts until
    `expires_on`, unless staff excused it.

    pii: the pair person and cause, contest: erased on the day it expires, excused or not, or when
    the account is closed
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="strikes"
    )
    enrolment = models.OneToOneField(
        Enrolment, on_delete=models.PROTECT, related_name="strike", verbose_name=_("enrolment")
    )
    cause = models.CharField(_("cause"), max_length=10, choices=StrikeCause.choices)
    points = models.PositiveSmallIntegerField(_("points"))
    given_at = models.DateTimeField(_("given at"))
    expires_on = models.DateField(_("expires on"))  # counts before this day
    contest = models.TextField(_("what the person says"), blank=True)
    contested_at = models.DateTimeField(_("contested at"), null=True, blank=True)
    excused_at = models.DateTimeField(_("excused at"), null=True, blank=True)
    excused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    excuse = models.CharField(_("motive"), max_length=400, blank=True)

    class Meta:
        ordering = ["given_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="strike_excused_with_a_motive",
                condition=Q(excused_at__isnull=True) | ~Q(excuse=""),
            ),
        ]
        verbose_name = _("strike")
        verbose_name_plural = _("strikes")

    def __str__(self) -> str:
        return f"{self.person_id} · {self.cause}"


class Equivalence(models.Model):
    """Staff recognise that a person already knows what a course teaches: it counts as completed
    where a session asks for it. Append-only; ended by `ended_at`.

    pii: the pair person and course, motive: erased when the account is closed
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="equivalences",
        verbose_name=_("person"),
    )
    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, related_name="equivalences", verbose_name=_("course")
    )
    motive = models.CharField(_("motive"), max_length=400)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    granted_at = models.DateTimeField(_("granted at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["-granted_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_live_equivalence",
                fields=["person", "course"],
                condition=Q(ended_at__isnull=True),
            ),
        ]
        verbose_name = _("equivalence")
        verbose_name_plural = _("equivalences")

    def __str__(self) -> str:
        return f"{self.person_id} · {self.course_id}"
