import hashlib

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def with_token(self, token: str):
        """The feed whose address holds this token, while its person has an account."""
        return self.filter(
            token_hash=digest_of(token), person__is_active=True, person__closed_at__isnull=True
        )


class CalendarFeed(models.Model):
    """The address at which a person's calendar program reads their sessions. Only a digest of the
    token is kept; a new token ends the old address.

    pii: the pair person and digest: erased when the account is closed
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256, hexadecimal
    created_at = models.DateTimeField(_("created at"))
    read_on = models.DateField(_("last read on"), null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return str(self.person_id)


def digest_of(token: str) -> str:
    """What is kept of a token. It has 256 bits of chance: no salt, no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
