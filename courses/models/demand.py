from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.choices import RefusalCause
from courses.models.pools import Pool
from courses.models.sessions import Session
from people.models import Establishment


class Refusal(models.Model):
    """Somebody asked for a seat and a rule said no: counted, to size the next term. Append-only.
    Who asked is never written, and the moment is a day.

    pii: none (no person; what fewer than five people of one group asked for is shown to nobody but
    those who manage the sessions)
    """

    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="refusals", verbose_name=_("session")
    )
    cause = models.CharField(_("cause"), max_length=12, choices=RefusalCause.choices)
    # Of the person's verified membership that day, if any.
    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("establishment"),
    )
    # The smallest of the session's pools that was theirs that day, if any.
    pool = models.ForeignKey(
        Pool,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="refusals",
        verbose_name=_("pool of seats"),
    )
    refused_on = models.DateField(_("refused on"))

    class Meta:
        ordering = ["refused_on", "id"]
        indexes = [models.Index(fields=["session", "cause"], name="refusal_cause")]
        constraints = [
            models.CheckConstraint(
                name="refusal_cause_known", condition=Q(cause__in=RefusalCause.values)
            ),
        ]
        verbose_name = _("refusal")
        verbose_name_plural = _("refusals")

    def __str__(self) -> str:
        return f"{self.session_id} · {self.cause}"
