"""The steps of a session's life as pages of the admin: GET asks, POST takes the step, once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from courses.choices import SESSION_TRANSITIONS, SessionState
from courses.forms import MotiveForm
from courses.models import Session
from courses.selectors.copies import Question, questions_of
from courses.selectors.sessions import agenda, seat_summary, with_counts
from courses.selectors.terms import IN_PREPARATION
from courses.services.sessions import (
    announce_session,
    cancel_session,
    open_enrolment,
    pause_enrolment,
    postpone_session,
    resume_enrolment,
)
from people.policies import policy
from people.services import Refusal


@dataclass(frozen=True)
class Step:
    """One button: where it leads, the service that takes it, and what it does, in words."""

    name: str
    to: SessionState
    take: Callable[..., Session]
    label: Promise
    effect: Promise
    icon: str
    from_states: frozenset[SessionState] | None = None
    is_grave: bool = False


STEPS = (
    Step(
        "announce",
        SessionState.ANNOUNCED,
        announce_session,
        _("Announce"),
        _(
            "The session appears in the catalogue. Nobody can enrol before the hour at which "
            "enrolment opens; without an hour, before you open it."
        ),
        "view",
    ),
    Step(
        "open",
        SessionState.OPEN,
        open_enrolment,
        _("Open enrolment"),
        _("The session is in the catalogue and people can enrol."),
        "lock-open",
        frozenset({SessionState.DRAFT, SessionState.ANNOUNCED, SessionState.POSTPONED}),
    ),
    Step(
        "pause",
        SessionState.PAUSED,
        pause_enrolment,
        _("Pause enrolment"),
        _("Nobody can enrol, and the waiting list stands still. Seats and ranks stay."),
        "lock",
    ),
    Step(
        "resume",
        SessionState.OPEN,
        resume_enrolment,
        _("Resume enrolment"),
        _("People can enrol again, and the waiting list is served first."),
        "lock-open",
        frozenset({SessionState.PAUSED}),
    ),
    Step(
        "postpone",
        SessionState.POSTPONED,
        postpone_session,
        _("Postpone"),
        _("The date is no longer known. Seats and ranks stay; everybody is told, with the motive."),
        "history",
        is_grave=True,
    ),
    Step(
        "cancel",
        SessionState.CANCELLED,
        cancel_session,
        _("Cancel the session"),
        _("The session does not take place. Everybody is told, with the motive. This is final."),
        "cross",
        is_grave=True,
    ),
)


SHOWN_FROM_HERE = frozenset({SessionState.ANNOUNCED, SessionState.OPEN})


def steps_from(session: Session) -> list[Step]:
    """Steps that staff may take from the session's present state."""
    return [
        step
        for step in STEPS
        if step.to in SESSION_TRANSITIONS[session.state]
        and (step.from_states is None or session.state in step.from_states)
    ]


@policy("courses.manage")
@require_http_methods(["GET", "POST"])
def take_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Asks once, says whom it concerns and what is not decided yet, calls the one service of the
    step and leads back to the desk of the session.
    """
    session = get_object_or_404(
        with_counts(Session.objects.select_related("course", "term")), pk=pk
    )
    step = next((each for each in STEPS if each.name == name), None)
    if step is None:
        raise Http404
    form = MotiveForm(request.POST if request.method == "POST" else None, is_told=step.is_grave)
    desk_url = reverse("academy:control_room", kwargs={"key": session.key})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            step.take(
                session=session,
                by=request.user,
                at=timezone.now(),
                motive=form.cleaned_data["motive"],
            )
        except Refusal as refusal:
            form.add_error("motive" if step.is_grave else None, str(refusal))
            status = 409
        else:
            state = session.get_state_display()
            messages.success(request, f"{session.course} · {state}")
            return redirect(desk_url)
    context: dict[str, Any] = {
        "session": session,
        "agenda": agenda(session),
        "summary": seat_summary(session),
        "step": step,
        "form": form,
        "questions": _left_to_decide(session, step),
        "desk_url": desk_url,
        "header_title": step.label,
        "header_icon": step.icon,
        "breadcrumbs_items": [
            {"url": reverse("session:index"), "label": _("Sessions")},
            {"url": reverse("session:edit", args=[session.pk]), "label": str(session.course)},
            {"url": "", "label": step.label},
        ],
    }
    return TemplateResponse(request, "courses/admin/step.html", context, status=status)


def _left_to_decide(session: Session, step: Step) -> list[Question]:
    """What the public would see undecided, or miss, once a session in preparation is shown."""
    if step.to not in SHOWN_FROM_HERE or session.state not in IN_PREPARATION:
        return []
    return questions_of(
        session,
        meetings=list(session.meetings.all()),
        pools=list(session.pools.all()),
        term=session.term,
        at=timezone.now(),
    )
