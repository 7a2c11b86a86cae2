"""A liaison agent asks for several people at once: each through the gate, each with an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from courses.choices import REFUSAL_CAUSES, RefusalCause
from courses.models import Enrolment, Session
from courses.services.exchanges import offer_to
from courses.services.seat_rules import SeatRefusal
from people.models import User


@dataclass(frozen=True)
class Delegated:
    """What became of one person: a row (`is_new`: made now), or a refusal."""

    person: User
    enrolment: Enrolment | None = None
    is_new: bool = False
    refusal: SeatRefusal | None = None

    @property
    def cause(self) -> RefusalCause:
        return REFUSAL_CAUSES.get(type(self.refusal).__name__, RefusalCause.OTHER)


def offer_to_all(
    *, people: Iterable[User], session: Session, by: User, at: datetime
) -> list[Delegated]:
    """Offers a seat, or puts in line, each of those people, in that order; a transaction each.

    Idempotent: whoever has a row in this session keeps it. A refusal of one leaves the others.
    """
    answers = []
    for person in people:
        try:
            row = offer_to(person=person, session=session, by=by, at=at)
        except SeatRefusal as refusal:
            answers.append(Delegated(person, refusal=refusal))
        else:
            answers.append(Delegated(person, row, is_new=row.created_at == at))
    return answers
