"""What differs between a session as it stands and as staff typed it, and which changes may be.

Called by services.sessions under the session's lock. Refuses or is silent; writes nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from courses.choices import FIRST_ADDRESS, OpeningMode, SessionChange, SessionState
from courses.models import Break, Draw, Meeting, Session
from courses.services.states import AgendaEmpty, DatePast, MotiveMissing, SessionRefusal

# Which change each editable column is. A column without a name changes nothing that people see.
CHANGE_OF_FIELD: dict[str, SessionChange | None] = {
    "course": None,
    "term": None,
    "language": SessionChange.LANGUAGE,
    "format": SessionChange.PLACE,
    "audience": SessionChange.AUDIENCE,
    "capacity": SessionChange.CAPACITY,
    "enrolment_opens_at": SessionChange.DEADLINE,
    "enrolment_closes_at": SessionChange.DEADLINE,
    "requests_close_at": SessionChange.DEADLINE,
    "cancel_until": SessionChange.DEADLINE,
    "survey_required": SessionChange.SURVEY,
    "opening_mode": SessionChange.RULES,
    "needs_approval": SessionChange.RULES,
    "prerequisite": SessionChange.RULES,
    "survey_gate": SessionChange.RULES,
    "counts_strikes": SessionChange.RULES,
    "takes_questions": SessionChange.RULES,
}
# Published with the hash of a draw's seed, so that nobody can choose the window afterwards.
FIXED_BY_A_DRAW = ("opening_mode", "requests_close_at")


class SettledSession(SessionRefusal):
    """Presence is settled, or the session was cancelled: its facts no longer change."""


class DatesReversed(SessionRefusal):
    pass


class CourseFixed(SessionRefusal):
    pass


class WindowMissing(SessionRefusal):
    """A draw without the hour at which its requests close."""


class DrawAnnounced(SessionRefusal):
    """The window of a draw is part of what was published."""


class PrerequisiteItself(SessionRefusal):
    pass


def times_of(rows: Iterable[Meeting | Break]) -> list[tuple[datetime, datetime]]:
    return sorted((row.starts_at, row.ends_at) for row in rows)


def changes_of(
    session: Session, before: Session | None, old: Sequence[Meeting], new: Sequence[Meeting]
) -> dict[str, Any]:
    """What differs, as the JSON of a SessionEvent: names of SessionChange, old and new values."""
    changes: dict[str, Any] = {}
    if before is not None:
        for field, name in CHANGE_OF_FIELD.items():
            attname = Session._meta.get_field(field).attname
            was, now = getattr(before, attname), getattr(session, attname)
            if was != now:
                pair = [None if value is None else str(value) for value in (was, now)]
                changes.setdefault(name.value if name else field, {})[field] = pair
    if times_of(old) != times_of(new):
        changes[SessionChange.TIME.value] = {
            "meetings": [
                [[each.isoformat() for each in pair] for pair in times_of(rows)]
                for rows in (old, new)
            ]
        }
    if [row.place for row in old] != [row.place for row in new]:
        changes.setdefault(SessionChange.PLACE.value, {})["places"] = [
            [row.place for row in rows] for rows in (old, new)
        ]
    # The address itself is a secret of the meeting: only the fact that it changed is kept.
    if [row.join_url for row in old] != [row.join_url for row in new]:
        known = any(row.join_url for row in old)
        changes[SessionChange.JOIN_URL.value] = True if known else FIRST_ADDRESS
    return changes


def check_rules(session: Session, before: Session | None, meetings: Sequence[Meeting]) -> None:
    """Refuses dates in the wrong order, and rules of enrolment that cannot be followed."""
    opens, closes = session.enrolment_opens_at, session.enrolment_closes_at
    if opens is not None and closes is not None and closes <= opens:
        raise DatesReversed(_("Enrolment closes before it opens."))
    requests = session.requests_close_at
    if requests is None and session.opening_mode == OpeningMode.DRAW:
        raise WindowMissing(_("A draw needs an end: say until when requests are taken."))
    if requests is not None:
        if opens is not None and requests <= opens:
            raise DatesReversed(_("Requests close before enrolment opens."))
        if closes is not None and requests > closes:
            raise DatesReversed(_("Requests close after enrolment closes."))
        if meetings and requests > min(each.starts_at for each in meetings):
            raise DatesReversed(_("Requests close after the session begins."))
    if session.prerequisite_id is not None and session.prerequisite_id == session.course_id:
        raise PrerequisiteItself(_("A course cannot be asked for before itself."))
    if before is not None and _moves_a_draw(session, before):
        raise DrawAnnounced(
            _("The draw of this session is announced with its window: it no longer changes.")
        )


def _moves_a_draw(session: Session, before: Session) -> bool:
    moved = any(getattr(session, name) != getattr(before, name) for name in FIXED_BY_A_DRAW)
    return moved and Draw.objects.filter(session=before).exists()


def check_moment(
    before: Session | None,
    changes: dict[str, Any],
    meetings: Sequence[Meeting],
    *,
    at: datetime,
    motive: str,
) -> None:
    """Which changes the state of the session still allows."""
    state = before.state if before else SessionState.DRAFT
    if state == SessionState.DRAFT or not changes:
        return
    if "course" in changes:
        raise CourseFixed(_("The session is announced: its course no longer changes."))
    if state in {SessionState.CLOSED, SessionState.CANCELLED}:
        raise SettledSession(
            _("Presence is settled: reopen it before changing the session.")
            if state == SessionState.CLOSED
            else _("The session is cancelled: it no longer changes.")
        )
    retimed = SessionChange.TIME in changes or "breaks" in changes
    if state == SessionState.HELD:
        if retimed and not motive.strip():
            raise MotiveMissing(_("The session is over: say why its agenda is corrected."))
        if meetings and max(each.ends_at for each in meetings) > at:
            raise DatePast(_("The session is over: its meetings cannot move to a later date."))
    elif not meetings:
        raise AgendaEmpty(_("An announced session has at least one meeting."))
    elif (
        SessionChange.TIME in changes
        and state != SessionState.POSTPONED
        and max(each.ends_at for each in meetings) <= at
    ):
        raise DatePast(_("These dates are past."))
