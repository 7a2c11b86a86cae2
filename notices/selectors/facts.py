"""What a message says, read at the moment it leaves: None when it is no longer true.

Called by the worker in the recipient's language; one function a kind. The address of a meeting is
never among the facts: links lead to our own pages.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from courses.choices import SessionState
from notices.choices import TEXTS, NoticeKind
from notices.letters import one_line
from notices.models import MessageText, Notice
from notices.selectors import (
    afterwards,
    announcements,
    material,
    offers,
    pools,
    reminders,
    requests,
    seats,
    sessions,
    strikes,
)
from notices.selectors.samples import sample_facts
from notices.selectors.texts import find_text, in_own_words
from notices.selectors.words import Facts
from people.models import User

__all__ = ["FACTS", "Facts", "facts_of", "trial_facts"]

LOOKED_AT = 5  # newest messages of a kind read to find one that is still true

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
    **announcements.FACTS,
}


def facts_of(notice: Notice, *, at: datetime) -> Facts | None:
    """What this notice says now, in the words of staff where they wrote some; None when it must not
    leave any more. A trial says what such a message would.

    A closed account hears nothing but its closing, at the address it had.
    """
    person = notice.recipient
    if not notice.address and (person.closed_at is not None or not person.email):
        return None
    trial = notice.context.get("trial")
    if trial is not None:
        shown = trial_facts(notice.kind, trial, reader=person, language=notice.language, at=at)
        return replace(shown, words=shown.words | {"is_trial": True})
    facts = FACTS[NoticeKind(notice.kind)](notice, at)
    if facts is None:
        return None
    name = "" if notice.address else _name(person)
    facts = replace(facts, words={"name": name} | facts.words)
    text = find_text(notice.kind) if notice.kind in TEXTS else None
    return in_own_words(facts, text, notice.language)


def trial_facts(
    kind: str, typed: Mapping[str, str], *, reader: User, language: str, at: datetime
) -> Facts:
    """What a message of that kind would say to `reader` in the words typed (subject, lead): about
    the newest fact that still holds, else about a sample. In the active language.

    Carries no capability, no file and no calendar of the person it was about.
    """
    facts = _newest(kind, at=at) or sample_facts(at)
    words = facts.words | {"name": _name(reader)}
    text = MessageText(
        kind=kind,
        **{f"{part}_{language}": typed.get(part, "") for part in ("subject", "lead")},
    )
    return in_own_words(Facts(words), text, language)


def _newest(kind: str, *, at: datetime) -> Facts | None:
    """Facts of the newest message of that kind that is still true and holds no secret."""
    newest = Notice.objects.filter(kind=kind, recipient__closed_at__isnull=True).exclude(
        context__has_key="trial"
    )
    for notice in newest.select_related("recipient__profile").order_by("-pk")[:LOOKED_AT]:
        facts = FACTS[NoticeKind(kind)](notice, at)
        if facts is not None and not facts.secrets:
            return facts
    return None


def _name(person: User) -> str:
    profile = getattr(person, "profile", None)
    return one_line(profile.printed_name) if profile else ""
