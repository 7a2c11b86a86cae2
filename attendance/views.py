from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from attendance.choices import MarkKind, MarkSource, PresenceStatus
from attendance.forms import DecisionForm, MotiveForm, ReportForm
from attendance.models import Connection, Mark, ReportImport
from attendance.readers import UndecidableOrder, UnreadableReport
from attendance.selectors.agenda import held_time, threshold_for
from attendance.selectors.presence import (
    presence_of,
    standing_closing,
    strangers_of,
)
from attendance.selectors.review import (
    TONES,
    bar_of,
    breaks_bar,
    choosable_people,
    groups_of,
    reason_words,
    source_words,
)
from attendance.services import AttendanceRefused
from attendance.services import reports as report_services
from attendance.services.closing import close_attendance, doubts_of, reopen_attendance
from attendance.services.marks import mark_presence
from courses.models import Enrolment, Meeting, Session
from people.models import User
from people.policies import policy
from people.selectors.rights import scope_for
from people.services import Refusal


def _session(request: HttpRequest, key: UUID, action: str) -> Session:
    scope = scope_for(request.user, action)
    sessions = Session.objects.visible_to(request.user, scope).select_related("course")
    return get_object_or_404(sessions, key=key)


@policy("attendance.read")
@require_GET
def session(request: HttpRequest, key: UUID) -> HttpResponse:
    """The review screen: reports, people with their bar, doubts in plain sight."""
    return _review(request, _session(request, key, "attendance.read"))


def _review(
    request: HttpRequest, session: Session, form: ReportForm | None = None, status: int = 200
) -> HttpResponse:
    held = held_time(session)
    people = presence_of(session)
    pauses = breaks_bar(held)
    rows = [
        {
            "presence": one,
            "segments": [*bar_of(one, held).segments, *pauses],
            "tone": TONES[one.status],
            "reasons": reason_words(one.reasons),
        }
        for one in people
    ]
    may_change = scope_for(request.user, "attendance.import") is not None
    return render(
        request,
        "attendance/session.html",
        {
            "session": session,
            "held": held,
            "rows": rows,
            "form": form or ReportForm(),
            "threshold": threshold_for(session),
            "closing": standing_closing(session),
            "counts": {
                kind: sum(one.status == kind for one in people) for kind in PresenceStatus.values
            },
            "reports": session.report_imports.select_related("uploaded_by__profile"),
            "strangers": strangers_of(session),
            "doubts": doubts_of(session),
            "may_change": may_change,
            "decision_form": DecisionForm(),
            "motive_form": MotiveForm(),
        },
        status=status,
    )


@policy("attendance.import")
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, key: UUID) -> HttpResponse:
    """Takes one file in, previews it; a file that cannot be read leaves nothing behind.

    A refused file is answered here, so the address may be opened anew: it leads to the screen.
    """
    session = _session(request, key, "attendance.import")
    if request.method == "GET":
        return redirect("attendance:session", key=key)
    form = ReportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _review(request, session, form, status=422)
    file = form.cleaned_data["file"]
    try:
        report = report_services.preview_report(
            session=session,
            data=file.read(),
            filename=file.name,
            by=request.user,
            at=timezone.now(),
            date_order=form.cleaned_data["date_order"] or None,
        )
    except UndecidableOrder as refusal:
        form.add_error("date_order", str(refusal))
    except (UnreadableReport, AttendanceRefused) as refusal:
        form.add_error("file", str(refusal))
    else:
        return redirect("attendance:report", key=report.key)
    return _review(request, session, form, status=422)


@policy("attendance.import")
@require_GET
def report(request: HttpRequest, key: UUID) -> HttpResponse:
    """One report: what it holds, who was recognised and how, before and after it counts."""
    row = _report(request, key)
    groups = groups_of(row)
    return render(
        request,
        "attendance/report.html",
        {
            "report": row,
            "session": row.session,
            "groups": groups,
            "unknown": sum(one.tone == "attention" for one in groups),
            "probable": sum(one.tone == "info" for one in groups),
            "certain": sum(one.tone == "success" for one in groups),
            "people": choosable_people(row.session),
            "read_as": source_words(row),
            "is_settled": standing_closing(row.session) is not None,
        },
    )


def _report(request: HttpRequest, key: UUID) -> ReportImport:
    sessions = Session.objects.visible_to(
        request.user, scope_for(request.user, "attendance.import")
    )
    return get_object_or_404(
        ReportImport.objects.filter(session__in=sessions).select_related(
            "session__course", "uploaded_by__profile"
        ),
        key=key,
    )


@policy("attendance.import")
@require_POST
def apply(request: HttpRequest, key: UUID) -> HttpResponse:
    row = _report(request, key)
    _do(
        request,
        lambda: report_services.apply_report(report=row, by=request.user, at=timezone.now()),
        _("The report counts from now on."),
    )
    return redirect("attendance:session", key=row.session.key)


@policy("attendance.import")
@require_POST
def undo(request: HttpRequest, key: UUID) -> HttpResponse:
    row = _report(request, key)
    _do(
        request,
        lambda: report_services.undo_report(report=row, by=request.user, at=timezone.now()),
        _("Nothing of this report counts any more."),
    )
    return redirect("attendance:session", key=row.session.key)


@policy("attendance.import")
@require_POST
def choose(request: HttpRequest, key: UUID, line: int) -> HttpResponse:
    """Says who the lines of one address or name are; an empty choice takes it back."""
    row = _report(request, key)
    connection = get_object_or_404(Connection, report=row, line=line)
    wanted = request.POST.get("person", "")
    person = next((one for one in choosable_people(row.session) if str(one.key) == wanted), None)
    if wanted and person is None:
        messages.error(request, _("This person has no place in the session."))
    else:
        _do(
            request,
            lambda: report_services.choose_person(
                connection=connection, person=person, by=request.user, at=timezone.now()
            ),
            _("The choice is kept, also for the next reports."),
        )
    return redirect("attendance:report", key=row.key)


@policy("attendance.close")
@require_POST
def decide(request: HttpRequest, key: UUID, person: UUID) -> HttpResponse:
    """A decision of staff about one person, with its motive."""
    session = _session(request, key, "attendance.close")
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a decision and say why."))
        return redirect("attendance:session", key=key)
    minutes = form.cleaned_data["minutes"]
    _do(
        request,
        lambda: mark_presence(
            session=session,
            person=get_object_or_404(User, key=person),
            kind=form.cleaned_data["kind"],
            source=MarkSource.OVERRIDE,
            by=request.user,
            at=timezone.now(),
            seconds=None if minutes is None else minutes * 60,
            motive=form.cleaned_data["motive"],
        ),
        _("The decision is kept."),
    )
    return redirect("attendance:session", key=key)


@policy("attendance.close")
@require_POST
def close(request: HttpRequest, key: UUID) -> HttpResponse:
    session = _session(request, key, "attendance.close")
    _do(
        request,
        lambda: close_attendance(
            session=session,
            by=request.user,
            at=timezone.now(),
            despite_doubts=request.POST.get("despite_doubts") == "1",
        ),
        _("The attendance is settled. Attestations follow by themselves."),
    )
    return redirect("attendance:session", key=key)


@policy("attendance.close")
@require_POST
def reopen(request: HttpRequest, key: UUID) -> HttpResponse:
    session = _session(request, key, "attendance.close")
    form = MotiveForm(request.POST)
    motive = form.cleaned_data["motive"] if form.is_valid() else ""
    _do(
        request,
        lambda: reopen_attendance(
            session=session, by=request.user, at=timezone.now(), motive=motive
        ),
        _("The attendance is open again."),
    )
    return redirect("attendance:session", key=key)


@policy("attendance.mark")
@require_GET
def roster(request: HttpRequest, key: UUID) -> HttpResponse:
    """The list to tick in the room: one row a person, three large buttons."""
    session = _session(request, key, "attendance.mark")
    last: dict[int, Mark] = {}
    for mark in Mark.objects.filter(session=session).order_by("at", "id"):
        last[mark.person_id] = mark
    people = [
        {"person": row.person, "mark": last.get(row.person_id)}
        for row in Enrolment.objects.confirmed()
        .filter(session=session)
        .select_related("person__profile")
        .order_by("person__profile__printed_name")
    ]
    return render(
        request,
        "attendance/roster.html",
        {
            "session": session,
            "people": people,
            "kinds": [MarkKind.PRESENT, MarkKind.PARTIAL, MarkKind.ABSENT],
            "marked": sum(1 for row in people if row["mark"]),
        },
    )


@policy("attendance.mark")
@require_http_methods(["POST"])
def mark(request: HttpRequest, key: UUID) -> HttpResponse:
    """One mark of the roster; the device may send it twice."""
    session = _session(request, key, "attendance.mark")
    try:
        person = get_object_or_404(User, key=request.POST.get("person", ""))
        mark_key = UUID(request.POST["key"]) if request.POST.get("key") else None
        meeting_key = request.POST.get("meeting")
        meeting = (
            get_object_or_404(Meeting, session=session, key=meeting_key) if meeting_key else None
        )
    except (ValidationError, ValueError):
        messages.error(request, _("This mark could not be read. Try again."))
        return redirect("attendance:roster", key=key)
    _do(
        request,
        lambda: mark_presence(
            session=session,
            person=person,
            kind=request.POST.get("kind", ""),
            source=MarkSource.ROSTER,
            by=request.user,
            at=timezone.now(),
            meeting=meeting,
            key=mark_key,
        ),
        "",
    )
    return redirect(f"{reverse('attendance:roster', args=[key])}#p-{person.key}")


def _do(request: HttpRequest, act: Any, done: str) -> None:
    """Runs one service; its refusal, or what was done, becomes a message."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, done)
