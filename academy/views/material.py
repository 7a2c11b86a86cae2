"""Slides and recording of a session: staff say that they are ready, and those who had a seat are
told."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.selectors.sessions import agenda, sessions_for
from notices.choices import MATERIAL_STATES
from notices.selectors.material import material_of
from notices.services.news import tell_material_ready
from people.policies import policy
from people.services import Refusal

RIGHT = "academy.control_room"


@policy(RIGHT)
@never_cache
@require_http_methods(["GET", "POST"])
def material(request: HttpRequest, key: UUID) -> HttpResponse:
    """GET says who was told and who would be; POST (kind) tells them, each once however often it is
    pressed."""
    rows = sessions_for(request.user, RIGHT)  # type: ignore[arg-type]
    session = get_object_or_404(
        rows.select_related("course").prefetch_related("meetings", "breaks"), key=key
    )
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind in MATERIAL_STATES:
            try:
                told = tell_material_ready(
                    session=session,
                    kind=kind,
                    by=request.user,  # type: ignore[arg-type]
                    at=timezone.now(),
                )
            except Refusal as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _words_of(told))
        return redirect("academy:material", key=key)
    context = {"session": session, "agenda": agenda(session), "material": material_of(session)}
    return render(request, "academy/material.html", context)


def _words_of(told: int) -> str:
    if not told:
        return _("Everybody concerned was told already.")
    return ngettext("%(n)d person is told.", "%(n)d people are told.", told) % {"n": told}
