"""One act on many people of a session: each is a transaction of its own through the gate, and each
gets an answer in words. A refusal of one leaves the others as they are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from courses.choices import EnrolmentOrigin, RosterAct
from courses.models import Enrolment, Session
from courses.services.enrolments import SeatRefusal, cancel_enrolment, enrol
from courses.services.requests import approve_request, refuse_request
from courses.services.roster import MotiveNeeded, move_to_session, seat_beyond
from people.models import User


class TargetMissing(SeatRefusal):
    """People are moved to a session: which one?"""


@dataclass(frozen=True)
class Answer:
    """What became of one person: the state reached, or why not."""

    person: User
    words: str
    is_done: bool


def act_on_many(
    *,
    enrolments: Iterable[Enrolment],
    act: RosterAct,
    by: User,
    at: datetime,
    motive: str,
    target: Session | None = None,
) -> list[Answer]:
    """Cancels, moves, seats beyond the capacity, approves or refuses, one person after the other.

    `enrolments` come with person and session. Every act but an approval needs a motive, a move a
    target. Raises MotiveNeeded or TargetMissing before anything is done.
    """
    if act != RosterAct.APPROVE and not motive.strip():
        raise MotiveNeeded(_("Say why: it stays in the history of each seat."))
    if act == RosterAct.MOVE and target is None:
        raise TargetMissing(_("Choose the session these people are moved to."))

    def once(row: Enrolment) -> Enrolment:
        match act:
            case RosterAct.CANCEL:
                return cancel_enrolment(enrolment=row, by=by, at=at, reason=motive)
            case RosterAct.MOVE if target is not None:
                return move_to_session(enrolment=row, session=target, by=by, at=at, motive=motive)
            case RosterAct.SEAT:
                return seat_beyond(
                    person=row.person, session=row.session, by=by, at=at, motive=motive
                )
            case RosterAct.APPROVE:
                return approve_request(enrolment=row, by=by, at=at)
            case _:
                return refuse_request(enrolment=row, by=by, at=at, motive=motive)

    return [_answer(row.person, lambda row=row: once(row)) for row in enrolments]  # type: ignore[misc]


def enrol_many(
    *,
    people: Iterable[User],
    session: Session,
    by: User,
    at: datetime,
    origin: str = EnrolmentOrigin.STAFF,
    beyond: str = "",
) -> list[Answer]:
    """Enrols people by hand or from a list, in that order: a seat, else the next rank.

    `beyond`: the motive for seats beyond the capacity; empty: nobody overtakes those who wait.
    """

    def once(person: User) -> Enrolment:
        if beyond.strip():
            return seat_beyond(person=person, session=session, by=by, at=at, motive=beyond)
        return enrol(person=person, session=session, by=by, at=at, origin=origin)

    return [_answer(person, lambda person=person: once(person)) for person in people]  # type: ignore[misc]


def _answer(person: User, act: Callable[[], Enrolment]) -> Answer:
    try:
        row = act()
    except SeatRefusal as refusal:
        return Answer(person, str(refusal), is_done=False)
    return Answer(person, str(row.get_state_display()), is_done=True)
