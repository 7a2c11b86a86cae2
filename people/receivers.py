"""What the ground floor hears from allauth and Django. One line per event."""

from typing import Any

from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.utils import timezone

from allauth.account.signals import email_confirmed

from people.services.memberships import verify_by_addresses
from people.services.roles import ensure_groups


@receiver(email_confirmed)
def verify_memberships(email_address: Any, **_: Any) -> None:
    """A proved address may prove where its owner works."""
    verify_by_addresses(user=email_address.user, at=timezone.now())


@receiver(post_migrate)
def open_the_admin(sender: Any, **_: Any) -> None:
    """After Wagtail's migrations, the groups of our roles open its admin."""
    if sender.name == "wagtail.admin":
        ensure_groups()
