"""What a reader is told before asking for a seat: whom it is for, how seats are given."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from courses.letters.conditions import Condition, conditions_of, is_by_request, own_pool_sentence
from courses.models import Session
from courses.selectors.seats import SeatSummary, pool_seats, seat_summary, summary_for
from courses.selectors.standing import strike_points
from people.models import User


@dataclass(frozen=True)
class Conditions:
    """summary: the seats as this reader finds them; lines: for everybody; mine: for the reader
    alone (seats kept for them); by_request: a seat is asked for rather than taken."""

    summary: SeatSummary
    lines: list[Condition]
    mine: list[str]
    by_request: bool


def conditions_for(session: Session, reader: Any, *, at: datetime) -> Conditions:
    """The conditions of a session of `public_sessions`, for somebody signed in or not.

    Asks nothing more for an anonymous reader; else three questions where there are pools, and one
    where late withdrawals count.
    """
    person: User | None = reader if reader.is_authenticated else None
    pools = pool_seats(session, at=at, person=person)
    points = None
    if person is not None and session.counts_strikes:
        points = strike_points(person, on=timezone.localdate(at))
    return Conditions(
        summary=summary_for(seat_summary(session, at=at), pools, session, at=at),
        lines=conditions_of(
            session, [(each.pool, each.left) for each in pools], at=at, points=points
        ),
        mine=[own_pool_sentence(each.pool, at=at) for each in pools if each.is_mine],
        by_request=is_by_request(session, at=at),
    )
