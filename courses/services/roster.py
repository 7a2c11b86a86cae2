"""What staff do by hand with seats and ranks: each act has a motive and stays in history."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from courses.choices import (
    HELD_ENROLMENT_STATES,
    LIVE_SESSION_STATES,
    STAFF_ENROL_STATES,
    EnrolmentOrigin,
    EnrolmentState,
    SessionState,
)
from courses.models import Enrolment, Session
from courses.selectors.standing import dates_of, standing_of
from courses.services.enrolments import seat_or_line
from courses.services.gate import (
    EnrolmentEnded,
    count_seats,
    give_up,
    lock_people,
    lock_rows,
    lock_sessions,
    put_in_line,
    take,
)
from courses.services.pools import Spot
from courses.services.seat_rules import (
    SeatRefusal,
    SessionOver,
    check_person,
    check_window,
)
from courses.signals import seat_confirmed, seat_freed
from people.models import User


class MotiveNeeded(SeatRefusal):
    """An act beyond the rules says why."""


def _motive(text: str) -> str:
    motive = " ".join(text.split())
    if not motive:
        raise MotiveNeeded(_("Say why: it stays in the history of this seat."))
    return motive


def seat_beyond(
    *, person: User, session: Session, by: User, at: datetime, motive: str
) -> Enrolment:
    """A seat beyond the capacity, by explicit decision: counted apart, never promoted over. Whoever
    waits leaves the line for it. Idempotent. The rules of the person (limit, overlap…) still hold.
    """
    motive = _motive(motive)
    with transaction.atomic():
        person, session = lock_rows(person_id=person.pk, session_id=session.pk)
        standing = standing_of(person)
        dates = dates_of(session)
        check_window(person, session, dates, origin=EnrolmentOrigin.STAFF, at=at)
        live = standing.row_in(session)
        row = (
            Enrolment.objects.get(pk=live)
            if live is not None
            else Enrolment(
                person=person, session=session, origin=EnrolmentOrigin.STAFF, created_at=at
            )
        )
        if row.state in HELD_ENROLMENT_STATES:
            return row
        row.person, row.session = person, session
        was_waiting = row.state == EnrolmentState.WAITING
        check_person(person, session, dates, standing, origin=EnrolmentOrigin.STAFF, at=at)
        row.is_extra = True
        take(row, EnrolmentState.CONFIRMED, Spot(None), by=by, at=at, reason=f"extra: {motive}")
        seat_confirmed.send(sender=Enrolment, enrolment=row, was_waiting=was_waiting, at=at)
    return row


def claim_walk_in(
    *, person: User, session: Session, by: User, at: datetime, motive: str
) -> Enrolment:
    """Somebody came without a seat and was let in: written afterwards, counted apart. Idempotent.

    From the first meeting until presence is settled. An enrolment that ended stays as it ended.
    """
    motive = _motive(motive)
    with transaction.atomic():
        person, session = lock_rows(person_id=person.pk, session_id=session.pk)
        starts_at = dates_of(session).starts_at
        allowed = STAFF_ENROL_STATES | {SessionState.HELD}
        if session.state not in allowed or starts_at is None or at < starts_at:
            raise SessionOver(
                _(
                    "People who came without a seat are written down once the session has begun, "
                    "and until presence is settled."
                )
            )
        live = standing_of(person).row_in(session)
        if live is not None:
            row = Enrolment.objects.get(pk=live)
            if row.state == EnrolmentState.CONFIRMED:
                return row
            row.person, row.session = person, session
        else:
            row = Enrolment(
                person=person, session=session, origin=EnrolmentOrigin.WALK_IN, created_at=at
            )
        row.is_extra = True
        take(row, EnrolmentState.CONFIRMED, Spot(None), by=by, at=at, reason=f"walk-in: {motive}")
    return row


def move_in_line(
    *, enrolment: Enrolment, place: int, by: User, at: datetime, motive: str
) -> Enrolment:
    """Puts somebody who waits at that place of the list (1 is next), with a motive.

    The others keep their order; the same ranks are dealt anew, none is invented. History keeps
    each rank that changed.
    """
    motive = _motive(motive)
    with transaction.atomic():
        session = lock_sessions([enrolment.session_id])[enrolment.session_id]
        rows = list(Enrolment.objects.filter(session=session).waiting())
        line = [row for row in rows if row.pk != enrolment.pk]
        if len(line) == len(rows):
            raise EnrolmentEnded(_("This person is no longer on the waiting list."))
        if not 1 <= place <= len(rows):
            raise SeatRefusal(_("Choose a place from 1 to %(last)d.") % {"last": len(rows)})
        moved = next(row for row in rows if row.pk == enrolment.pk)
        line.insert(place - 1, moved)
        for row, rank in zip(line, sorted(each.rank or 0 for each in rows), strict=True):
            if row.pk == moved.pk:
                put_in_line(row, rank, f"moved to place {place}: {motive}", by=by, at=at)
            elif row.rank != rank:
                put_in_line(row, rank, "somebody else was moved", by=by, at=at)
        seat_freed.send(sender=Enrolment, session_id=session.pk)
    return moved


def move_to_session(
    *, enrolment: Enrolment, session: Session, by: User, at: datetime, motive: str
) -> Enrolment:
    """Moves somebody to another session, by the same gate: a seat there, else a place in its line.

    All or nothing: the old row ends in the same transaction. Idempotent on the new session.
    """
    motive = _motive(motive)
    with transaction.atomic():
        person = lock_people([enrolment.person_id])[enrolment.person_id]
        sessions = lock_sessions([enrolment.session_id, session.pk])
        old = Enrolment.objects.get(pk=enrolment.pk)
        old.person, old.session = person, sessions[old.session_id]
        wanted = sessions[session.pk]
        standing = standing_of(person)
        live = standing.row_in(wanted)
        if live is not None:
            return Enrolment.objects.get(pk=live)
        if old.ended_at is not None or old.session.state not in LIVE_SESSION_STATES:
            raise EnrolmentEnded(_("This enrolment has already ended: there is nothing to move."))
        dates = dates_of(wanted)
        check_window(person, wanted, dates, origin=EnrolmentOrigin.STAFF, at=at)
        check_person(
            person,
            wanted,
            dates,
            standing,
            origin=EnrolmentOrigin.STAFF,
            at=at,
            given_up=[old.session_id],
        )
        row = Enrolment(
            person=person,
            session=wanted,
            origin=EnrolmentOrigin.STAFF,
            created_at=at,
            asks_first=old.asks_first,
        )
        row = seat_or_line(row, dates, count_seats(wanted), by=by, at=at, reason=motive)
        give_up(old, by=by, at=at, reason=f"moved: {motive}", is_by_house=True)
    return row
