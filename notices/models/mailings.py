import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Session, Term
from notices.choices import STAFF_MAILINGS, MailingKind, MailingState
from people.policies import Scope


class MailingQuerySet(models.QuerySet["Mailing"]):
    def by_staff(self):
        """Those that staff wrote; the others are written by the clock and by news."""
        return self.filter(kind__in=STAFF_MAILINGS)

    def unwritten(self):
        """Being sent, and not every person's message is written yet."""
        return self.filter(state=MailingState.SENDING, written_at__isnull=True)

    def visible_to(self, user, scope: Scope | None):
        return self if scope == Scope.ALL else self.none()


class Mailing(models.Model):
    """One message to many people: the announcement of a term, a message to people of a session,
    the openings of a day, a session that opened.

    Each person's message is a Notice of its own (`notices`), written in batches by the worker: the
    people are read in the order of their ids, and `through` is the last one written, so that a
    worker killed in between goes on where it stopped. Counts are read from those rows.

    pii: created_by (staff): kept; the words are for many and name nobody
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=30, choices=MailingKind.choices)
    state = models.CharField(
        _("state"), max_length=8, choices=MailingState.choices, default=MailingState.DRAFT
    )
    # What it is about: one of the three, by its kind.
    term = models.ForeignKey(
        Term, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    day = models.DateField(null=True, blank=True)  # local day on which enrolment opens
    # To whom, in a session: states of their enrolments, and the rows picked (empty: all of them).
    states = models.JSONField(default=list, blank=True)
    enrolments = models.JSONField(default=list, blank=True)
    subject_fr = models.CharField(_("subject in French"), max_length=150, blank=True)
    body_fr = models.TextField(_("text in French"), max_length=5000, blank=True)
    subject_en = models.CharField(_("subject in English"), max_length=150, blank=True)
    body_en = models.TextField(_("text in English"), max_length=5000, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"))
    through = models.PositiveBigIntegerField(default=0, editable=False)
    written_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)

    objects = MailingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["id"], name="mailing_sending", condition=Q(state=MailingState.SENDING)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="mailing_state_known", condition=Q(state__in=MailingState.values)
            ),
            models.CheckConstraint(
                name="mailing_of_one_thing",
                condition=Q(
                    kind=MailingKind.TERM_ANNOUNCED,
                    term__isnull=False,
                    session__isnull=True,
                    day__isnull=True,
                )
                | Q(
                    kind__in=[MailingKind.SESSION_MESSAGE, MailingKind.ENROLMENT_OPENED],
                    session__isnull=False,
                    term__isnull=True,
                    day__isnull=True,
                )
                | Q(
                    kind=MailingKind.ENROLMENT_OPENS,
                    day__isnull=False,
                    term__isnull=True,
                    session__isnull=True,
                ),
            ),
            models.UniqueConstraint(
                name="one_mailing_of_openings_a_day",
                fields=["day"],
                condition=Q(kind=MailingKind.ENROLMENT_OPENS),
            ),
            models.UniqueConstraint(
                name="one_mailing_of_opening_a_session",
                fields=["session"],
                condition=Q(kind=MailingKind.ENROLMENT_OPENED),
            ),
        ]
        verbose_name = _("message to many")
        verbose_name_plural = _("messages to many")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.term or self.session or self.day}"


class MailingEvent(models.Model):
    """Who wrote, corrected, started, stopped and resumed a mailing, and when. Append-only.

    pii: by (staff): kept
    """

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="events")
    from_state = models.CharField(max_length=8, blank=True)
    to_state = models.CharField(max_length=8, choices=MailingState.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("event of a message to many")
        verbose_name_plural = _("events of messages to many")

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"
