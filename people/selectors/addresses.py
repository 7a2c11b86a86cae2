"""Mail addresses of accounts. The table is allauth's; only the reverse relation reads it."""

from typing import Any

from people.models import User


def verified_addresses_of(user: Any) -> set[str]:
    """Every address the person has proved to read, lower case."""
    rows = user.emailaddress_set.filter(verified=True)
    return {address.lower() for address in rows.values_list("email", flat=True)}


def verified_domains_of(user: Any) -> set[str]:
    """What stands after the @ of each verified address."""
    return {address.rpartition("@")[2] for address in verified_addresses_of(user)}


def find_by_address(email: str) -> User | None:
    """The open account that a code sent to `email` would open, or None.

    A verified address wins; else the account that was begun with it. An address that somebody
    merely added to another account, without proving it, opens nothing.
    """
    email = email.strip().lower()
    if not email:
        return None
    opened = User.objects.filter(is_active=True, closed_at__isnull=True)
    owner = opened.filter(emailaddress__email=email, emailaddress__verified=True).first()
    return owner or opened.filter(email=email).first()
