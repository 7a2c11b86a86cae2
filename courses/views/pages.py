"""What a session is: its page and its calendar for everybody, its roster for those in charge."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
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
from courses.selectors.conditions import conditions_for
from courses.selectors.enrolments import find_live_enrolment
from courses.selectors.sessions import (
    SeatSummary,
    agenda,
    rank_words,
    sessions_for,
)
from courses.services.seat_rules import why_shut
from courses.views.places import may_leave_freely, seat_form, session_or_404, will_wait
from people.choices import Language
from people.models import User
from people.policies import policy
from people.selectors.rights import may

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
    at = timezone.now()
    row = session_or_404(key, at=at)
    enrolment = find_live_enrolment(request.user, row)
    dates, conditions = agenda(row), conditions_for(row, request.user, at=at)
    reader: User | None = request.user if request.user.is_authenticated else None  # type: ignore[assignment]
    shut = why_shut(row, at=at, person=reader)
    may_ask = not (enrolment or shut)
    waits = conditions.summary.is_full
    if reader is not None and may_ask:
        waits = will_wait(row, reader, conditions, at=at)
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
        "shut": shut,
        "seat_form": seat_form(row, reader, conditions, waits=waits, at=at) if may_ask else None,
        "waits": waits,
        "may_leave_freely": may_leave_freely(row, at=at),
        "conditions": conditions,
        "summary": conditions.summary,
        "badge": badge_of(row, conditions.summary, is_shut=bool(shut)),
        "names_guests": may(request.user, "courses.guests")
        and sessions_for(request.user, "courses.guests").filter(pk=row.pk).exists(),
        "reads_roster": may(request.user, "courses.roster")
        and sessions_for(request.user, "courses.roster").filter(pk=row.pk).exists(),
    }
    return render(request, "courses/session.html", context)


@policy("site.read")
@never_cache
@require_GET
def calendar(request: HttpRequest, key: UUID) -> HttpResponse:
    """The session as an .ics file: one's own entries with a seat, else the public ones."""
    at = timezone.now()
    row = session_or_404(key, at=at)
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


def badge_of(row: Session, summary: SeatSummary, *, is_shut: bool) -> dict[str, str]:
    """The state of a session in words, as components/badge.html takes it. Nothing invites to seats
    that cannot be asked for at this moment (`is_shut`)."""
    match row.state:
        case SessionState.OPEN if is_shut:
            return {"label": summary.words, "tone": ""}
        case SessionState.OPEN:
            tone, icon = ("attention", "hourglass") if summary.is_full else ("success", "seat")
            return {"label": summary.words, "tone": tone, "icon": icon}
        case SessionState.CANCELLED:
            return {"label": row.get_state_display(), "tone": "error"}
        case SessionState.POSTPONED | SessionState.PAUSED:
            return {"label": row.get_state_display(), "tone": "attention"}
        case _:
            return {"label": row.get_state_display(), "tone": ""}
