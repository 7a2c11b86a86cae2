from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from academy.forms.checklist import ItemForm
from academy.selectors.room import control_room as room_of
from academy.selectors.staff import staff_desk
from courses.models import Session, Term
from courses.selectors.checklists import due_items
from courses.viewsets.steps import steps_from
from people.policies import policy
from people.selectors.rights import may, scope_for

DUE_SHOWN = 6  # the rest stands in each session's room


@policy("academy.dashboard")
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """« Tableau de bord »: what needs a hand, then fill, attendance, satisfaction."""
    sessions = Session.objects.visible_to(
        request.user, scope_for(request.user, "academy.dashboard")
    )
    wanted = request.GET.get("term", "")
    term = next((one for one in Term.objects.all() if str(one.key) == wanted), None)
    at = timezone.now()
    due = due_items(at, request.user)  # type: ignore[arg-type]
    return render(
        request,
        "academy/dashboard.html",
        {
            "desk": staff_desk(sessions, reader=request.user, term=term, at=at),
            "due": due[:DUE_SHOWN],
            "more_due": max(0, len(due) - DUE_SHOWN),
        },
    )


@policy("academy.dashboard")
@never_cache
@require_GET
def control_room(request: HttpRequest, key: UUID) -> HttpResponse:
    """One session: where it stands, what is to be done, and every door that leads from it."""
    return show_room(request, key)


def show_room(
    request: HttpRequest, key: UUID, *, item_form: ItemForm | None = None, status: int = 200
) -> HttpResponse:
    """The room of a session within the reader's reach, with the form of its checklist."""
    scope = scope_for(request.user, "academy.dashboard")
    room = room_of(Session.objects.visible_to(request.user, scope), key, at=timezone.now())
    if room is None:
        raise Http404
    context: dict[str, Any] = {
        "room": room,
        "session": room.session,
        "agenda": room.agenda,
        "history": room.history,
        "steps": steps_from(room.session) if may(request.user, "courses.manage") else [],
        "form": item_form,
        "item_form": item_form or ItemForm(),
    }
    return render(request, "academy/control_room.html", context, status=status)
