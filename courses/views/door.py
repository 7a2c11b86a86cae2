"""The door of a session: « Rejoindre », for whoever holds a seat. Nothing changes on GET."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from csp.decorators import csp_update

from courses.choices import EnrolmentState
from courses.models import Meeting
from courses.selectors.enrolments import find_enrolment
from courses.selectors.sessions import Agenda, agenda, public_sessions
from courses.services.joining import JoinRefused, join_opens_at, record_join_click
from courses.views.places import context_of
from people.models import User
from people.policies import policy


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
        return render(request, "courses/not_enrolled.html", context_of(session), status=403)
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


def _meeting_now(dates: Agenda, at: datetime) -> Meeting | None:
    """The meeting going on, else the next one; None when the last is over."""
    return next((each for each in dates.meetings if each.ends_at > at), None)
