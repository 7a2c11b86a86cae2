import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.choices import (
    HELD_ENROLMENT_STATES,
    LIVE_ENROLMENT_STATES,
    EnrolmentOrigin,
    EnrolmentState,
)
from courses.models.pools import Pool
from courses.models.sessions import Meeting, Session
from people.policies import Scope


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def live(self):
        return self.filter(state__in=LIVE_ENROLMENT_STATES)

    def held(self):
        """Rows that hold a seat: confirmed and offered."""
        return self.filter(state__in=HELD_ENROLMENT_STATES)

    def confirmed(self):
        return self.filter(state=EnrolmentState.CONFIRMED)

    def waiting(self):
        """The one ordered list of a session, first in line first."""
        return self.filter(state=EnrolmentState.WAITING).order_by("rank", "id")

    def servable(self, release: int):
        """Those who wait and may be served in that release: not paused, and not passed over."""
        passed = Q(passed_release__isnull=False, passed_release=release)
        return self.waiting().filter(paused_at__isnull=True).exclude(passed)

    def visible_to(self, user, scope: Scope | None):
        """The enrolments a right of this scope reaches."""
        match scope:
            case Scope.ALL:
                return self
            case Scope.OWN_SESSIONS:
                return self.filter(session__trainers__person=user)
            case Scope.OWN_ESTABLISHMENT:
                # A liaison agent sees the people whose verified membership is in an establishment
                # of which the agent is a verified liaison.
                return self.filter(
                    person__memberships__establishment__in=user.memberships.filter(
                        role="liaison",
                        verified_at__isnull=False,
                        ends_on__isnull=True,
                    ).values("establishment"),
                    person__memberships__verified_at__isnull=False,
                    person__memberships__ends_on__isnull=True,
                ).distinct()
            case Scope.SELF:
                return self.filter(person=user)
            case _:
                return self.none()


class Enrolment(models.Model):
    """One attempt of one person at one session: a request, a place on the list, a seat.

    Its state, rank and pool are written by services.gate alone. `rank` orders the waiting list and
    means nothing else.

    pii: the pair person and session: kept with the presence and the attestation that rest on it
    where a seat was held to the end of the session; else detached from the person two years after
    the session, when a stand-in takes their place. question: erased ninety days after the session,
    or when the account is closed
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("session")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="enrolments",
        verbose_name=_("person"),
    )
    state = models.CharField(_("state"), max_length=10, choices=EnrolmentState.choices)
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    origin = models.CharField(
        _("origin"), max_length=9, choices=EnrolmentOrigin.choices, default=EnrolmentOrigin.WEB
    )
    # The reserved seats it uses; empty: a general seat. Means something while a seat is held.
    pool = models.ForeignKey(
        Pool,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="enrolments",
        verbose_name=_("pool of seats"),
    )
    asks_first = models.BooleanField(_("wants to be asked first"), default=False)
    paused_at = models.DateTimeField(_("paused at"), null=True, blank=True)
    silences = models.PositiveSmallIntegerField(_("offers left without an answer"), default=0)
    # The release (session.release) this person let pass; offered again from the next one on.
    passed_release = models.PositiveIntegerField(null=True, blank=True)
    # A seat beyond the capacity, given by staff with a motive, or a walk-in claimed afterwards:
    # counted apart.
    is_extra = models.BooleanField(_("beyond the capacity"), default=False)
    # Given up in the transaction that confirms this one: an exchange, a second session.
    instead_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    question = models.TextField(_("question to the trainer"), blank=True, max_length=500)
    coming_at = models.DateTimeField(_("said “I am coming” at"), null=True, blank=True)
    offer_expires_at = models.DateTimeField(_("offer expires at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    is_late = models.BooleanField(_("withdrawn late"), default=False)
    # Raised in the transaction of any change of time, place or state: SEQUENCE of the invitation.
    calendar_sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("created at"))

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["session", "state", "rank"], name="enrolment_queue"),
            models.Index(fields=["person", "state"], name="enrolment_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_live_enrolment",
                fields=["session", "person"],
                condition=Q(state__in=sorted(LIVE_ENROLMENT_STATES)),
            ),
            models.CheckConstraint(
                name="enrolment_state_known", condition=Q(state__in=EnrolmentState.values)
            ),
            models.CheckConstraint(
                name="waiting_has_a_rank",
                condition=~Q(state=EnrolmentState.WAITING) | Q(rank__isnull=False),
            ),
            models.CheckConstraint(
                name="offer_has_an_end",
                condition=~Q(state=EnrolmentState.OFFERED) | Q(offer_expires_at__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_seat_is_extra",
                condition=Q(is_extra=False) | ~Q(state=EnrolmentState.WAITING),
            ),
            models.CheckConstraint(
                name="seat_has_an_hour",
                condition=~Q(state=EnrolmentState.CONFIRMED) | Q(confirmed_at__isnull=False),
            ),
        ]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")

    def __str__(self) -> str:
        return f"{self.person_id} · {self.session_id} · {self.state}"


class EnrolmentEvent(models.Model):
    """History of an enrolment: replaying it gives the present state. Append-only.

    pii: by: kept with the enrolment; detached with it where it is the person's own
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="events")
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10, choices=EnrolmentState.choices)
    reason = models.CharField(max_length=200, blank=True)
    rank = models.PositiveIntegerField(null=True, blank=True)  # as it became
    pool = models.ForeignKey(Pool, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("enrolment event")
        verbose_name_plural = _("enrolment events")

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class JoinClick(models.Model):
    """A person pressed « Rejoindre »: a hint for matching, never proof of presence. Append-only.

    pii: the pair enrolment and time: erased with the connections, five years after the session
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="join_clicks")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="join_clicks")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        verbose_name = _("join click")
        verbose_name_plural = _("join clicks")

    def __str__(self) -> str:
        return f"{self.enrolment_id} · {self.at:%H:%M}"
