"""A session's people: the list each reader may see, and what staff do with it.

Acts on several people are asked for, shown with their count, then done: nothing changes before the
second POST, and each person gets an answer.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.choices import (
    ACTS_ON,
    EnrolmentOrigin,
    EnrolmentState,
    RosterAct,
)
from courses.forms import EnrolPeopleForm, PlaceForm
from courses.models import Enrolment, Session
from courses.selectors.enrolments import waiting_places
from courses.selectors.imports import (
    AddressesMissing,
    ImportPreview,
    preview_import,
    preview_typed,
)
from courses.selectors.roster import (
    Filters,
    establishments_in,
    filtered_roster,
    other_sessions,
    place_of_work,
    roster_table,
)
from courses.selectors.seats import SeatSummary
from courses.selectors.sessions import agenda, seat_summary, session_for
from courses.services.bulk import Answer, act_on_many, enrol_many
from courses.services.enrolments import SeatRefusal
from courses.services.roster import move_in_line
from people.models import User
from people.policies import policy
from people.readers.tables import UnreadableTable, read_table
from people.selectors.rights import may, scopes_for
from people.sheets import csv_bytes, xlsx_bytes

NAMED = 100  # people named one by one in an address: what it can hold
PICKED = "picked_on_roster"  # where the reader's session keeps more of them
PAGE = 200  # people on one page
OVERBOOK = "courses.overbook"  # the right to give seats beyond a capacity
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _session(request: HttpRequest, key: UUID, action: str) -> Session:
    try:
        return session_for(request.user, key, action)  # type: ignore[arg-type]
    except Session.DoesNotExist as missing:
        raise Http404 from missing


def _context(session: Session, **more: Any) -> dict[str, Any]:
    return {"session": session, "agenda": agenda(session), **more}


@policy("courses.roster")
@never_cache
@require_GET
def session_roster(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who holds a seat and who waits, as far as the reader's rights reach; addresses for staff."""
    row, at = _session(request, key, "courses.roster"), timezone.now()
    filters = Filters.of(request.GET)
    scopes = scopes_for(request.user, "courses.roster")
    people = filtered_roster(row, request.user, scopes, filters, at=at)  # type: ignore[arg-type]
    page = Paginator(people, PAGE).get_page(request.GET.get("page"))
    places = waiting_places(row)
    manages = may(request.user, "courses.manage")
    rows = [
        {"enrolment": each, "place": places.get(each.pk), "works_at": place_of_work(each)}
        for each in page
    ]
    context = _context(
        row,
        summary=seat_summary(row, at=at),
        page=page,
        groups=_groups(rows),
        filters=filters,
        query=_query_without_page(request),
        states=EnrolmentState.choices,
        pools=row.pools.select_related("establishment", "community", "profession"),
        establishments=establishments_in(row, at=at) if manages else [],
        acts=_acts_for(request, people) if manages else [],
        manages=manages,
        shows_questions=row.takes_questions,
    )
    return render(request, "courses/roster.html", context)


def _acts_for(request: HttpRequest, people: QuerySet[Enrolment]) -> list[tuple[str, str]]:
    """The acts that make sense for somebody on the list, and that the reader may do."""
    states = set(people.order_by().values_list("state", flat=True).distinct())
    return [
        (act.value, str(act.label))
        for act in RosterAct
        if ACTS_ON[act] & states and (act != RosterAct.SEAT or may(request.user, OVERBOOK))
    ]


def _query_without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def _groups(rows: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Seats, offers and requests, the waiting list, what ended: each with its caption."""

    def those(*states: str) -> list[dict[str, Any]]:
        return [row for row in rows if row["enrolment"].state in states]

    groups = [
        (_("People with a seat"), those(EnrolmentState.CONFIRMED)),
        (_("Seats offered, held until an answer"), those(EnrolmentState.OFFERED)),
        (_("Requests to answer"), those(EnrolmentState.REQUESTED)),
        (_("Waiting list, in order"), those(EnrolmentState.WAITING)),
    ]
    live = {row["enrolment"].pk for _caption, group in groups for row in group}
    groups.append((_("Ended"), [row for row in rows if row["enrolment"].pk not in live]))
    return [(caption, group) for caption, group in groups if group]


@policy("courses.manage")
@never_cache
@require_GET
def roster_export(request: HttpRequest, key: UUID, kind: str) -> HttpResponse:
    """The list as filtered on the screen, as CSV or XLSX."""
    if kind not in {"csv", "xlsx"}:
        raise Http404
    row, at = _session(request, key, "courses.manage"), timezone.now()
    scopes = scopes_for(request.user, "courses.roster")
    filters = Filters.of(request.GET)
    people = filtered_roster(row, request.user, scopes, filters, at=at)  # type: ignore[arg-type]
    header, lines = roster_table(people, row)
    name = f"inscrits-{row.course.code}"
    if kind == "xlsx":
        data, content_type = xlsx_bytes(str(row.course), header, lines), XLSX
    else:
        data, content_type = csv_bytes(header, lines), "text/csv; charset=utf-8"
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


@policy("courses.manage")
@never_cache
@require_POST
def roster_act(request: HttpRequest, key: UUID) -> HttpResponse:
    """One act on the people ticked: first shown with its count, done when confirmed."""
    session = _session(request, key, "courses.manage")
    act = request.POST.get("act", "")
    if act == "message":
        return _write_to(request, session)
    if act not in RosterAct.values:
        return redirect("courses:roster", key=key)
    if act == RosterAct.SEAT and not may(request.user, OVERBOOK):
        raise PermissionDenied
    at = timezone.now()
    chosen = _chosen(request, session, at=at)
    fit = [row for row in chosen if row.state in ACTS_ON[act]]
    targets = other_sessions(session, request.user) if act == RosterAct.MOVE else []  # type: ignore[arg-type]
    motive, refusal, status = request.POST.get("motive", "").strip()[:400], "", 200
    if request.POST.get("confirmed") and fit:
        target = next((each for each in targets if str(each.key) == request.POST.get("to")), None)
        try:
            answers = act_on_many(
                enrolments=fit,
                act=RosterAct(act),
                by=request.user,  # type: ignore[arg-type]
                at=at,
                motive=motive,
                target=target,
            )
        except SeatRefusal as refused:
            refusal, status = str(refused), 422
        else:
            return _answered(request, session, answers)
    context = _context(
        session,
        act=RosterAct(act),
        chosen=fit,
        left_out=len(chosen) - len(fit),
        targets=[(each, seat_summary(each)) for each in targets],
        to=request.POST.get("to", ""),
        motive=motive,
        asks_motive=act != RosterAct.APPROVE,
        refusal=refusal,
    )
    return render(request, "courses/roster_act.html", context, status=status)


def _write_to(request: HttpRequest, session: Session) -> HttpResponse:
    """Leads to the message written to those people and no others: by their states when the whole
    list is chosen, else one by one, in the address or, when they are many, in the reader's session.
    """
    chosen, filters = _chosen(request, session, at=timezone.now()), Filters.of(request.POST)
    keys = [str(row.key) for row in chosen]
    if request.POST.get("everyone") and filters.is_by_state_alone:
        query = [("state", state) for state in sorted({row.state for row in chosen})]
    elif len(keys) <= NAMED:
        query = [("who", key) for key in keys]
    else:
        request.session[PICKED] = keys
        query = [("picked", "1")]
    address = reverse("academy:message", kwargs={"key": session.key})
    return redirect(f"{address}?{urlencode(query)}")


def _chosen(request: HttpRequest, session: Session, *, at: datetime) -> list[Enrolment]:
    """The rows ticked, or everyone on the list as it was filtered; of this session only."""
    if request.POST.get("everyone"):
        scopes = scopes_for(request.user, "courses.roster")
        filters = Filters.of(request.POST)
        rows = filtered_roster(session, request.user, scopes, filters, at=at)  # type: ignore[arg-type]
    else:
        keys = []
        for text in request.POST.getlist("enrolment"):
            with suppress(ValueError):
                keys.append(UUID(text))
        rows = Enrolment.objects.filter(session=session, key__in=keys)
    return list(rows.select_related("person__profile", "session").order_by("state", "rank", "pk"))


def _answered(request: HttpRequest, session: Session, answers: list[Answer]) -> HttpResponse:
    done = [each for each in answers if each.is_done]
    context = _context(session, done=done, refused=[each for each in answers if not each.is_done])
    return render(request, "courses/roster_answers.html", context)


@policy("courses.manage")
@never_cache
@require_http_methods(["GET", "POST"])
def roster_place(request: HttpRequest, key: UUID) -> HttpResponse:
    """Another place in line for one person, with a motive. `key`: of the enrolment."""
    row = get_object_or_404(Enrolment.objects.select_related("person__profile"), key=key)
    session = _session(request, row.session.key, "courses.manage")
    places = waiting_places(session)
    form = PlaceForm(request.POST or None, initial={"place": places.get(row.pk)})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                move_in_line(
                    enrolment=row,
                    place=form.cleaned_data["place"],
                    by=request.user,  # type: ignore[arg-type]
                    at=timezone.now(),
                    motive=form.cleaned_data["motive"],
                )
            except SeatRefusal as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("courses:roster", key=session.key)
    context = _context(
        session, enrolment=row, form=form, place=places.get(row.pk), total=len(places)
    )
    return render(request, "courses/roster_place.html", context, status=status)


@policy("courses.manage")
@never_cache
@require_http_methods(["GET", "POST"])
def roster_add(request: HttpRequest, key: UUID) -> HttpResponse:
    """Enrols people by hand or from a CSV or XLSX list: read, shown, then done when confirmed."""
    session, at = _session(request, key, "courses.manage"), timezone.now()
    overbooks = may(request.user, OVERBOOK)
    if request.POST.get("beyond") and not overbooks:
        raise PermissionDenied
    if request.POST.get("confirmed"):
        return _enrol_confirmed(request, session)
    form = EnrolPeopleForm(request.POST or None, request.FILES or None, overbooks=overbooks)
    preview: ImportPreview | None = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if file:
                preview = preview_import(read_table(file.read()), session)
            else:
                preview = preview_typed(form.cleaned_data["addresses"], session)
        except (UnreadableTable, AddressesMissing) as refusal:
            form.add_error(None, str(refusal))
    wrong = request.method == "POST" and preview is None
    summary = seat_summary(session, at=at)
    context = _context(
        session,
        form=form,
        preview=preview,
        summary=summary,
        in_line=_in_line(len(preview.ready), summary) if preview else 0,
        beyond=form.cleaned_data.get("motive", "") if preview else "",
        is_import=bool(request.FILES),
    )
    return render(request, "courses/roster_add.html", context, status=422 if wrong else 200)


def _in_line(number: int, summary: SeatSummary) -> int:
    """How many of those people find no seat open to everybody."""
    seats = summary.open_to_walk_ups
    return 0 if seats is None else max(0, number - seats)


def _enrol_confirmed(request: HttpRequest, session: Session) -> HttpResponse:
    keys = []
    for text in request.POST.getlist("person"):
        with suppress(ValueError):
            keys.append(UUID(text))
    found = {person.key: person for person in User.objects.filter(key__in=keys, is_active=True)}
    is_import = request.POST.get("is_import") == "1"
    answers = enrol_many(
        people=[found[key] for key in keys if key in found],
        session=session,
        by=request.user,  # type: ignore[arg-type]
        at=timezone.now(),
        origin=EnrolmentOrigin.IMPORT if is_import else EnrolmentOrigin.STAFF,
        beyond=request.POST.get("beyond", ""),
    )
    return _answered(request, session, answers)
