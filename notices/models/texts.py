from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from notices.choices import NoticeKind


class MessageText(models.Model):
    """The words staff put in place of ours in one kind of message: its subject and its first
    paragraph. An empty column keeps the built-in words. Written by services.texts alone, which
    refuses a placeholder that the kind does not know.

    pii: updated_by (staff): kept
    """

    kind = models.CharField(
        _("kind"), max_length=30, choices=NoticeKind.choices, unique=True, editable=False
    )
    subject_fr = models.CharField(_("subject, in French"), max_length=150, blank=True)
    lead_fr = models.TextField(_("first paragraph, in French"), max_length=1500, blank=True)
    subject_en = models.CharField(_("subject, in English"), max_length=150, blank=True)
    lead_en = models.TextField(_("first paragraph, in English"), max_length=1500, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False,
        related_name="+",
    )  # fmt: skip
    updated_at = models.DateTimeField(_("changed at"), editable=False)

    class Meta:
        ordering = ["kind"]
        verbose_name = _("words of a message")
        verbose_name_plural = _("words of messages")

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_written(self) -> bool:
        """Does any of it stand in place of the built-in words?"""
        return any((self.subject_fr, self.lead_fr, self.subject_en, self.lead_en))
