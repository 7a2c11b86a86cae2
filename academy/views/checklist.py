"""The list of a session: an item ticked, a tick taken back, an item of one's own."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from academy.forms.checklist import ItemForm
from academy.views.staff import show_room
from courses.models import Session
from courses.selectors.sessions import sessions_for
from courses.services.checklists import add_item, remove_item, tick_item
from people.policies import policy
from people.services import Refusal


def _session(request: HttpRequest, key: UUID) -> Session:
    return get_object_or_404(sessions_for(request.user, "courses.manage"), key=key)  # type: ignore[arg-type]


def _back(key: UUID) -> HttpResponse:
    return redirect(f"{reverse('academy:control_room', args=[key])}#checklist")


@policy("courses.manage")
@require_POST
def tick(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    """Ticks an item, or takes the tick back; pressed twice, the same."""
    try:
        tick_item(
            session=_session(request, key),
            item=pk,
            by=request.user,  # type: ignore[arg-type]
            at=timezone.now(),
            done=request.POST.get("done") == "1",
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return _back(key)


@policy("courses.manage")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, key: UUID) -> HttpResponse:
    """Adds an item; what is wrong is said where it was typed. Opened anew, it leads to the list."""
    session = _session(request, key)
    if request.method == "GET":
        return _back(key)
    form = ItemForm(request.POST)
    if not form.is_valid():
        return show_room(request, key, item_form=form, status=422)
    try:
        add_item(
            session=session,
            label_fr=form.cleaned_data["label_fr"],
            label_en=form.cleaned_data["label_en"],
            offset_days=form.offset_days,
            by=request.user,  # type: ignore[arg-type]
            at=timezone.now(),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return show_room(request, key, item_form=form, status=409)
    return _back(key)


@policy("courses.manage")
@require_POST
def remove(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    """Takes away an item of staff's own; pressed twice, the same."""
    try:
        remove_item(
            session=_session(request, key),
            item=pk,
            by=request.user,  # type: ignore[arg-type]
            at=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return _back(key)
