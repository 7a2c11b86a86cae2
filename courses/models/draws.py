from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.enrolments import Enrolment
from courses.models.sessions import Session


class Draw(models.Model):
    """The drawing of lots of a session whose opening is a window of requests.

    The hash of the seed is public before the window opens, the seed after the draw: anyone can
    recompute it, nobody can choose it once requests are known.

    pii: none
    """

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="draw")
    closes_at = models.DateTimeField(_("requests close at"))
    seed = models.CharField(max_length=64)  # secret until drawn_at
    seed_hash = models.CharField(max_length=64)  # SHA-256 of the seed, hexadecimal
    published_at = models.DateTimeField(_("hash published at"))
    drawn_at = models.DateTimeField(_("drawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")

    def __str__(self) -> str:
        return f"{self.session_id} · {self.seed_hash[:8]}"


class DrawTicket(models.Model):
    """One request in a draw: a random number, the weight, and where it came out. Published without
    names; each person knows only their own number.

    pii: the pair enrolment and number: kept with the enrolment; leads to nobody once it is detached
    """

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="tickets")
    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="ticket")
    number = models.CharField(_("ticket"), max_length=16)
    weight = models.PositiveSmallIntegerField(_("weight"))
    position = models.PositiveIntegerField(_("position"), null=True, blank=True)
    is_seated = models.BooleanField(_("seated"), default=False)

    class Meta:
        ordering = ["position", "number"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "number"], name="one_ticket_number"),
            models.UniqueConstraint(
                fields=["draw", "position"],
                condition=Q(position__isnull=False),
                name="one_ticket_position",
            ),
        ]
        verbose_name = _("ticket of a draw")
        verbose_name_plural = _("tickets of a draw")

    def __str__(self) -> str:
        return self.number
