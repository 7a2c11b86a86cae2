import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.choices import Language, in_language


class PersonManager(UserManager["User"]):
    """Accounts by address alone: nobody has a user name, and nobody needs a password."""

    def create_user(self, email=None, password=None, **fields):  # type: ignore[override]
        user = self.model(email=self.normalize_email(email) if email else None, **fields)
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email=None, password=None, **fields):  # type: ignore[override]
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """One person with an account. `key` is the only identifier that leaves the house.

    The row outlives a closed account: services.accounts.close_account empties every personal column
    and keeps id and key, because presence, attestations and histories point here for years.

    pii: email, first_name, last_name: erased when the account is closed
    """

    username = None
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("email address"), unique=True, null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    # Rows of allauth's tables, which our rules may read but not import.
    emailaddress_set: Any
    usersession_set: Any
    authenticator_set: Any

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    objects = PersonManager()  # type: ignore[assignment,misc]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        profile = getattr(self, "profile", None)
        if profile and profile.printed_name:
            return profile.printed_name
        return self.get_full_name() or self.email or str(_("closed account"))

    @property
    def language(self) -> str:
        """The language mails, PDF and calendars use for this person."""
        profile = getattr(self, "profile", None)
        return profile.language if profile else Language.FRENCH


class Profession(models.Model):
    """A profession as data: its order may count hours, its accreditations differ.

    pii: none
    """

    code = models.SlugField(_("code"), unique=True)
    title_fr = models.CharField(_("French title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=120, blank=True)
    order_fr = models.CharField(_("professional order, French"), max_length=160, blank=True)
    order_en = models.CharField(_("professional order, English"), max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        ordering = ["position", "title_fr"]
        verbose_name = _("profession")
        verbose_name_plural = _("professions")

    def __str__(self) -> str:
        return in_language(self, "title")


class Profile(models.Model):
    """What an account says of itself; attestations print `printed_name` as it stood at issue.

    pii: printed_name, profession, permit_number, language: erased when the account is closed
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    printed_name = models.CharField(_("name as printed on attestations"), max_length=200)
    profession = models.ForeignKey(
        Profession,
        verbose_name=_("profession"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="profiles",
    )
    permit_number = models.CharField(_("permit number"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.FRENCH
    )

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return self.printed_name
