"""One's own seat: taking it, giving it back, walking through the door. Nothing changes on GET."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from csp.decorators import csp_update

from courses.choices import EnrolmentState
from courses.models import Enrolment, Meeting, Session
from courses.selectors.conditions import conditions_for
from courses.selectors.enrolments import find_enrolment
from courses.selectors.sessions import Agenda, agenda, public_sessions, rank_words, seat_summary
from courses.services.enrolments import (
    JoinRefused,
    SeatRefusal,
    cancel_enrolment,
    enrol,
    join_opens_at,
    record_join_click,
)
from courses.services.seat_rules import why_shut
from people.models import User
from people.policies import policy


def _context(session: Session, **more: Any) -> dict[str, Any]:
    return {"session": session, "agenda": agenda(session), **more}


@policy("courses.enrol")
@never_cache
@require_http_methods(["GET", "POST"])
def take_seat(request: HttpRequest, key: UUID) -> HttpResponse:
    """GET says what will happen; POST takes the seat or the next rank, once, however often pressed.

    A newcomer signs in and completes the account first, then comes back here (people.middleware).
    """
    at = timezone.now()
    session = get_object_or_404(public_sessions(at=at), key=key)
    person: User = request.user  # type: ignore[assignment]
    if request.method == "POST":
        try:
            enrol(person=person, session=session, by=person, at=at)
        except SeatRefusal as refusal:
            context = _context(session, refusal=str(refusal))
            return render(request, "courses/no_seat.html", context, status=409)
        return redirect("courses:enrol", key=key)  # so that back and reload ask nothing
    standing = find_enrolment(person, session)
    if standing is not None and standing.ended_at is None:
        return _show_place(request, session, standing)
    shut = why_shut(session, at=at, person=person)
    if shut:
        return render(request, "courses/no_seat.html", _context(session, refusal=shut))
    may_leave = session.cancel_until is not None and at <= session.cancel_until
    conditions = conditions_for(session, person, at=at)
    context = _context(
        session,
        summary=conditions.summary,
        conditions=conditions,
        may_leave_freely=may_leave,
    )
    return render(request, "courses/enrol.html", context)


def _show_place(request: HttpRequest, session: Session, enrolment: Enrolment) -> HttpResponse:
    context = _context(session, enrolment=enrolment, rank=rank_words(enrolment))
    is_waiting = enrolment.state == EnrolmentState.WAITING
    return render(request, f"courses/{'waiting' if is_waiting else 'seated'}.html", context)


@policy("courses.enrol")
@never_cache
@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """GET asks, POST gives back one's own seat or rank. Pressed twice, it says the same."""
    session = get_object_or_404(public_sessions(), key=key)
    person: User = request.user  # type: ignore[assignment]
    at = timezone.now()
    enrolment = find_enrolment(person, session)
    if enrolment is None:
        return render(request, "courses/not_enrolled.html", _context(session), status=404)
    if request.method == "POST":
        try:
            cancel_enrolment(enrolment=enrolment, by=person, at=at)
        except SeatRefusal as refusal:
            context = _context(session, refusal=str(refusal))
            return render(request, "courses/no_seat.html", context, status=409)
        return redirect("courses:cancel", key=key)
    if enrolment.state == EnrolmentState.CANCELLED:
        return render(request, "courses/given_back.html", _context(session, enrolment=enrolment))
    if enrolment.ended_at is not None:
        return render(request, "courses/not_enrolled.html", _context(session))
    context = _context(
        session,
        enrolment=enrolment,
        rank=rank_words(enrolment),
        summary=seat_summary(session),
        is_late=session.cancel_until is not None and at > session.cancel_until,
    )
    return render(request, "courses/cancel.html", context)


# A browser checks where a submitted form is redirected to: the meeting stands on another site.
@policy("courses.follow")
@csp_update({"form-action": ["https:", "http:"]})
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, key: UUID) -> HttpResponse:
    """The door of a session. GET shows « Rejoindre », alive from T-15 min to the end; POST records
    the click and leads to the meeting, whose address is written on no page.
    """
    session = get_object_or_404(public_sessions(), key=key)
    person: User = request.user  # type: ignore[assignment]
    at = timezone.now()
    enrolment = find_enrolment(person, session)
    if enrolment is None or enrolment.state != EnrolmentState.CONFIRMED:
        return render(request, "courses/not_enrolled.html", _context(session), status=403)
    dates = agenda(session)
    meeting = _meeting_now(dates, at)
    context = {"session": session, "agenda": dates, "enrolment": enrolment, "meeting": meeting}
    if meeting is None or request.method == "GET":
        opens_at = join_opens_at(meeting) if meeting else None
        context |= {"opens_at": opens_at, "is_open": bool(opens_at and opens_at <= at)}
        status = 409 if request.method == "POST" else 200
        return render(request, "courses/join.html", context, status=status)
    try:
        address = record_join_click(enrolment=enrolment, meeting=meeting, at=at)
    except JoinRefused as refusal:
        context |= {"opens_at": join_opens_at(meeting), "refusal": str(refusal)}
        return render(request, "courses/join.html", context, status=409)
    return HttpResponseRedirect(address)


def _meeting_now(dates: Agenda, at: Any) -> Meeting | None:
    """The meeting going on, else the next one; None when the last is over."""
    return next((each for each in dates.meetings if each.ends_at > at), None)
