"""The last twelve hours before a session: nobody holds an offer any more. Those who wait and may
have the free seat are called, stay in line, and the first to ask has it.
"""

from datetime import datetime

from django.db import transaction

from courses.choices import PROMOTING_STATES, EnrolmentState
from courses.models import Enrolment, Session
from courses.selectors.standing import (
    Dates,
    called_reason,
    dates_of,
    kept_pools,
    may_take_a_free_seat,
    standing_of,
)
from courses.services.gate import count_seats, give_up, note, spot_for, take
from courses.services.pairs import lock_pair
from courses.services.pools import placeable
from courses.services.seat_rules import check_person
from courses.signals import seat_called, seat_confirmed
from people.models import User


def call_everybody(session: Session, *, at: datetime) -> None:
    """Tells all who wait, once a release, that the first to ask has the seat. Under its lock.

    Not those for whom no seat is free, where seats are kept for others. Sends seat_called.
    """
    reason = called_reason(session.release)
    rows = Enrolment.objects.filter(session=session).servable(session.release)
    pools = kept_pools(session, at=at)
    if pools:
        rows = rows.filter(pk__in=[pk for pk, _person in placeable(session, pools, at=at)])
    rows = rows.exclude(events__reason=reason).select_related("person__profile")
    for row in list(rows):
        row.session = session
        note(row, reason, by=None, at=at)
        seat_called.send(sender=Enrolment, enrolment=row, release=session.release, at=at)


def take_called(row: Enrolment, *, by: User | None, at: datetime) -> Enrolment:
    """The row as it stands; a free seat in the last hours, if the person waits and may take it.

    A transaction of its own, because what the row stands instead of is locked with it. Sends
    seat_confirmed; raises a SeatRefusal where the person may not hold the seat.
    """
    if row.state != EnrolmentState.WAITING or not may_take(row, dates_of(row.session), at=at):
        return row
    with transaction.atomic():
        row, other = lock_pair(pk=row.pk, at=at)
        dates = dates_of(row.session)
        if row.state == EnrolmentState.WAITING and may_take(row, dates, at=at):
            take_last_seat(row, other, dates, by=by, at=at)
    return row


def take_last_seat(
    row: Enrolment, other: Enrolment | None, dates: Dates, *, by: User | None, at: datetime
) -> bool:
    """Whether a seat was free for somebody who waits, and given; `other` is given up for it.

    Under the locks of both. Raises a SeatRefusal where the person may not hold it.
    """
    person, session = row.person, row.session
    given_up = [other.session_id] if other else []
    check_person(
        person,
        session,
        dates,
        standing_of(person),
        origin=row.origin,
        at=at,
        given_up=given_up,
    )
    spot = spot_for(
        person,
        session,
        count_seats(session),
        origin=row.origin,
        at=at,
        starts_at=dates.starts_at or at,
        is_walk_up=False,
    )
    if spot is None:
        return False
    take(row, EnrolmentState.CONFIRMED, spot, by=by, at=at, reason="called, came first")
    seat_confirmed.send(sender=Enrolment, enrolment=row, was_waiting=True, at=at)
    if other is not None:
        give_up(other, by=by, at=at, reason="another session instead")
    return True


def may_take(row: Enrolment, dates: Dates, *, at: datetime) -> bool:
    """Whether this is the hour at which somebody who waits has a free seat by asking for it."""
    session, starts_at = row.session, dates.starts_at
    if session.state not in PROMOTING_STATES or starts_at is None:
        return False
    return may_take_a_free_seat(row.pk, session.release, starts_at=starts_at, at=at)
