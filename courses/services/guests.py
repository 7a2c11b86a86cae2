"""Guests of a session: people named by their address, before or after they have an account.

A guest may enrol in a session by invitation and sit in its pool of guests; whether an address is
one of them is read by the gate, casefolded as it is written here.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.choices import LIVE_SESSION_STATES, SessionChange, SessionState
from courses.letters.addresses import addresses_in
from courses.models import Session, SessionEvent, SessionGuest
from courses.signals import seat_freed
from people.models import User
from people.services import Refusal

GUESTS_AT_MOST = 1000  # of one session
SHOWN_AT_MOST = 5  # lines named in a refusal


class GuestRefusal(Refusal):
    """Guests that cannot be named; the text says which, or why."""


class NotAddresses(GuestRefusal):
    """Some lines hold something else than addresses; `lines` are their numbers, from 1."""

    def __init__(self, words: str, lines: list[int]) -> None:
        super().__init__(words)
        self.lines = lines


class NobodyNamed(GuestRefusal):
    pass


class TooManyGuests(GuestRefusal):
    pass


class GuestsTooLate(GuestRefusal):
    """The session is over or will not take place."""


def invite_guests(
    *, session: Session, addresses: Iterable[str], by: User | None, at: datetime
) -> list[SessionGuest]:
    """Names guests, one line an item of `addresses`; a line may hold several, with or without the
    person's name. Returns those who were not named before.

    Idempotent. Locks the session; all are written or none. One SessionEvent keeps how many, without
    an address; sends seat_freed, for a guest may already wait. Refuses lines that are no address
    (by their numbers), a session that is over, and more than GUESTS_AT_MOST.
    """
    wanted = _read(addresses)
    with transaction.atomic():
        row = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
        if row.state not in LIVE_SESSION_STATES | {SessionState.DRAFT}:
            raise GuestsTooLate(_("This session is over or cancelled: nobody can be invited."))
        known = set(SessionGuest.objects.filter(session=row).values_list("address", flat=True))
        new = [address for address in wanted if address not in known]
        if len(known) + len(new) > GUESTS_AT_MOST:
            raise TooManyGuests(
                _("A session takes %(limit)d guests at most.") % {"limit": GUESTS_AT_MOST}
            )
        guests = SessionGuest.objects.bulk_create(
            SessionGuest(session=row, address=address, invited_by=by, invited_at=at)
            for address in new
        )
        if guests:
            _remember(row, {"invited": len(guests)}, by=by, at=at)
            if row.state in LIVE_SESSION_STATES:
                seat_freed.send(sender=Session, session_id=row.pk)
    return guests


def withdraw_guest(*, guest: SessionGuest, by: User | None, at: datetime) -> None:
    """Forgets a guest; a seat already taken stays theirs. Idempotent. Locks the session."""
    with transaction.atomic():
        row = Session.objects.select_for_update(no_key=True).get(pk=guest.session_id)
        gone, _rows = SessionGuest.objects.filter(pk=guest.pk, session=row).delete()
        if gone:
            _remember(row, {"withdrawn": gone}, by=by, at=at)


def _read(lines: Iterable[str]) -> list[str]:
    """The addresses of those lines, casefolded, each once, in order."""
    found: dict[str, None] = {}
    wrong: list[int] = []
    for number, line in enumerate(lines, start=1):
        addresses = addresses_in(line)
        if addresses is None:
            wrong.append(number)
        else:
            found.update(dict.fromkeys(addresses))
    if wrong:
        raise NotAddresses(_words_of_wrong(wrong), wrong)
    if not found:
        raise NobodyNamed(_("Give at least one email address."))
    return list(found)


def _words_of_wrong(wrong: list[int]) -> str:
    numbers = ", ".join(str(number) for number in wrong[:SHOWN_AT_MOST])
    more = len(wrong) - SHOWN_AT_MOST
    words = ngettext(
        "Line %(numbers)s holds something that is not an email address.",
        "Lines %(numbers)s hold something that is not an email address.",
        len(wrong),
    ) % {"numbers": numbers}
    if more > 0:
        words = _("%(words)s So do %(count)d others.") % {"words": words, "count": more}
    return _("%(words)s Nobody was invited.") % {"words": words}


def _remember(row: Session, guests: dict[str, int], *, by: User | None, at: datetime) -> None:
    """How many, never who: an address is erased with its guest."""
    SessionEvent.objects.create(
        session=row,
        from_state=row.state,
        to_state=row.state,
        changes={SessionChange.GUESTS.value: guests},
        by=by,
        at=at,
    )
