"""The gate: the locks, the one count and the one write through which every seat passes.

Lock order, always: people by key, then sessions by key. Under both locks ONE count says what is
held and who waits; no number of seats is ever stored. Every verb that gives, offers, moves or ends
an enrolment (services.enrolments, offers, exchanges, requests, roster) is made of these steps, and
nothing else writes the state, the rank or the pool of an Enrolment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from courses.choices import (
    ENROLMENT_BEGINNINGS,
    ENROLMENT_TRANSITIONS,
    HELD_ENROLMENT_STATES,
    LIVE_ENROLMENT_STATES,
    OWN_ORIGINS,
    EnrolmentState,
)
from courses.letters.windows import OPEN_TO_ALL
from courses.models import Enrolment, EnrolmentEvent, Session
from courses.selectors.standing import kept_pools
from courses.services.pools import Spot, find_spot, general_is_open
from courses.services.seat_rules import SeatRefusal
from courses.signals import enrolment_cancelled, seat_freed
from people.models import User

RARITIES = """
SELECT
    EXISTS (SELECT 1 FROM courses_enrolmenthold WHERE person_id = %s),
    EXISTS (SELECT 1 FROM courses_pool WHERE session_id = %s)
"""
# The ranks are over every row of the session, gone ones too: a rank is never given twice. Who waits
# is Enrolment.objects.servable(release), held is Enrolment.objects.held() without extra seats.
COUNT = """
SELECT
    COUNT(*) FILTER (WHERE state IN ('confirmed', 'offered') AND NOT is_extra),
    COUNT(*) FILTER (
        WHERE state = 'waiting' AND paused_at IS NULL AND passed_release IS DISTINCT FROM %s
    ),
    COALESCE(MAX(rank), 0)
FROM courses_enrolment
WHERE session_id = %s
"""


class EnrolmentEnded(SeatRefusal):
    """There is nothing left to change."""


@dataclass(frozen=True)
class Seats:
    """What one count under the lock found. `waiting`: those who may be served now."""

    capacity: int | None
    held: int
    waiting: int
    last_rank: int

    @property
    def free(self) -> float:
        """Seats nobody holds; below zero after an oversell, which then gives no more."""
        return float("inf") if self.capacity is None else self.capacity - self.held


# ------------------------------------------------------------------ locks
def lock_people(ids: Iterable[int]) -> dict[int, User]:
    """Those people with their profile, locked until the transaction ends, by key."""
    rows = User.objects.select_for_update(no_key=True, of=("self",)).select_related("profile")
    return {person.pk: person for person in rows.filter(pk__in=set(ids)).order_by("pk")}


def lock_sessions(ids: Iterable[int]) -> dict[int, Session]:
    """Those sessions with their term, locked until the transaction ends, by key."""
    rows = Session.objects.select_for_update(no_key=True, of=("self",)).select_related("term")
    return {session.pk: session for session in rows.filter(pk__in=set(ids)).order_by("pk")}


def lock_rows(*, person_id: int, session_id: int) -> tuple[User, Session]:
    """The person and the session, locked until the transaction ends: person first, always.

    The person's lock keeps the limits of one person true across sessions; the session's keeps the
    count true. On SQLite the whole transaction is the lock (IMMEDIATE).

    `person.has_holds` and `session.has_pools` say whether those rarer rows are worth a question.
    """
    person = lock_people([person_id])[person_id]
    session = lock_sessions([session_id])[session_id]
    with connection.cursor() as cursor:
        cursor.execute(RARITIES, [person_id, session_id])
        has_holds, has_pools = cursor.fetchone()
    person.has_holds = bool(has_holds)  # type: ignore[attr-defined]
    session.has_pools = bool(has_pools)
    return person, session


# ------------------------------------------------------------------ counting
def count_seats(session: Session) -> Seats:
    """One query on one table: what is held, who waits and the last rank, at the same instant.

    Seats beyond the capacity (`is_extra`) are counted apart: they take none of its seats. Written
    as SQL: under a lock that everybody waits for, making it from expressions costs ten times more
    than running it.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [session.release, session.pk])
        held, waiting, last_rank = cursor.fetchone()
    return Seats(session.capacity, held, waiting, last_rank)


def spot_for(
    person: User,
    session: Session,
    seats: Seats,
    *,
    origin: str,
    at: datetime,
    starts_at: datetime,
    is_walk_up: bool,
) -> Spot | None:
    """The seat this person may have now, or None. Under the session's lock.

    A walk-up never overtakes an eligible person who waits, until 2 h before the start, when a free
    seat is open to all.
    """
    if seats.free < 1:
        return None
    yields = is_walk_up and starts_at - at > OPEN_TO_ALL
    by_staff = origin not in OWN_ORIGINS
    pools = kept_pools(session, at=at)
    if pools:
        return find_spot(
            session,
            pools,
            person_id=person.pk,
            at=at,
            after_waiting=yields and seats.waiting > 0,
            by_staff=by_staff,
        )
    if not (by_staff or general_is_open(session, at=at)):
        return None
    return Spot(None) if seats.free > (seats.waiting if yields else 0) else None


# ------------------------------------------------------------------ writing
def take(
    row: Enrolment,
    to: EnrolmentState,
    spot: Spot,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> None:
    """Gives the seat found: moves the holders it asks to move, then writes the row."""
    for enrolment_id, pool_id in spot.moves:
        moved = Enrolment.objects.get(pk=enrolment_id)
        moved.pool_id = pool_id
        moved.save(update_fields=["pool"])
        _remember(moved, moved.state, reason="moved to another pool", by=None, at=at)
    row.pool_id = spot.pool_id
    if to == EnrolmentState.CONFIRMED:
        row.confirmed_at = at
    step(row, to, by=by, at=at, reason=reason)


def step(
    row: Enrolment, to: EnrolmentState, *, by: User | None, at: datetime, reason: str = ""
) -> None:
    """One step of an enrolment, under the session's lock: guarded, written, put into history.

    A new row begins; one that stands moves by ENROLMENT_TRANSITIONS and its calendar entry changes.
    """
    was = row.state
    allowed = ENROLMENT_TRANSITIONS.get(was, frozenset()) if was else ENROLMENT_BEGINNINGS
    if to not in allowed:
        raise EnrolmentEnded(
            _("An enrolment in the state “%(was)s” cannot become “%(to)s”.")
            % {"was": row.get_state_display(), "to": to.label}
        )
    row.state = to
    if to not in LIVE_ENROLMENT_STATES:
        row.ended_at = at
    if was:
        row.calendar_sequence += 1
    row.save(force_insert=not was)
    _remember(row, was, reason=reason, by=by, at=at)


def note(row: Enrolment, reason: str, *, by: User | None, at: datetime) -> bool:
    """Puts into history why a row stays as it is; not twice in a row. Returns whether it did."""
    last = row.events.order_by("-at", "-id").values_list("reason", flat=True).first()
    if last == reason[:200]:
        return False
    _remember(row, row.state, reason=reason, by=by, at=at)
    return True


def _remember(row: Enrolment, was: str, *, reason: str, by: User | None, at: datetime) -> None:
    EnrolmentEvent.objects.create(
        enrolment=row,
        from_state=was,
        to_state=row.state,
        reason=reason[:200],
        rank=row.rank,
        pool_id=row.pool_id,
        by=by,
        at=at,
    )


def give_up(
    row: Enrolment,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    is_by_house: bool = False,
) -> None:
    """Ends a live row as cancelled and frees its seat if it held one. Sends enrolment_cancelled.

    `is_by_house`: the Academy moves the person, who is never late for that.
    """
    was, session = row.state, row.session
    row.is_late = was == EnrolmentState.CONFIRMED and not is_by_house and is_late(session, at=at)
    step(row, EnrolmentState.CANCELLED, by=by, at=at, reason=reason)
    enrolment_cancelled.send(sender=Enrolment, enrolment=row, from_state=was, at=at)
    if was in HELD_ENROLMENT_STATES and not row.is_extra:
        begin_release(session)


def is_late(session: Session, *, at: datetime) -> bool:
    """Whether a seat given back now is given back after the deadline."""
    return session.cancel_until is not None and at > session.cancel_until


def put_in_line(row: Enrolment, rank: int, reason: str, *, by: User | None, at: datetime) -> None:
    """Another rank for somebody who waits, and why."""
    row.rank = rank
    row.save(update_fields=["rank"])
    _remember(row, row.state, reason=reason, by=by, at=at)


def begin_release(session: Session) -> None:
    """Seats become free: whoever let an earlier offer pass may be served again. Wakes the list."""
    session.release += 1
    Session.objects.filter(pk=session.pk).update(release=F("release") + 1)
    seat_freed.send(sender=Session, session_id=session.pk)
