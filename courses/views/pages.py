"""What a session is: its page and its calendar for everybody, its roster for those in charge."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from courses.choices import (
    HELD_ENROLMENT_STATES,
    EnrolmentState,
    SessionFormat,
    SessionState,
)
from courses.letters import PUBLISH, public_calendar, session_calendar
from courses.models import Session
from courses.selectors.enrolments import find_live_enrolment, roster, waiting_places
from courses.selectors.sessions import (
    SeatSummary,
    agenda,
    public_sessions,
    rank_words,
    seat_summary,
    session_for,
    sessions_for,
)
from courses.services.seat_rules import why_shut
from people.choices import Language
from people.policies import policy
from people.selectors.rights import may, scopes_for

ICONS = {
    SessionFormat.ONLINE: "online",
    SessionFormat.IN_PERSON: "place",
    SessionFormat.HYBRID: "online",
}


@policy("site.read")
@never_cache
@require_GET
def session(request: HttpRequest, key: UUID) -> HttpResponse:
    """The page of a session. A draft does not exist for the public."""
    row = _session_or_404(key)
    at = timezone.now()
    enrolment = find_live_enrolment(request.user, row)
    dates, summary = agenda(row), seat_summary(row)
    context = {
        "session": row,
        "agenda": dates,
        "trainers": [each.person for each in row.trainers.all()],
        "facts": facts_of(row),
        "threshold": row.course.attendance_threshold or settings.ATTENDANCE_THRESHOLD_PERCENT,
        "enrolment": enrolment,
        "rank": rank_words(enrolment) if enrolment else "",
        "is_seated": bool(enrolment) and enrolment.state in HELD_ENROLMENT_STATES,
        "is_over": row.state in {SessionState.HELD, SessionState.CLOSED}
        or bool(dates.ends_at and dates.ends_at <= at),
        "shut": why_shut(row, at=at),
        "summary": summary,
        "badge": badge_of(row, summary),
        "reads_roster": may(request.user, "courses.roster")
        and sessions_for(request.user, "courses.roster").filter(pk=row.pk).exists(),
    }
    return render(request, "courses/session.html", context)


@policy("site.read")
@never_cache
@require_GET
def calendar(request: HttpRequest, key: UUID) -> HttpResponse:
    """The session as an .ics file: one's own entries with a seat, else the public ones."""
    row = _session_or_404(key)
    at = timezone.now()
    enrolment = find_live_enrolment(request.user, row)
    if enrolment is not None and enrolment.state == EnrolmentState.CONFIRMED:
        enrolment.session = row
        data = session_calendar(enrolment=enrolment, method=PUBLISH, at=at)
    elif agenda(row).meetings:
        data = public_calendar(session=row, at=at)
    else:
        raise Http404
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.course.code}.ics"'
    return response


@policy("courses.roster")
@never_cache
@require_GET
def session_roster(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who holds a seat and who waits, as far as the reader's rights reach; addresses for staff."""
    try:
        row = session_for(request.user, key, "courses.roster")
    except Session.DoesNotExist as missing:
        raise Http404 from missing
    rows = list(roster(row, request.user, scopes_for(request.user, "courses.roster")))
    places = waiting_places(row)
    context: dict[str, Any] = {
        "session": row,
        "agenda": agenda(row),
        "summary": seat_summary(row),
        "seated": [each for each in rows if each.state in HELD_ENROLMENT_STATES],
        "waiting": [
            (places[each.pk], each) for each in rows if each.state == EnrolmentState.WAITING
        ],
        "shows_addresses": may(request.user, "courses.manage"),
    }
    return render(request, "courses/roster.html", context)


def _session_or_404(key: UUID) -> Session:
    return get_object_or_404(public_sessions(), key=key)


def facts_of(row: Session) -> list[dict[str, str]]:
    """Short facts of a session, as components/facts.html takes them."""
    places = list(dict.fromkeys(each.place for each in row.meetings.all() if each.place))
    facts = [
        {"icon": ICONS[SessionFormat(row.format)], "label": row.get_format_display()},
        {
            "icon": "language",
            "label": _("In French") if row.language == Language.FRENCH else _("In English"),
        },
    ]
    facts += [{"icon": "place", "label": place} for place in places]
    return facts


def badge_of(row: Session, summary: SeatSummary) -> dict[str, str]:
    """The state of a session in words, as components/badge.html takes it."""
    match row.state:
        case SessionState.OPEN:
            tone, icon = ("attention", "hourglass") if summary.is_full else ("success", "seat")
            return {"label": summary.words, "tone": tone, "icon": icon}
        case SessionState.CANCELLED:
            return {"label": row.get_state_display(), "tone": "error"}
        case SessionState.POSTPONED | SessionState.PAUSED:
            return {"label": row.get_state_display(), "tone": "attention"}
        case _:
            return {"label": row.get_state_display(), "tone": ""}
