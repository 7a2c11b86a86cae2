"""The second session of a full one, offered to those who wait for the first, in one act.

One seat a course: what was offered so ends once the person has a seat in any session of the
course. A place in line ends within the minute, and is never served meanwhile (services.offers). A
seat held for them stays theirs to take, as it was promised, until they answer or its hour comes;
saying yes to another session answers it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from courses.choices import PROMOTING_STATES, EnrolmentOrigin, EnrolmentState
from courses.letters.windows import offer_ends_at
from courses.models import Enrolment, Session
from courses.selectors.standing import Dates, dates_of, standing_of
from courses.selectors.twins import find_seat_elsewhere, is_needless, needless_waits
from courses.services.enrolments import offer_or_line
from courses.services.gate import give_up, lock_people, lock_sessions
from courses.services.offers import SEATED_ELSEWHERE
from courses.services.pairs import lock_pair
from courses.services.seat_rules import SeatRefusal, check_person
from people.models import User


class SecondNotReady(SeatRefusal):
    """Nobody can be offered a seat of the second session yet, or any more; the text says why."""


@dataclass(frozen=True)
class SecondSession:
    """What offering a second session did: how many were offered a seat, put in line, left out."""

    offered: int
    in_line: int
    left_out: int


def offer_second_session(
    *, first: Session, second: Session, by: User | None, at: datetime
) -> SecondSession:
    """Offers the seats of a new session to those who wait for the first, in their order.

    A transaction a person. Who finds no seat is put in line there, in the same order, and asked
    before being seated; nobody loses the rank held in the first session before saying yes. Who may
    not hold a seat there (limit, overlap, audience) is left out, and who asked for a pause or has a
    seat in another session of the course is not asked. Idempotent: nobody is asked twice. Raises
    SecondNotReady.
    """
    _end_of_offers(second, dates_of(second), at=at)
    offered = in_line = left_out = 0
    waiting = Enrolment.objects.filter(session=first, paused_at__isnull=True).waiting()
    for enrolment_id, person_id in list(waiting.values_list("pk", "person_id")):
        try:
            row = _offer(enrolment_id, person_id, first.pk, second.pk, by=by, at=at)
        except SecondNotReady:
            raise
        except SeatRefusal:
            left_out += 1
            continue
        if row is None:
            continue
        offered += row.state == EnrolmentState.OFFERED
        in_line += row.state == EnrolmentState.WAITING
    return SecondSession(offered, in_line, left_out)


def _end_of_offers(session: Session, dates: Dates, *, at: datetime) -> datetime:
    if session.state not in PROMOTING_STATES or dates.starts_at is None:
        raise SecondNotReady(_("Announce the second session first."))
    ends_at = offer_ends_at(at=at, starts_at=dates.starts_at)
    if ends_at is None:
        raise SecondNotReady(_("Fewer than twelve hours are left: nobody can be offered a seat."))
    return ends_at


def _offer(
    enrolment_id: int,
    person_id: int,
    first_id: int,
    second_id: int,
    *,
    by: User | None,
    at: datetime,
) -> Enrolment | None:
    with transaction.atomic():
        person = lock_people([person_id])[person_id]
        session = lock_sessions([first_id, second_id])[second_id]
        waiting = Enrolment.objects.get(pk=enrolment_id)
        standing = standing_of(person)
        asked = Enrolment.objects.filter(
            person=person, session=session, origin=EnrolmentOrigin.TWIN
        )
        if (
            waiting.state != EnrolmentState.WAITING
            or standing.row_in(session) is not None
            or asked.exists()
            or find_seat_elsewhere(person.pk, session) is not None
        ):
            return None
        dates = dates_of(session)
        ends_at = _end_of_offers(session, dates, at=at)
        check_person(person, session, dates, standing, origin=EnrolmentOrigin.TWIN, at=at)
        row = Enrolment(
            person=person,
            session=session,
            origin=EnrolmentOrigin.TWIN,
            created_at=at,
            asks_first=True,
            instead_of=waiting,
        )
        return offer_or_line(row, dates, ends_at, by=by, at=at)


def end_needless_waits(*, at: datetime) -> int:
    """Ends the places in line of those who, offered a second session, have a seat in another one of
    the course by now; a transaction each. Returns how many. Idempotent: the sweep of every path by
    which a seat is given. Sends enrolment_cancelled.
    """
    return sum(_end(pk, at) for pk in list(needless_waits().values_list("pk", flat=True)))


def _end(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        row, _other = lock_pair(pk=pk, at=at)
        if row.state != EnrolmentState.WAITING or not is_needless(row):
            return False
        give_up(row, by=None, at=at, reason=SEATED_ELSEWHERE)
    return True
