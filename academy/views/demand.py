"""The demand of a term: who wanted a seat, what became of it, what was refused; on screen and as
tables to take away.
"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from courses.models import Term
from courses.selectors.demand import tables_of, term_demand
from people.policies import policy
from people.selectors.rights import may
from people.sheets import csv_bytes, xlsx_bytes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@policy("academy.dashboard")
@never_cache
@require_GET
def demand(request: HttpRequest) -> HttpResponse:
    """One term: the one asked for, else the one going on, else the newest."""
    terms = list(Term.objects.all())
    today = timezone.localdate()
    wanted = request.GET.get("term", "")
    term = next((one for one in terms if str(one.key) == wanted), None) or next(
        (one for one in terms if one.starts_on <= today <= one.ends_on), next(iter(terms), None)
    )
    report = term_demand(term, sees_all=may(request.user, "courses.manage")) if term else None
    return render(request, "academy/demand.html", {"terms": terms, "term": term, "report": report})


@policy("academy.dashboard")
@never_cache
@require_GET
def export(request: HttpRequest, key: UUID, part: str, kind: str) -> HttpResponse:
    """One table of the report as CSV or XLSX, with as much detail as the reader may see."""
    term = get_object_or_404(Term, key=key)
    report = term_demand(term, sees_all=may(request.user, "courses.manage"))
    table = tables_of(report).get(part)
    if table is None or kind not in {"csv", "xlsx"}:
        raise Http404
    if kind == "csv":
        data, media = csv_bytes(table.header, table.rows), "text/csv; charset=utf-8"
    else:
        data, media = xlsx_bytes(table.title, table.header, table.rows), XLSX
    response = HttpResponse(data, content_type=media)
    response["Content-Disposition"] = (
        f'attachment; filename="demande-{term.starts_on:%Y-%m}-{part}.{kind}"'
    )
    return response
