"""The second session of a full course: made after the first, then offered to those who wait."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from academy.forms.twins import TwinForm
from courses.choices import PROMOTING_STATES
from courses.selectors.seats import seat_summary, with_counts
from courses.selectors.sessions import agenda, sessions_for
from courses.selectors.twins import asked_of
from courses.services.second_sessions import offer_second_session
from courses.services.twins import make_second_session
from people.policies import policy
from people.services import Refusal

RIGHT = "courses.manage"


@policy(RIGHT)
@never_cache
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest, key: UUID) -> HttpResponse:
    """GET shows who waits and what was made already; POST makes the draft and leads to its form."""
    at = timezone.now()
    rows = with_counts(sessions_for(request.user, RIGHT), at=at)  # type: ignore[arg-type]
    session = get_object_or_404(
        rows.select_related("course").prefetch_related("meetings", "breaks"), key=key
    )
    dates = agenda(session)
    form = TwinForm(request.POST if request.method == "POST" else None, initial=_week_later(dates))
    status = 200
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST":
        try:
            twin = make_second_session(
                session=session,
                starts_at=form.starts_at,
                by=request.user,  # type: ignore[arg-type]
                at=at,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(
                request,
                _(
                    "The second session is a draft: complete it, then announce it. You may then "
                    "offer it to those who wait."
                ),
            )
            return redirect("session:edit", twin.pk)
    twins = list(
        with_counts(session.twins.all(), at=at).prefetch_related("meetings").order_by("pk")
    )
    asked = asked_of(session, twins)
    context: dict[str, Any] = {
        "session": session,
        "agenda": dates,
        "summary": seat_summary(session, at=at),
        "twins": [
            {
                "session": twin,
                "summary": seat_summary(twin, at=at),
                "asked": asked[twin.pk].asked,
                "to_ask": asked[twin.pk].to_ask if twin.state in PROMOTING_STATES else 0,
            }
            for twin in twins
        ],
        "form": form,
    }
    return render(request, "academy/second_session.html", context, status=status)


def _week_later(dates: Any) -> dict[str, Any]:
    if dates.starts_at is None:
        return {}
    local = timezone.localtime(dates.starts_at)
    return {"on": local.date() + timedelta(days=7), "hour": local.time()}


@policy(RIGHT)
@require_POST
def offer(request: HttpRequest, key: UUID, twin: UUID) -> HttpResponse:
    """Offers the second session to those who wait for the first, in order. Pressed twice, nobody is
    offered it twice.
    """
    sessions = sessions_for(request.user, RIGHT)  # type: ignore[arg-type]
    first = get_object_or_404(sessions, key=key)
    chosen = get_object_or_404(sessions, key=twin, twin_of=first)
    try:
        counts = offer_second_session(
            first=first,
            second=chosen,
            by=request.user,  # type: ignore[arg-type]
            at=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _(
                "Seats offered: %(offered)d. In line for the second session: %(in_line)d. "
                "Left out by a rule: %(left_out)d."
            )
            % vars(counts),
        )
    return redirect("academy:second", key=key)
