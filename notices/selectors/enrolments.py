"""What messages about an enrolment share: the row read anew, its words, its calendar entries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from courses.choices import EnrolmentState
from courses.letters import CANCEL, session_calendar
from courses.models import Enrolment
from notices.models import Notice
from notices.selectors.words import DATED_STATES, Facts, File, address, session_facts

ICS = "application/ics"  # sent octet for octet, and not taken for a second invitation


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
    enrolment: Enrolment,
    words: dict[str, Any],
    *,
    method: str,
    at: datetime,
    removed: Sequence[Any] = (),
) -> Facts:
    """The words with their invitation (REQUEST) or its withdrawal (CANCEL).

    An invitation object speaks of one event (RFC 5546): the first meeting stands beside the text,
    and each meeting is a file of its own. `removed`: meetings that are no more, each called off.
    """
    meetings = sorted(enrolment.session.meetings.all(), key=lambda meeting: meeting.starts_at)

    def entry(meeting: Any, method: str) -> bytes:
        return session_calendar(enrolment=enrolment, method=method, at=at, meetings=[meeting])

    def files(rows: list[Any], method: str) -> list[File]:
        name = "annulation" if method == CANCEL else "invitation"
        return [
            (f"{name}{f'-{n}' if len(rows) > 1 else ''}.ics", entry(meeting, method), ICS)
            for n, meeting in enumerate(rows, start=1)
        ]

    if not meetings:
        return Facts(words, files=tuple(files(list(removed), CANCEL)))
    return Facts(
        words,
        calendar=entry(meetings[0], method),
        calendar_method=method,
        files=(*files(meetings, method), *files(list(removed), CANCEL)),
    )
