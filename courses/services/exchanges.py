"""A seat for another: exchanged by its holder, passed on to a colleague, proposed by a liaison
agent, or offered in a second session to those who wait for the first.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from courses.choices import (
    PROMOTING_STATES,
    EnrolmentOrigin,
    EnrolmentState,
)
from courses.letters.windows import NO_OFFERS, offer_ends_at
from courses.models import Enrolment, Session
from courses.selectors.standing import (
    Dates,
    dates_of,
    eligibility,
    kept_pools,
    standing_of,
    waiting_in_order,
)
from courses.services.enrolments import give_up, seat_or_line
from courses.services.gate import (
    EnrolmentEnded,
    count_seats,
    lock_people,
    lock_rows,
    lock_sessions,
    spot_for,
    step,
    take,
)
from courses.services.pools import Spot
from courses.services.seat_rules import SeatRefusal, check_person, check_window
from courses.signals import put_on_waiting_list, seat_offered, seat_passed_on
from people.models import User


class NothingToExchange(SeatRefusal):
    """The seat to give up is not held any more."""


class AlreadyEnrolled(SeatRefusal):
    """The person has a seat, an offer or a rank in this session already."""


class PassingOver(SeatRefusal):
    """A seat cannot be passed on now, or not to this person."""


# ------------------------------------------------------------------ by its holder
def exchange(*, leaving: Enrolment, session: Session, by: User | None, at: datetime) -> Enrolment:
    """Gives up one seat and takes another, all or nothing. Idempotent on a seat already taken.

    When the other session is full the seat is kept, and the person waits there with a rank: the
    seat given up is never lost for a place on a list. Locks the person, then both sessions.
    """
    with transaction.atomic():
        person_id = leaving.person_id
        person = lock_people([person_id])[person_id]
        sessions = lock_sessions([leaving.session_id, session.pk])
        old = Enrolment.objects.get(pk=leaving.pk)
        old.person, old.session = person, sessions[old.session_id]
        wanted = sessions[session.pk]
        standing = standing_of(person)
        live = standing.row_in(wanted)
        if live is not None:
            return Enrolment.objects.get(pk=live)
        if old.state != EnrolmentState.CONFIRMED or old.session_id == wanted.pk:
            raise NothingToExchange(_("The seat you wanted to give up is not yours any more."))
        old_dates = dates_of(old.session)
        if old_dates.starts_at is not None and at >= old_dates.starts_at:
            raise NothingToExchange(
                _("That session has begun: its seat can no longer be given up.")
            )
        dates = dates_of(wanted)
        check_window(person, wanted, dates, origin=EnrolmentOrigin.WEB, at=at)
        check_person(
            person,
            wanted,
            dates,
            standing,
            origin=EnrolmentOrigin.WEB,
            at=at,
            given_up=[old.session_id],
        )
        row = Enrolment(
            person=person, session=wanted, origin=EnrolmentOrigin.WEB, created_at=at, instead_of=old
        )
        row = seat_or_line(row, dates, count_seats(wanted), by=by, at=at)
        if row.state == EnrolmentState.CONFIRMED:
            give_up(old, by=by, at=at, reason="exchanged")
    return row


def pass_on(*, enrolment: Enrolment, to: User, by: User | None, at: datetime) -> Enrolment:
    """Gives one's seat to a named colleague, who is offered it: the same seat moves, none is freed.

    Before the deadline of withdrawal only, and to somebody who may use the same seats. When the
    colleague says no or nothing, the seat goes to those who wait. Sends seat_passed_on.
    """
    with transaction.atomic():
        people = lock_people([enrolment.person_id, to.pk])
        session = lock_sessions([enrolment.session_id])[enrolment.session_id]
        row = Enrolment.objects.get(pk=enrolment.pk)
        row.person, row.session = people[row.person_id], session
        colleague = people[to.pk]
        if row.state != EnrolmentState.CONFIRMED:
            raise EnrolmentEnded(_("You no longer hold a seat in this session."))
        dates = dates_of(session)
        ends_at = check_passing(session, dates, at=at)
        if colleague.pk == row.person_id:
            raise PassingOver(_("Name a colleague: this seat is already yours."))
        standing = standing_of(colleague)
        if standing.row_in(session) is not None:
            raise AlreadyEnrolled(_("This person is already enrolled or waiting in this session."))
        _check_same_pool(row, colleague, at=at)
        check_person(colleague, session, dates, standing, origin=EnrolmentOrigin.COLLEAGUE, at=at)
        pool_id, is_extra = row.pool_id, row.is_extra
        row.is_late = False
        step(row, EnrolmentState.CANCELLED, by=by, at=at, reason="passed on")
        given = Enrolment(
            person=colleague,
            session=session,
            origin=EnrolmentOrigin.COLLEAGUE,
            created_at=at,
            offer_expires_at=ends_at,
            is_extra=is_extra,
        )
        take(given, EnrolmentState.OFFERED, Spot(pool_id), by=by, at=at, reason="passed on")
        seat_passed_on.send(sender=Enrolment, enrolment=row, to=given, at=at)
        seat_offered.send(sender=Enrolment, enrolment=given, at=at)
    return given


def check_passing(session: Session, dates: Dates, *, at: datetime) -> datetime:
    """Until when a colleague who is offered a seat now may answer; PassingOver when none may be."""
    ends_at = _end_of_offer(session, dates, at=at)
    if session.cancel_until is not None and at > session.cancel_until:
        raise PassingOver(_("It is too late to pass a seat on: you may still give it back."))
    return ends_at


def _check_same_pool(row: Enrolment, colleague: User, *, at: datetime) -> None:
    kept = kept_pools(row.session, at=at)
    if row.pool_id not in {pool.pk for pool in kept}:
        return
    if row.pool_id not in eligibility([colleague.pk], kept, at=at)[colleague.pk]:
        raise PassingOver(
            _("This seat is kept for %(people)s: your colleague is not among them.")
            % {"people": row.pool}
        )


def _end_of_offer(session: Session, dates: Dates, *, at: datetime) -> datetime:
    if session.state not in PROMOTING_STATES or dates.starts_at is None:
        raise PassingOver(_("Enrolment in this session is paused, over, or has no date yet."))
    ends_at = offer_ends_at(at=at, starts_at=dates.starts_at)
    if ends_at is None:
        raise PassingOver(
            _("Fewer than twelve hours are left: a seat can no longer be offered, only taken.")
        )
    return ends_at


# ------------------------------------------------------------------ by a liaison agent
def offer_to(*, person: User, session: Session, by: User, at: datetime) -> Enrolment:
    """A liaison agent (or staff) enrols somebody: a seat is held until the person confirms by mail,
    else the person is put in line. Idempotent: a live row is returned as it is.

    The same gate: hours of opening, audience, limits and those who wait all count, for the person.
    """
    with transaction.atomic():
        person, session = lock_rows(person_id=person.pk, session_id=session.pk)
        standing = standing_of(person)
        live = standing.row_in(session)
        if live is not None:
            return Enrolment.objects.get(pk=live)
        dates = dates_of(session)
        check_window(person, session, dates, origin=EnrolmentOrigin.WEB, at=at)
        check_person(person, session, dates, standing, origin=EnrolmentOrigin.WEB, at=at)
        ends_at = _end_of_offer(session, dates, at=at)
        seats = count_seats(session)
        spot = spot_for(
            person,
            session,
            seats,
            origin=EnrolmentOrigin.WEB,
            at=at,
            starts_at=dates.starts_at or at,
            is_walk_up=True,
        )
        row = Enrolment(
            person=person,
            session=session,
            origin=EnrolmentOrigin.LIAISON,
            created_at=at,
            asks_first=True,  # nobody is seated without having said yes
        )
        if spot is None:
            row.rank = seats.last_rank + 1
            step(row, EnrolmentState.WAITING, by=by, at=at)
            put_on_waiting_list.send(sender=Enrolment, enrolment=row, at=at)
        else:
            row.offer_expires_at = ends_at
            take(row, EnrolmentState.OFFERED, spot, by=by, at=at)
            seat_offered.send(sender=Enrolment, enrolment=row, at=at)
    return row


# ------------------------------------------------------------------ a second session
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
    not hold a seat there (limit, overlap, audience) is left out. Idempotent.
    """
    offered = in_line = left_out = 0
    for enrolment_id, person_id in waiting_in_order(first):
        try:
            row = _offer_second(enrolment_id, person_id, second.pk, by=by, at=at)
        except SeatRefusal:
            left_out += 1
            continue
        if row is None:
            continue
        offered += row.state == EnrolmentState.OFFERED
        in_line += row.state == EnrolmentState.WAITING
    return SecondSession(offered, in_line, left_out)


def _offer_second(
    enrolment_id: int, person_id: int, session_id: int, *, by: User | None, at: datetime
) -> Enrolment | None:
    with transaction.atomic():
        person = lock_people([person_id])[person_id]
        waiting = Enrolment.objects.select_related("session").get(pk=enrolment_id)
        sessions = lock_sessions([waiting.session_id, session_id])
        session = sessions[session_id]
        waiting.refresh_from_db(fields=["state"])
        standing = standing_of(person)
        if waiting.state != EnrolmentState.WAITING or standing.row_in(session) is not None:
            return None
        dates = dates_of(session)
        if session.state not in PROMOTING_STATES or dates.starts_at is None:
            raise PassingOver(_("Open the second session first."))
        if dates.starts_at - at <= NO_OFFERS:
            raise PassingOver(_("Fewer than twelve hours are left: nobody can be offered a seat."))
        check_person(person, session, dates, standing, origin=EnrolmentOrigin.TWIN, at=at)
        seats = count_seats(session)
        row = Enrolment(
            person=person,
            session=session,
            origin=EnrolmentOrigin.TWIN,
            created_at=at,
            asks_first=True,
            instead_of=waiting,
            rank=seats.last_rank + 1,
        )
        spot = spot_for(
            person,
            session,
            seats,
            origin=EnrolmentOrigin.TWIN,
            at=at,
            starts_at=dates.starts_at,
            is_walk_up=True,
        )
        if spot is None:
            step(row, EnrolmentState.WAITING, by=by, at=at)
            put_on_waiting_list.send(sender=Enrolment, enrolment=row, at=at)
        else:
            row.offer_expires_at = offer_ends_at(at=at, starts_at=dates.starts_at)
            take(row, EnrolmentState.OFFERED, spot, by=by, at=at)
            seat_offered.send(sender=Enrolment, enrolment=row, at=at)
    return row
