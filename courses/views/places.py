"""What the screens about one's own place share: the session, and the page of that place."""

import logging
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from courses.choices import LIVE_SESSION_STATES, STRIKES_LAST, EnrolmentState, OpeningMode
from courses.forms import AskingForm, EnrolForm
from courses.models import Draw, Enrolment, Session
from courses.selectors.conditions import Conditions
from courses.selectors.places import (
    asks_from,
    find_ticket,
    giver_of,
    offer_stands,
    term_seats,
    wait_of,
)
from courses.selectors.sessions import agenda, get_public_session, seat_summary
from courses.selectors.standing import dates_of, standing_of, strike_points
from courses.services.demand import record_refusal
from courses.services.enrolments import is_before_last_days
from courses.services.proposals import EXCHANGEABLE, find_own_refusal, passing_is_open
from courses.services.seat_rules import SeatRefusal, why_shut
from people.models import User

log = logging.getLogger(__name__)

PAGES = {
    EnrolmentState.CONFIRMED: "courses/seated.html",
    EnrolmentState.OFFERED: "courses/offer.html",
    EnrolmentState.WAITING: "courses/waiting.html",
    EnrolmentState.REQUESTED: "courses/requested.html",
}


def session_or_404(key: UUID, *, at: datetime) -> Session:
    """A session the public may read of, with all that its pages show."""
    try:
        return get_public_session(key, at=at)
    except Session.DoesNotExist:
        raise Http404 from None


def context_of(session: Session, **more: Any) -> dict[str, Any]:
    return {"session": session, "agenda": agenda(session), **more}


# ------------------------------------------------------------------ before it is pressed
def will_wait(session: Session, person: User, conditions: Conditions, *, at: datetime) -> bool:
    """Whether pressing gives a rank: no seat is open, or this person is served after the others."""
    if conditions.by_request:
        return False
    if conditions.summary.is_full:
        return True
    if not session.counts_strikes or strike_points(person, on=localdate(at)) < STRIKES_LAST:
        return False
    return is_before_last_days(dates_of(session), at=at)


def asked_from(session: Session, *, at: datetime) -> date | None:
    """The day from which everybody is asked first, while it is still to come."""
    starts_at = agenda(session).starts_at
    day = asks_from(starts_at) if starts_at is not None else None
    return day if day is not None and localdate(at) < day else None


def may_leave_freely(session: Session, *, at: datetime) -> bool:
    """Whether a seat taken now may be given back without being late."""
    return session.cancel_until is not None and at <= session.cancel_until


def seat_form(
    session: Session, person: User | None, conditions: Conditions, *, waits: bool, at: datetime
) -> EnrolForm | None:
    """What the button of a session asks on the session's own page.

    None where more has to be read before it is pressed, on a page of its own: an anonymous reader
    signs in, a request is explained, and whoever holds all the seats of a term gives one up first.
    """
    if person is None or conditions.by_request:
        return None
    seats = term_seats(session, standing_of(person)) if session.term_id else None
    if seats is not None and seats.is_reached:
        return None
    return EnrolForm(
        asks_on=asked_from(session, at=at) if waits else None,
        takes_questions=session.takes_questions,
    )


# ------------------------------------------------------------------ afterwards
def show_place(
    request: HttpRequest,
    session: Session,
    enrolment: Enrolment,
    *,
    at: datetime,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page of a live enrolment: a seat, an offer, a rank or a request."""
    if session.state not in LIVE_SESSION_STATES:
        return show_refusal(request, session, why_shut(session, at=at), status=status)
    enrolment.session, enrolment.person = session, request.user  # type: ignore[assignment]
    state = EnrolmentState(enrolment.state)
    details: dict[str, Any] = {}
    if state == EnrolmentState.WAITING:
        details = _waiting(session, enrolment, at=at)
    elif state == EnrolmentState.OFFERED:
        if not offer_stands(enrolment, session, at=at):
            return redirect("courses:offer", key=enrolment.key)  # which says what became of it
        details = {"giver": giver_of(enrolment)}
    elif state == EnrolmentState.CONFIRMED:
        details = {"may_pass_on": passing_is_open(session, at=at)}
    if session.opening_mode == OpeningMode.DRAW:
        details["ticket"] = find_ticket(enrolment.person, session)
        details["draw"] = Draw.objects.filter(session=session).first()
    context = context_of(session, enrolment=enrolment, at=at) | details | more
    return render(request, PAGES[state], context, status=status)


def _waiting(session: Session, enrolment: Enrolment, *, at: datetime) -> dict[str, Any]:
    summary = seat_summary(session, at=at)
    starts_at = agenda(session).starts_at
    wait = wait_of(enrolment, session, summary, starts_at=starts_at, at=at)
    other = enrolment.instead_of
    other = other if other is not None and other.ended_at is None else None
    # Made by itself when the turn comes, unless the person asked to be asked: then nothing is left
    # to choose, and the seat to give up stands in nobody's way.
    is_exchange = (
        other is not None
        and other.state == EnrolmentState.CONFIRMED
        and wait.asks_on is not None
        and not enrolment.asks_first
    )
    given_up = [other.session_id] if other is not None and is_exchange else []
    hindrance = find_own_refusal(enrolment.person, session, at=at, given_up=given_up)
    asking = AskingForm.ASK if enrolment.asks_first else AskingForm.BY_ITSELF
    return {
        "wait": wait,
        "rank": wait.rank,
        "asking_form": AskingForm(
            asks_on=None if is_exchange else wait.asks_on, initial={"asking": asking}
        ),
        "other": other,
        "is_exchange": is_exchange,
        "hindrance": str(hindrance) if hindrance else "",
        "may_exchange": isinstance(hindrance, EXCHANGEABLE) and not other,
    }


def show_refusal(
    request: HttpRequest, session: Session, words: str, *, status: int = 409, **more: Any
) -> HttpResponse:
    """Nothing was done, and why, in one sentence."""
    context = context_of(session, refusal=words, **more)
    return render(request, "courses/no_seat.html", context, status=status)


def count_refusal(session: Session, person: User, refusal: SeatRefusal, *, at: datetime) -> None:
    """Counts a refusal for the report on demand, in a transaction of its own: a page never fails
    because a figure could not be kept."""
    try:
        with transaction.atomic():
            record_refusal(session=session, person=person, refusal=refusal, at=at)
    except Exception:
        log.exception("refusal_not_counted %s", session.pk)
