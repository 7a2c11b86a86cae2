"""What coordinators keep up to date: establishments, communities, professions, consent texts."""

import re
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import (
    Community,
    ConsentText,
    Establishment,
    EstablishmentDomain,
    Membership,
    Profession,
    User,
)
from people.selectors.rights import may
from people.services import Refusal
from people.services.memberships import verify_by_addresses

# Addresses anybody can have, or that the whole network shares: they prove no establishment.
# fmt: off
SHARED_DOMAINS = frozenset((
    "bell.net", "gmail.com", "gouv.qc.ca", "hotmail.ca", "hotmail.com", "hotmail.fr", "icloud.com",
    "live.ca", "live.com", "me.com", "outlook.com", "outlook.fr", "proton.me", "protonmail.com",
    "ssss.gouv.qc.ca", "sympatico.ca", "videotron.ca", "yahoo.ca", "yahoo.com", "yahoo.fr",
))
# fmt: on
DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")


class PlaceRefused(Refusal):
    """What was typed cannot stand."""


def _guard(by: User) -> None:
    if not may(by, "people.manage"):
        raise PlaceRefused(_("You may not change this."))


def _clean_domains(establishment: Establishment) -> None:
    """Lower case, no « @ »; refuses what proves nothing and what another establishment claims."""
    for row in establishment.domains.all():
        row.domain = row.domain.strip().lower().removeprefix("@")
        if not DOMAIN.fullmatch(row.domain):
            raise PlaceRefused(_("“%(domain)s” is not a mail domain.") % {"domain": row.domain})
        if row.domain in SHARED_DOMAINS:
            raise PlaceRefused(
                _("“%(domain)s” is shared by many: it would prove nothing.")
                % {"domain": row.domain}
            )
        claimed = EstablishmentDomain.objects.filter(domain=row.domain)
        if claimed.exclude(establishment_id=establishment.pk).exists():
            raise PlaceRefused(
                _("“%(domain)s” already belongs to another establishment.") % {"domain": row.domain}
            )


@transaction.atomic
def save_establishment(*, establishment: Establishment, by: User, at: datetime) -> Establishment:
    """Write the establishment with the names and domains it carries in memory.

    Then the members whose proved address a new domain recognises are verified.
    """
    _guard(by)
    _clean_domains(establishment)
    establishment.save()
    waiting = Membership.objects.filter(
        establishment=establishment, verified_at__isnull=True, ends_on__isnull=True
    )
    for membership in waiting.select_related("user"):
        verify_by_addresses(user=membership.user, at=at)
    return establishment


@transaction.atomic
def save_community(*, community: Community, by: User, at: datetime) -> Community:
    """Write the community of practice."""
    _guard(by)
    community.save()
    return community


@transaction.atomic
def save_profession(*, profession: Profession, by: User, at: datetime) -> Profession:
    """Write the profession."""
    _guard(by)
    profession.save()
    return profession


@transaction.atomic
def publish_consent_text(
    *, purpose: str, text_fr: str, text_en: str, effective_on: date, by: User, at: datetime
) -> ConsentText:
    """A new version of the words of one purpose. Earlier ones stay: people agreed to them.

    Refuses an empty language and a version that would take effect before the one it follows.
    """
    _guard(by)
    if not text_fr.strip() or not text_en.strip():
        raise PlaceRefused(_("A consent text needs both languages."))
    earlier = ConsentText.objects.select_for_update().filter(purpose=purpose)
    last = max(earlier, key=lambda text: text.version, default=None)
    if last is not None and effective_on < last.effective_on:
        raise PlaceRefused(_("A newer version already takes effect later than this date."))
    return ConsentText.objects.create(
        purpose=purpose,
        version=last.version + 1 if last else 1,
        text_fr=text_fr.strip(),
        text_en=text_en.strip(),
        effective_on=effective_on,
    )
