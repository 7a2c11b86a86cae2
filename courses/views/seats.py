"""One's own seat: taking it, saying that one comes, giving it back. Nothing changes on GET."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.choices import (
    LIVE_SESSION_STATES,
    STRIKE_POINTS,
    EnrolmentState,
    OpeningMode,
    StrikeCause,
)
from courses.forms import EnrolForm
from courses.models import Draw, Session
from courses.selectors.conditions import conditions_for
from courses.selectors.enrolments import find_enrolment
from courses.selectors.places import term_seats
from courses.selectors.sessions import rank_words, seat_summary
from courses.selectors.standing import standing_of
from courses.services.enrolments import cancel_enrolment, enrol, say_coming
from courses.services.holds import would_count
from courses.services.proposals import EXCHANGEABLE, passing_is_open
from courses.services.seat_rules import SeatRefusal, why_shut
from courses.views.exchanges import propose_exchange
from courses.views.places import (
    asked_from,
    context_of,
    count_refusal,
    may_leave_freely,
    session_or_404,
    show_place,
    show_refusal,
    will_wait,
)
from people.models import User
from people.policies import policy


# ------------------------------------------------------------------ taking
@policy("courses.enrol")
@never_cache
@require_http_methods(["GET", "POST"])
def take_seat(request: HttpRequest, key: UUID) -> HttpResponse:
    """GET says what will happen; POST takes the seat or the next rank, once, however often pressed.

    A newcomer signs in and completes the account first, then comes back here (people.middleware).
    """
    at = timezone.now()
    person: User = request.user  # type: ignore[assignment]
    if request.method == "POST":
        return _ask(request, key, person, at=at)
    session = session_or_404(key, at=at)
    standing = find_enrolment(person, session)
    if standing is not None and standing.ended_at is None:
        return show_place(request, session, standing, at=at)
    shut = why_shut(session, at=at, person=person)
    if shut:
        return show_refusal(request, session, shut, status=200)
    return _question(request, session, person, at=at)


def _ask(request: HttpRequest, key: UUID, person: User, *, at: datetime) -> HttpResponse:
    session = get_object_or_404(Session.objects.public(), key=key)
    form = EnrolForm(request.POST, asks_on=localdate(at), takes_questions=session.takes_questions)
    if not form.is_valid():
        return _question(request, session_or_404(key, at=at), person, at=at, data=request.POST)
    try:
        row = enrol(
            person=person,
            session=session,
            by=person,
            at=at,
            asks_first=form.asks_first,
            question=form.cleaned_data.get("question", ""),
        )
    except SeatRefusal as refusal:
        count_refusal(session, person, refusal, at=at)
        whole = session_or_404(key, at=at)
        if isinstance(refusal, EXCHANGEABLE):
            return propose_exchange(request, whole, person, at=at, refused=refusal)
        return show_refusal(request, whole, str(refusal))
    if row.state == EnrolmentState.WAITING and row.created_at < at:
        messages.info(request, _("No seat is free for you at this moment. You keep your rank."))
    return redirect("courses:enrol", key=key)  # so that back and reload ask nothing


def _question(
    request: HttpRequest, session: Session, person: User, *, at: datetime, data: Any = None
) -> HttpResponse:
    """What pressing will do, in full, and what is asked with it."""
    conditions = conditions_for(session, person, at=at)
    waits = will_wait(session, person, conditions, at=at)
    asks_on = asked_from(session, at=at)
    seats = term_seats(session, standing_of(person)) if session.term_id else None
    # At the limit, pressing leads to the choice of a seat to give up: nothing else is asked yet.
    is_limit = seats is not None and seats.is_reached
    form = EnrolForm(
        data,
        asks_on=asks_on if waits and not is_limit else None,
        takes_questions=session.takes_questions and not is_limit,
    )
    is_draw = conditions.by_request and session.opening_mode == OpeningMode.DRAW
    context = context_of(
        session,
        summary=conditions.summary,
        conditions=conditions,
        form=form,
        waits=waits,
        asks_on=asks_on,
        draw=Draw.objects.filter(session=session).first() if is_draw else None,
        term_seats=seats,
        may_leave_freely=may_leave_freely(session, at=at),
    )
    return render(request, "courses/enrol.html", context, status=422 if form.errors else 200)


# ------------------------------------------------------------------ some days before
@policy("courses.enrol")
@never_cache
@require_http_methods(["GET", "POST"])
def coming(request: HttpRequest, key: UUID) -> HttpResponse:
    """J-3: « Je viens » is one press, « Je libère ma place » leads to the page that asks."""
    at = timezone.now()
    session = session_or_404(key, at=at)
    person: User = request.user  # type: ignore[assignment]
    enrolment = find_enrolment(person, session)
    if enrolment is None or enrolment.state != EnrolmentState.CONFIRMED:
        status = 404 if enrolment is None else 200
        return render(request, "courses/not_enrolled.html", context_of(session), status=status)
    if request.method == "POST":
        try:
            say_coming(enrolment=enrolment, by=person, at=at)
        except SeatRefusal as refusal:
            return show_refusal(request, session, str(refusal))
        return redirect("courses:coming", key=key)
    shut = why_shut(session, at=at) if session.state not in LIVE_SESSION_STATES else ""
    if shut:
        return show_refusal(request, session, shut, status=200)
    context = context_of(session, enrolment=enrolment, summary=seat_summary(session, at=at))
    return render(request, "courses/coming.html", context)


# ------------------------------------------------------------------ giving back
@policy("courses.enrol")
@never_cache
@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """GET asks, POST gives back one's own seat, offer, rank or request. Pressed twice, it says the
    same."""
    at = timezone.now()
    session = session_or_404(key, at=at)
    person: User = request.user  # type: ignore[assignment]
    enrolment = find_enrolment(person, session)
    if enrolment is None:
        return render(request, "courses/not_enrolled.html", context_of(session), status=404)
    enrolment.session = session
    if request.method == "POST":
        try:
            cancel_enrolment(enrolment=enrolment, by=person, at=at)
        except SeatRefusal as refusal:
            return show_refusal(request, session, str(refusal))
        return redirect("courses:cancel", key=key)
    if enrolment.state == EnrolmentState.CANCELLED:
        context = context_of(
            session,
            enrolment=enrolment,
            shut=why_shut(session, at=at, person=person),
            summary=seat_summary(session, at=at),
            counts=enrolment.is_late and would_count(enrolment),
        )
        return render(request, "courses/given_back.html", context)
    if enrolment.ended_at is not None:
        return render(request, "courses/not_enrolled.html", context_of(session))
    is_late = (
        enrolment.state == EnrolmentState.CONFIRMED
        and session.cancel_until is not None
        and at > session.cancel_until
    )
    context = context_of(
        session,
        enrolment=enrolment,
        rank=rank_words(enrolment),
        summary=seat_summary(session, at=at),
        is_late=is_late,
        counts=is_late and would_count(enrolment),
        points=STRIKE_POINTS[StrikeCause.LATE],
        grace=settings.STRIKE_GRACE_HOURS // 24,
        may_pass_on=not is_late
        and enrolment.state == EnrolmentState.CONFIRMED
        and passing_is_open(session, at=at),
    )
    return render(request, "courses/cancel.html", context)
