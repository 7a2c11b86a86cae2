"""Something befalls a session on its day: choose what, see who is told, do it. One screen."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from academy.forms.day import DayForm
from academy.services.day import rehearse
from courses.choices import DayKind
from courses.models import Session
from courses.selectors.day import day_of, is_changeable, latest_event
from courses.services.day import change_on_the_day
from people.policies import policy
from people.selectors.rights import scope_for
from people.services import Refusal

GRAVE = frozenset({DayKind.POSTPONE, DayKind.CANCEL})


@policy("academy.control_room")
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, key: UUID) -> HttpResponse:
    """GET asks the questions of one kind; POST rehearses the change and shows what it would do;
    POST again, from there, does it, or leads back to what was typed. An address typed here never
    stands in an URL.
    """
    right = scope_for(request.user, "academy.control_room")
    session = get_object_or_404(
        Session.objects.visible_to(request.user, right)
        .select_related("course")
        .prefetch_related("meetings", "breaks", "trainers__person__profile"),
        key=key,
    )
    at = timezone.now()
    day = day_of(session.meetings.all(), at=at)
    wanted = request.POST.get("kind") or request.GET.get("kind", "")
    kind = DayKind(wanted) if wanted in DayKind.values else None
    context: dict[str, Any] = {
        "session": session,
        "day": day,
        "kinds": DayKind.choices,
        "kind": kind,
        "is_grave": kind in GRAVE,
        "is_possible": bool(day) and is_changeable(session),
    }
    if kind is None or not context["is_possible"]:
        return render(request, "academy/day.html", context)
    given = request.POST if request.method == "POST" else None
    form = DayForm(given, kind=kind, session=session, initial={"seen": latest_event(session)})
    context["form"] = form
    if given is None or (given.get("step") == "correct" and form.is_valid()):
        return render(request, "academy/day.html", context)
    if not form.is_valid():
        return render(request, "academy/day.html", context, status=422)
    acted = {
        "session": session,
        "change": form.change(day),
        "by": request.user,
        "at": at,
        "motive": form.cleaned_data["motive"],
    }
    try:
        if given.get("step") == "confirm":
            change_on_the_day(**acted, seen=form.cleaned_data["seen"])
            messages.success(request, _("Done. The people concerned are being told."))
            return redirect("academy:control_room", key=key)
        context["rehearsal"] = rehearse(**acted)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return render(request, "academy/day.html", context, status=409)
    return render(request, "academy/day.html", context)
