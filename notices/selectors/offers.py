"""Messages about a seat held for a person until an hour, and about a seat that may be taken."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from courses.choices import (
    PROMOTING_STATES,
    EnrolmentOrigin,
    EnrolmentState,
    SessionState,
)
from courses.letters import CANCEL
from courses.models import Enrolment
from courses.selectors.sessions import rank_words, seat_summary
from courses.services.proposals import find_own_refusal
from notices.letters import one_line
from notices.models import Notice
from notices.selectors.enrolments import (
    GIVEN,
    about,
    find_enrolment,
    find_in_state,
    giver_of,
    with_calendar,
)
from notices.selectors.words import Facts, address, moment_words, session_facts, terms


def seat_offered(notice: Notice, at: datetime) -> Facts | None:
    """None once answered, over or renewed. No calendar yet: an offer is not an appointment.

    Of the reminder too, which is due before the end and says the same.
    """
    enrolment = find_in_state(notice, EnrolmentState.OFFERED)
    if enrolment is None or enrolment.offer_expires_at is None or enrolment.offer_expires_at <= at:
        return None
    until, giver = enrolment.offer_expires_at, giver_of(enrolment)
    if notice.context.get("until", until.isoformat()) != until.isoformat():
        return None  # the offer was renewed: a newer message says until when
    words = about(
        enrolment,
        until=until,
        action_url=address("courses:offer", key=enrolment.key),
        comes_from=_comes_from(enrolment, giver),
        giver=giver,
        silences=enrolment.silences,
        instead_of=_instead_of(enrolment),
    )
    words["facts"] = [*terms([(_("Answer before"), moment_words(until))]), *words["facts"]]
    return Facts(words)


def offer_expired(notice: Notice, at: datetime) -> Facts | None:
    """The offer passed in silence: what becomes of the rank, while the person still waits."""
    enrolment = find_enrolment(notice)
    if enrolment is None or enrolment.state != EnrolmentState.EXPIRED:
        return None
    if enrolment.session.state in {SessionState.CANCELLED, SessionState.HELD, SessionState.CLOSED}:
        return None
    if notice.context["again"] is None:
        return Facts(about(enrolment, again=False))
    again = find_enrolment(notice, "again")
    if again is None or again.state != EnrolmentState.WAITING:
        return None  # seated, offered again or gone meanwhile: another message says so
    words = about(
        again,
        again=True,
        keeps_rank=again.rank == enrolment.rank,
        rank=rank_words(again),
        waiting_url=address("courses:waiting", key=again.session.key),
    )
    return Facts(words)


def offer_declined(notice: Notice, at: datetime) -> Facts | None:
    """None when the person has asked for a seat again meanwhile."""
    enrolment = find_enrolment(notice)
    if enrolment is None or enrolment.state != EnrolmentState.DECLINED:
        return None
    live = Enrolment.objects.live().filter(person=enrolment.person, session=enrolment.session)
    return None if live.exists() else Facts(about(enrolment, waited=enrolment.rank is not None))


def seat_called(notice: Notice, at: datetime) -> Facts | None:
    """None once the seat is taken, the session has begun, or the person no longer waits; and while
    a rule would refuse it (another seat at that hour, a limit): the call would lead nowhere.
    """
    enrolment = find_enrolment(notice)
    if enrolment is None or enrolment.state != EnrolmentState.WAITING or enrolment.paused_at:
        return None
    session = enrolment.session
    starts = [meeting.starts_at for meeting in session.meetings.all()]
    if session.state not in PROMOTING_STATES or not starts or min(starts) <= at:
        return None
    if seat_summary(session).free == 0:
        return None
    other = enrolment.instead_of
    given_up = [other.session_id] if other is not None and other.ended_at is None else []
    if find_own_refusal(enrolment.person, session, at=at, given_up=given_up) is not None:
        return None
    return Facts(about(enrolment, action_url=address("courses:enrol", key=session.key)))


def seat_passed_on(notice: Notice, at: datetime) -> Facts | None:
    """To whoever gave the seat: it leaves their calendar, and goes to whom they named."""
    enrolment, to = find_enrolment(notice), find_enrolment(notice, "to")
    if enrolment is None or to is None or enrolment.state != EnrolmentState.CANCELLED:
        return None
    is_waited_for = to.state == EnrolmentState.OFFERED
    words = about(
        enrolment,
        colleague=one_line(str(to.person)),
        until=to.offer_expires_at if is_waited_for else None,
    )
    return with_calendar(notice, enrolment, words, method=CANCEL, at=at)


def _comes_from(enrolment: Enrolment, giver: str) -> str:
    """Why this person: waited (« list »), or the origin of the row. A giver has a name.

    Whoever waits for a first session has a rank in the second one from the beginning: what is
    offered at once comes from there, and from the list once they have waited here too.
    """
    if enrolment.rank is not None and not (
        enrolment.origin == EnrolmentOrigin.TWIN
        and not enrolment.events.filter(to_state=EnrolmentState.WAITING).exists()
    ):
        return "list"
    return str(enrolment.origin) if giver or enrolment.origin not in GIVEN else ""


def _instead_of(enrolment: Enrolment) -> dict[str, Any] | None:
    """What saying yes gives up: a seat, or a rank, in another session."""
    other = enrolment.instead_of
    if other is None or other.state not in {EnrolmentState.CONFIRMED, EnrolmentState.WAITING}:
        return None
    session = session_facts(other.session)
    return {
        "title": session.title,
        "date": session.date,
        "is_seat": other.state == EnrolmentState.CONFIRMED,
    }
