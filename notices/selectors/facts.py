"""What a message says, read at the moment it leaves: None when it is no longer true.

Called by the worker in the recipient's language; one function a kind. The address of a meeting is
never among the facts: links lead to our own pages.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from courses.choices import SessionState
from notices.choices import NoticeKind
from notices.letters import one_line
from notices.models import Notice
from notices.selectors import (
    afterwards,
    material,
    offers,
    pools,
    reminders,
    requests,
    seats,
    sessions,
    strikes,
)
from notices.selectors.words import Facts

__all__ = ["FACTS", "Facts", "facts_of"]

FACTS: dict[NoticeKind, Callable[[Notice, datetime], Facts | None]] = {
    NoticeKind.SEAT_CONFIRMED: seats.seat_confirmed,
    NoticeKind.PUT_ON_WAITING_LIST: seats.put_on_waiting_list,
    NoticeKind.ENROLMENT_CANCELLED: seats.enrolment_cancelled,
    NoticeKind.PLACE_NOT_OBTAINED: seats.place_not_obtained,
    NoticeKind.SEAT_OFFERED: offers.seat_offered,
    NoticeKind.OFFER_REMINDER: offers.seat_offered,
    NoticeKind.OFFER_EXPIRED: offers.offer_expired,
    NoticeKind.OFFER_DECLINED: offers.offer_declined,
    NoticeKind.SEAT_CALLED: offers.seat_called,
    NoticeKind.SEAT_REQUESTED: requests.seat_requested,
    NoticeKind.REQUEST_REFUSED: requests.request_refused,
    NoticeKind.SEAT_PASSED_ON: offers.seat_passed_on,
    NoticeKind.POOL_RELEASE_NEAR: pools.pool_release_near,
    NoticeKind.STRIKE_GIVEN: strikes.strike_given,
    NoticeKind.REMINDER_WEEK: reminders.reminder_of_days,
    NoticeKind.COMING_ASKED: reminders.reminder_of_days,
    NoticeKind.REMINDER_DAY: reminders.reminder_of_days,
    NoticeKind.REMINDER_HOUR: reminders.reminder_hour,
    NoticeKind.SESSION_CHANGED: sessions.session_changed,
    NoticeKind.SESSION_POSTPONED: sessions.session_moved_to(SessionState.POSTPONED),
    NoticeKind.SESSION_CANCELLED: sessions.session_moved_to(SessionState.CANCELLED),
    NoticeKind.SLIDES_READY: material.material_ready,
    NoticeKind.RECORDING_READY: material.material_ready,
    NoticeKind.SURVEY_OPENED: afterwards.survey_opened,
    NoticeKind.CERTIFICATE_READY: afterwards.certificate_ready,
    NoticeKind.CERTIFICATE_ENDED: afterwards.certificate_ended,
    NoticeKind.ACCOUNT_CLOSED: afterwards.account_closed,
}


def facts_of(notice: Notice, *, at: datetime) -> Facts | None:
    """What this notice says now; None when it must not leave any more.

    A closed account hears nothing but its closing, at the address it had.
    """
    person = notice.recipient
    if not notice.address and (person.closed_at is not None or not person.email):
        return None
    facts = FACTS[NoticeKind(notice.kind)](notice, at)
    if facts is None:
        return None
    profile = None if notice.address else getattr(person, "profile", None)
    name = one_line(profile.printed_name) if profile else ""
    return replace(facts, words={"name": name} | facts.words)
