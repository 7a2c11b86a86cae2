"""Words and states of the ground floor, and the one way to read a text kept in two languages."""

from typing import Any

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    FRENCH = "fr", _("French")
    ENGLISH = "en", _("English")


class Role(models.TextChoices):
    """What an account may be in the house; the rights of each stand in policies.py."""

    LEARNER = "learner", _("Participant")
    TRAINER = "trainer", _("Trainer")
    COMMITTEE = "committee", _("Scientific committee")
    LIAISON = "liaison", _("Liaison agent")
    COORDINATOR = "coordinator", _("Coordinator")
    DIRECTION = "direction", _("Direction")
    INSPECTOR = "inspector", _("Inspector")


# Granted by a coordinator; LEARNER is every account, LIAISON comes from a verified membership.
GRANTED_ROLES = (
    Role.TRAINER,
    Role.COMMITTEE,
    Role.COORDINATOR,
    Role.DIRECTION,
    Role.INSPECTOR,
)
STAFF_ROLES = frozenset({Role.COORDINATOR, Role.DIRECTION, Role.INSPECTOR})


class MembershipRole(models.TextChoices):
    MEMBER = "member", _("Member")
    LIAISON = "liaison", _("Liaison agent")
    LEADER = "leader", _("Community leader")


class VerifiedHow(models.TextChoices):
    UNVERIFIED = "", _("To be verified")
    MAIL_DOMAIN = "mail_domain", _("By mail domain")
    PERSON = "person", _("By a liaison agent or staff")


class EstablishmentKind(models.TextChoices):
    NETWORK = "network", _("Establishment of the network")
    OTHER = "other", _("Other organisation")


class ConsentPurpose(models.TextChoices):
    """Why we keep something; each purpose is asked apart (Law 25)."""

    ACCOUNT = "account", _("Holding my account and my training record")
    ANNOUNCEMENTS = "announcements", _("Announcing new trainings to me")
    PUBLIC_NAME = (
        "public_name",
        pgettext_lazy("consent", "Showing my name to whoever verifies my attestation"),
    )


REQUIRED_PURPOSES = (ConsentPurpose.ACCOUNT,)


# The fictional people of the demonstration who may be signed in with one click (DEMO only).
DEMO_ACCOUNTS: dict[str, str] = {
    Role.LEARNER: "apprenante@demo.academie.example",
    Role.TRAINER: "formatrice@demo.academie.example",
    Role.LIAISON: "liaison@demo.academie.example",
    Role.COMMITTEE: "comite@demo.academie.example",
    Role.COORDINATOR: "coordination@demo.academie.example",
    Role.DIRECTION: "direction@demo.academie.example",
    Role.INSPECTOR: "inspection@demo.academie.example",
}


def in_language(row: Any, name: str, language: str | None = None) -> str:
    """The text `name` of `row` in `language` (the active one by default).

    Reads `name_fr` and `name_en`; French stands in where English is empty. Works on model rows,
    dataclasses and dictionaries, so snapshots and live rows are read alike.
    """
    language = (language or get_language() or "fr")[:2]
    read = row.get if isinstance(row, dict) else lambda key, default="": getattr(row, key, default)
    return str(read(f"{name}_{language}", "") or read(f"{name}_fr", "") or "")
