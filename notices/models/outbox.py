from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notices.choices import NoticeKind, NoticeState, Priority
from people.choices import Language
from people.policies import Scope


class NoticeQuerySet(models.QuerySet["Notice"]):
    def due(self, at):
        """Rows the worker may take now, the urgent first."""
        return self.filter(state=NoticeState.QUEUED, due_at__lte=at).order_by(
            "priority", "due_at", "id"
        )

    def visible_to(self, user, scope: Scope | None):
        match scope:
            case Scope.ALL:
                return self
            case Scope.SELF:
                return self.filter(recipient=user)
            case _:
                return self.none()


class Notice(models.Model):
    """One message to one person about one fact: the outbox row, written in the fact's transaction.

    `key` is unique, so each fact is told once. `context` holds ids only; the words are made by the
    worker after rereading the state, kept for staff, and forgotten thirty days after sending.

    pii: recipient, subject, text: words erased after 30 days, the row with the account, and that of
    an enrolment once it is detached from the person
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=30, choices=NoticeKind.choices)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="notices",
        verbose_name=_("recipient"),
    )
    address = models.EmailField(blank=True)  # only when it is no longer the account's (closing)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.FRENCH)
    context = models.JSONField(default=dict)
    # The message to many of which it is one person's.
    mailing = models.ForeignKey(
        "notices.Mailing", on_delete=models.PROTECT, null=True, blank=True, related_name="notices"
    )
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    state = models.CharField(
        _("state"), max_length=8, choices=NoticeState.choices, default=NoticeState.QUEUED
    )
    queued_at = models.DateTimeField(_("queued at"))
    due_at = models.DateTimeField(_("due at"))
    taken_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    message_id = models.CharField(max_length=120, blank=True)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    text = models.TextField(_("text"), blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at", "-id"]
        indexes = [
            models.Index(
                fields=["priority", "due_at"],
                name="notice_due",
                condition=Q(state=NoticeState.QUEUED),
            ),
            models.Index(
                fields=["taken_at"], name="notice_taken", condition=Q(state=NoticeState.SENDING)
            ),
            models.Index(fields=["recipient", "kind"], name="notice_person"),
        ]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")

    def __str__(self) -> str:
        return self.key


class DoorMail(models.Model):
    """A message written by others (a sign-in code, Wagtail's workflow) passed the door: that it was
    handed over, never its words and never its address.

    pii: none
    """

    kind = models.CharField(max_length=40)
    handed_at = models.DateTimeField()
    seconds = models.FloatField()  # how long the transport took
    is_handed_over = models.BooleanField()
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-handed_at"]
        verbose_name = _("mail at the door")
        verbose_name_plural = _("mails at the door")

    def __str__(self) -> str:
        return f"{self.kind} · {self.handed_at:%H:%M:%S}"
