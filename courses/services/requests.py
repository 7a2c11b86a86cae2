"""Seats given by decision: staff approve or refuse requests, or lots are drawn among them."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from courses.choices import (
    HELD_ENROLMENT_STATES,
    PROMOTING_STATES,
    EnrolmentState,
    SessionState,
)
from courses.models import Draw, DrawTicket, Enrolment, Session
from courses.selectors.standing import dates_of, standing_of
from courses.services.draws import DrawRefusal, draw_key, weight_of
from courses.services.enrolments import seat_or_line
from courses.services.gate import (
    EnrolmentEnded,
    count_seats,
    lock_rows,
    lock_sessions,
    step,
)
from courses.services.seat_rules import SeatRefusal, check_person
from courses.signals import place_not_obtained, request_refused
from people.models import User


# ------------------------------------------------------------------ approval
def approve_request(*, enrolment: Enrolment, by: User | None, at: datetime) -> Enrolment:
    """A request becomes a seat if one is free for it, else the next rank. Idempotent.

    The same gate: the rules of the person are checked again. Sends seat_confirmed or
    put_on_waiting_list.
    """
    with transaction.atomic():
        person, session = lock_rows(person_id=enrolment.person_id, session_id=enrolment.session_id)
        row = Enrolment.objects.get(pk=enrolment.pk)
        row.person, row.session = person, session
        if row.state in HELD_ENROLMENT_STATES | {EnrolmentState.WAITING}:
            return row
        _check_request(row)
        dates = dates_of(session)
        check_person(person, session, dates, standing_of(person), origin=row.origin, at=at)
        return seat_or_line(row, dates, count_seats(session), by=by, at=at, reason="approved")


def refuse_request(*, enrolment: Enrolment, by: User, at: datetime, motive: str) -> Enrolment:
    """A request is refused, with a motive the person reads. Idempotent. Sends request_refused."""
    motive = " ".join(motive.split())
    if not motive:
        raise SeatRefusal(_("Say why: the person will read it."))
    with transaction.atomic():
        person, session = lock_rows(person_id=enrolment.person_id, session_id=enrolment.session_id)
        row = Enrolment.objects.get(pk=enrolment.pk)
        row.person, row.session = person, session
        if row.state == EnrolmentState.REFUSED:
            return row
        _check_request(row)
        step(row, EnrolmentState.REFUSED, by=by, at=at, reason=motive)
        request_refused.send(sender=Enrolment, enrolment=row, reason=motive, at=at)
    return row


def _check_request(row: Enrolment) -> None:
    if row.state != EnrolmentState.REQUESTED:
        raise EnrolmentEnded(_("This request was already answered or withdrawn."))
    if row.session.state not in PROMOTING_STATES | {SessionState.PAUSED}:
        raise EnrolmentEnded(_("This session is over, cancelled or postponed."))


# ------------------------------------------------------------------ the draw
def draw_lots(*, session: Session, at: datetime) -> int:
    """Draws the lots of a session whose window has closed: every request gets a position, then a
    seat or a rank in that order. Returns how many were seated. Idempotent: run again after a stop,
    it goes on where it was. A session that stops running meanwhile keeps the requests left.
    """
    return sum(_give_to(ticket, at=at) for ticket in _positions(session, at=at))


def _give_to(ticket: DrawTicket, *, at: datetime) -> bool:
    """Whether that ticket was seated: the seat and what is published of it, together or not."""
    with transaction.atomic():
        try:
            row = approve_request(enrolment=ticket.enrolment, by=None, at=at)
        except EnrolmentEnded:
            return False  # withdrawn meanwhile, or the session stands still: nothing to decide
        except SeatRefusal:
            _lapse(ticket.enrolment, at=at)
            return False
        is_seated = row.state == EnrolmentState.CONFIRMED
        DrawTicket.objects.filter(pk=ticket.pk).update(is_seated=is_seated)
    return is_seated


def _lapse(enrolment: Enrolment, *, at: datetime) -> None:
    """A request that may not become a seat any more (a limit reached in the same draw) ends."""
    with transaction.atomic():
        person, session = lock_rows(person_id=enrolment.person_id, session_id=enrolment.session_id)
        row = Enrolment.objects.get(pk=enrolment.pk)
        row.person, row.session = person, session
        if row.state == EnrolmentState.REQUESTED:
            step(row, EnrolmentState.LAPSED, by=None, at=at, reason="not eligible at the draw")
            place_not_obtained.send(sender=Enrolment, enrolment=row, at=at)


def _positions(session: Session, *, at: datetime) -> list[DrawTicket]:
    with transaction.atomic():
        row = lock_sessions([session.pk])[session.pk]
        draw = Draw.objects.select_for_update(no_key=True).filter(session=row).first()
        if draw is None:
            raise DrawRefusal(_("This session has no published draw."))
        if row.state not in PROMOTING_STATES:
            raise DrawRefusal(_("Enrolment in this session is paused, over, or has no date yet."))
        if row.requests_close_at is not None and at < row.requests_close_at:
            raise DrawRefusal(_("Requests are still open: the draw follows."))
        if draw.drawn_at is None:
            tickets = list(draw.tickets.select_related("enrolment"))
            for ticket in tickets:
                ticket.weight = weight_of(ticket.enrolment, row.term)
            tickets.sort(key=lambda each: draw_key(draw.seed, each.number, each.weight))
            for position, ticket in enumerate(tickets, start=1):
                ticket.position = position
            DrawTicket.objects.bulk_update(tickets, ["position", "weight"])
            draw.drawn_at = at
            draw.save(update_fields=["drawn_at"])
    waiting = draw.tickets.filter(enrolment__state=EnrolmentState.REQUESTED)
    return list(waiting.select_related("enrolment").order_by("position"))


def draw_due(*, at: datetime) -> int:
    """Draws the lots of every session whose window of requests has closed; returns how many
    sessions were looked at. Idempotent: the sweep of the clock.
    """
    due = Session.objects.filter(
        requests_close_at__lte=at,
        state__in=PROMOTING_STATES,
        draw__isnull=False,
        enrolments__state=EnrolmentState.REQUESTED,
        enrolments__ticket__isnull=False,
    ).distinct()
    sessions = list(due)
    for session in sessions:
        with suppress(DrawRefusal):  # paused or postponed meanwhile
            draw_lots(session=session, at=at)
    return len(sessions)
