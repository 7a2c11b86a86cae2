"""The facts of a session: `save_session` is the one door by which they change.

The other verbs of a session are gathered here by name: its states stand in services.states, its
trainers in services.trainers.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from courses.choices import (
    LIVE_SESSION_STATES,
    SessionChange,
    SessionState,
)
from courses.models import Break, Meeting, Session, SessionEvent
from courses.services.agenda import check_agenda, write_rows
from courses.services.states import (
    AgendaEmpty,
    DatePast,
    MotiveMissing,
    SessionRefusal,
    announce_session,
    cancel_session,
    close_session,
    hold_finished_sessions,
    open_enrolment,
    pause_enrolment,
    postpone_session,
    raise_sequences,
    reopen_session,
    resume_enrolment,
)
from courses.services.trainers import (
    assign_trainer,
    replace_trainer,
    write_trainers,
)
from courses.signals import seat_freed, session_changed
from people.models import User

__all__ = [
    "announce_session",
    "assign_trainer",
    "cancel_session",
    "close_session",
    "hold_finished_sessions",
    "open_enrolment",
    "pause_enrolment",
    "postpone_session",
    "reopen_session",
    "replace_trainer",
    "resume_enrolment",
    "save_session",
]

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
    "cancel_until": SessionChange.DEADLINE,
    "survey_required": SessionChange.SURVEY,
}
Row = TypeVar("Row", Meeting, Break)
ON_CALENDARS = frozenset({SessionChange.TIME, SessionChange.PLACE})


class SettledSession(SessionRefusal):
    """Presence is settled, or the session was cancelled: its facts no longer change."""


class DatesReversed(SessionRefusal):
    pass


class CourseFixed(SessionRefusal):
    pass


def save_session(
    *,
    session: Session,
    meetings: Sequence[Meeting] | None,
    breaks: Sequence[Break] | None,
    trainers: Iterable[User] | None,
    by: User | None,
    at: datetime,
    motive: str = "",
) -> Session:
    """Keeps a session as staff typed it, new or changed; None leaves those rows as they are.

    Locks the session. A lowered capacity removes nobody; a raised one sends seat_freed. A new time
    or place raises the calendar_sequence of every live enrolment. Sends session_changed (while the
    session is still to come) and writes one SessionEvent with what changed. Refuses an agenda that
    overlaps itself, dates in the wrong order, and changes that come too late.
    """
    with transaction.atomic():
        before = _before(session)
        stored_meetings = list(Meeting.objects.filter(session=before)) if before else []
        stored_breaks = list(Break.objects.filter(session=before)) if before else []
        new_meetings = _in_order(meetings) if meetings is not None else stored_meetings
        new_breaks = _in_order(breaks) if breaks is not None else stored_breaks
        changes = _changes(session, before, stored_meetings, new_meetings)
        if _times(stored_breaks) != _times(new_breaks):
            changes["breaks"] = True
        # Everything is refused before anything is written.
        _check_dates(session)
        check_agenda(new_meetings, new_breaks)
        _check_moment(before, changes, new_meetings, at=at, motive=motive)
        if before is None:
            session.state = SessionState.DRAFT
            # Not the form's own rows (modelcluster would save them): they go through write_rows.
            Model.save(session)
        else:
            for name in ("state", "version_id", "held_at"):
                setattr(session, name, getattr(before, name))
            session.save(update_fields=list(CHANGE_OF_FIELD))
        removed = write_rows(session, Meeting, new_meetings) if meetings is not None else []
        if removed:
            changes["removed_meetings"] = removed
        if breaks is not None:
            write_rows(session, Break, new_breaks)
        if trainers is not None and write_trainers(
            session, list(trainers), by=by, at=at, motive=motive
        ):
            changes[SessionChange.TRAINERS.value] = True
        _forget_rows(session)
        _record(session, before, changes, by=by, at=at, motive=motive)
    return session


def _before(session: Session) -> Session | None:
    """The row as it stands, locked; None for a session not yet kept."""
    if session.pk is None:
        return None
    return Session.objects.select_for_update(no_key=True).get(pk=session.pk)


def _check_dates(session: Session) -> None:
    opens, closes = session.enrolment_opens_at, session.enrolment_closes_at
    if opens is not None and closes is not None and closes <= opens:
        raise DatesReversed(_("Enrolment closes before it opens."))


def _in_order(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.starts_at)


def _times(rows: Iterable[Meeting | Break]) -> list[tuple[datetime, datetime]]:
    return sorted((row.starts_at, row.ends_at) for row in rows)


def _changes(
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
    if _times(old) != _times(new):
        changes[SessionChange.TIME.value] = {
            "meetings": [
                [[each.isoformat() for each in pair] for pair in _times(rows)]
                for rows in (old, new)
            ]
        }
    if [row.place for row in old] != [row.place for row in new]:
        changes.setdefault(SessionChange.PLACE.value, {})["places"] = [
            [row.place for row in rows] for rows in (old, new)
        ]
    # The address itself is a secret of the meeting: only the fact that it changed is kept.
    if [row.join_url for row in old] != [row.join_url for row in new]:
        changes[SessionChange.JOIN_URL.value] = True
    return changes


def _check_moment(
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


def _forget_rows(session: Session) -> None:
    """A form's rows stay on the instance (modelcluster); what is stored is read anew."""
    session.__dict__.pop("_cluster_related_objects", None)
    session.__dict__.pop("_prefetched_objects_cache", None)


def _record(
    session: Session,
    before: Session | None,
    changes: dict[str, Any],
    *,
    by: User | None,
    at: datetime,
    motive: str,
) -> None:
    if before is not None and not changes:
        return
    SessionEvent.objects.create(
        session=session,
        from_state=before.state if before else "",
        to_state=session.state,
        changes=changes,
        motive=motive,
        by=by,
        at=at,
    )
    names = frozenset(SessionChange(name) for name in changes if name in SessionChange.values)
    if before is None or session.state not in LIVE_SESSION_STATES or not names:
        return
    if names & ON_CALENDARS:
        raise_sequences(session)
    session_changed.send(sender=Session, session=session, changes=names, at=at)
    if _has_grown(before.capacity, session.capacity):
        seat_freed.send(sender=Session, session_id=session.pk)


def _has_grown(was: int | None, now: int | None) -> bool:
    return was is not None and (now is None or now > was)
