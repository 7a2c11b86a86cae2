"""Messages about a seat and about its session: each reads the enrolment anew, and answers None when
the enrolment or the session is no longer in the state the message speaks of.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from courses.choices import (
    HELD_ENROLMENT_STATES,
    LIVE_ENROLMENT_STATES,
    LIVE_SESSION_STATES,
    EnrolmentState,
    SessionChange,
    SessionState,
)
from courses.letters import CANCEL, REQUEST, session_calendar
from courses.models import Enrolment, SessionEvent
from courses.selectors.sessions import rank_words
from notices.choices import NoticeKind, NoticeState
from notices.letters import one_line
from notices.models import Notice
from notices.selectors.words import DATED_STATES, Facts, File, address, session_facts

ICS = "application/ics"  # sent octet for octet, and not taken for a second invitation
MOTIVE_LENGTH = 1000


# ------------------------------------------------------------------ what they share
def _enrolment(notice: Notice) -> Enrolment | None:
    """The enrolment a notice speaks of, with all that its words and its calendar need."""
    return (
        Enrolment.objects.select_related("person__profile", "session__course", "session__version")
        .prefetch_related("session__meetings")
        .filter(pk=notice.context["enrolment"])
        .first()
    )


def _seated(notice: Notice) -> Enrolment | None:
    """The enrolment, if it still holds its seat in a session that has a date."""
    enrolment = _enrolment(notice)
    if enrolment is None or enrolment.state != EnrolmentState.CONFIRMED:
        return None
    return enrolment if enrolment.session.state in DATED_STATES else None


def _about(enrolment: Enrolment, **words: Any) -> dict[str, Any]:
    session = session_facts(enrolment.session)
    return {
        "session": session,
        "facts": session.rows,
        "action_url": session.url,
        "cancel_url": address("courses:cancel", key=enrolment.session.key),
        "join_minutes": settings.JOIN_OPENS_MINUTES_BEFORE,
    } | words


def _with_calendar(
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


# ------------------------------------------------------------------ seats
def seat_confirmed(notice: Notice, at: datetime) -> Facts | None:
    enrolment = _seated(notice)
    if enrolment is None:
        return None
    # Written from the state of this minute: a confirmation that waited never carries an old date.
    until = enrolment.session.cancel_until
    words = _about(
        enrolment,
        was_waiting=bool(notice.context.get("was_waiting")),
        cancel_until=until if until and until > at else None,
    )
    return _with_calendar(enrolment, words, method=REQUEST, at=at)


def put_on_waiting_list(notice: Notice, at: datetime) -> Facts | None:
    enrolment = _enrolment(notice)
    if enrolment is None or enrolment.state != EnrolmentState.WAITING:
        return None
    if enrolment.session.state not in LIVE_SESSION_STATES:
        return None
    return Facts(_about(enrolment, rank=rank_words(enrolment)))


def enrolment_cancelled(notice: Notice, at: datetime) -> Facts | None:
    enrolment = _enrolment(notice)
    if enrolment is None or enrolment.state != EnrolmentState.CANCELLED:
        return None
    held = notice.context["from_state"] in HELD_ENROLMENT_STATES
    words = _about(enrolment, held=held)
    return _with_calendar(enrolment, words, method=CANCEL, at=at) if held else Facts(words)


def place_not_obtained(notice: Notice, at: datetime) -> Facts | None:
    enrolment = _enrolment(notice)
    if enrolment is None or enrolment.state != EnrolmentState.LAPSED:
        return None
    return Facts(_about(enrolment, action_url=address("cms:catalogue")))


# ------------------------------------------------------------------ sessions
def session_changed(notice: Notice, at: datetime) -> Facts | None:
    enrolment = _seated(notice)
    if enrolment is None or notice.context["sequence"] < enrolment.calendar_sequence:
        return None  # a newer change is on its way and tells this one too
    untold = _untold(notice)
    names = sorted({name for context, _moment in untold for name in context["changes"]})
    events = _events(enrolment, [moment for _context, moment in untold])
    words = _about(
        enrolment, changes=[_change_words(name) for name in names], motive=_motive(events)
    )
    removed = [
        SimpleNamespace(
            key=row["key"],
            starts_at=datetime.fromisoformat(row["starts_at"]),
            ends_at=datetime.fromisoformat(row["ends_at"]),
            place="",
        )
        for event in events
        for row in event.changes.get("removed_meetings", [])
    ]
    return _with_calendar(enrolment, words, method=REQUEST, at=at, removed=removed)


def session_moved_to(state: SessionState) -> Callable[[Notice, datetime], Facts | None]:
    """Facts of a session postponed or cancelled; whoever held a seat takes it off the calendar."""

    def facts(notice: Notice, at: datetime) -> Facts | None:
        enrolment = _enrolment(notice)
        if enrolment is None or enrolment.session.state != state:
            return None
        if enrolment.state not in LIVE_ENROLMENT_STATES:
            return None
        held = enrolment.state in HELD_ENROLMENT_STATES
        motive = _motive(_events(enrolment, [notice.queued_at]))
        words = _about(enrolment, held=held, motive=motive)
        if state == SessionState.CANCELLED:
            words["action_url"] = address("cms:catalogue")
        return _with_calendar(enrolment, words, method=CANCEL, at=at) if held else Facts(words)

    return facts


def _untold(notice: Notice) -> list[tuple[dict[str, Any], datetime]]:
    """Context and moment of this change and of those before it that no message has told."""
    untold = [(notice.context, notice.queued_at)]
    earlier = Notice.objects.filter(
        recipient=notice.recipient_id,
        kind=NoticeKind.SESSION_CHANGED,
        context__enrolment=notice.context["enrolment"],
        pk__lt=notice.pk,
    ).order_by("-pk")
    for state, context, queued_at in earlier.values_list("state", "context", "queued_at"):
        if state == NoticeState.SENT:
            break
        untold.append((context, queued_at))
    return untold


def _events(enrolment: Enrolment, moments: list[datetime]) -> list[SessionEvent]:
    """What staff did to the session at those moments, the latest first."""
    events = SessionEvent.objects.filter(session=enrolment.session, at__in=moments)
    return list(events.order_by("-at", "-pk"))


def _motive(events: list[SessionEvent]) -> str:
    """The reason staff gave for people to read; the latest when there are several."""
    return next((one_line(event.motive, MOTIVE_LENGTH) for event in events if event.motive), "")


def _change_words(name: str) -> str:
    """The name of a change inside a sentence."""
    label = str(SessionChange(name).label) if name in SessionChange.values else _("New date")
    return label[:1].lower() + label[1:]
