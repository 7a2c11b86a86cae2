import uuid
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.choices import CourseKind
from people.choices import in_language


class Term(models.Model):
    """A programme of trainings given over some months (« automne 2026 »).

    pii: none
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title_fr = models.CharField(_("French title"), max_length=80)
    title_en = models.CharField(_("English title"), max_length=80, blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    seats_per_person = models.PositiveSmallIntegerField(
        _("seats per person"),
        default=4,
        help_text=_("How many seats one person may hold in this term, for example 4."),
    )

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="term_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
        ]
        verbose_name = _("term")
        verbose_name_plural = _("terms")

    def __str__(self) -> str:
        return in_language(self, "title")

    def clean(self) -> None:
        """Says in words, at the field, what the constraint would say by its name."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The term ends before it starts.")})


class Theme(models.Model):
    """A subject by which the catalogue is filtered.

    pii: none
    """

    code = models.SlugField(_("code"), unique=True)
    title_fr = models.CharField(_("French title"), max_length=80)
    title_en = models.CharField(_("English title"), max_length=80, blank=True)

    class Meta:
        ordering = ["title_fr"]
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def __str__(self) -> str:
        return in_language(self, "title")


class Partner(models.Model):
    """An organisation a course is given with (Health Canada, for one).

    pii: none
    """

    code = models.SlugField(_("code"), unique=True)
    name_fr = models.CharField(_("French name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)

    class Meta:
        ordering = ["name_fr"]
        verbose_name = _("partner")
        verbose_name_plural = _("partners")

    def __str__(self) -> str:
        return in_language(self, "name")


class CourseQuerySet(models.QuerySet["Course"]):
    def published(self):
        """Courses whose facts were frozen at least once."""
        return self.filter(current_version__isnull=False)


class Course(models.Model):
    """The official facts of a training, as staff keep them now; frozen copies are CourseVersions.

    pii: none
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), unique=True, help_text=_("For example: bpc-e6r3."))
    title_fr = models.CharField(
        _("official French title"), max_length=200, help_text=_("As it is printed on attestations.")
    )
    title_en = models.CharField(_("official English title"), max_length=200, blank=True)
    kind = models.CharField(
        _("kind"), max_length=12, choices=CourseKind.choices, default=CourseKind.TRAINING
    )
    hours = models.DecimalField(
        _("hours"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.25")), MaxValueValidator(Decimal(100))],
        help_text=_("Hours of credit at most, by steps of a quarter, for example 1.50."),
    )
    ich_version = models.CharField(
        _("ICH E6 version"), max_length=20, blank=True, help_text=_("For example: E6(R3).")
    )
    theme = models.ForeignKey(
        Theme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="courses",
        verbose_name=_("theme"),
    )
    partners = models.ManyToManyField(
        Partner, blank=True, related_name="courses", verbose_name=_("partners")
    )
    attendance_threshold = models.PositiveSmallIntegerField(
        _("attendance threshold (%)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Part of the meeting to attend; empty: the site's rule."),
    )
    current_version = models.ForeignKey(
        "courses.CourseVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["title_fr"]
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def __str__(self) -> str:
        return in_language(self, "title")


class CourseVersion(models.Model):
    """The facts of a course frozen at publication: what surveys, attestations and mails read.

    Append-only. A page, a title or an hour edited later leaves it as it is.

    pii: frozen_by (staff): kept as proof
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    title_fr = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    objectives_fr = models.JSONField(default=list)  # list of sentences
    objectives_en = models.JSONField(default=list, blank=True)
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    kind = models.CharField(max_length=12, choices=CourseKind.choices)
    partners = models.JSONField(default=list, blank=True)  # [{name_fr, name_en}]
    ich_version = models.CharField(max_length=20, blank=True)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="course_versions_frozen",
    )

    class Meta:
        ordering = ["course", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="one_course_version"),
        ]
        verbose_name = _("course version")
        verbose_name_plural = _("course versions")

    def __str__(self) -> str:
        return f"{in_language(self, 'title')} v{self.number}"

    @property
    def is_bilingual(self) -> bool:
        """Surveys and attestations wait until both languages are complete."""
        return bool(
            self.title_fr
            and self.title_en
            and self.objectives_fr
            and len(self.objectives_fr) == len(self.objectives_en)
        )
