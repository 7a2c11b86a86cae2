"""Messages about a seat and the waiting list: each reads the enrolment anew, and answers None when
it is no longer in the state the message speaks of.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone

from courses.choices import LIVE_SESSION_STATES, EnrolmentOrigin, EnrolmentState
from courses.letters import CANCEL, REQUEST
from courses.letters.windows import ASK_DAYS, NO_OFFERS
from courses.models import Enrolment, EnrolmentEvent
from courses.selectors.sessions import rank_words
from courses.selectors.twins import find_taken_instead
from notices.models import Notice
from notices.selectors.enrolments import (
    about,
    find_enrolment,
    find_in_state,
    giver_of,
    with_calendar,
)
from notices.selectors.words import Facts, address, session_facts


def seat_confirmed(notice: Notice, at: datetime) -> Facts | None:
    enrolment = find_in_state(notice, EnrolmentState.CONFIRMED)
    if enrolment is None:
        return None
    # Written from the state of this minute: a confirmation that waited never carries an old date.
    until = enrolment.session.cancel_until
    taken = _taken(enrolment)
    # Whoever has just pressed « yes » to an offer is not told that a seat has opened up.
    has_accepted = taken is not None and taken.from_state == EnrolmentState.OFFERED
    was_waiting = bool(notice.context.get("was_waiting")) and not has_accepted
    words = about(
        enrolment,
        was_waiting=was_waiting,
        by_itself=was_waiting and _came_by_itself(taken),
        cancel_until=until if until and until > at else None,
    )
    return with_calendar(notice, enrolment, words, method=REQUEST, at=at)


def put_on_waiting_list(notice: Notice, at: datetime) -> Facts | None:
    enrolment = find_enrolment(notice)
    if enrolment is None or enrolment.state != EnrolmentState.WAITING:
        return None
    if enrolment.session.state not in LIVE_SESSION_STATES:
        return None
    giver, is_second = giver_of(enrolment), enrolment.origin == EnrolmentOrigin.TWIN
    words = about(
        enrolment,
        is_second=is_second,
        rank=rank_words(enrolment),
        giver=giver,
        is_near=_is_near(enrolment, at),
        asks_first=enrolment.asks_first,
        has_chosen=not giver and not is_second,
        asked_from=_asked_from(enrolment, at),
        waiting_url=address("courses:waiting", key=enrolment.session.key),
    )
    return Facts(words)


def enrolment_cancelled(notice: Notice, at: datetime) -> Facts | None:
    """Only a seat that was confirmed is called off in the calendar: nothing else was put there."""
    enrolment = find_enrolment(notice)
    if enrolment is None or enrolment.state != EnrolmentState.CANCELLED:
        return None
    was = str(notice.context["from_state"])
    held = was == EnrolmentState.CONFIRMED
    words = about(enrolment, held=held, was=was, instead=_taken_instead(enrolment))
    if not held:
        return Facts(words)
    return with_calendar(notice, enrolment, words, method=CANCEL, at=at)


def place_not_obtained(notice: Notice, at: datetime) -> Facts | None:
    enrolment = find_enrolment(notice)
    if enrolment is None or enrolment.state != EnrolmentState.LAPSED:
        return None
    starts_at = _starts_at(enrolment)
    words = about(
        enrolment,
        action_url=address("cms:catalogue"),
        begins=starts_at is None or starts_at <= at,  # else a draw ended the request
    )
    return Facts(words)


def _taken_instead(enrolment: Enrolment) -> dict[str, str] | None:
    """The seat for which this one, or this rank, was given up."""
    other = find_taken_instead(enrolment)
    if other is None:
        return None
    session = session_facts(other.session)
    return {"title": session.title, "date": session.date}


def _taken(enrolment: Enrolment) -> EnrolmentEvent | None:
    """How the seat was taken."""
    return (
        enrolment.events.filter(to_state=EnrolmentState.CONFIRMED)
        .exclude(from_state=EnrolmentState.CONFIRMED)
        .order_by("-at", "-pk")
        .first()
    )


def _came_by_itself(taken: EnrolmentEvent | None) -> bool:
    """Was the seat given from the list without asking, as the person had chosen?"""
    return taken is not None and taken.from_state == EnrolmentState.WAITING and taken.by_id is None


def _starts_at(enrolment: Enrolment) -> datetime | None:
    return min((meeting.starts_at for meeting in enrolment.session.meetings.all()), default=None)


def _is_near(enrolment: Enrolment, at: datetime) -> bool:
    """Is the session so near that no seat is held for anybody?"""
    starts_at = _starts_at(enrolment)
    return starts_at is not None and starts_at - at <= NO_OFFERS


def _asked_from(enrolment: Enrolment, at: datetime) -> date | None:
    """The first day on which everybody is asked before a seat is given; None once it has come."""
    starts_at = _starts_at(enrolment)
    if starts_at is None:
        return None
    day = timezone.localdate(starts_at) - timedelta(days=ASK_DAYS)
    return day if day > timezone.localdate(at) else None
