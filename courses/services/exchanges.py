"""A seat for another: exchanged by its holder, passed on to a colleague, proposed by a liaison
agent. The second session of a full one stands in services.second_sessions.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from courses.choices import (
    PROMOTING_STATES,
    EnrolmentOrigin,
    EnrolmentState,
)
from courses.letters.conditions import is_by_request
from courses.letters.windows import offer_ends_at
from courses.models import Enrolment, Session
from courses.selectors.standing import (
    Dates,
    Standing,
    dates_of,
    eligibility,
    kept_pools,
    standing_of,
)
from courses.services.calls import may_take, take_last_seat
from courses.services.enrolments import offer_or_line, seat_or_line
from courses.services.gate import (
    EnrolmentEnded,
    count_seats,
    give_up,
    is_late,
    lock_people,
    lock_rows,
    lock_sessions,
    note,
    step,
    take,
)
from courses.services.pairs import may_be_given_up
from courses.services.pools import Spot
from courses.services.seat_rules import SeatRefusal, check_person, check_window
from courses.signals import seat_freed, seat_offered, seat_passed_on
from people.models import User

PASSED_ON = "passed on"  # what the history of the giver's row and of the colleague's says


class NothingToExchange(SeatRefusal):
    """The seat to give up is not held any more."""


class GivenOnRequest(SeatRefusal):
    """Seats given by approval or by a draw are asked for by each person: no way leads round it."""


class AlreadyEnrolled(SeatRefusal):
    """The person has a seat, an offer or a rank in this session already."""


class PassingOver(SeatRefusal):
    """A seat cannot be passed on now, or not to this person."""


# ------------------------------------------------------------------ by its holder
def exchange(*, leaving: Enrolment, session: Session, by: User | None, at: datetime) -> Enrolment:
    """Gives up one seat and takes another, all or nothing. Idempotent on a seat already taken.

    When the other session is full the seat is kept, and the person waits there with a rank: the
    seat given up is never lost for a place on a list. Somebody who waits there already keeps the
    rank, and is exchanged when a seat comes. Locks the person, then both sessions.
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
        row = Enrolment.objects.get(pk=live) if live is not None else None
        if row is not None and row.state != EnrolmentState.WAITING:
            return row
        _check_leaving(old, wanted, at=at)
        dates = dates_of(wanted)
        if row is not None:
            row.person, row.session = person, wanted
            return _exchange_in_line(row, old, dates, by=by, at=at)
        check_window(person, wanted, dates, origin=EnrolmentOrigin.WEB, at=at)
        if is_by_request(wanted, at=at):
            raise GivenOnRequest(
                _(
                    "Seats in this session are given upon request: none can be exchanged for one "
                    "of them. Give a seat back first, then send your request."
                )
            )
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


def _check_leaving(old: Enrolment, wanted: Session, *, at: datetime) -> None:
    if old.state != EnrolmentState.CONFIRMED or old.session_id == wanted.pk:
        raise NothingToExchange(_("The seat you wanted to give up is not yours any more."))
    if not may_be_given_up(old.session, at=at):
        raise NothingToExchange(
            _("That session has begun, is over or cancelled: its seat can no longer be given up.")
        )


def _exchange_in_line(
    row: Enrolment, old: Enrolment, dates: Dates, *, by: User | None, at: datetime
) -> Enrolment:
    """Somebody who waits would rather have this seat than the old one. In the last hours a free
    seat is taken at once; else the list is woken, for a limit may have stood in the way."""
    if may_take(row, dates, at=at) and take_last_seat(row, old, dates, by=by, at=at):
        return row
    if row.instead_of_id != old.pk or row.origin == EnrolmentOrigin.TWIN:
        row.instead_of = old
        # A place in line that the Academy proposed is now the person's own wish: no seat ends it.
        row.origin = EnrolmentOrigin.WEB
        row.save(update_fields=["instead_of", "origin"])
        note(row, f"instead of enrolment {old.pk}", by=by, at=at)
        seat_freed.send(sender=Enrolment, session_id=row.session_id)
    return row


def pass_on(*, enrolment: Enrolment, to: User, by: User | None, at: datetime) -> Enrolment:
    """Gives one's seat to a named colleague, who is offered it: the same seat moves, none is freed.

    Before the deadline of withdrawal only, and to somebody who may use the same seats. When the
    colleague says no or nothing, the seat goes to those who wait. Idempotent on a seat already
    passed on to that colleague. Sends seat_passed_on and seat_offered.
    """
    with transaction.atomic():
        people = lock_people([enrolment.person_id, to.pk])
        session = lock_sessions([enrolment.session_id])[enrolment.session_id]
        row = Enrolment.objects.get(pk=enrolment.pk)
        row.person, row.session = people[row.person_id], session
        colleague = people[to.pk]
        standing = standing_of(colleague)
        if row.state != EnrolmentState.CONFIRMED:
            given = _find_given(row, standing)
            if given is not None:
                return given
            raise EnrolmentEnded(_("You no longer hold a seat in this session."))
        dates = dates_of(session)
        ends_at = check_passing(session, dates, at=at)
        if colleague.pk == row.person_id:
            raise PassingOver(_("Name a colleague: this seat is already yours."))
        if standing.row_in(session) is not None:
            raise AlreadyEnrolled(_("This person is already enrolled or waiting in this session."))
        _check_same_pool(row, colleague, at=at)
        check_person(colleague, session, dates, standing, origin=EnrolmentOrigin.COLLEAGUE, at=at)
        pool_id, is_extra = row.pool_id, row.is_extra
        row.is_late = False
        step(row, EnrolmentState.CANCELLED, by=by, at=at, reason=PASSED_ON)
        given = Enrolment(
            person=colleague,
            session=session,
            origin=EnrolmentOrigin.COLLEAGUE,
            created_at=at,
            offer_expires_at=ends_at,
            is_extra=is_extra,
        )
        take(given, EnrolmentState.OFFERED, Spot(pool_id), by=by, at=at, reason=PASSED_ON)
        seat_passed_on.send(sender=Enrolment, enrolment=row, to=given, at=at)
        seat_offered.send(sender=Enrolment, enrolment=given, at=at)
    return given


def _find_given(row: Enrolment, standing: Standing) -> Enrolment | None:
    """The colleague's row that a seat already passed on became."""
    live = standing.row_in(row.session)
    if live is None or row.state != EnrolmentState.CANCELLED:
        return None
    if not row.events.filter(reason=PASSED_ON).exists():
        return None
    return Enrolment.objects.filter(pk=live, events__reason=PASSED_ON).first()


def check_passing(session: Session, dates: Dates, *, at: datetime) -> datetime:
    """Until when a colleague who is offered a seat now may answer; PassingOver when none may be."""
    ends_at = _end_of_offer(session, dates, at=at)
    if session.needs_approval:
        raise PassingOver(
            _("Seats in this session are approved one by one: give yours back, others may ask.")
        )
    if is_late(session, at=at):
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
        check_window(person, session, dates, origin=EnrolmentOrigin.LIAISON, at=at)
        if is_by_request(session, at=at):
            raise GivenOnRequest(
                _("Seats in this session are given upon request: each person asks for themselves.")
            )
        check_person(person, session, dates, standing, origin=EnrolmentOrigin.LIAISON, at=at)
        ends_at = _end_of_offer(session, dates, at=at)
        row = Enrolment(
            person=person,
            session=session,
            origin=EnrolmentOrigin.LIAISON,
            created_at=at,
            asks_first=True,  # nobody is seated without having said yes
        )
        offer_or_line(row, dates, ends_at, by=by, at=at)
    return row
