"""One's turn on a waiting list: read, paused, taken up again, chosen. Nothing changes on GET."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.choices import EnrolmentState
from courses.forms import AskingForm
from courses.models import Enrolment
from courses.selectors.enrolments import find_enrolment
from courses.services.enrolments import pause_waiting, set_asking
from courses.services.seat_rules import SeatRefusal
from courses.views.places import context_of, session_or_404, show_place, show_refusal
from people.models import User
from people.policies import policy


@policy("courses.enrol")
@never_cache
@require_http_methods(["GET", "POST"])
def waiting(request: HttpRequest, key: UUID) -> HttpResponse:
    """`key`: of the session. POST: act=pause, resume or ask. Somebody who no longer waits is led to
    the place they have now.
    """
    at = timezone.now()
    session = session_or_404(key, at=at)
    person: User = request.user  # type: ignore[assignment]
    enrolment = find_enrolment(person, session)
    if enrolment is None:
        return render(request, "courses/not_enrolled.html", context_of(session), status=404)
    if request.method == "POST":
        try:
            words = _act(request, enrolment, person)
        except SeatRefusal as refusal:
            return show_refusal(request, session, str(refusal))
        if words:
            messages.success(request, words)
        return redirect("courses:waiting", key=key)
    if enrolment.state != EnrolmentState.WAITING:
        return redirect("courses:enrol", key=key)
    return show_place(request, session, enrolment, at=at)


def _act(request: HttpRequest, enrolment: Enrolment, person: User) -> str:
    """Does what was pressed; the sentence that says so, empty where nothing known was pressed."""
    at = timezone.now()
    match request.POST.get("act"):
        case "pause":
            pause_waiting(enrolment=enrolment, paused=True, by=person, at=at)
            return ""  # the page says so as long as it lasts
        case "resume":
            pause_waiting(enrolment=enrolment, paused=False, by=person, at=at)
            return _("You are back in line, at your rank.")
        case "ask":
            form = AskingForm(request.POST, asks_on=localdate(at))
            if form.is_valid():
                set_asking(enrolment=enrolment, asks_first=form.asks_first, by=person, at=at)
                return _("Your choice is kept.")
    return ""
