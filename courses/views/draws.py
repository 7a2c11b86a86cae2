"""The draw of a session, in public: what is fixed before it, what came out, how to recompute it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.models import Session
from courses.selectors.draws import PublicDraw, find_draw
from courses.views.places import context_of, session_or_404
from people.policies import policy
from people.sheets import csv_bytes


@policy("site.read")
@never_cache
@require_safe
def draw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Before the draw, the fingerprint of its seed; after it, the seed and every ticket."""
    session, found = _found(key)
    context = context_of(session, draw=found)
    return render(request, "courses/draw.html", context)


@policy("site.read")
@never_cache
@require_safe
def draw_json(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same for a program. 404 until the lots are drawn."""
    session, found = _found(key)
    if found.drawn_at is None:
        raise Http404
    response = JsonResponse(found.as_data(), json_dumps_params={"indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{_name(session)}.json"'
    return response


@policy("site.read")
@never_cache
@require_safe
def draw_csv(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same for a spreadsheet. 404 until the lots are drawn."""
    session, found = _found(key)
    if found.drawn_at is None:
        raise Http404
    header = [_("Position"), _("Ticket"), _("Chances"), _("Seated")]
    rows = ([row.position, row.number, row.weight, row.is_seated] for row in found.tickets)
    response = HttpResponse(csv_bytes(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_name(session)}.csv"'
    return response


def _found(key: UUID) -> tuple[Session, PublicDraw]:
    session = session_or_404(key, at=timezone.now())
    found = find_draw(session)
    if found is None:
        raise Http404
    return session, found


def _name(session: Session) -> str:
    return f"{_('draw')}-{session.course.code}-{str(session.key)[:8]}"
