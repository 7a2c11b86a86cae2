"""The life of an account: begun with an address, completed, changed, closed."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people.choices import Language
from people.models import Profession, Profile, RoleGrant, User
from people.selectors.addresses import find_by_address
from people.selectors.rights import forget_rights, may
from people.services import Refusal
from people.signals import account_closed, role_changed

UNCONFIRMED_KEPT = timedelta(days=1)  # an address nobody proved is forgotten after this


class AccountRefused(Refusal):
    """The account cannot be changed so."""


@transaction.atomic
def begin_account(*, email: str, at: datetime) -> User:
    """An account with an address and nothing else, until a code proves the address.

    Idempotent: the open account of that address is returned. What is never proved is taken away by
    `forget_unconfirmed_accounts`.
    """
    email = email.strip().lower()
    user = find_by_address(email)
    if user is None:
        user, _created = User.objects.get_or_create(
            email=email, defaults={"date_joined": at, "password": make_password(None)}
        )
    rows = user.emailaddress_set
    rows.get_or_create(
        email=email, defaults={"primary": lambda: not rows.filter(primary=True).exists()}
    )
    return user


@transaction.atomic
def forget_unconfirmed_accounts(*, at: datetime) -> int:
    """Delete accounts begun a day ago or more whose address was never proved. Returns how many."""
    begun = User.objects.filter(
        date_joined__lte=at - UNCONFIRMED_KEPT,
        last_login__isnull=True,
        profile__isnull=True,
        closed_at__isnull=True,
        is_superuser=False,
    ).exclude(emailaddress__verified=True)
    count = begun.count()
    begun.delete()
    return count


@transaction.atomic
def forget_expired_sessions(*, at: datetime) -> int:
    """Delete web sessions that have ended: half-done sign-ins hold an address. Returns how many."""
    return Session.objects.filter(expire_date__lt=at).delete()[0]


@transaction.atomic
def register_person(
    *,
    email: str,
    printed_name: str,
    language: str,
    at: datetime,
    profession: Profession | None = None,
    is_email_verified: bool = False,
) -> User:
    """An account with its profile, made for somebody (import, demo). Refuses an address in use."""
    email = email.strip().lower()
    if find_by_address(email) is not None:
        raise AccountRefused(_("An account already uses this address."))
    user = User.objects.create_user(email, date_joined=at)
    user.emailaddress_set.create(email=email, primary=True, verified=is_email_verified)
    user.profile = Profile.objects.create(
        user=user,
        printed_name=_clean_name(printed_name),
        language=language,
        profession=profession,
    )
    return user


def _clean_name(name: str) -> str:
    """One line, single spaces; refuses an empty name."""
    name = " ".join(name.split())
    if not name:
        raise AccountRefused(_("Enter your name as it should be printed on your attestations."))
    return name


@transaction.atomic
def update_profile(
    *,
    user: User,
    printed_name: str,
    language: str,
    profession: Profession | None,
    permit_number: str,
    at: datetime,
) -> Profile:
    """Write what the person says of themself; makes the profile the first time.

    Attestations already issued keep the name they were issued with.
    """
    person = User.objects.select_for_update().get(pk=user.pk)
    if person.closed_at is not None:
        raise AccountRefused(_("This account is closed."))
    profile, _created = Profile.objects.update_or_create(
        user=person,
        defaults={
            "printed_name": _clean_name(printed_name),
            "language": Language(language),
            "profession": profession,
            "permit_number": permit_number.strip(),
        },
    )
    user.profile = profile
    return profile


def _sign_out_everywhere(user: User) -> None:
    """End every web session of that person, and forget the addresses and devices they came from."""
    seen = user.usersession_set.all()
    Session.objects.filter(session_key__in=seen.values_list("session_key", flat=True)).delete()
    seen.delete()
    user.set_unusable_password()  # whatever session is left no longer fits the new hash


def _leave(user: User, at: datetime) -> None:
    """End what the account belonged to and was."""
    yesterday = timezone.localdate(at) - timedelta(days=1)
    user.memberships.filter(ends_on__isnull=True).update(ends_on=yesterday)
    user.memberships.update(organisation="")
    for grant in user.role_grants.filter(ended_at__isnull=True):
        grant.ended_at = at
        grant.save(update_fields=["ended_at"])
        role_changed.send(sender=RoleGrant, user=user, role=grant.role, at=at)
    user.groups.clear()


@transaction.atomic
def close_account(*, user: User, by: User, at: datetime) -> User:
    """Empty the person's row and everything that names them; keep id and key.

    Presence, attestations and histories point at the row and stay; so do the consents, as proof.
    By the person, or by whoever manages people. Idempotent. Locks the person. account_closed is
    sent first, while the name and the address can still be read, so that a last message may leave.
    """
    person = User.objects.select_for_update().get(pk=user.pk)
    if by.pk != person.pk and not may(by, "people.manage"):
        raise AccountRefused(_("You may not close this account."))
    if person.closed_at is not None:
        return person
    account_closed.send(sender=User, user=person, at=at)
    _leave(person, at)
    _sign_out_everywhere(person)
    person.emailaddress_set.all().delete()
    person.authenticator_set.all().delete()
    Profile.objects.filter(user=person).update(
        printed_name="", profession=None, permit_number="", language=Language.FRENCH
    )
    person.email, person.first_name, person.last_name = None, "", ""
    person.last_login, person.is_active, person.closed_at = None, False, at
    person.is_staff = person.is_superuser = False
    person.save()
    forget_rights(user)
    return person
