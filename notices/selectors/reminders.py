"""Reminders of a seat: when each is due, and what it says while it is still true.

A reminder of days is due at 9 h of its local day and leaves on that day or never; the one of an
hour is due in real time. A session of several days reminds of each day, by its first meeting. The
reminder of an offer wakes nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from courses.choices import EnrolmentState, SessionFormat
from courses.models import Enrolment
from notices.choices import NoticeKind
from notices.models import Notice
from notices.selectors.enrolments import about, find_in_state
from notices.selectors.words import Facts, address
from people.letters import date_words, hour_words

MORNING = time(9)
HOUR = timedelta(hours=1)
# Days before; those of the first two speak of the session, the last of each of its days.
DAYS = {NoticeKind.REMINDER_WEEK: 7, NoticeKind.COMING_ASKED: 3, NoticeKind.REMINDER_DAY: 1}
ONCE_A_SESSION = frozenset({NoticeKind.REMINDER_WEEK, NoticeKind.COMING_ASKED})
FARTHEST = timedelta(days=max(DAYS.values()) + 1)
WAKING, SLEEPING = time(8), time(21)  # Montréal's hours: an offer is reminded of between the two


@dataclass(frozen=True)
class Due:
    """One reminder whose moment has come. `fact` names the date or the hour it speaks of."""

    kind: NoticeKind
    starts_at: datetime
    due_at: datetime
    fact: str


def due_reminders(starts: Sequence[datetime], at: datetime) -> list[Due]:
    """Reminders to write at `at` for a session whose meetings begin at `starts`."""
    found = []
    for number, starts_at in enumerate(first_of_days(starts)):
        if at >= starts_at:
            continue
        day = timezone.localdate(starts_at)
        for kind, days in DAYS.items():
            due_at = _morning(day - timedelta(days=days))
            if number and kind in ONCE_A_SESSION:
                continue
            if due_at <= at and timezone.localdate(at) == timezone.localdate(due_at):
                found.append(Due(kind, starts_at, due_at, day.isoformat()))
        if starts_at - HOUR <= at:
            fact = f"{starts_at.astimezone(timezone.get_default_timezone()):%Y-%m-%dT%H:%M%z}"
            found.append(Due(NoticeKind.REMINDER_HOUR, starts_at, starts_at - HOUR, fact))
    return found


def first_of_days(starts: Iterable[datetime]) -> list[datetime]:
    """The first meeting of each local day, in order."""
    days: dict[date, datetime] = {}
    for starts_at in sorted(starts):
        days.setdefault(timezone.localdate(starts_at), starts_at)
    return list(days.values())


def offer_reminder_at(*, at: datetime, ends_at: datetime) -> datetime | None:
    """When somebody who does not answer an offer made at `at` is reminded of it: at two thirds of
    the time to answer, in real hours.

    A moment between 21 h and 8 h moves to 8 h if the offer still stands then, else back to 21 h if
    an hour has passed since it was made; else nobody is reminded.
    """
    at, ends_at = at.astimezone(UTC), ends_at.astimezone(UTC)
    here = timezone.localtime(at + (ends_at - at) * 2 / 3)
    if WAKING <= here.time() <= SLEEPING:
        return here
    is_evening = here.time() > SLEEPING
    morning = _local(here.date() + timedelta(days=is_evening), WAKING)
    if morning < ends_at:
        return morning
    evening = _local(here.date() - timedelta(days=not is_evening), SLEEPING)
    return evening if evening - at >= HOUR else None


def _morning(day: date) -> datetime:
    return _local(day, MORNING)


def _local(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=timezone.get_default_timezone())


# ------------------------------------------------------------------ what they say
def reminder_of_days(notice: Notice, at: datetime) -> Facts | None:
    """None once the seat is given back, the day moved, or the local day of the reminder is over."""
    enrolment = find_in_state(notice, EnrolmentState.CONFIRMED)
    starts_at = _start(enrolment, notice.context["day"]) if enrolment else None
    if enrolment is None or starts_at is None:
        return None
    kind = NoticeKind(notice.kind)
    left = timezone.localdate(starts_at) - timezone.localdate(at)
    if left.days != DAYS[kind]:
        return None
    words = _words(enrolment, starts_at, at)
    if kind == NoticeKind.COMING_ASKED:
        if enrolment.coming_at is not None:
            return None
        words["action_url"] = address("courses:coming", key=enrolment.session.key)
    return Facts(words)


def reminder_hour(notice: Notice, at: datetime) -> Facts | None:
    """None once the hour moved or has come."""
    enrolment = find_in_state(notice, EnrolmentState.CONFIRMED)
    if enrolment is None:
        return None
    starts_at = datetime.fromisoformat(notice.context["starts_at"])
    starts = [meeting.starts_at for meeting in enrolment.session.meetings.all()]
    if starts_at not in first_of_days(starts) or at >= starts_at:
        return None
    words = _words(enrolment, starts_at, at)
    if enrolment.session.format != SessionFormat.IN_PERSON:
        words["action_url"] = address("courses:join", key=enrolment.session.key)
    return Facts(words)


def _start(enrolment: Enrolment, day: str) -> datetime | None:
    starts = [meeting.starts_at for meeting in enrolment.session.meetings.all()]
    days = {timezone.localdate(each).isoformat(): each for each in first_of_days(starts)}
    return days.get(day)


def _words(enrolment: Enrolment, starts_at: datetime, at: datetime) -> dict[str, Any]:
    language, until = get_language(), enrolment.session.cancel_until
    return about(
        enrolment,
        cancel_until=until if until and until > at else None,
        date=date_words(starts_at, language),
        hour=hour_words(starts_at, language),
    )
