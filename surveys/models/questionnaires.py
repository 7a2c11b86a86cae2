from django.db import models
from django.utils.translation import gettext_lazy as _

from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from people.choices import in_language
from surveys.choices import MatrixRows, QuestionKind


class Questionnaire(models.Model):
    """A family of questions asked again and again; figures are compared by question key.

    pii: none
    """

    code = models.SlugField(_("code"), unique=True)
    title_fr = models.CharField(_("French title"), max_length=160)
    title_en = models.CharField(_("English title"), max_length=160, blank=True)

    class Meta:
        ordering = ["title_fr"]
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")

    def __str__(self) -> str:
        return in_language(self, "title")


class QuestionnaireVersion(ClusterableModel):
    """One wording of a questionnaire. Frozen once a survey uses it.

    pii: none
    """

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("number"))
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["questionnaire", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "number"], name="one_questionnaire_version"
            ),
        ]
        verbose_name = _("questionnaire version")
        verbose_name_plural = _("questionnaire versions")

    def __str__(self) -> str:
        return f"{self.questionnaire} v{self.number}"


class Question(models.Model):
    """One question in two languages. `key` stays the same from version to version.

    pii: none
    """

    version = ParentalKey(QuestionnaireVersion, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(_("key"))
    kind = models.CharField(_("kind"), max_length=12, choices=QuestionKind.choices)
    text_fr = models.TextField(_("French text"))
    text_en = models.TextField(_("English text"), blank=True)
    help_fr = models.TextField(_("French help"), blank=True)
    help_en = models.TextField(_("English help"), blank=True)
    # [{"value": "yes", "label_fr": "Oui", "label_en": "Yes"}, …]
    options = models.JSONField(_("options"), default=list, blank=True)
    rows = models.CharField(
        _("rows"), max_length=10, choices=MatrixRows.choices, blank=True, default=MatrixRows.NONE
    )
    is_required = models.BooleanField(_("compulsory"), default=False)
    # Shown only when the question of this key has this answer.
    only_if_key = models.SlugField(_("only if question"), blank=True)
    only_if_value = models.CharField(_("has the answer"), max_length=40, blank=True)
    sort_order = models.IntegerField(null=True, blank=True, editable=False)
    sort_order_field = "sort_order"

    class Meta:
        ordering = ["sort_order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="one_question_key"),
        ]
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return in_language(self, "text")
