"""A row and those it does away with: an exchange that waits, a place in a second session.

They are locked together, in the order of the gate, because the others are given up in the very
transaction in which the row becomes a seat.
"""

from datetime import datetime

from courses.choices import LIVE_SESSION_STATES, EnrolmentState, SessionState
from courses.models import Enrolment, Session
from courses.selectors.standing import dates_of
from courses.selectors.twins import proposals_beside
from courses.services.gate import lock_people, lock_sessions


def lock_pair(*, pk: int, at: datetime) -> tuple[Enrolment, Enrolment | None]:
    """The row with that key and what would be given up for it at that moment, if anything.

    Locks the person, then the sessions of both by key; both are read again under the locks.
    """
    row, other, _proposed = _lock(pk, at, with_proposals=False)
    return row, other


def lock_with_proposals(
    *, pk: int, at: datetime
) -> tuple[Enrolment, Enrolment | None, list[Enrolment]]:
    """The pair, and what second sessions of the same course hold or keep in line for the person,
    which a seat in this one makes needless. All their sessions are locked, by key.
    """
    return _lock(pk, at, with_proposals=True)


def _lock(
    pk: int, at: datetime, *, with_proposals: bool
) -> tuple[Enrolment, Enrolment | None, list[Enrolment]]:
    first = Enrolment.objects.select_related("instead_of", "session").get(pk=pk)
    was = first.instead_of
    person = lock_people([first.person_id])[first.person_id]
    # Under the lock of the person no proposal begins any more; it may still end.
    proposed = proposals_beside(person.pk, first.session) if with_proposals else []
    ids = {first.session_id, *(each.session_id for each in proposed)}
    sessions = lock_sessions(ids | ({was.session_id} if was else set()))
    row = Enrolment.objects.get(pk=pk)
    row.person, row.session = person, sessions[row.session_id]
    other = None
    if was is not None and may_be_given_up(sessions[was.session_id], at=at):
        other = _live(was)
    if other is not None:
        other.person, other.session = person, sessions[other.session_id]
    needless = []
    for each in proposals_beside(person.pk, first.session) if proposed else []:
        if other is None or each.pk != other.pk:
            each.person, each.session = person, sessions[each.session_id]
            needless += [each] if may_be_given_up(each.session, at=at) else []
    return row, other, needless


def _live(was: Enrolment) -> Enrolment | None:
    """That row if it still stands; when its offer expired meanwhile, the row that follows it."""
    was.refresh_from_db()
    if was.state != EnrolmentState.EXPIRED:
        return was if was.ended_at is None else None
    rows = Enrolment.objects.live().filter(person_id=was.person_id, session_id=was.session_id)
    return rows.first()


def may_be_given_up(session: Session, *, at: datetime) -> bool:
    """Whether a seat of that session can still be left for another: it is to come, not begun."""
    if session.state not in LIVE_SESSION_STATES:
        return False
    if session.state == SessionState.POSTPONED:
        return True
    starts_at = dates_of(session).starts_at
    return starts_at is None or at < starts_at
