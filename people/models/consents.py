from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.choices import ConsentPurpose


class ConsentText(models.Model):
    """One version of the words a person agrees to for one purpose. Never edited once accepted.

    pii: none
    """

    purpose = models.CharField(_("purpose"), max_length=20, choices=ConsentPurpose.choices)
    version = models.PositiveSmallIntegerField(_("version"))
    text_fr = models.TextField(_("French text"))
    text_en = models.TextField(_("English text"))
    effective_on = models.DateField(_("effective on"))

    class Meta:
        ordering = ["purpose", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="one_consent_version"),
        ]
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} v{self.version}"


class Consent(models.Model):
    """The ledger: one row each time a person gives or withdraws a consent. Append-only.

    pii: the pair person and decision: kept as proof, detached from personal data at closing
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents"
    )
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    is_given = models.BooleanField(_("given"))
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        ordering = ["-decided_at", "-id"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self) -> str:
        return f"{self.user_id} · {self.text} · {'+' if self.is_given else '-'}"
