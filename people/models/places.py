import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from people.choices import EstablishmentKind, MembershipRole, VerifiedHow, in_language
from people.policies import Scope


class Establishment(ClusterableModel):
    """An establishment of the network, or the one row « Autre organisation ».

    pii: none
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), unique=True)
    name_fr = models.CharField(_("French name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    short_name = models.CharField(_("short name"), max_length=60)
    region = models.CharField(_("region"), max_length=80, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=EstablishmentKind.choices,
        default=EstablishmentKind.NETWORK,
    )

    class Meta:
        ordering = ["kind", "name_fr"]
        verbose_name = _("establishment")
        verbose_name_plural = _("establishments")

    def __str__(self) -> str:
        return in_language(self, "name")


class EstablishmentName(models.Model):
    """An everyday name under which people look for their establishment (a hospital, an old name).

    pii: none
    """

    establishment = ParentalKey(Establishment, on_delete=models.CASCADE, related_name="other_names")
    name = models.CharField(_("everyday name"), max_length=160)
    sort_order = models.IntegerField(null=True, blank=True, editable=False)
    sort_order_field = "sort_order"

    class Meta:
        ordering = ["sort_order", "name"]
        constraints = [
            models.UniqueConstraint(fields=["establishment", "name"], name="one_everyday_name"),
        ]
        verbose_name = _("everyday name")
        verbose_name_plural = _("everyday names")

    def __str__(self) -> str:
        return self.name


class EstablishmentDomain(models.Model):
    """A mail domain that proves membership of an establishment (whole domain, lower case).

    pii: none
    """

    establishment = ParentalKey(Establishment, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(_("mail domain"), max_length=120, unique=True)
    sort_order = models.IntegerField(null=True, blank=True, editable=False)
    sort_order_field = "sort_order"

    class Meta:
        ordering = ["sort_order", "domain"]
        verbose_name = _("mail domain")
        verbose_name_plural = _("mail domains")

    def __str__(self) -> str:
        return self.domain


class Community(models.Model):
    """A community of practice of the network.

    pii: none
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), unique=True)
    name_fr = models.CharField(_("French name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    founded_year = models.PositiveSmallIntegerField(_("founded in"))

    class Meta:
        ordering = ["founded_year", "name_fr"]
        verbose_name = _("community of practice")
        verbose_name_plural = _("communities of practice")

    def __str__(self) -> str:
        return in_language(self, "name")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on):
        """Memberships not ended on the date `on`."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))

    def verified(self):
        return self.filter(verified_at__isnull=False)

    def visible_to(self, user, scope: Scope | None, on=None):
        """Those a person may see to: all, or those of the establishments they answer for."""
        match scope:
            case Scope.ALL:
                return self
            case Scope.OWN_ESTABLISHMENT:
                agent = Membership.objects.filter(user=user, role=MembershipRole.LIAISON)
                answered = agent.verified().current(on or timezone.localdate())
                return self.filter(establishment__in=answered.values("establishment"))
            case _:
                return self.none()


class Membership(models.Model):
    """A person belongs to one establishment or one community. Only a verified one opens doors.

    pii: organisation: erased when the account is closed; the pair person and establishment or
    community: ended then, and kept without a name for the yearly counts
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("person"),
    )
    establishment = models.ForeignKey(
        Establishment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("establishment"),
    )
    community = models.ForeignKey(
        Community,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("community of practice"),
    )
    role = models.CharField(
        _("role"), max_length=10, choices=MembershipRole.choices, default=MembershipRole.MEMBER
    )
    organisation = models.CharField(_("name of the other organisation"), max_length=160, blank=True)
    verified_how = models.CharField(
        _("verified how"),
        max_length=12,
        choices=VerifiedHow.choices,
        blank=True,
        default=VerifiedHow.UNVERIFIED,
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="memberships_verified",
        verbose_name=_("verified by"),
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="membership_of_one_thing",
                condition=Q(establishment__isnull=False, community__isnull=True)
                | Q(establishment__isnull=True, community__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_live_membership_establishment",
                fields=["user", "establishment"],
                condition=Q(ends_on__isnull=True, establishment__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_live_membership_community",
                fields=["user", "community"],
                condition=Q(ends_on__isnull=True, community__isnull=False),
            ),
        ]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")

    def __str__(self) -> str:
        return f"{self.user} · {self.establishment or self.community}"
