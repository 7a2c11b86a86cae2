"""A person's own enrolment: asking for a seat, waiting for it, giving it up.

Each verb is made of the steps of services.gate: it locks the person, then the session, takes one
count, checks, writes, adds an EnrolmentEvent, sends its signal.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from courses.choices import (
    LIVE_ENROLMENT_STATES,
    LIVE_SESSION_STATES,
    OWN_ORIGINS,
    STRIKES_LAST,
    EnrolmentOrigin,
    EnrolmentState,
    OpeningMode,
    SessionState,
)
from courses.letters.conditions import is_by_request
from courses.models import Enrolment, Session
from courses.selectors.enrolments import enrolments_of_closed_accounts
from courses.selectors.standing import (
    Dates,
    Standing,
    dates_of,
    standing_of,
    strike_points,
)
from courses.services.calls import take_called
from courses.services.draws import give_ticket, publish_draw
from courses.services.gate import (
    EnrolmentEnded,
    Seats,
    count_seats,
    give_up,
    lock_rows,
    note,
    spot_for,
    step,
    take,
)
from courses.services.joining import JoinRefused, join_opens_at, record_join_click
from courses.services.pools import Spot
from courses.services.seat_rules import (
    AccountClosed,
    EnrolmentClosed,
    EnrolmentHeld,
    NotInAudience,
    PrerequisiteMissing,
    ScheduleConflict,
    SeatRefusal,
    SessionOver,
    SessionUnknown,
    TermLimitReached,
    check_person,
    check_window,
)
from courses.signals import (
    place_not_obtained,
    put_on_waiting_list,
    seat_confirmed,
    seat_freed,
    seat_offered,
    seat_requested,
)
from people.models import User

__all__ = [
    "AccountClosed",
    "EnrolmentClosed",
    "EnrolmentEnded",
    "EnrolmentHeld",
    "JoinRefused",
    "NotInAudience",
    "PrerequisiteMissing",
    "ScheduleConflict",
    "SeatRefusal",
    "SessionOver",
    "SessionUnknown",
    "TermLimitReached",
    "cancel_enrolment",
    "enrol",
    "join_opens_at",
    "lapse_waiting",
    "pause_waiting",
    "record_join_click",
    "release_closed_accounts",
    "say_coming",
    "set_asking",
]

NOT_YET_SEATED = LIVE_ENROLMENT_STATES - {EnrolmentState.CONFIRMED}


# ------------------------------------------------------------------ asking
def enrol(
    *,
    person: User,
    session: Session,
    by: User | None,
    at: datetime,
    origin: str = EnrolmentOrigin.WEB,
    asks_first: bool = False,
    question: str = "",
) -> Enrolment:
    """A seat, the next rank of the waiting list, or a request where seats are given by approval or
    by a draw. Idempotent: a live row is returned as it is.

    In the last 12 h before the start, somebody who waits and was called takes a free seat by asking
    again: the first to ask has it. Locks person, then session. Sends seat_confirmed,
    put_on_waiting_list or seat_requested. Raises a SeatRefusal.
    """
    with transaction.atomic():
        person, session = lock_rows(person_id=person.pk, session_id=session.pk)
        standing = standing_of(person)
        live = standing.row_in(session)
        if live is None:
            row = Enrolment(
                person=person,
                session=session,
                origin=origin,
                created_at=at,
                asks_first=asks_first,
                question=question.strip()[:500] if session.takes_questions else "",
            )
            return _ask(row, standing, by=by, at=at)
        row = Enrolment.objects.get(pk=live)
        row.person, row.session = person, session
    return take_called(row, by=by, at=at)


def _ask(row: Enrolment, standing: Standing, *, by: User | None, at: datetime) -> Enrolment:
    person, session, origin = row.person, row.session, row.origin
    dates = dates_of(session)
    check_window(person, session, dates, origin=origin, at=at)
    check_person(person, session, dates, standing, origin=origin, at=at)
    if origin not in OWN_ORIGINS or not is_by_request(session, at=at):
        return seat_or_line(row, dates, count_seats(session), by=by, at=at)
    closes_at = session.requests_close_at
    takes_lots = session.opening_mode == OpeningMode.DRAW and (closes_at is None or at < closes_at)
    if takes_lots:
        publish_draw(session=session, at=at)  # it stands already; no ticket without it
    step(row, EnrolmentState.REQUESTED, by=by, at=at)
    if takes_lots:
        give_ticket(row)
    seat_requested.send(sender=Enrolment, enrolment=row, at=at)
    return row


def seat_or_line(
    row: Enrolment, dates: Dates, seats: Seats, *, by: User | None, at: datetime, reason: str = ""
) -> Enrolment:
    """Seats a row that is new or requested, else puts it last in line. Under both locks.

    For services of this floor that have checked the person: asking, approval, import, the draw.
    """
    spot = _find_spot(row, dates, seats, at=at)
    if spot is None:
        return _put_last(row, seats, by=by, at=at, reason=reason)
    take(row, EnrolmentState.CONFIRMED, spot, by=by, at=at, reason=reason)
    seat_confirmed.send(sender=Enrolment, enrolment=row, was_waiting=False, at=at)
    return row


def offer_or_line(
    row: Enrolment, dates: Dates, ends_at: datetime, *, by: User | None, at: datetime
) -> Enrolment:
    """Holds a seat for a new row until `ends_at`, else puts it last in line. Under both locks.

    Whoever waits elsewhere (`instead_of`) has a rank here too, to come back to after a silence.
    """
    seats = count_seats(row.session)
    spot = _find_spot(row, dates, seats, at=at)
    if spot is None:
        return _put_last(row, seats, by=by, at=at)
    row.rank = seats.last_rank + 1 if row.instead_of_id else None
    row.offer_expires_at = ends_at
    take(row, EnrolmentState.OFFERED, spot, by=by, at=at)
    seat_offered.send(sender=Enrolment, enrolment=row, at=at)
    return row


def _find_spot(row: Enrolment, dates: Dates, seats: Seats, *, at: datetime) -> Spot | None:
    if _is_served_last(row, dates, at=at):
        return None
    return spot_for(
        row.person,
        row.session,
        seats,
        origin=row.origin,
        at=at,
        starts_at=dates.starts_at or at,
        is_walk_up=True,
    )


def _put_last(
    row: Enrolment, seats: Seats, *, by: User | None, at: datetime, reason: str = ""
) -> Enrolment:
    row.rank = seats.last_rank + 1
    step(row, EnrolmentState.WAITING, by=by, at=at, reason=reason)
    put_on_waiting_list.send(sender=Enrolment, enrolment=row, at=at)
    if seats.free >= 1:
        # A seat is free but promised to those ahead: wake the list, it may be this person's.
        seat_freed.send(sender=Enrolment, session_id=row.session_id)
    return row


def _is_served_last(row: Enrolment, dates: Dates, *, at: datetime) -> bool:
    """Whether late withdrawals and absences leave this person to the end of the waiting list."""
    if not row.session.counts_strikes or row.origin not in OWN_ORIGINS:
        return False
    return strike_points(row.person, on=localdate(at)) >= STRIKES_LAST and is_before_last_days(
        dates, at=at
    )


def is_before_last_days(dates: Dates, *, at: datetime) -> bool:
    """More than three days before the start: everybody else is served first until then."""
    return dates.starts_at is not None and dates.starts_at - at > timedelta(days=3)


# ------------------------------------------------------------------ waiting, coming
def _own_row(enrolment: Enrolment) -> Enrolment:
    """The row read anew, its person and session locked."""
    person, session = lock_rows(person_id=enrolment.person_id, session_id=enrolment.session_id)
    row = Enrolment.objects.get(pk=enrolment.pk)
    row.person, row.session = person, session
    return row


def pause_waiting(
    *, enrolment: Enrolment, paused: bool, by: User | None, at: datetime
) -> Enrolment:
    """Stands aside while keeping the rank, or comes back. Idempotent. Wakes the list on return."""
    with transaction.atomic():
        row = _own_row(enrolment)
        if row.state != EnrolmentState.WAITING:
            raise EnrolmentEnded(_("You are no longer on the waiting list of this session."))
        if paused == (row.paused_at is not None):
            return row
        row.paused_at = at if paused else None
        row.save(update_fields=["paused_at"])
        note(row, "paused" if paused else "resumed", by=by, at=at)
        seat_freed.send(sender=Enrolment, session_id=row.session_id)
    return row


def set_asking(
    *, enrolment: Enrolment, asks_first: bool, by: User | None, at: datetime
) -> Enrolment:
    """Chooses between a seat given by itself until J-3 and always being asked. Idempotent."""
    with transaction.atomic():
        row = _own_row(enrolment)
        if row.state != EnrolmentState.WAITING:
            raise EnrolmentEnded(_("You are no longer on the waiting list of this session."))
        if row.asks_first != asks_first:
            row.asks_first = asks_first
            row.save(update_fields=["asks_first"])
            note(row, "asks first" if asks_first else "seated by itself", by=by, at=at)
    return row


def say_coming(*, enrolment: Enrolment, by: User | None, at: datetime) -> Enrolment:
    """« Je viens », some days before. Idempotent; changes nothing of the seat."""
    with transaction.atomic():
        row = _own_row(enrolment)
        if row.state != EnrolmentState.CONFIRMED or row.session.state not in LIVE_SESSION_STATES:
            raise EnrolmentEnded(_("You no longer hold a seat in this session."))
        if row.coming_at is None:
            row.coming_at = at
            row.save(update_fields=["coming_at"])
            note(row, "coming", by=by, at=at)
    return row


# ------------------------------------------------------------------ giving up
def cancel_enrolment(
    *, enrolment: Enrolment, by: User | None, at: datetime, reason: str = ""
) -> Enrolment:
    """Gives up a seat, an offer, a request or a place on the list. Idempotent.

    Possible until the first meeting begins, and for staff until the session is held; a seat given
    up after `cancel_until` is recorded as late. Locks person, then session. Sends
    enrolment_cancelled, and begins a release of seats when one was held.
    """
    with transaction.atomic():
        row = _own_row(enrolment)
        if row.state == EnrolmentState.CANCELLED:
            return row
        if row.state not in LIVE_ENROLMENT_STATES:
            raise EnrolmentEnded(_("This enrolment has already ended: there is nothing to cancel."))
        _check_may_leave(row, by=by, at=at)
        give_up(row, by=by, at=at, reason=reason)
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
    starts_at = dates_of(session).starts_at
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
            step(enrolment, EnrolmentState.LAPSED, by=None, at=at)
            place_not_obtained.send(sender=Enrolment, enrolment=enrolment, at=at)
    return len(enrolments)
