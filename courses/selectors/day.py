"""A session on its day: which meetings are left of it, and what changed that people must see."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.choices import (
    CHANGEABLE_ON_THE_DAY,
    FIRST_ADDRESS,
    LIVE_SESSION_STATES,
    SessionChange,
    SessionState,
)
from courses.models import Meeting, Session, SessionEvent
from people.letters import hours_words, interval_words

NEAR = timedelta(hours=36)  # this long before a meeting, what changes is shown on its page
SHOWN = (
    SessionChange.TIME,
    SessionChange.PLACE,
    SessionChange.TRAINERS,
    SessionChange.JOIN_URL,
    SessionChange.LANGUAGE,
)
OFF = frozenset({SessionState.POSTPONED, SessionState.CANCELLED})


@dataclass(frozen=True)
class Line:
    """One thing that changed, in a sentence, and why. `motive` is for those concerned alone; empty
    when none was given, or when the line below has the same.
    """

    words: str
    motive: str = ""


@dataclass(frozen=True)
class Banner:
    """What changed of late; `at`: the last of it."""

    lines: list[Line]
    at: datetime
    is_off: bool  # it will not take place as planned


def day_of(meetings: Iterable[Meeting], *, at: datetime) -> list[Meeting]:
    """The meetings left of the local day of the next one to end; empty when all are over."""
    left = sorted((row for row in meetings if row.ends_at > at), key=lambda row: row.starts_at)
    if not left:
        return []
    day = timezone.localdate(left[0].starts_at)
    return [row for row in left if timezone.localdate(row.starts_at) == day]


def is_changeable(session: Session) -> bool:
    """Whether a change on the day has something to change."""
    return session.state in CHANGEABLE_ON_THE_DAY


def latest_event(session: Session) -> int:
    """Key of the newest event of a session: whoever acts on a preview says what it had seen."""
    return session.events.order_by("-pk").values_list("pk", flat=True).first() or 0


def banner_of(session: Session, *, at: datetime) -> Banner | None:
    """What changed within 36 hours of the meeting at hand; None when nothing did, or it is far off.

    One query, none while no meeting is near. Reads prefetched meetings and trainers.
    """
    if session.state not in LIVE_SESSION_STATES | OFF:
        return None
    day = day_of(session.meetings.all(), at=at)
    if not day or day[0].starts_at - at > NEAR:
        return None
    events = list(
        session.events.filter(at__gte=day[0].starts_at - NEAR, at__lte=at)
        .exclude(from_state__in=["", SessionState.DRAFT])
        .order_by("at", "pk")
    )
    if session.state in OFF:
        events = [event for event in events if event.to_state == session.state]
        lines = [Line(_off_words(session), events[-1].motive)] if events else []
    else:
        motives: dict[str, str] = {}
        events = [event for event in events if _news_of(event)]
        for event in events:
            for name in _news_of(event):
                motives[name] = event.motive or motives.get(name, "")
        lines = [
            Line(_words(name, session, day), motives[name]) for name in SHOWN if name in motives
        ]
    if not lines:
        return None
    return Banner(_each_motive_once(lines), events[-1].at, session.state in OFF)


def _news_of(event: SessionEvent) -> list[str]:
    """What of an event is told on the page; the first address of a meeting is no news."""
    return [name for name in SHOWN if event.changes.get(name, FIRST_ADDRESS) != FIRST_ADDRESS]


def _each_motive_once(lines: list[Line]) -> list[Line]:
    """Where lines that follow each other have one motive, it stands under the last of them."""
    below = [*(line.motive for line in lines[1:]), ""]
    return [
        replace(line, motive="" if line.motive == motive else line.motive)
        for line, motive in zip(lines, below, strict=True)
    ]


def _off_words(session: Session) -> str:
    if session.state == SessionState.CANCELLED:
        return _("This session is cancelled: it will not take place.")
    return _("This session is postponed: it will not take place at the time announced.")


def _words(name: SessionChange, session: Session, day: list[Meeting]) -> str:
    language = get_language()
    match name:
        case SessionChange.TIME:
            return _("New hours: %(hours)s") % {
                "hours": ", ".join(
                    interval_words(row.starts_at, row.ends_at, language)
                    if row is day[0]
                    else hours_words(row.starts_at, row.ends_at, language)
                    for row in day
                )
            }
        case SessionChange.PLACE:
            places = " · ".join(dict.fromkeys(row.place for row in day if row.place))
            return _("New place: %(place)s") % {"place": places or session.get_format_display()}
        case SessionChange.TRAINERS:
            names = ", ".join(str(row.person) for row in session.trainers.all())
            return _("Now given by: %(names)s") % {"names": names or "–"}
        case SessionChange.JOIN_URL:
            return _("The address of the meeting has changed: the “Join” button leads to it.")
        case _:
            return _("Spoken language: %(language)s") % {"language": session.get_language_display()}
