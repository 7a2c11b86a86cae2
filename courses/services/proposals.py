"""What the gate would answer, asked before anything is done: reads alone, no lock, no promise.

A screen proposes a way with these; the verb that is pressed decides again, under the locks.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from courses.choices import LIVE_SESSION_STATES, EnrolmentOrigin, EnrolmentState
from courses.letters.conditions import is_by_request
from courses.models import Enrolment, Session
from courses.selectors.enrolments import my_enrolments
from courses.selectors.standing import Dates, Standing, dates_of, standing_of
from courses.services.exchanges import PassingOver, check_passing
from courses.services.seat_rules import (
    ScheduleConflict,
    SeatRefusal,
    TermLimitReached,
    check_person,
)
from people.models import User

# Giving up another seat is a way round these.
EXCHANGEABLE = (TermLimitReached, ScheduleConflict)


def find_refusal(
    person: User,
    session: Session,
    dates: Dates,
    standing: Standing,
    *,
    at: datetime,
    given_up: Iterable[int] = (),
) -> SeatRefusal | None:
    """The refusal this person would meet in this session now, or None. `given_up`: sessions whose
    seat goes in the same act."""
    try:
        check_person(
            person, session, dates, standing, origin=EnrolmentOrigin.WEB, at=at, given_up=given_up
        )
    except SeatRefusal as refusal:
        return refusal
    return None


def find_own_refusal(
    person: User, session: Session, *, at: datetime, given_up: Iterable[int] = ()
) -> SeatRefusal | None:
    """The same, with the dates and the standing read anew: two questions more."""
    dates, standing = dates_of(session), standing_of(person)
    return find_refusal(person, session, dates, standing, at=at, given_up=given_up)


def seats_to_give_up(person: User, session: Session, *, at: datetime) -> list[Enrolment]:
    """The person's seats, soonest first, of which one alone makes room for a seat of `session`."""
    dates, standing = dates_of(session), standing_of(person)
    rows: Any = my_enrolments(person).filter(
        state=EnrolmentState.CONFIRMED, session__state__in=LIVE_SESSION_STATES
    )
    return [
        row
        for row in rows.exclude(session=session)
        if (row.starts_at is None or at < row.starts_at)
        and find_refusal(person, session, dates, standing, at=at, given_up=[row.session_id]) is None
    ]


def why_not_exchanged(session: Session, *, at: datetime) -> str:
    """The sentence with which nobody exchanges a seat for one of this session; else empty."""
    if is_by_request(session, at=at):
        return _(
            "Seats in this session are given upon request: none can be exchanged for one of them. "
            "Give a seat back first, then send your request."
        )
    return ""


def passing_ends_at(session: Session, *, at: datetime) -> datetime:
    """Until when a colleague offered a seat at this moment could answer. PassingOver says why no
    seat of this session is passed on now, whoever to."""
    return check_passing(session, dates_of(session), at=at)


def passing_is_open(session: Session, *, at: datetime) -> bool:
    """Whether a seat of this session may be passed on at this moment, to somebody eligible."""
    try:
        passing_ends_at(session, at=at)
    except PassingOver:
        return False
    return True
