from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from modelcluster.fields import ParentalKey

from courses.choices import PoolKind
from courses.models.sessions import Session
from people.models import Community, Establishment, Profession

# Which column names the people of a pool; guests are named one by one.
TARGETS = {
    PoolKind.ESTABLISHMENT: "establishment",
    PoolKind.COMMUNITY: "community",
    PoolKind.PROFESSION: "profession",
}


class Pool(models.Model):
    """Seats of a session kept for some people until `release_at`; the rest of its seats is general.

    Written by services.sessions alone. Whether a pool is still kept is computed from the clock:
    nothing has to be written for its unused seats to become general.

    pii: none
    """

    session = ParentalKey(Session, on_delete=models.CASCADE, related_name="pools")
    kind = models.CharField(_("kept for"), max_length=13, choices=PoolKind.choices)
    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("establishment"),
    )
    community = models.ForeignKey(
        Community,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("community of practice"),
    )
    profession = models.ForeignKey(
        Profession,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("profession"),
    )
    capacity = models.PositiveIntegerField(_("seats kept"))
    opens_at = models.DateTimeField(
        _("enrolment opens at"),
        null=True,
        blank=True,
        help_text=_("For the people of this pool; empty: with everybody."),
    )
    release_at = models.DateTimeField(
        _("unused seats released at"),
        null=True,
        blank=True,
        help_text=_("From then on they are open to everybody; empty: never."),
    )
    # When the people who look after the pool were told that it will be released.
    warned_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When the sweep saw that it was released: a new release of seats begins there, once.
    seen_released_at = models.DateTimeField(null=True, blank=True, editable=False)
    sort_order = models.IntegerField(null=True, blank=True, editable=False)
    sort_order_field = "sort_order"

    class Meta:
        ordering = ["sort_order", "id"]
        constraints = [
            models.CheckConstraint(
                name="pool_names_its_people",
                condition=(
                    Q(kind=PoolKind.ESTABLISHMENT, establishment__isnull=False)
                    & Q(community__isnull=True, profession__isnull=True)
                )
                | (
                    Q(kind=PoolKind.COMMUNITY, community__isnull=False)
                    & Q(establishment__isnull=True, profession__isnull=True)
                )
                | (
                    Q(kind=PoolKind.PROFESSION, profession__isnull=False)
                    & Q(establishment__isnull=True, community__isnull=True)
                )
                | (
                    Q(kind=PoolKind.GUESTS, establishment__isnull=True)
                    & Q(community__isnull=True, profession__isnull=True)
                ),
            ),
        ]
        verbose_name = _("pool of seats")
        verbose_name_plural = _("pools of seats")

    def __str__(self) -> str:
        target = TARGETS.get(PoolKind(self.kind)) if self.kind else None
        return str(getattr(self, target)) if target else str(self.get_kind_display())

    def clean(self) -> None:
        """Says at the field what the constraint would say by its name."""
        if not self.kind:
            return
        target = TARGETS.get(PoolKind(self.kind))
        if target and getattr(self, f"{target}_id") is None:
            raise ValidationError({target: _("Choose for whom these seats are kept.")})
        for other in set(TARGETS.values()) - {target}:
            setattr(self, other, None)

    def is_kept(self, at) -> bool:
        """Whether its seats are still reserved at that moment (at the very second: no longer)."""
        return self.release_at is None or at < self.release_at

    def is_open(self, at) -> bool:
        """Whether its own opening hour, if any, has come."""
        return self.opens_at is not None and at >= self.opens_at


class SessionGuest(models.Model):
    """Somebody named by staff or a trainer: may enrol in a session by invitation, and use its pool
    of guests. Named by address, so that an account may come later.

    pii: address: erased two years after the session, or when the account of that address is closed
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="guests")
    address = models.EmailField(_("email address"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    invited_at = models.DateTimeField(_("invited at"))

    class Meta:
        ordering = ["address"]
        constraints = [
            models.UniqueConstraint(fields=["session", "address"], name="one_guest_row"),
        ]
        verbose_name = _("guest")
        verbose_name_plural = _("guests")

    def __str__(self) -> str:
        return self.address
