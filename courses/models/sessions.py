import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Min, Q
from django.utils.translation import gettext_lazy as _

from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from courses.choices import (
    LIVE_SESSION_STATES,
    PUBLIC_SESSION_STATES,
    Audience,
    OpeningMode,
    SessionFormat,
    SessionState,
    TrainerRole,
)
from courses.models.catalogue import Course, CourseVersion, Term
from people.choices import Language
from people.policies import Scope


class SessionQuerySet(models.QuerySet["Session"]):
    def public(self):
        return self.filter(state__in=PUBLIC_SESSION_STATES)

    def live(self):
        """Still to come."""
        return self.filter(state__in=LIVE_SESSION_STATES)

    def over_since(self, moment):
        """Not to come (over, cancelled, or never announced), and nothing has happened to them after
        that moment: no meeting ends later, no line of history is younger."""
        rows = self.exclude(state__in=LIVE_SESSION_STATES)
        return rows.exclude(meetings__ends_at__gt=moment).exclude(events__at__gt=moment)

    def with_start(self):
        """Adds `starts_at`, the start of the first meeting."""
        return self.annotate(starts_at=Min("meetings__starts_at"))

    def visible_to(self, user, scope: Scope | None):
        """The sessions a right of this scope reaches."""
        match scope:
            case Scope.ALL:
                return self
            case Scope.OWN_SESSIONS:
                return self.filter(trainers__person=user).distinct()
            case Scope.OWN_ESTABLISHMENT:
                return self.public()
            case Scope.SELF:
                return self.filter(enrolments__person=user).distinct()
            case _:
                return self.none()


class Session(ClusterableModel):
    """One dated delivery of a course (« séance »): its seats, its meetings, its people.

    pii: none of its own
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("course")
    )
    term = models.ForeignKey(
        Term,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("term"),
    )
    # The version taught: set when the session is announced, renewed until it is held.
    version = models.ForeignKey(
        CourseVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="sessions",
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=SessionState.choices,
        default=SessionState.DRAFT,
        editable=False,
    )
    language = models.CharField(
        _("spoken language"), max_length=2, choices=Language.choices, default=Language.FRENCH
    )
    format = models.CharField(
        _("format"), max_length=10, choices=SessionFormat.choices, default=SessionFormat.ONLINE
    )
    audience = models.CharField(
        _("audience"), max_length=10, choices=Audience.choices, default=Audience.EVERYONE
    )
    capacity = models.PositiveIntegerField(
        _("capacity"), null=True, blank=True, help_text=_("Seats; empty: no limit (open webinar).")
    )
    enrolment_opens_at = models.DateTimeField(_("enrolment opens at"), null=True, blank=True)
    enrolment_closes_at = models.DateTimeField(
        _("enrolment closes at"),
        null=True,
        blank=True,
        help_text=_("Empty: until the first meeting begins."),
    )
    cancel_until = models.DateTimeField(
        _("free withdrawal until"),
        null=True,
        blank=True,
        help_text=_("Later withdrawals remain possible and are recorded as late."),
    )
    survey_required = models.BooleanField(
        _("survey required for the attestation"),
        default=True,
        help_text=_("Said on the page before people enrol."),
    )
    opening_mode = models.CharField(
        _("how seats are given"),
        max_length=10,
        choices=OpeningMode.choices,
        default=OpeningMode.FIRST_COME,
    )
    requests_close_at = models.DateTimeField(
        _("requests close at"),
        null=True,
        blank=True,
        help_text=_("For a draw: requests are taken from the opening until then."),
    )
    needs_approval = models.BooleanField(_("each request is approved by staff"), default=False)
    prerequisite = models.ForeignKey(
        Course,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("course to complete before"),
        help_text=_("Empty: none. Staff may recognise an equivalence."),
    )
    survey_gate = models.BooleanField(
        _("asks that the last survey be answered"),
        default=False,
        help_text=_("Whoever owes the survey of a session attended answers it first."),
    )
    counts_strikes = models.BooleanField(
        _("counts late withdrawals and absences"),
        default=False,
        help_text=_("Said on the page before people enrol."),
    )
    takes_questions = models.BooleanField(
        _("people may ask the trainer a question when they enrol"), default=False
    )
    # The new session of a full course: who waits for the first one is offered this one.
    twin_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="twins",
    )
    # Number of the present release of seats: whoever let an offer pass is passed over until it
    # changes. Raised whenever seats become free for another reason than an offer's end.
    release = models.PositiveIntegerField(default=0, editable=False)
    held_at = models.DateTimeField(_("held at"), null=True, blank=True, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state"], name="session_state")]
        constraints = [
            models.CheckConstraint(
                name="enrolment_closes_after_it_opens",
                condition=Q(enrolment_opens_at__isnull=True)
                | Q(enrolment_closes_at__isnull=True)
                | Q(enrolment_closes_at__gt=F("enrolment_opens_at")),
            ),
            models.CheckConstraint(
                name="session_state_known", condition=Q(state__in=SessionState.values)
            ),
        ]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return f"{self.course} · {self.get_state_display()}"

    def clean(self) -> None:
        opens_at, closes_at = self.enrolment_opens_at, self.enrolment_closes_at
        if opens_at and closes_at and closes_at <= opens_at:
            raise ValidationError({"enrolment_closes_at": _("Enrolment closes before it opens.")})


class Meeting(models.Model):
    """A time interval of a session. `join_url` is typed by staff and never leaves by mail.

    pii: none
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = ParentalKey(Session, on_delete=models.CASCADE, related_name="meetings")
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    place = models.CharField(_("place"), max_length=160, blank=True)
    join_url = models.URLField(
        _("join address"),
        max_length=600,
        blank=True,
        help_text=_("Never mailed: people join from our own page, so it may change until the end."),
    )
    sort_order = models.IntegerField(null=True, blank=True, editable=False)
    sort_order_field = "sort_order"

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                name="meeting_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    def clean(self) -> None:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The meeting ends before it starts.")})


class Break(models.Model):
    """A pause on the agenda: it counts neither as held nor as attended. Stands on the session so
    that staff edit it beside the meetings; it must lie inside one of them.

    pii: none
    """

    session = ParentalKey(Session, on_delete=models.CASCADE, related_name="breaks")
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    sort_order = models.IntegerField(null=True, blank=True, editable=False)
    sort_order_field = "sort_order"

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                name="break_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]
        verbose_name = _("break")
        verbose_name_plural = _("breaks")

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    def clean(self) -> None:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The break ends before it starts.")})


class SessionTrainer(models.Model):
    """Who teaches a session. Changed only by services.sessions, with a motive once announced.

    pii: the pair person and session: kept with the attestations of the session
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="trainers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="teaching",
        verbose_name=_("person"),
    )
    role = models.CharField(
        _("role"), max_length=10, choices=TrainerRole.choices, default=TrainerRole.TRAINER
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="one_trainer_row"),
        ]
        verbose_name = _("trainer")
        verbose_name_plural = _("trainers")

    def __str__(self) -> str:
        return str(self.person)


class SessionTrainerChange(models.Model):
    """History of who teaches a session. Append-only.

    pii: person, by: kept with the attestations of the session
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="trainer_changes")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="teaching_changes"
    )
    is_added = models.BooleanField()
    motive = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("change of trainer")
        verbose_name_plural = _("changes of trainers")

    def __str__(self) -> str:
        return f"{'+' if self.is_added else '-'} {self.person}"


class SessionEvent(models.Model):
    """History of a session: each change of state and each change people must know. Append-only.

    pii: by (staff): kept
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="events")
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10, choices=SessionState.choices)
    changes = models.JSONField(default=dict, blank=True)
    motive = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("session event")
        verbose_name_plural = _("session events")

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"
