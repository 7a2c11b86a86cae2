from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, storages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates.choices import AccreditationCategory, AccreditationStatus
from courses.models import Course
from people.choices import in_language
from people.models import Profession


def private_storage() -> Storage:
    """Files no web server reaches."""
    return storages["private"]


class AccreditingBody(models.Model):
    """Who accredits: a college, an order, a faculty.

    pii: none
    """

    code = models.SlugField(_("code"), unique=True)
    name_fr = models.CharField(_("French name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)

    class Meta:
        ordering = ["name_fr"]
        verbose_name = _("accrediting body")
        verbose_name_plural = _("accrediting bodies")

    def __str__(self) -> str:
        return in_language(self, "name")


class Accreditation(models.Model):
    """A body recognises a course for a period. The hours are one field for both languages; the
    statements are printed exactly as the body gave them.

    pii: none
    """

    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, related_name="accreditations", verbose_name=_("course")
    )
    body = models.ForeignKey(
        AccreditingBody,
        on_delete=models.PROTECT,
        related_name="accreditations",
        verbose_name=_("accrediting body"),
    )
    section_fr = models.CharField(_("programme or section, French"), max_length=160, blank=True)
    section_en = models.CharField(_("programme or section, English"), max_length=160, blank=True)
    status = models.CharField(
        _("status"),
        max_length=8,
        choices=AccreditationStatus.choices,
        default=AccreditationStatus.ASKED,
    )
    number = models.CharField(_("number"), max_length=60, blank=True)
    hours = models.DecimalField(
        _("hours or credits, at most"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.25"))],
    )
    allows_partial = models.BooleanField(_("partial credit allowed"), default=False)
    step = models.DecimalField(
        _("step"),
        max_digits=4,
        decimal_places=2,
        default=Decimal("0.25"),
        validators=[MinValueValidator(Decimal("0.05"))],
    )
    threshold_percent = models.PositiveSmallIntegerField(
        _("attendance threshold (%)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Empty: the rule of the course."),
    )
    category = models.CharField(
        _("category"),
        max_length=12,
        choices=AccreditationCategory.choices,
        default=AccreditationCategory.PROFESSIONAL,
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    statement_fr = models.TextField(_("French statement"))
    statement_en = models.TextField(_("English statement"))
    disclosure_fr = models.CharField(_("sponsor line, French"), max_length=300, blank=True)
    disclosure_en = models.CharField(_("sponsor line, English"), max_length=300, blank=True)
    source = models.CharField(_("source document"), max_length=200, blank=True)
    professions = models.ManyToManyField(
        Profession,
        blank=True,
        related_name="accreditations",
        verbose_name=_("professions"),
        help_text=_("None chosen: printed for everyone."),
    )

    class Meta:
        ordering = ["course", "body"]
        constraints = [
            models.CheckConstraint(
                name="accreditation_period", condition=Q(valid_until__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="granted_has_a_number",
                condition=~Q(status=AccreditationStatus.GRANTED) | Q(number__gt=""),
            ),
        ]
        verbose_name = _("accreditation")
        verbose_name_plural = _("accreditations")

    def __str__(self) -> str:
        return f"{self.body} · {self.course}"

    def clean(self) -> None:
        """Says in words, at the field, what the constraints would say by their names."""
        errors = {}
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            errors["valid_until"] = _("The accreditation ends before it starts.")
        if self.status == AccreditationStatus.GRANTED and not self.number:
            errors["number"] = _("A granted accreditation has a number.")
        if errors:
            raise ValidationError(errors)


class Signatory(models.Model):
    """Who signs attestations; name and title are copied into each one at issue.

    pii: name, image: a public function; kept inside the attestations signed
    """

    name = models.CharField(_("name"), max_length=120)
    title_fr = models.CharField(_("French title"), max_length=160)
    title_en = models.CharField(_("English title"), max_length=160)
    image = models.FileField(
        _("image of the signature"), upload_to="signatures/", storage=private_storage, blank=True
    )
    is_active = models.BooleanField(_("signs now"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")

    def __str__(self) -> str:
        return self.name
