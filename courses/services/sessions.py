"""The facts of a session: `save_session` is the one door by which they change.

The other verbs of a session are gathered here by name: its states stand in services.states, its
trainers in services.trainers. Which facts may change stands in services.session_facts, how seats
are shared in services.seat_plan.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model

from courses.choices import (
    FIRST_ADDRESS,
    LIVE_SESSION_STATES,
    PAST_SESSION_STATES,
    OpeningMode,
    SessionChange,
    SessionState,
)
from courses.models import Break, Meeting, Pool, Session, SessionEvent
from courses.services.agenda import check_agenda, take_up, words_of_removed, write_rows
from courses.services.checklists import plan_checklist
from courses.services.draws import publish_draw
from courses.services.offers import renew_offers
from courses.services.seat_plan import check_pools, check_sum, plan_of, write_pools
from courses.services.session_facts import (
    CHANGE_OF_FIELD,
    CourseFixed,
    DatesReversed,
    SettledSession,
    changes_of,
    check_moment,
    check_rules,
    times_of,
)
from courses.services.states import (
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
    "CourseFixed",
    "DatesReversed",
    "SettledSession",
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

Row = TypeVar("Row", Meeting, Break)
ON_CALENDARS = frozenset({SessionChange.TIME, SessionChange.PLACE})
# Columns that the form does not hold: they stand as the locked row has them.
NOT_TYPED = ("state", "version_id", "held_at", "twin_of_id", "release")


def save_session(
    *,
    session: Session,
    meetings: Sequence[Meeting] | None,
    breaks: Sequence[Break] | None,
    trainers: Iterable[User] | None,
    by: User | None,
    at: datetime,
    motive: str = "",
    pools: Sequence[Pool] | None = None,
) -> Session:
    """Keeps a session as staff typed it, new or changed; None leaves those rows as they are.

    Locks the session. A lowered capacity removes nobody; a raised one, and any change of its pools,
    begins a new release of seats and sends seat_freed. A new time or place raises the
    calendar_sequence of every live enrolment; a new time renews the offers that stand; a session
    announced that becomes a draw publishes it at once. Sends session_changed (while the session is
    still to come) and writes one SessionEvent with what changed. Refuses an agenda that overlaps
    itself, dates in the wrong order, pools that cannot be, a draw among requests already made, and
    changes that come too late.
    """
    with transaction.atomic():
        before = _before(session)
        stored_meetings = list(Meeting.objects.filter(session=before)) if before else []
        stored_breaks = list(Break.objects.filter(session=before)) if before else []
        stored_pools = list(Pool.objects.filter(session=before)) if before else []
        new_meetings = _in_order(meetings) if meetings is not None else stored_meetings
        new_breaks = _in_order(breaks) if breaks is not None else stored_breaks
        take_up(stored_meetings, new_meetings)
        # Everything is refused before anything is written.
        check_rules(session, before, new_meetings)
        check_agenda(new_meetings, new_breaks)
        if pools is not None:
            check_pools(session, pools, new_meetings)
        else:
            check_sum(session, stored_pools)
        changes = changes_of(session, before, stored_meetings, new_meetings)
        if times_of(stored_breaks) != times_of(new_breaks):
            changes["breaks"] = True
        plans = plan_of(stored_pools), plan_of(pools if pools is not None else stored_pools)
        if plans[0] != plans[1]:
            changes[SessionChange.POOLS.value] = list(plans)
        check_moment(before, changes, new_meetings, at=at, motive=motive)
        if before is None:
            session.state = SessionState.DRAFT
            # Not the form's own rows (modelcluster would save them): they go through write_rows.
            Model.save(session)
        else:
            for name in NOT_TYPED:
                setattr(session, name, getattr(before, name))
            if _frees_seats(before, session, changes):
                session.release += 1
            session.save(update_fields=[*CHANGE_OF_FIELD, "release"])
        removed = write_rows(session, Meeting, new_meetings) if meetings is not None else []
        if removed:
            changes["removed_meetings"] = words_of_removed(removed)
        if breaks is not None:
            write_rows(session, Break, new_breaks)
        if pools is not None:
            write_pools(session, pools, at=at)
        if trainers is not None and write_trainers(
            session, list(trainers), by=by, at=at, motive=motive
        ):
            changes[SessionChange.TRAINERS.value] = True
        _forget_rows(session)
        if session.state not in PAST_SESSION_STATES:
            plan_checklist(session=session, at=at)  # sessions older than lists get theirs here
        _record(session, before, changes, by=by, at=at, motive=motive)
        if session.opening_mode == OpeningMode.DRAW and session.state in LIVE_SESSION_STATES:
            publish_draw(session=session, at=at)  # before anybody may ask for a ticket
    return session


def _before(session: Session) -> Session | None:
    """The row as it stands, locked; None for a session not yet kept."""
    if session.pk is None:
        return None
    return Session.objects.select_for_update(no_key=True).get(pk=session.pk)


def _in_order(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.starts_at)


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
    names = frozenset(
        SessionChange(name)
        for name, what in changes.items()
        if name in SessionChange.values and what != FIRST_ADDRESS
    )
    if before is None or session.state not in LIVE_SESSION_STATES or not names:
        return
    if names & ON_CALENDARS:
        raise_sequences(session)
    if SessionChange.TIME in names and session.state != SessionState.POSTPONED:
        renew_offers(session=session, at=at)
    session_changed.send(sender=Session, session=session, changes=names, at=at)
    if session.release != before.release:
        seat_freed.send(sender=Session, session_id=session.pk)


def _frees_seats(before: Session, session: Session, changes: dict[str, Any]) -> bool:
    """Whether somebody who was passed over may have a seat now: a new release begins."""
    if before.state not in LIVE_SESSION_STATES:
        return False
    was, now = before.capacity, session.capacity
    has_grown = was is not None and (now is None or now > was)
    return has_grown or SessionChange.POOLS.value in changes
