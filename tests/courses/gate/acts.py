"""Acts of people and of the clock, ready to be crossed, and what a meeting must leave behind."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from courses.models import Enrolment, Session
from courses.services.enrolments import cancel_enrolment, enrol
from courses.services.offers import accept_offer
from people.models import User
from tests.courses.gate.freezing import Crossing, Point, cross
from tests.courses.gate.invariants import broken
from tests.courses.lines import SECOND, fill, full_session, grow
from tests.factories.courses import AT

END = AT + timedelta(hours=48)


def stopped(*points: Point) -> Callable[[Callable[[Point], None]], Callable[[], None]]:
    """The test at each of those points, on one database: a fresh copy each would cost a second."""

    def at_each(test: Callable[[Point], None]) -> Callable[[], None]:
        def at_each_point() -> None:
            for point in points or Point:
                test(point)

        at_each_point.__name__, at_each_point.__doc__ = test.__name__, test.__doc__
        return at_each_point

    return at_each


def meet(
    first: Callable[[], Any],
    second: Callable[[], Any],
    *,
    at: Point,
    most: dict[int, int] | None = None,
) -> Crossing:
    """Crossed under the locks: the first stopped, the second waited, nothing is broken."""
    crossing = cross(first, second, at=at)
    assert (crossing.has_stopped, crossing.has_waited) == (True, True)
    assert broken(most) == []
    return crossing


def asking(session: Session, person: User, at=AT) -> Callable[[], str]:
    return lambda: enrol(person=person, session=session, by=person, at=at).state


def cancelling(row: Enrolment, at=AT) -> Callable[[], str]:
    return lambda: cancel_enrolment(enrolment=row, by=row.person, at=at).state


def serving(session: Session, at=AT) -> Callable[[], int]:
    return partial(fill, session, at)


def held(session: Session) -> int:
    return Enrolment.objects.held().filter(session=session).count()


def an_offer() -> tuple[Session, Enrolment, Enrolment]:
    row, (first, second) = full_session(2)
    grow(row, 1)
    fill(row)
    return row, first, second


def accepting(row: Enrolment, at=END - SECOND) -> Callable[[], str]:
    return lambda: accept_offer(enrolment=row, by=row.person, at=at).state
