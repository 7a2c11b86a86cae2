"""The clock and the wake-ups of the heart: load by id, read the clock, call one service."""

from django.utils import timezone

from celery import shared_task

from courses.selectors.sessions import sessions_to_fill
from courses.services.enrolments import release_closed_accounts
from courses.services.holds import give_late_strikes
from courses.services.offers import expire_offers, fill_session, release_pools
from courses.services.requests import draw_due
from courses.services.retention import forget_due
from courses.services.second_sessions import end_needless_waits
from courses.services.sessions import hold_finished_sessions
from courses.services.states import open_due_enrolment


@shared_task
def move_sessions_by_the_clock() -> None:
    """Opens enrolment at its hour, ends waiting lists at the first meeting and sessions after the
    last. May run twice."""
    at = timezone.now()
    open_due_enrolment(at=at)
    hold_finished_sessions(at=at)


@shared_task
def fill_one_session(session_id: int) -> None:
    """Gives the free seats of one session to those who wait. May run twice."""
    fill_session(session_id=session_id, at=timezone.now())


@shared_task
def release_seats() -> None:
    """Gives back what people whose account is closed still hold. May run twice."""
    release_closed_accounts(at=timezone.now())


@shared_task
def fill_free_seats() -> None:
    """The sweep: seats of closed accounts, offers that ended, pools whose hour has come, lots to
    draw, late withdrawals that count, places in line nobody needs any more, then sessions where
    somebody waits for a free seat."""
    at = timezone.now()
    release_closed_accounts(at=at)
    expire_offers(at=at)
    release_pools(at=at)
    draw_due(at=at)
    give_late_strikes(at=at)
    end_needless_waits(at=at)
    for session in sessions_to_fill(at=at):
        fill_session(session_id=session.pk, at=at)


@shared_task
def forget_old_rows() -> dict[str, int]:
    """Erases or detaches the personal data whose time has come: kind → how many. May run twice."""
    return forget_due(at=timezone.now())
