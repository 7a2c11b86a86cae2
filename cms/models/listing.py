"""Sessions as cards: what the home page, the catalogue and a course page show of each.

Reads the facts below; every word comes ready to show, in the reader's language. The number of
queries does not depend on how many sessions there are.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from certificates.choices import AccreditationStatus
from certificates.models import Accreditation
from courses.choices import PAST_SESSION_STATES, SessionFormat, SessionState
from courses.letters.conditions import card_notes, is_by_request
from courses.models import Course, Session, SessionTrainer
from courses.selectors.seats import pool_seats, seat_summary
from people.choices import Language, in_language
from people.letters import date_words, hour_words, hours_words, number_words


@dataclass(frozen=True)
class SessionCard:
    """What templates/components/session_card.html and the table of a course page are given."""

    session: Session
    at: datetime | None
    ends_at: datetime | None
    title: str
    url: str
    hours: str
    more_dates: str
    facts: list[dict[str, str]]
    people: str
    state: dict[str, str]
    action: dict[str, str] | None
    notes: list[str] = field(default_factory=list)
    meetings: list[Any] = field(default_factory=list)

    @property
    def short_facts(self) -> list[dict[str, str]]:
        """Without the accreditation, where the page says it once for all its sessions."""
        return [fact for fact in self.facts if fact["icon"] != "seal"]

    @property
    def hint(self) -> str:
        """Which session a button speaks of, for those who listen."""
        return date_words(self.at, _here()) if self.at else ""


def with_people(sessions: QuerySet[Session]) -> list[Session]:
    """The sessions of `catalogue_sessions`, read with those who teach them."""
    trainers = SessionTrainer.objects.select_related("person__profile")
    return list(sessions.prefetch_related(Prefetch("trainers", queryset=trainers)))


def session_cards(
    sessions: list[Session],
    *,
    at: datetime,
    addresses: dict[int, str],
    granted: dict[int, list[Accreditation]] | None = None,
) -> list[SessionCard]:
    """One card a session of `with_people`, in order. `addresses`: course → address of its page;
    `granted`: what `granted_accreditations` answered, where the caller already asked.
    """
    if granted is None:
        granted = granted_accreditations({session.course_id for session in sessions})
    return [
        _card(session, addresses.get(session.course_id, ""), granted.get(session.course_id, []), at)
        for session in sessions
    ]


def granted_accreditations(course_ids: Iterable[int]) -> dict[int, list[Accreditation]]:
    """Course → accreditations granted to it, whatever their period."""
    rows: dict[int, list[Accreditation]] = defaultdict(list)
    for row in (
        Accreditation.objects.filter(course__in=course_ids, status=AccreditationStatus.GRANTED)
        .select_related("body")
        .order_by("-hours", "body__code")
    ):
        rows[row.course_id].append(row)
    return rows


def accredited_on(rows: Iterable[Accreditation], on: date) -> list[Accreditation]:
    """Those whose period holds the day."""
    return [row for row in rows if row.valid_from <= on <= row.valid_until]


def accreditation_words(rows: Iterable[Accreditation]) -> str:
    """« 1,5 h reconnue(s) par … »; empty without accreditation."""
    rows = list(rows)
    if not rows:
        return ""
    bodies = list(dict.fromkeys(in_language(row.body, "name") for row in rows))
    return _("%(hours)s accredited: %(bodies)s") % {
        "hours": hours_of(rows[0]),
        "bodies": and_words(bodies),
    }


def hours_of(row: Accreditation | Course) -> str:
    """« 1,5 h »."""
    return _("%(hours)s h") % {"hours": number_words(row.hours.normalize(), _here())}


def and_words(words: list[str]) -> str:
    """« A, B et C »."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def partner_words(course: Course) -> str:
    return and_words([str(partner) for partner in course.partners.all()])


def _here() -> str:
    return (get_language() or Language.FRENCH)[:2]


def _card(
    session: Session, address: str, granted: list[Accreditation], at: datetime
) -> SessionCard:
    meetings = sorted(session.meetings.all(), key=lambda meeting: meeting.starts_at)
    first = meetings[0] if meetings else None
    is_dated = first is not None and session.state != SessionState.POSTPONED
    more = len(meetings) - 1
    state, action = _seat(session, at)
    pools = [each.pool for each in pool_seats(session, at=at)]
    return SessionCard(
        session=session,
        at=first.starts_at if is_dated else None,
        ends_at=meetings[-1].ends_at if is_dated else None,
        title=in_language(session.version or session.course, "title"),
        url=address,
        hours=hours_words(first.starts_at, first.ends_at, _here()) if is_dated else "",
        more_dates=ngettext("and %(count)d other meeting", "and %(count)d other meetings", more)
        % {"count": more}
        if is_dated and more
        else "",
        facts=_facts(session, first, granted),
        people=and_words([str(trainer.person) for trainer in session.trainers.all()]),
        state=state,
        action=action,
        notes=card_notes(session, pools, at=at),
        meetings=meetings if is_dated else [],
    )


def _facts(session: Session, first: Any, granted: list[Accreditation]) -> list[dict[str, str]]:
    place = first.place if first else ""
    if session.format == SessionFormat.ONLINE:
        facts = [{"icon": "online", "label": session.get_format_display()}]
    else:
        words = session.get_format_display()
        facts = [{"icon": "place", "label": f"{words}, {place}" if place else words}]
    spoken = _("Given in English") if session.language == Language.ENGLISH else _("Given in French")
    facts.append({"icon": "language", "label": spoken})
    if first:
        valid = accredited_on(granted, timezone.localdate(first.starts_at))
        if valid:
            facts.append({"icon": "seal", "label": accreditation_words(valid)})
    return facts


# State → tone and icon of its badge, where the state itself is what the reader must know.
BADGES = {
    SessionState.ANNOUNCED: ("info", "calendar"),
    SessionState.PAUSED: ("attention", "pause"),
    SessionState.POSTPONED: ("attention", "calendar"),
    SessionState.CANCELLED: ("error", "cancelled"),
    SessionState.HELD: ("", "check"),
    SessionState.CLOSED: ("", "check"),
}


def _seat(session: Session, at: datetime) -> tuple[dict[str, str], dict[str, str] | None]:
    """The state of the seats in words, and the one link where a seat may be asked for."""
    if session.state != SessionState.OPEN:
        tone, icon = BADGES[SessionState(session.state)]
        return {"label": _state_words(session), "tone": tone, "icon": icon}, None
    if session.enrolment_opens_at and at < session.enrolment_opens_at:
        return {"label": _opens_words(session), "tone": "info", "icon": "calendar"}, None
    closes_at = session.enrolment_closes_at or session.starts_at
    if closes_at and closes_at <= at:
        return {"label": _("Enrolment closed"), "tone": "", "icon": "lock"}, None
    summary = seat_summary(session, at=at)
    by_request = is_by_request(session, at=at)
    full_words = _("Join the waiting list") if summary.is_full else _("Reserve my seat")
    action = {
        "label": _("Ask for a seat") if by_request else full_words,
        "href": reverse("courses:enrol", kwargs={"key": session.key}),
        "kind": "secondary",
    }
    tone, icon = ("attention", "hourglass") if summary.is_full else ("success", "seat")
    return {"label": summary.words, "tone": tone, "icon": icon}, action


def _state_words(session: Session) -> str:
    if session.state == SessionState.ANNOUNCED and session.enrolment_opens_at:
        return _opens_words(session)
    if session.state in PAST_SESSION_STATES:
        return _("Already held")
    return session.get_state_display()


def _opens_words(session: Session) -> str:
    return _("Enrolment opens on %(date)s at %(hour)s") % {
        "date": date_words(session.enrolment_opens_at, _here(), with_weekday=False),
        "hour": hour_words(session.enrolment_opens_at, _here()),
    }
