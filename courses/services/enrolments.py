"""The seat: the one gate through which every seat is given, waited for and given up.

Who asks does not matter: a person, staff, an import, the waiting list. Each verb locks the person,
then the session (always in that order), takes ONE count, checks, writes, adds an EnrolmentEvent,
sends its signal. A seat is held by a confirmed or offered row; no number of seats is ever stored.
Nobody overtakes those who wait: a walk-up takes a seat only while there are more free seats than
people waiting.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.choices import (
    ENROLMENT_BEGINNINGS,
    ENROLMENT_TRANSITIONS,
    HELD_ENROLMENT_STATES,
    LIVE_ENROLMENT_STATES,
    PROMOTING_STATES,
    EnrolmentOrigin,
    EnrolmentState,
    SessionState,
)
from courses.models import Enrolment, EnrolmentEvent, JoinClick, Meeting, Session
from courses.selectors.enrolments import enrolments_of_closed_accounts
from courses.services.seat_rules import (
    AccountClosed,
    EnrolmentClosed,
    NotInAudience,
    ScheduleConflict,
    SeatRefusal,
    SessionOver,
    SessionUnknown,
    TermLimitReached,
    bounds_of,
    check_person,
    check_window,
)
from courses.signals import (
    enrolment_cancelled,
    place_not_obtained,
    put_on_waiting_list,
    seat_confirmed,
    seat_freed,
)
from people.letters import date_words, hour_words
from people.models import User

__all__ = [
    "AccountClosed",
    "EnrolmentClosed",
    "EnrolmentEnded",
    "JoinRefused",
    "NotInAudience",
    "ScheduleConflict",
    "SeatRefusal",
    "SessionOver",
    "SessionUnknown",
    "TermLimitReached",
    "cancel_enrolment",
    "enrol",
    "fill_session",
    "lapse_waiting",
    "promote_next",
    "record_join_click",
    "release_closed_accounts",
]

NOT_YET_SEATED = LIVE_ENROLMENT_STATES - {EnrolmentState.CONFIRMED}


class EnrolmentEnded(SeatRefusal):
    """There is nothing left to give up."""


class JoinRefused(SeatRefusal):
    """The meeting cannot be joined now, or not by this person."""


@dataclass(frozen=True)
class Seats:
    """What one count under the lock found."""

    capacity: int | None
    held: int
    waiting: int

    @property
    def free(self) -> float:
        """Seats nobody holds; below zero after an oversell, which then gives no more."""
        return float("inf") if self.capacity is None else self.capacity - self.held


def lock_rows(*, person_id: int, session_id: int) -> tuple[User, Session]:
    """The person and the session, locked until the transaction ends: person first, always.

    The person's lock keeps the limits of one person true across sessions; the session's keeps the
    count true. On SQLite the whole transaction is the lock (IMMEDIATE).
    """
    person = User.objects.select_for_update(no_key=True).get(pk=person_id)
    session = Session.objects.select_for_update(no_key=True).get(pk=session_id)
    return person, session


def count_seats(session: Session) -> Seats:
    """One query on one table: what is held and who waits, seen at the same instant."""
    counts = Enrolment.objects.filter(session=session).aggregate(
        held=Count("pk", filter=Q(state__in=HELD_ENROLMENT_STATES)),
        waiting=Count("pk", filter=Q(state=EnrolmentState.WAITING)),
    )
    return Seats(session.capacity, counts["held"], counts["waiting"])


# ------------------------------------------------------------------ asking
def enrol(
    *,
    person: User,
    session: Session,
    by: User | None,
    at: datetime,
    origin: str = EnrolmentOrigin.WEB,
) -> Enrolment:
    """A seat, or the next rank of the waiting list. Idempotent: a live row is returned as it is.

    Locks person, then session. Sends seat_confirmed or put_on_waiting_list. Raises a SeatRefusal.
    """
    with transaction.atomic():
        person, session = lock_rows(person_id=person.pk, session_id=session.pk)
        live = Enrolment.objects.live().filter(person=person, session=session).first()
        if live is not None:
            return live
        check_window(session, origin=origin, at=at)
        check_person(person, session, origin=origin, at=at)
        seats = count_seats(session)
        if seats.free > seats.waiting:
            return _begin_seated(person, session, by=by, at=at, origin=origin)
        enrolment = _begin_waiting(person, session, by=by, at=at, origin=origin)
        if seats.free >= 1:
            # A seat is free but promised to those ahead: wake the list, it may be this person's.
            seat_freed.send(sender=Enrolment, session_id=session.pk)
        return enrolment


def _begin_seated(
    person: User, session: Session, *, by: User | None, at: datetime, origin: str
) -> Enrolment:
    enrolment = Enrolment(person=person, session=session, origin=origin, created_at=at)
    enrolment.confirmed_at = at
    _move(enrolment, EnrolmentState.CONFIRMED, by=by, at=at)
    seat_confirmed.send(sender=Enrolment, enrolment=enrolment, was_waiting=False, at=at)
    return enrolment


def _begin_waiting(
    person: User, session: Session, *, by: User | None, at: datetime, origin: str
) -> Enrolment:
    # Over every row of the session, gone ones too: a rank is never given twice.
    last = Enrolment.objects.filter(session=session).aggregate(last=Max("rank"))["last"] or 0
    enrolment = Enrolment(
        person=person, session=session, origin=origin, created_at=at, rank=last + 1
    )
    _move(enrolment, EnrolmentState.WAITING, by=by, at=at)
    put_on_waiting_list.send(sender=Enrolment, enrolment=enrolment, at=at)
    return enrolment


def _move(
    enrolment: Enrolment,
    to: EnrolmentState,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> None:
    """One step of an enrolment, under the session's lock: guarded, written, put into history.

    A new row begins; one that stands moves by ENROLMENT_TRANSITIONS and its calendar entry changes.
    """
    was = enrolment.state
    allowed = ENROLMENT_TRANSITIONS.get(was, frozenset()) if was else ENROLMENT_BEGINNINGS
    if to not in allowed:
        raise EnrolmentEnded(
            _("An enrolment in the state “%(was)s” cannot become “%(to)s”.")
            % {"was": enrolment.get_state_display(), "to": to.label}
        )
    enrolment.state = to
    if to not in LIVE_ENROLMENT_STATES:
        enrolment.ended_at = at
    if was:
        enrolment.calendar_sequence += 1
    enrolment.save()
    EnrolmentEvent.objects.create(
        enrolment=enrolment, from_state=was, to_state=to, reason=reason[:200], by=by, at=at
    )


# ------------------------------------------------------------------ giving up
def cancel_enrolment(
    *, enrolment: Enrolment, by: User | None, at: datetime, reason: str = ""
) -> Enrolment:
    """Gives up a seat, an offer, a request or a place on the list. Idempotent.

    Possible until the first meeting begins, and for staff until the session is held; a seat given
    up after `cancel_until` is recorded as late. Locks person, then session. Sends
    enrolment_cancelled, and seat_freed when a seat was held.
    """
    with transaction.atomic():
        person, session = lock_rows(person_id=enrolment.person_id, session_id=enrolment.session_id)
        row = Enrolment.objects.get(pk=enrolment.pk)
        row.person, row.session = person, session
        if row.state == EnrolmentState.CANCELLED:
            return row
        if row.state not in LIVE_ENROLMENT_STATES:
            raise EnrolmentEnded(_("This enrolment has already ended: there is nothing to cancel."))
        _check_may_leave(row, by=by, at=at)
        was = row.state
        held_a_seat = was in HELD_ENROLMENT_STATES
        row.is_late = held_a_seat and session.cancel_until is not None and at > session.cancel_until
        _move(row, EnrolmentState.CANCELLED, by=by, at=at, reason=reason)
        enrolment_cancelled.send(sender=Enrolment, enrolment=row, from_state=was, at=at)
        if held_a_seat:
            seat_freed.send(sender=Enrolment, session_id=session.pk)
    return row


def _check_may_leave(enrolment: Enrolment, *, by: User | None, at: datetime) -> None:
    session = enrolment.session
    match session.state:
        case SessionState.CANCELLED:
            raise SessionOver(_("This session is cancelled: your seat is already given back."))
        case SessionState.HELD | SessionState.CLOSED:
            raise SessionOver(_("This session is over: an enrolment can no longer be cancelled."))
        case SessionState.POSTPONED:
            return
    starts_at, _ends_at = bounds_of(session)
    by_oneself = by is not None and by.pk == enrolment.person_id
    if by_oneself and starts_at is not None and at >= starts_at:
        raise SessionOver(_("This session has begun: an enrolment can no longer be cancelled."))


def release_closed_accounts(*, at: datetime) -> int:
    """Gives back the seats and ranks of people whose account is closed; a transaction each.

    Returns how many rows were found. Idempotent: the sweep of what account_closed woke.
    """
    rows = list(enrolments_of_closed_accounts())
    for row in rows:
        with suppress(SeatRefusal):  # the session may end or be cancelled meanwhile
            cancel_enrolment(enrolment=row, by=None, at=at, reason="account closed")
    return len(rows)


# ------------------------------------------------------------------ the waiting list
def promote_next(*, session_id: int, at: datetime) -> Enrolment | None:
    """Gives one free seat to the first person waiting who may hold it; None when nobody gets one.

    To be called after the freeing transaction has committed. Each candidate is a transaction of its
    own, so that the person is locked before the session. One who reached a limit is passed over and
    keeps the rank. Sends seat_confirmed(was_waiting=True).
    """
    return next(_promotions(session_id, at), None)


def fill_session(*, session_id: int, at: datetime) -> int:
    """Gives every free seat, in order; returns how many were given. Idempotent."""
    return sum(1 for _promoted in _promotions(session_id, at))


class _NoSeatLeft(Exception):  # noqa: N818 - ends the walk down the list
    pass


def _promotions(session_id: int, at: datetime) -> Iterator[Enrolment]:
    waiting = Enrolment.objects.filter(session_id=session_id).waiting()
    for pk, person_id in list(waiting.values_list("pk", "person_id")):
        try:
            promoted = _promote(pk, person_id, session_id, at)
        except _NoSeatLeft:
            return
        if promoted is not None:
            yield promoted


def _promote(pk: int, person_id: int, session_id: int, at: datetime) -> Enrolment | None:
    with transaction.atomic():
        person, session = lock_rows(person_id=person_id, session_id=session_id)
        starts_at, _ends_at = bounds_of(session)
        if session.state not in PROMOTING_STATES or starts_at is None or at >= starts_at:
            raise _NoSeatLeft
        if count_seats(session).free < 1:
            raise _NoSeatLeft
        row = Enrolment.objects.get(pk=pk)
        if row.state != EnrolmentState.WAITING:
            return None
        row.person, row.session = person, session
        try:
            check_person(person, session, origin=row.origin, at=at)
        except SeatRefusal:
            return None
        row.confirmed_at = at
        _move(row, EnrolmentState.CONFIRMED, by=None, at=at)
        seat_confirmed.send(sender=Enrolment, enrolment=row, was_waiting=True, at=at)
    return row


def lapse_waiting(*, session: Session, at: datetime) -> int:
    """The session begins: whoever has no seat yet will not get one. Idempotent; locks the session.

    Returns how many rows ended. Sends place_not_obtained for each.
    """
    with transaction.atomic():
        row = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
        left = Enrolment.objects.filter(session=row, state__in=NOT_YET_SEATED)
        enrolments = list(left.select_related("person").order_by("rank", "id"))
        for enrolment in enrolments:
            enrolment.session = row
            _move(enrolment, EnrolmentState.LAPSED, by=None, at=at)
            place_not_obtained.send(sender=Enrolment, enrolment=enrolment, at=at)
    return len(enrolments)


# ------------------------------------------------------------------ joining
def join_opens_at(meeting: Meeting) -> datetime:
    """When « Rejoindre » comes alive: some minutes before the meeting."""
    return meeting.starts_at - timedelta(minutes=settings.JOIN_OPENS_MINUTES_BEFORE)


def record_join_click(*, enrolment: Enrolment, meeting: Meeting, at: datetime) -> str:
    """The meeting's address, for somebody who holds a seat, from T-15 min to its end.

    Records the click (a hint for matching names, never proof of presence) and reads the address at
    that very moment, so that a late change harms nobody. Raises JoinRefused.
    """
    with transaction.atomic():
        row = Enrolment.objects.select_related("session").get(pk=enrolment.pk)
        fresh = Meeting.objects.filter(pk=meeting.pk, session_id=row.session_id).first()
        if fresh is None or row.state != EnrolmentState.CONFIRMED:
            raise JoinRefused(_("Only a person who holds a seat joins this session."))
        if row.session.state in {SessionState.CANCELLED, SessionState.POSTPONED}:
            raise JoinRefused(_("This session is cancelled or postponed."))
        opens_at = join_opens_at(fresh)
        if at < opens_at:
            language = get_language()
            raise JoinRefused(
                _("You can join from %(hour)s, on %(date)s.")
                % {"hour": hour_words(opens_at, language), "date": date_words(opens_at, language)}
            )
        if at >= fresh.ends_at:
            raise JoinRefused(_("This meeting is over."))
        if not fresh.join_url:
            raise JoinRefused(_("The address of the meeting is not known yet. Try again shortly."))
        JoinClick.objects.create(enrolment=row, meeting=fresh, at=at)
    return fresh.join_url
