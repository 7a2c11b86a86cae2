"""A seat offered: the page a message leads to, with two buttons. Nothing changes on GET."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.choices import LIVE_SESSION_STATES, EnrolmentState
from courses.models import Enrolment, Session
from courses.selectors.enrolments import find_enrolment
from courses.selectors.places import find_own, offer_stands
from courses.selectors.sessions import public_sessions, rank_words
from courses.services.offers import accept_offer, decline_offer
from courses.services.seat_rules import SeatRefusal, why_shut
from courses.views.places import context_of, show_place
from people.models import User
from people.policies import policy


@policy("courses.enrol")
@never_cache
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, key: UUID) -> HttpResponse:
    """`key`: of the enrolment. POST: act=accept or decline. The offer of another person answers as
    one that does not exist; one that is over says so, and where its person stands now.
    """
    at = timezone.now()
    person: User = request.user  # type: ignore[assignment]
    row = find_own(person, key)
    if row is None:
        return render(request, "courses/offer_unknown.html", status=404)
    session = get_object_or_404(public_sessions(at=at), pk=row.session_id)
    if request.method == "POST":
        try:
            return _answer(request, row, session, person, at=at)
        except SeatRefusal as refusal:
            row.refresh_from_db()
            return _show(request, row, session, person, at=at, refusal=str(refusal), status=409)
    return _show(request, row, session, person, at=at)


def _answer(
    request: HttpRequest, row: Enrolment, session: Session, person: User, *, at: datetime
) -> HttpResponse:
    match request.POST.get("act"):
        case "accept":
            accept_offer(enrolment=row, by=person, at=at)
            return redirect("courses:enrol", key=session.key)
        case "decline":
            decline_offer(enrolment=row, by=person, at=at)
    return redirect("courses:offer", key=row.key)


def _show(
    request: HttpRequest,
    row: Enrolment,
    session: Session,
    person: User,
    *,
    at: datetime,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The offer with its buttons while it stands; else why it is over, and one's place now."""
    if offer_stands(row, session, at=at):
        return show_place(request, session, row, at=at, refusal=refusal, status=status)
    if row.state == EnrolmentState.WAITING:
        return redirect("courses:waiting", key=session.key)
    if row.state in {EnrolmentState.CONFIRMED, EnrolmentState.REQUESTED}:
        return redirect("courses:enrol", key=session.key)
    now = find_enrolment(person, session)
    live = now if now is not None and now.ended_at is None and now.pk != row.pk else None
    context = context_of(
        session,
        enrolment=row,
        refusal=refusal or _why_over(row, session),
        live=live,
        rank=rank_words(live) if live else "",
        shut=why_shut(session, at=at, person=person),
    )
    return render(request, "courses/offer_over.html", context, status=status)


def _why_over(row: Enrolment, session: Session) -> str:
    """Why the offer has no buttons any more, in one sentence; its end, if it passed, is said by the
    page."""
    if session.state not in LIVE_SESSION_STATES:
        return _("This session is over or cancelled: the offer is over.")
    match row.state:
        case EnrolmentState.DECLINED:
            return _("You said no to this offer.")
        case EnrolmentState.CANCELLED:
            return _("This offer was withdrawn or given back.")
        case EnrolmentState.LAPSED:
            return _("This session has begun: the offer is over.")
        case _:
            return ""
