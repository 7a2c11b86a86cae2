"""What each process of a race does: asks the gate for seats, and measures every answer."""

import copy
import random
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.backends.signals import connection_created

from courses.choices import HELD_ENROLMENT_STATES, EnrolmentState
from courses.models import Enrolment, Session
from courses.services.enrolments import cancel_enrolment, enrol
from courses.services.offers import accept_offer, decline_offer, fill_session, promote_next
from courses.services.seat_rules import SeatRefusal
from people.models import User
from tests.bench.figures import Shift

_mine: list[tuple[User, Session]] = []  # whom this process asks for, and what


# ------------------------------------------------------------------ asking
def prepare(number: int, hands: int, people: Sequence[int], sessions: Sequence[int]) -> None:
    """Read the people of process `number` beforehand, as a web request has read its own.

    People ask for each session in turn, and processes take people in turn.
    """
    connection.ensure_connection()
    rows = Session.objects.in_bulk(sessions)
    known = User.objects.select_related("profile").in_bulk(people[number::hands])
    _mine[:] = [
        (known[key], rows[sessions[place % len(sessions)]])
        for place, key in enumerate(people)
        if place % hands == number
    ]


def ask(number: int, at: datetime, churn: bool = False) -> Shift:
    """Every person of this process asks for a seat, one after the other.

    With churn, one in three wants to be asked before a seat is theirs, and between the requests
    people leave, answer offers, and the list is served.
    """
    waits, errors = [], []
    chance = random.Random(number)
    began = time.monotonic()
    for person, session in _mine:
        asks_first = churn and chance.random() < 1 / 3
        before = time.monotonic()
        try:
            enrol(
                person=person,
                session=copy.copy(session),
                by=person,
                at=at,
                asks_first=asks_first,
            )
        except Exception as error:  # noqa: BLE001 - nobody may be refused here, nor fail
            errors.append(f"{type(error).__name__}: {error}")
        waits.append(time.monotonic() - before)
        if churn:
            errors += _move_about(session.pk, chance, at)
    return Shift(began, time.monotonic(), waits, errors)


def _move_about(session_id: int, chance: random.Random, at: datetime) -> list[str]:
    """Now and then somebody gives a seat back or answers an offer, and the list is served."""
    try:
        if chance.random() < 0.4:
            held = Enrolment.objects.filter(session=session_id, state__in=HELD_ENROLMENT_STATES)
            row = held.select_related("person").order_by("?").first()
            if row is not None:
                verbs = [cancel_enrolment]
                if row.state == EnrolmentState.OFFERED:
                    verbs = [accept_offer, decline_offer]
                with suppress(SeatRefusal):  # somebody else was quicker
                    chance.choice(verbs)(enrolment=row, by=row.person, at=at)
        if chance.random() < 0.4:
            promote_next(session_id=session_id, at=at)
    except Exception as error:  # noqa: BLE001 - told to the race, which judges it
        return [f"{type(error).__name__}: {error}"]
    return []


def serve(session_id: int, *, at: datetime) -> None:
    """Give every free seat to those who wait, as the sweep does each minute."""
    fill_session(session_id=session_id, at=at)


# ------------------------------------------------------------------ the negative control
LOCKING = re.compile(r"\s+FOR (?:NO KEY )?UPDATE(?: OF [\w\", .]+)?(?: NOWAIT| SKIP LOCKED)?")
COUNTING = re.compile(r'SELECT.*COUNT\(.*FROM "?courses_enrolment\b', re.DOTALL)
HESITATION = 0.02  # seconds between the count and the write: each race is lost for certain


def take_locks_away() -> None:
    """From now on, here and in processes yet to be forked, no SELECT locks the rows it reads."""

    def without_locks(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        answer = execute(LOCKING.sub("", sql), params, many, context)
        if COUNTING.search(sql):
            time.sleep(HESITATION)
        return answer

    def on_connection(connection: Any, **_: Any) -> None:
        if without_locks not in connection.execute_wrappers:
            connection.execute_wrappers.append(without_locks)

    connection.close()
    connection_created.connect(on_connection, weak=False)
