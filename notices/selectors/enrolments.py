"""What messages about an enrolment share: the row read anew, its words, its calendar entries."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from courses.choices import EnrolmentOrigin, EnrolmentState
from courses.letters import CANCEL, session_calendar
from courses.models import Enrolment, SessionEvent
from courses.selectors.feeds import RemovedMeeting, removed_meetings
from notices.choices import NoticeKind, NoticeState
from notices.letters import one_line
from notices.models import Notice
from notices.selectors.words import DATED_STATES, Facts, File, address, session_facts

# Begun by somebody else than the person: the message names them.
GIVEN = frozenset({EnrolmentOrigin.LIAISON, EnrolmentOrigin.COLLEAGUE})
ICS = "application/ics"  # sent octet for octet, and not taken for a second invitation
# Messages that put something into the person's calendar, or take it off.
CARRY_CALENDARS = (
    NoticeKind.SEAT_CONFIRMED,
    NoticeKind.SESSION_CHANGED,
    NoticeKind.SESSION_POSTPONED,
)


def find_enrolment(notice: Notice, name: str = "enrolment") -> Enrolment | None:
    """The enrolment a notice speaks of, with all that its words and its calendar need."""
    return (
        Enrolment.objects.select_related("person__profile", "session__course", "session__version")
        .prefetch_related("session__meetings")
        .filter(pk=notice.context[name])
        .first()
    )


def untold(enrolments: QuerySet[Enrolment], fact: str) -> QuerySet[Enrolment]:
    """Those to whom that fact was not told yet, each with its `notice_key`."""
    key = Concat(
        Value("enrolment:"), Cast("pk", CharField()), Value(f":{fact}"), output_field=CharField()
    )
    told = Notice.objects.filter(key=OuterRef("notice_key"))
    return enrolments.annotate(notice_key=key).exclude(Exists(told))


def find_in_state(notice: Notice, state: EnrolmentState) -> Enrolment | None:
    """The enrolment, if it is still in that state and its session has a date to come."""
    enrolment = find_enrolment(notice)
    if enrolment is None or enrolment.state != state:
        return None
    return enrolment if enrolment.session.state in DATED_STATES else None


def giver_of(enrolment: Enrolment) -> str:
    """The name of the liaison agent or colleague who began this enrolment; empty when the person
    did.
    """
    if enrolment.origin not in GIVEN:
        return ""
    first = enrolment.events.select_related("by__profile").order_by("at", "pk").first()
    return one_line(str(first.by)) if first and first.by else ""


def about(enrolment: Enrolment, **words: Any) -> dict[str, Any]:
    """The words of every message about an enrolment; `words` wins."""
    session = session_facts(enrolment.session)
    return {
        "session": session,
        "facts": session.rows,
        "date": session.date,
        "hour": session.hour,
        "action_url": session.url,
        "cancel_url": address("courses:cancel", key=enrolment.session.key),
        "join_minutes": settings.JOIN_OPENS_MINUTES_BEFORE,
    } | words


def with_calendar(
    notice: Notice, enrolment: Enrolment, words: dict[str, Any], *, method: str, at: datetime
) -> Facts:
    """The words with their invitation (REQUEST) or its withdrawal (CANCEL).

    An invitation object speaks of one event (RFC 5546): the first meeting stands beside the text,
    and each meeting is a file of its own. Meetings that are no more are each called off, by
    whatever message leaves first.
    """
    meetings = sorted(enrolment.session.meetings.all(), key=lambda meeting: meeting.starts_at)
    removed = _removed_untold(notice, enrolment)

    def entry(meeting: Any, method: str) -> bytes:
        return session_calendar(enrolment=enrolment, method=method, at=at, meetings=[meeting])

    def files(rows: list[Any], method: str) -> list[File]:
        name = "annulation" if method == CANCEL else "invitation"
        return [
            (f"{name}{f'-{n}' if len(rows) > 1 else ''}.ics", entry(meeting, method), ICS)
            for n, meeting in enumerate(rows, start=1)
        ]

    if not meetings:
        return Facts(words, files=tuple(files(removed, CANCEL)))
    return Facts(
        words,
        calendar=entry(meetings[0], method),
        calendar_method=method,
        files=(*files(meetings, method), *files(removed, CANCEL)),
    )


def _removed_untold(notice: Notice, enrolment: Enrolment) -> list[RemovedMeeting]:
    """Meetings taken away since the last message that reached this person's calendar.

    By the hour of what happened since, and by the notices that never left: a change that began
    before that message and was committed after it is among those.
    """
    rows = Notice.objects.filter(
        recipient=notice.recipient_id,
        kind__in=CARRY_CALENDARS,
        context__enrolment=enrolment.pk,
        pk__lte=notice.pk,
    ).order_by("-pk")
    since, moments = enrolment.confirmed_at, []
    for pk, state, queued_at in rows.values_list("pk", "state", "queued_at"):
        if state == NoticeState.SENT and pk != notice.pk:
            since = queued_at
            break
        moments.append(queued_at)
    events = SessionEvent.objects.filter(
        Q(at__in=moments) | Q(at__gt=since) if since else Q(at__in=moments),
        session=enrolment.session,
        changes__has_key="removed_meetings",
    ).order_by("at", "pk")
    known = {str(meeting.key) for meeting in enrolment.session.meetings.all()}
    return [each for each in removed_meetings(events) if each.key not in known]
