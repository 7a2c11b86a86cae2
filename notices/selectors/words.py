"""What the messages share: the shape of their facts, a session in words, addresses of our pages."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.choices import LIVE_SESSION_STATES, PAST_SESSION_STATES, SessionFormat, SessionState
from courses.models import Session
from notices.letters import one_line
from people.choices import Language, in_language
from people.letters import date_words, hour_words, interval_words

DATED_STATES = LIVE_SESSION_STATES - {SessionState.POSTPONED}
File = tuple[str, bytes, str]  # name, content, media type


@dataclass(frozen=True)
class Facts:
    """`words` is the template's context; `calendar` goes as an alternative of the text, `files` are
    attached; `secrets` are masked in what staff may read later; `subject` is what staff wrote in
    place of ours, or empty.
    """

    words: dict[str, Any]
    subject: str = ""
    calendar: bytes = b""
    calendar_method: str = ""
    files: tuple[File, ...] = ()
    secrets: tuple[str, ...] = field(default=(), repr=False)
    unsubscribe_url: str = field(default="", repr=False)


@dataclass(frozen=True)
class SessionFacts:
    """A session in the active language; `rows` are the lines of the box: {term, text}; `date` and
    `hour` those of its first meeting, empty without one.
    """

    title: str
    date: str
    hour: str
    is_online: bool
    url: str
    rows: list[dict[str, str]]


def address(name: str, **parameters: object) -> str:
    """The whole address of one of our pages, in the active language."""
    return settings.PUBLIC_BASE_URL + reverse(name, kwargs=parameters or None)


def session_facts(session: Session) -> SessionFacts:
    """Title, dates, place, language and trainers, as they stand now."""
    title = one_line(in_language(session.version or session.course, "title"))
    rows = [(_("Training"), title), *_date_rows(session), (_("Where"), _where(session))]
    rows.append((_("Language"), str(Language(session.language).label)))
    trainers = session.trainers.select_related("person__profile")
    names = ", ".join(one_line(str(row.person)) for row in trainers)
    if names:
        rows.append((_("Given by"), names))
    starts = [meeting.starts_at for meeting in session.meetings.all()]
    return SessionFacts(
        title=title,
        date=date_words(min(starts), get_language()) if starts else "",
        hour=hour_words(min(starts), get_language()) if starts else "",
        is_online=session.format != SessionFormat.IN_PERSON,
        url=address("courses:session", key=session.key),
        rows=terms(rows),
    )


def moment_words(moment: datetime) -> str:
    """« jeudi 12 novembre 2026, 10 h », in the active language."""
    language = get_language()
    return f"{date_words(moment, language)}, {hour_words(moment, language)}"


def terms(rows: list[tuple[str, str]]) -> list[dict[str, str]]:
    """Rows as the templates of mails read them."""
    return [{"term": term, "text": text} for term, text in rows]


def _date_rows(session: Session) -> list[tuple[str, str]]:
    """One row a meeting; a session that lost its date says what was planned."""
    meetings = sorted(session.meetings.all(), key=lambda meeting: meeting.starts_at)
    rows = []
    for number, meeting in enumerate(meetings, start=1):
        if session.state not in DATED_STATES | PAST_SESSION_STATES:
            term = _("Was planned for (Montréal time)")
        elif len(meetings) == 1:
            term = _("Date and time (Montréal time)")
        else:
            term = _("Meeting %(number)d of %(total)d (Montréal time)") % {
                "number": number,
                "total": len(meetings),
            }
        rows.append((term, interval_words(meeting.starts_at, meeting.ends_at, get_language())))
    return rows


def _where(session: Session) -> str:
    places = dict.fromkeys(one_line(row.place) for row in session.meetings.all() if row.place)
    return " · ".join([str(session.get_format_display()), *places])
