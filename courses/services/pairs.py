"""A row and the one it stands instead of: an exchange that waits, a place in a second session.

Both are locked together, in the order of the gate, because the other is given up in the very
transaction in which the row becomes a seat.
"""

from datetime import datetime

from courses.choices import LIVE_SESSION_STATES, EnrolmentState, SessionState
from courses.models import Enrolment, Session
from courses.selectors.standing import dates_of
from courses.services.gate import lock_people, lock_sessions


def lock_pair(*, pk: int, at: datetime) -> tuple[Enrolment, Enrolment | None]:
    """The row with that key and what would be given up for it at that moment, if anything.

    Locks the person, then the sessions of both by key; both are read again under the locks.
    """
    first = Enrolment.objects.select_related("instead_of").get(pk=pk)
    was = first.instead_of
    person = lock_people([first.person_id])[first.person_id]
    sessions = lock_sessions({first.session_id, *([was.session_id] if was else [])})
    row = Enrolment.objects.get(pk=pk)
    row.person, row.session = person, sessions[row.session_id]
    other = None
    if was is not None and may_be_given_up(sessions[was.session_id], at=at):
        other = _live(was)
    if other is not None:
        other.person, other.session = person, sessions[other.session_id]
    return row, other


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
