"""Guests of a session, with what became of their invitation."""

from dataclasses import dataclass

from django.db.models.functions import Lower

from courses.models import Enrolment, Session, SessionGuest
from people.models import User


@dataclass(frozen=True)
class GuestLine:
    """A guest; the live enrolment of that address here, if any; whether it has an account, where
    the reader may know (None: not said)."""

    guest: SessionGuest
    enrolment: Enrolment | None
    has_account: bool | None


def guests_of(session: Session, *, says_accounts: bool) -> list[GuestLine]:
    """The guests by address. Two questions, one more with accounts, however many guests.

    Whether an address has an account is said to staff alone: a trainer may name any address, and
    would learn who uses the Academy. Who is enrolled stands on the trainer's own roster.
    """
    guests = list(SessionGuest.objects.filter(session=session).order_by("address"))
    live = Enrolment.objects.filter(session=session).live().select_related("person")
    enrolled = {(row.person.email or "").casefold(): row for row in live}
    known = _accounts({guest.address for guest in guests}) if says_accounts else set()
    return [
        GuestLine(
            guest=guest,
            enrolment=enrolled.get(guest.address),
            has_account=guest.address in known if says_accounts else None,
        )
        for guest in guests
    ]


def _accounts(addresses: set[str]) -> set[str]:
    """Those addresses that open an account."""
    opened = User.objects.filter(is_active=True, closed_at__isnull=True)
    found = opened.annotate(folded=Lower("email")).filter(folded__in=addresses)
    return set(found.values_list("folded", flat=True))
