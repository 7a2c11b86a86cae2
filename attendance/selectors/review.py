"""What the review screen shows: people with their bar, doubts first, and the lines nobody owns."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from attendance.choices import MatchLevel, PresenceStatus, ReasonCode
from attendance.models import Connection, ReportImport
from attendance.selectors.agenda import HeldTime
from attendance.selectors.presence import Presence
from courses.choices import EnrolmentState
from courses.models import Enrolment, Session
from people.models import User

CERTAIN = frozenset({MatchLevel.EMAIL, MatchLevel.ALIAS, MatchLevel.HAND})
FORMAT_WORDS = {
    "zoom-webinar": _("attendee report of a Zoom webinar"),
    "zoom-meeting": _("participant report of a Zoom meeting"),
}
TONES = {
    PresenceStatus.PRESENT: "success",
    PresenceStatus.PARTIAL: "attention",
    PresenceStatus.ABSENT: "",
}


@dataclass(frozen=True)
class Group:
    """Lines of a report that are one person's, as the preview lists them."""

    name: str
    email: str
    role: str
    lines: int
    first: Connection
    person: User | None
    level: str
    reasons: list[str] = field(default_factory=list)

    @property
    def tone(self) -> str:
        if self.person is None:
            return "attention"
        return "success" if self.level in CERTAIN else "info"


@dataclass(frozen=True)
class Bar:
    """Positions of a person's intervals on the agenda's line, in percent of the whole."""

    segments: list[dict[str, float]]


def groups_of(report: ReportImport) -> list[Group]:
    """The people of a report: unknown first, then the probable, then the certain."""
    lines: dict[tuple[str, str], list[Connection]] = defaultdict(list)
    for row in report.connections.select_related("person__profile"):
        lines[(row.email.casefold(), "" if row.email else row.name)].append(row)
    groups = [
        Group(
            name=next((row.name for row in rows if row.name), ""),
            email=rows[0].email,
            role=rows[0].role,
            lines=len(rows),
            first=rows[0],
            person=rows[0].person,
            level=rows[0].match_level,
            reasons=reason_words({code for row in rows for code in row.reasons}),
        )
        for rows in lines.values()
    ]
    order = {True: 0, False: 1}
    return sorted(
        groups,
        key=lambda one: (order[one.person is None], one.level in CERTAIN, one.name.casefold()),
    )


def reason_words(codes: set[str] | frozenset[str]) -> list[str]:
    """Reason codes in words of the active language, in the order they are declared."""
    return [str(ReasonCode(code).label) for code in ReasonCode.values if code in codes]


def bar_of(presence: Presence, held: HeldTime) -> Bar:
    """Where on the session's line a person was connected."""
    if not held.meetings:
        return Bar([])
    start = min(opens for opens, _ in held.meetings)
    end = max(closes for _, closes in held.meetings)
    return Bar(
        [
            {
                "start": _percent(opens, start, end),
                "width": max(_percent(closes, start, end) - _percent(opens, start, end), 0.2),
            }
            for opens, closes in presence.intervals
        ]
    )


def breaks_bar(held: HeldTime) -> list[dict[str, object]]:
    """The breaks on the same line."""
    if not held.meetings:
        return []
    start = min(opens for opens, _ in held.meetings)
    end = max(closes for _, closes in held.meetings)
    return [
        {
            "start": _percent(opens, start, end),
            "width": _percent(closes, start, end) - _percent(opens, start, end),
            "tone": "break",
        }
        for opens, closes in held.breaks
    ]


def choosable_people(session: Session) -> list[User]:
    """Whom a line may be given to: the people with a place and the trainers of the session."""
    people = [
        row.person
        for row in Enrolment.objects.filter(
            session=session, state=EnrolmentState.CONFIRMED
        ).select_related("person__profile")
    ]
    trainers = [row.person for row in session.trainers.select_related("person__profile")]
    found = {person.pk: person for person in [*people, *trainers]}
    return sorted(found.values(), key=lambda person: str(person).casefold())


def _percent(at: datetime, start: datetime, end: datetime) -> float:
    return round(100 * (at - start).total_seconds() / (end - start).total_seconds(), 3)


def source_words(report: ReportImport) -> dict[str, str]:
    """What the file was read as and in which hours, in words; an unknown code stands as it is."""
    eastern = _("Québec (Eastern time)")
    return {
        "format": str(FORMAT_WORDS.get(report.format, report.format)),
        "zone": str(eastern) if report.zone == "America/Toronto" else report.zone,
    }
