"""Second sessions of a full one: how many were asked, who is left to ask, and who needs no second
seat. Somebody seated in a session to come of a course is asked for no other one of it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.choices import (
    LIVE_ENROLMENT_STATES,
    LIVE_SESSION_STATES,
    EnrolmentOrigin,
    EnrolmentState,
)
from courses.models import Enrolment, Session


@dataclass(frozen=True)
class Asked:
    """People of the first list: `asked`, offered the second session or put in line for it;
    `to_ask`, waiting, not on a pause, and neither asked, nor in the second session already, nor
    seated in another one of its course.
    """

    asked: int
    to_ask: int


def asked_of(first: Session, twins: Sequence[Session]) -> dict[int, Asked]:
    """Second session → whom offering it would still reach. Three queries, however many."""
    unpaused = Enrolment.objects.filter(session=first, paused_at__isnull=True).waiting()
    waiting = set(unpaused.order_by().values_list("person_id", flat=True))
    rows = Enrolment.objects.filter(
        Q(origin=EnrolmentOrigin.TWIN) | Q(state__in=LIVE_ENROLMENT_STATES), session__in=twins
    )
    asked, known = defaultdict(set), defaultdict(set)
    for session_id, person_id, origin in rows.order_by().values_list(
        "session_id", "person_id", "origin"
    ):
        known[session_id].add(person_id)
        if origin == EnrolmentOrigin.TWIN:
            asked[session_id].add(person_id)
    seats = _seats_to_come().filter(session__course__in={one.course_id for one in twins})
    seated = defaultdict(set)
    for course_id, person_id in seats.values_list("session__course_id", "person_id"):
        seated[course_id].add(person_id)
    return {
        one.pk: Asked(len(asked[one.pk]), len(waiting - known[one.pk] - seated[one.course_id]))
        for one in twins
    }


def _seats_to_come() -> QuerySet[Enrolment]:
    return Enrolment.objects.confirmed().filter(session__state__in=LIVE_SESSION_STATES).order_by()


def find_seat_elsewhere(person_id: int, session: Session) -> Enrolment | None:
    """The seat that person holds in another session to come of the same course, if any."""
    seats = _seats_to_come().filter(person_id=person_id, session__course_id=session.course_id)
    return seats.exclude(session=session).order_by("-confirmed_at", "-pk").first()


def is_needless(row: Enrolment) -> bool:
    """Whether that row came from the offer of a second session and its person meanwhile has a seat
    in another session of the course. No question about any other row."""
    if row.origin != EnrolmentOrigin.TWIN:
        return False
    return find_seat_elsewhere(row.person_id, row.session) is not None


def needless_waits() -> QuerySet[Enrolment]:
    """Everybody who still waits as `is_needless` says, in sessions to come."""
    seats = _seats_to_come().filter(
        person=OuterRef("person"), session__course=OuterRef("session__course")
    )
    rows = Enrolment.objects.filter(
        Exists(seats.exclude(session=OuterRef("session"))),
        session__state__in=LIVE_SESSION_STATES,
        origin=EnrolmentOrigin.TWIN,
    )
    return rows.waiting()


def proposals_beside(person_id: int, session: Session) -> QuerySet[Enrolment]:
    """What second sessions of the same course hold or keep in line for that person."""
    rows = Enrolment.objects.filter(
        person_id=person_id,
        session__course_id=session.course_id,
        session__state__in=LIVE_SESSION_STATES,
        origin=EnrolmentOrigin.TWIN,
        state__in={EnrolmentState.WAITING, EnrolmentState.OFFERED},
    )
    return rows.exclude(session=session).order_by("pk")


def find_taken_instead(row: Enrolment) -> Enrolment | None:
    """The seat for which this one, or this rank, was given up, if any."""
    taken = Enrolment.objects.confirmed().filter(instead_of=row).first()
    if taken is None and row.origin == EnrolmentOrigin.TWIN:
        return find_seat_elsewhere(row.person_id, row.session)
    return taken
