from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from academy.selectors.staff import history_of, session_figures, staff_desk
from courses.models import Session, Term
from courses.selectors.sessions import agenda
from courses.viewsets.steps import steps_from
from people.policies import policy
from people.selectors.rights import may, scope_for


@policy("academy.dashboard")
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """« Tableau de bord »: what needs a hand, then fill, attendance, satisfaction."""
    sessions = Session.objects.visible_to(
        request.user, scope_for(request.user, "academy.dashboard")
    )
    wanted = request.GET.get("term", "")
    term = next((one for one in Term.objects.all() if str(one.key) == wanted), None)
    return render(
        request,
        "academy/dashboard.html",
        {"desk": staff_desk(sessions, reader=request.user, term=term, at=timezone.now())},
    )


@policy("academy.dashboard")
@require_GET
def control_room(request: HttpRequest, key: UUID) -> HttpResponse:
    """One session and every door that leads from it."""
    session = get_object_or_404(
        Session.objects.visible_to(request.user, scope_for(request.user, "academy.dashboard"))
        .select_related("course", "term")
        .prefetch_related("meetings", "breaks", "trainers__person__profile"),
        key=key,
    )
    return render(
        request,
        "academy/control_room.html",
        {
            "session": session,
            "agenda": agenda(session),
            "figures": session_figures(session),
            "steps": steps_from(session) if may(request.user, "courses.manage") else [],
            "history": history_of(session),
        },
    )
