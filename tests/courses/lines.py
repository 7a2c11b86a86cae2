"""A session, its holders and its line, in a few words: what tests of seats keep asking for."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import translation

import pytest

from courses.models import Enrolment, Session
from courses.services.enrolments import SeatRefusal, enrol
from courses.services.offers import expire_offers, fill_session
from courses.services.sessions import save_session
from people.models import User
from tests.factories import people
from tests.factories.courses import AT, open_session

SECOND = timedelta(seconds=1)


def waits(
    session: Session, person: User | None = None, *, asks_first: bool = False, at: datetime = AT
) -> Enrolment:
    """What asking gives (a rank, when the session is full), for a new person by default."""
    person = person or people.person()
    return enrol(person=person, session=session, by=person, at=at, asks_first=asks_first)


def grow(session: Session, capacity: int | None, *, at: datetime = AT) -> None:
    """Another number of seats, as staff type it."""
    session.refresh_from_db()
    session.capacity = capacity
    save_session(session=session, meetings=None, breaks=None, trainers=None, by=None, at=at)


def fill(session: Session, at: datetime = AT) -> int:
    return fill_session(session_id=session.pk, at=at)


def sweep(session: Session, at: datetime) -> None:
    """What the clock does for one session: offers that ended, then the free seats."""
    expire_offers(at=at)
    fill(session, at)


def fresh(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.get(pk=enrolment.pk)


def live_of(enrolment: Enrolment) -> Enrolment:
    """The live row of that person in that session."""
    rows = Enrolment.objects.live()
    return rows.get(person_id=enrolment.person_id, session_id=enrolment.session_id)


def states(*enrolments: Enrolment) -> list[str]:
    return [fresh(each).state for each in enrolments]


def standing(*enrolments: Enrolment) -> list[tuple[str, int | None]]:
    """(state, rank) of the live rows of those people."""
    return [(live_of(each).state, live_of(each).rank) for each in enrolments]


def reasons(enrolment: Enrolment) -> list[str]:
    """What history says, without the steps that need no reason."""
    rows = enrolment.events.order_by("pk").values_list("reason", flat=True)
    return [reason for reason in rows if reason]


def full_session(line: int, *, asks_first: bool = True, **fields: Any) -> tuple[Session, list]:
    """A session without a seat to give and so many people who wait, asked first unless told."""
    session = open_session(**({"capacity": 0} | fields))
    return session, [waits(session, asks_first=asks_first) for _ in range(line)]


def refused(act: Any, *arguments: Any, **named: Any) -> str:
    """The English sentence with which that act is refused."""
    with translation.override("en"), pytest.raises(SeatRefusal) as refusal:
        act(*arguments, **named)
    return str(refusal.value)
