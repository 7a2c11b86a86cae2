"""One's own seat for another, or for a colleague. Nothing changes on GET."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from allauth.core import ratelimit

from courses.choices import EnrolmentState
from courses.forms import ColleagueForm, GiveUpForm
from courses.models import Enrolment, Session
from courses.selectors.conditions import conditions_for
from courses.selectors.enrolments import find_enrolment, find_live_enrolment
from courses.selectors.places import asks_from
from courses.selectors.sessions import agenda
from courses.services.exchanges import PASSED_ON, PassingOver, exchange, pass_on
from courses.services.gate import EnrolmentEnded
from courses.services.holds import would_count
from courses.services.proposals import (
    find_own_refusal,
    passing_ends_at,
    seats_to_give_up,
    why_not_exchanged,
)
from courses.services.seat_rules import SeatRefusal, why_shut
from courses.views.places import (
    context_of,
    count_refusal,
    session_or_404,
    show_place,
    show_refusal,
)
from people.letters import date_words, interval_words
from people.models import User
from people.policies import policy
from people.selectors.addresses import find_by_address


# ------------------------------------------------------------------ for another session
@policy("courses.enrol")
@never_cache
@require_http_methods(["GET", "POST"])
def exchange_seat(request: HttpRequest, key: UUID) -> HttpResponse:
    """`key`: of the session wanted. GET asks which seat goes and says what happens."""
    at = timezone.now()
    session = session_or_404(key, at=at)
    person: User = request.user  # type: ignore[assignment]
    live = find_live_enrolment(person, session)
    if live is not None and live.state != EnrolmentState.WAITING:
        return redirect("courses:enrol", key=key)
    shut = "" if live else why_shut(session, at=at, person=person)
    if shut:
        status = 409 if request.method == "POST" else 200
        return show_refusal(request, session, shut, status=status)
    if request.method == "GET" or why_not_exchanged(session, at=at):
        status = 200 if request.method == "GET" else 409
        return propose_exchange(request, session, person, at=at, live=live, status=status)
    seats = seats_to_give_up(person, session, at=at)
    form = GiveUpForm(request.POST, seats=_choices(seats, at=at))
    if not form.is_valid():
        return propose_exchange(request, session, person, at=at, live=live, status=422, form=form)
    leaving = next(row for row in seats if str(row.key) == form.cleaned_data["seat"])
    try:
        row = exchange(leaving=leaving, session=session, by=person, at=at)
    except SeatRefusal as refused:
        count_refusal(session, person, refused, at=at)
        return show_refusal(request, session, str(refused))
    course = leaving.session.course
    if row.state == EnrolmentState.CONFIRMED:
        messages.success(
            request, _("Your seat in “%(course)s” is given back.") % {"course": course}
        )
    else:
        messages.info(
            request,
            _("You keep your seat in “%(course)s” until your turn comes here.")
            % {"course": course},
        )
    return redirect("courses:enrol", key=key)


def propose_exchange(
    request: HttpRequest,
    session: Session,
    person: User,
    *,
    at: datetime,
    refused: SeatRefusal | None = None,
    live: Enrolment | None = None,
    status: int = 409,
    form: GiveUpForm | None = None,
) -> HttpResponse:
    """Which of one's seats could go for this one; the refusal alone where none could. `live`: the
    row of somebody who waits here already."""
    refused = refused or find_own_refusal(person, session, at=at)
    refusal = str(refused) if refused else ""
    words = why_not_exchanged(session, at=at) if live is None else ""
    if words:
        return show_refusal(request, session, f"{refusal} {words}".strip(), status=status)
    seats = seats_to_give_up(person, session, at=at)
    if not seats:
        words = refusal or _("You hold no seat that could be exchanged for one of this session.")
        return show_refusal(request, session, words, status=status)
    starts_at = agenda(session).starts_at
    context = context_of(
        session,
        live=live,
        asks_on=asks_from(starts_at) if starts_at else None,
        refusal=refusal,
        form=form or GiveUpForm(seats=_choices(seats, at=at)),
        summary=conditions_for(session, person, at=at).summary,
        has_late=any(_is_late(row, at=at) for row in seats),
    )
    return render(request, "courses/exchange.html", context, status=status)


def _is_late(row: Enrolment, *, at: datetime) -> bool:
    return row.session.cancel_until is not None and at > row.session.cancel_until


def _choices(seats: list[Enrolment], *, at: datetime) -> list[tuple[str, str]]:
    return [(str(row.key), _seat_words(row, at=at)) for row in seats]


def _seat_words(row: Enrolment, *, at: datetime) -> str:
    """« Consentement éclairé, mardi 17 novembre 2026, 12 h à 13 h »."""
    meetings = list(row.session.meetings.all())
    words = str(row.session.course)
    if meetings:
        first = meetings[0]
        words += ", " + interval_words(first.starts_at, first.ends_at, get_language())
    if _is_late(row, at=at):
        late = _("given back late, and that counts") if would_count(row) else _("given back late")
        words += f" ({late})"
    return words


# ------------------------------------------------------------------ for a colleague
@policy("courses.enrol")
@never_cache
@require_http_methods(["GET", "POST"])
def pass_seat_on(request: HttpRequest, key: UUID) -> HttpResponse:
    """A colleague is named by address; the next page says what will happen; pressing there does it.

    Whether an address has an account, and why its person may not take the seat, is never told.
    """
    at = timezone.now()
    session = session_or_404(key, at=at)
    person: User = request.user  # type: ignore[assignment]
    enrolment = find_enrolment(person, session)
    if enrolment is None or enrolment.state != EnrolmentState.CONFIRMED:
        return _not_held(request, session, enrolment)
    enrolment.session = session
    try:
        until = passing_ends_at(session, at=at)
    except PassingOver as refusal:
        status = 409 if request.method == "POST" else 200
        return show_refusal(request, session, str(refusal), status=status, keeps_seat=True)
    context = context_of(session, enrolment=enrolment, until=until)
    form = ColleagueForm(request.POST or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "courses/pass_on.html", context | {"form": form}, status=status)
    address = form.cleaned_data["address"]
    if request.POST.get("confirmed") != "1":
        context |= {"form": form, "address": address}
        return render(request, "courses/pass_on_confirm.html", context)
    return _pass_on(request, enrolment, address, form, context, at=at)


def _pass_on(
    request: HttpRequest,
    enrolment: Enrolment,
    address: str,
    form: ColleagueForm,
    context: dict[str, object],
    *,
    at: datetime,
) -> HttpResponse:
    person: User = request.user  # type: ignore[assignment]
    if not ratelimit.consume(request, action="pass_on", user=person):
        form.add_error("address", _("You have tried many addresses. Try again in an hour."))
        context |= {"form": form}
        return render(request, "courses/pass_on.html", context, status=429)
    colleague = find_by_address(address)
    try:
        if colleague is None:
            raise PassingOver
        given = pass_on(enrolment=enrolment, to=colleague, by=person, at=at)
    except EnrolmentEnded as refusal:
        return show_refusal(request, enrolment.session, str(refusal))
    except SeatRefusal as refusal:
        own = str(refusal) if colleague == person else ""
        form.add_error("address", own or _not_eligible())
        return render(request, "courses/pass_on.html", context | {"form": form}, status=422)
    until = given.offer_expires_at
    messages.success(
        request,
        _("Your seat is offered to %(address)s, who may take it until %(day)s.")
        % {"address": address, "day": date_words(until, get_language()) if until else ""},
    )
    return redirect("courses:pass_on", key=enrolment.session.key)


def _not_eligible() -> str:
    return _(
        "No seat could be offered to this address. Your colleague must have an account with it, "
        "be among those for whom this session and this seat are kept, and have neither a seat nor "
        "a rank here. Your seat is still yours."
    )


def _not_held(request: HttpRequest, session: Session, enrolment: Enrolment | None) -> HttpResponse:
    """No confirmed seat: it was passed on, it is something else, or there was never one."""
    if enrolment is None:
        return render(request, "courses/not_enrolled.html", context_of(session), status=404)
    at = timezone.now()
    if enrolment.ended_at is None:
        return show_place(request, session, enrolment, at=at)
    is_passed_on = enrolment.events.filter(to_state=EnrolmentState.CANCELLED, reason=PASSED_ON)
    if not is_passed_on.exists():
        return render(request, "courses/not_enrolled.html", context_of(session))
    return render(request, "courses/passed_on.html", context_of(session))
