"""The states a session goes through: one door, `_move`, that obeys SESSION_TRANSITIONS.

Each step writes a SessionEvent and sends session_moved. Lock order of the house: course, person,
session. Enrolments keep their state when a session is postponed or cancelled: they say who held a
seat and must be told.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, Max, Min, OuterRef, Q, Subquery
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.choices import (
    LIVE_SESSION_STATES,
    PUBLIC_SESSION_STATES,
    SESSION_TRANSITIONS,
    OpeningMode,
    SessionState,
)
from courses.models import Course, Enrolment, Meeting, Pool, Session, SessionEvent
from courses.services.checklists import plan_checklist
from courses.services.draws import publish_draw
from courses.services.enrolments import lapse_waiting
from courses.services.offers import renew_offers
from courses.signals import seat_freed, session_held, session_moved
from people.letters import date_words, hour_words
from people.models import User
from people.services import Refusal


class SessionRefusal(Refusal):
    """A change of a session that cannot be; the text says why."""


class NotThisStep(SessionRefusal):
    """The transition table has no such step from here."""


class MotiveMissing(SessionRefusal):
    pass


class VersionMissing(SessionRefusal):
    """The course was never published: there is nothing to promise yet."""


class AgendaEmpty(SessionRefusal):
    pass


class DatePast(SessionRefusal):
    pass


ASKS_MOTIVE = frozenset({SessionState.POSTPONED, SessionState.CANCELLED})
# Shown to the public from here on: a frozen course and a coming date are needed.
ASKS_DATE = frozenset({SessionState.ANNOUNCED, SessionState.OPEN})
# What people keep in their calendars no longer stands as it was.
MOVES_CALENDARS = frozenset({SessionState.POSTPONED, SessionState.CANCELLED})
# A postponed session has no date: the clock leaves it alone.
RUNS_BY_THE_CLOCK = LIVE_SESSION_STATES - {SessionState.POSTPONED}
AHEAD = timedelta(minutes=5)  # before its hour of opening, a session announced becomes an open one


def announce_session(
    *, session: Session, by: User | None, at: datetime, motive: str = ""
) -> Session:
    """Shows the session to the public; enrolment stays shut. Refuses a course never published."""
    return _move(session, SessionState.ANNOUNCED, by=by, at=at, motive=motive)


def open_enrolment(*, session: Session, by: User | None, at: datetime, motive: str = "") -> Session:
    """Opens enrolment (announcing the session if it was a draft) and wakes the waiting list."""
    return _move(session, SessionState.OPEN, by=by, at=at, motive=motive)


def pause_enrolment(
    *, session: Session, by: User | None, at: datetime, motive: str = ""
) -> Session:
    """Stops enrolment and promotion; seats and ranks stay."""
    return _move(session, SessionState.PAUSED, by=by, at=at, motive=motive)


def resume_enrolment(
    *, session: Session, by: User | None, at: datetime, motive: str = ""
) -> Session:
    """Ends a pause: the same step as opening."""
    return _move(session, SessionState.OPEN, by=by, at=at, motive=motive)


def postpone_session(
    *, session: Session, by: User | None, at: datetime, motive: str = ""
) -> Session:
    """The date is no longer known; seats and ranks are kept. Asks for a motive people will read."""
    return _move(session, SessionState.POSTPONED, by=by, at=at, motive=motive)


def cancel_session(*, session: Session, by: User | None, at: datetime, motive: str = "") -> Session:
    """The session will not take place. Asks for a motive, except of a draft nobody has seen."""
    return _move(session, SessionState.CANCELLED, by=by, at=at, motive=motive)


def close_session(*, session: Session, by: User | None, at: datetime, motive: str = "") -> Session:
    """Presence is settled. Called by attendance alone."""
    return _move(session, SessionState.CLOSED, by=by, at=at, motive=motive)


def reopen_session(*, session: Session, by: User | None, at: datetime, motive: str) -> Session:
    """Presence is to be settled anew. Called by attendance alone; asks for a motive. Idempotent."""
    state = Session.objects.values_list("state", flat=True).get(pk=session.pk)
    if state not in {SessionState.CLOSED, SessionState.HELD}:
        raise NotThisStep(_("Only a session whose presence is settled can be reopened."))
    return _move(session, SessionState.HELD, by=by, at=at, motive=motive)


def _move(
    session: Session, to: SessionState, *, by: User | None, at: datetime, motive: str
) -> Session:
    """One step of a session's life, under its lock. Idempotent: a state reached is returned.

    Writes state, a SessionEvent and, before the session is held, the version in force; raises
    calendar_sequence when dates are lost or found again; sends session_moved (and session_held,
    seat_freed where they apply).
    """
    with transaction.atomic():
        version_id = _version_promised(session) if to in ASKS_DATE else None
        row = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
        was = SessionState(row.state)
        if was != to:
            _check_step(row, was, to, version_id=version_id, at=at, motive=motive)
            row.state = to
            row.version_id = version_id or row.version_id
            if to == SessionState.HELD and was != SessionState.CLOSED:
                row.held_at = at
            row.save(update_fields=["state", "version", "held_at"])
            SessionEvent.objects.create(
                session=row, from_state=was, to_state=to, motive=motive, by=by, at=at
            )
            if to in MOVES_CALENDARS or was == SessionState.POSTPONED:
                raise_sequences(row)
            if was == SessionState.POSTPONED:
                renew_offers(session=row, at=at)
            if to in ASKS_DATE:
                plan_checklist(session=row, at=at)
            session_moved.send(
                sender=Session, session=row, from_state=was, to_state=to, by=by, at=at
            )
            if to == SessionState.HELD and was != SessionState.CLOSED:
                session_held.send(sender=Session, session=row, at=at)
            if to in ASKS_DATE and row.opening_mode == OpeningMode.DRAW:
                publish_draw(session=row, at=at)
            if to == SessionState.OPEN:
                seat_freed.send(sender=Session, session_id=row.pk)
    for name in ("state", "version_id", "held_at"):
        setattr(session, name, getattr(row, name))
    return session


def _version_promised(session: Session) -> int | None:
    """The course's version in force, with the course locked (before the session: the lock order),
    so that a version published at this moment is seen whole or not at all."""
    course = Course.objects.select_for_update(no_key=True).get(pk=session.course_id)
    return course.current_version_id


def raise_sequences(session: Session) -> None:
    """Raises SEQUENCE of every calendar entry of the session, in the caller's transaction."""
    Enrolment.objects.filter(session=session).live().update(
        calendar_sequence=F("calendar_sequence") + 1
    )


def _check_step(
    row: Session,
    was: SessionState,
    to: SessionState,
    *,
    version_id: int | None,
    at: datetime,
    motive: str,
) -> None:
    if to not in SESSION_TRANSITIONS[was]:
        raise NotThisStep(
            _("A session in the state “%(was)s” cannot go to “%(to)s”.")
            % {"was": was.label, "to": to.label}
        )
    asks_motive = (to in ASKS_MOTIVE and was in PUBLIC_SESSION_STATES) or was == SessionState.CLOSED
    if asks_motive and not motive.strip():
        raise MotiveMissing(_("Say why: the people concerned will read it."))
    if to not in ASKS_DATE:
        return
    if version_id is None:
        raise VersionMissing(
            _("Publish the French page of the course first: it freezes what is promised.")
        )
    starts_at = Meeting.objects.filter(session=row).aggregate(first=Min("starts_at"))["first"]
    if starts_at is None:
        raise AgendaEmpty(_("Give the session at least one meeting first."))
    if starts_at <= at and was != SessionState.PAUSED:
        language = get_language()
        raise DatePast(
            _("The first meeting began on %(date)s at %(hour)s: give the session a coming date.")
            % {"date": date_words(starts_at, language), "hour": hour_words(starts_at, language)}
        )


# ------------------------------------------------------------------ the clock
def open_due_enrolment(*, at: datetime) -> int:
    """What the clock does at the hour of opening that was announced: the session opens by itself,
    AHEAD of everybody's hour or of an earlier one of a pool. The gate keeps those hours to the
    second, so that no sweep comes too late.

    An hour that had passed already when the session was announced opens nothing: staff do. A
    transaction a session; returns how many opened. Idempotent. Sends session_moved.
    """
    soon = at + AHEAD
    announced = SessionEvent.objects.filter(
        session=OuterRef("pk"), to_state=SessionState.ANNOUNCED
    ).exclude(from_state=SessionState.ANNOUNCED)
    pools = Pool.objects.filter(
        session=OuterRef("pk"), opens_at__gte=OuterRef("announced_at"), opens_at__lte=soon
    )
    due = (
        Session.objects.filter(
            Q(enrolment_closes_at__isnull=True) | Q(enrolment_closes_at__gt=at),
            state=SessionState.ANNOUNCED,
            enrolment_opens_at__isnull=False,
        )
        .annotate(
            announced_at=Subquery(announced.order_by("-at", "-pk").values("at")[:1]),
            first=Min("meetings__starts_at"),
        )
        .filter(
            Q(enrolment_opens_at__gte=F("announced_at"), enrolment_opens_at__lte=soon)
            | Exists(pools),
            first__gt=at,
        )
        .order_by("enrolment_opens_at", "pk")
    )
    return sum(_open_by_the_clock(session, at) for session in list(due))


def _open_by_the_clock(session: Session, at: datetime) -> bool:
    with suppress(SessionRefusal):  # staff took another step meanwhile
        _move(session, SessionState.OPEN, by=None, at=at, motive="")
        return True
    return False


def hold_finished_sessions(*, at: datetime) -> int:
    """What the clock does: ends waiting lists at the first meeting, sessions after the last one.

    A transaction a session, and what another worker holds is left to it. Returns how many sessions
    became held. Sends place_not_obtained, session_moved and session_held.
    """
    begun = (
        Session.objects.filter(state__in=RUNS_BY_THE_CLOCK)
        .annotate(first=Min("meetings__starts_at"))
        .filter(first__lte=at)
        .order_by("first", "pk")
    )
    return sum(_obey_the_clock(pk, at) for pk in list(begun.values_list("pk", flat=True)))


def _obey_the_clock(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        session = (
            Session.objects.select_for_update(no_key=True, skip_locked=True)
            .filter(pk=pk, state__in=RUNS_BY_THE_CLOCK)
            .first()
        )
        if session is None:
            return False
        # Read again under the lock: the dates may have moved since.
        ends = Meeting.objects.filter(session=session).aggregate(
            first=Min("starts_at"), last=Max("ends_at")
        )
        if ends["first"] is None or ends["first"] > at:
            return False
        lapse_waiting(session=session, at=at)
        if ends["last"] > at:
            return False
        _move(session, SessionState.HELD, by=None, at=at, motive="")
    return True
