from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.choices import ChecklistCode
from courses.models.sessions import Session
from people.choices import in_language


class ChecklistItem(models.Model):
    """Something staff must have done some days before or after a session. Its due date follows the
    session: `offset_days` from the first meeting (before: negative) or from the last (after).

    pii: done_by (staff): kept with the session
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="checklist")
    code = models.CharField(_("item"), max_length=14, choices=ChecklistCode.choices)
    label_fr = models.CharField(_("French label"), max_length=160, blank=True)  # for OTHER
    label_en = models.CharField(_("English label"), max_length=160, blank=True)
    offset_days = models.SmallIntegerField(_("days from the session"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["offset_days", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_item_a_code",
                fields=["session", "code"],
                condition=~models.Q(code=ChecklistCode.OTHER),
            ),
        ]
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")

    def __str__(self) -> str:
        if self.code == ChecklistCode.OTHER:
            return in_language(self, "label")
        return str(self.get_code_display())
