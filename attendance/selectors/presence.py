"""Who was there and for how long, as the facts stand now. Nothing is stored by reading.

Seconds = length of the union of a person's intervals over all applied reports and marks, clipped to
the meetings minus breaks. A decision of staff (override) wins over everything.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from attendance.choices import (
    ImportState,
    MarkKind,
    MarkSource,
    PresenceStatus,
    Source,
)
from attendance.models import Attendance, Closing, Connection, Mark
from attendance.readers.intervals import Interval, attended, effects, minus, seconds
from attendance.selectors.agenda import HeldTime, held_time, threshold_for
from courses.choices import EnrolmentState
from courses.models import Enrolment, Session
from people.models import User


@dataclass(frozen=True)
class Presence:
    """One person's time in one session. `percent` is of the held time, 0 to 100."""

    person: User
    status: PresenceStatus
    seconds: int
    held_seconds: int
    intervals: tuple[Interval, ...]
    by_meeting: dict[str, int]
    connections: int
    source: Source
    is_excused: bool = False
    reasons: frozenset[str] = frozenset()
    motive: str = ""
    match_levels: frozenset[str] = field(default_factory=frozenset)

    @property
    def percent(self) -> float:
        return 100 * self.seconds / self.held_seconds if self.held_seconds else 0.0

    @property
    def minutes(self) -> int:
        return self.seconds // 60


def presence_of(session: Session) -> list[Presence]:
    """The presence of everyone confirmed in the session, by name. Six queries in all."""
    held = held_time(session)
    threshold = threshold_for(session)
    people = [
        enrolment.person
        for enrolment in Enrolment.objects.filter(
            session=session, state=EnrolmentState.CONFIRMED
        ).select_related("person__profile")
    ]
    connections: dict[int, list[Connection]] = defaultdict(list)
    for row in applied_connections(session).filter(person__isnull=False):
        connections[row.person_id or 0].append(row)
    marks: dict[int, list[Mark]] = defaultdict(list)
    for mark in Mark.objects.filter(session=session).select_related("meeting").order_by("at", "id"):
        marks[mark.person_id].append(mark)
    found = [
        _presence(person, connections[person.pk], marks[person.pk], held, threshold)
        for person in people
    ]
    return sorted(found, key=lambda one: str(one.person).casefold())


def applied_connections(session: Session):  # type: ignore[no-untyped-def]
    """The lines of applied reports of a session."""
    return Connection.objects.filter(
        report__session=session, report__state=ImportState.APPLIED
    ).select_related("person__profile")


def strangers_of(session: Session) -> list[Connection]:
    """Connected people who are known but have no place (trainers, walk-ins), one line each."""
    confirmed = Enrolment.objects.filter(session=session, state=EnrolmentState.CONFIRMED).values(
        "person"
    )
    seen: dict[int, Connection] = {}
    for row in (
        applied_connections(session).filter(person__isnull=False).exclude(person__in=confirmed)
    ):
        seen.setdefault(row.person_id or 0, row)
    return list(seen.values())


def standing_attendance(session: Session) -> list[Attendance]:
    """What was settled, if the session is closed."""
    return list(
        Attendance.objects.standing()
        .filter(closing__session=session)
        .select_related("person__profile", "closing")
    )


def standing_closing(session: Session) -> Closing | None:
    return Closing.objects.filter(session=session, reopened_at__isnull=True).first()


def status_for(*, counted: int, held: int, threshold: int) -> PresenceStatus:
    """PRESENT from the threshold on, PARTIAL for anything above nothing, else ABSENT.

    Whole numbers only, so that a person exactly at the threshold is never lost to rounding.
    """
    if held and counted * 100 >= threshold * held:
        return PresenceStatus.PRESENT
    return PresenceStatus.PARTIAL if counted else PresenceStatus.ABSENT


def _presence(
    person: User, connections: list[Connection], marks: list[Mark], held: HeldTime, threshold: int
) -> Presence:
    spans = [(row.joined_at, row.left_at) for row in connections if row.joined_at]
    marked = list(_marked_intervals(marks, held))
    merged, counted = attended([*spans, *marked], held.meetings, held.breaks)
    override = next((mark for mark in reversed(marks) if mark.source == MarkSource.OVERRIDE), None)
    if override is not None and override.kind == MarkKind.WITHDRAWN:
        override = None
    if override is not None:
        merged, counted = _overridden(override, held)
    source = Source.NOTHING
    if override is not None or marked:
        source = Source.BOTH if spans else Source.MARK
    elif spans:
        source = Source.REPORT
    return Presence(
        person=person,
        status=status_for(counted=counted, held=held.seconds, threshold=threshold),
        seconds=counted,
        held_seconds=held.seconds,
        intervals=tuple(merged),
        by_meeting={
            key: attended(merged, [interval], held.breaks)[1]
            for key, interval in held.by_meeting.items()
        },
        connections=len(connections),
        source=source,
        is_excused=override is not None and override.kind == MarkKind.EXCUSED,
        reasons=frozenset(code for row in connections for code in row.reasons)
        | effects(spans, held.meetings),
        motive=override.motive if override else "",
        match_levels=frozenset(row.match_level for row in connections),
    )


def _marked_intervals(marks: Iterable[Mark], held: HeldTime) -> Iterable[Interval]:
    """The time that marks of the roster stand for: the newest for each meeting."""
    newest: dict[int | None, Mark] = {}
    for mark in marks:
        if mark.source != MarkSource.OVERRIDE:
            newest[mark.meeting_id] = mark
    keys = {mark.meeting_id: str(mark.meeting.key) for mark in newest.values() if mark.meeting}
    for meeting_id, mark in newest.items():
        windows = (
            [held.by_meeting[keys[meeting_id]]]
            if meeting_id is not None and keys.get(meeting_id) in held.by_meeting
            else list(held.meetings)
        )
        if mark.kind == MarkKind.PRESENT:
            yield from windows
        elif mark.kind == MarkKind.PARTIAL and mark.seconds:
            yield from _first_seconds(windows, held, mark.seconds)


def _overridden(mark: Mark, held: HeldTime) -> tuple[list[Interval], int]:
    if mark.kind == MarkKind.PRESENT:
        whole = minus(held.meetings, held.breaks)
        return whole, seconds(whole)
    if mark.kind == MarkKind.PARTIAL and mark.seconds:
        part = _first_seconds(list(held.meetings), held, mark.seconds)
        return part, seconds(part)
    return [], 0


def _first_seconds(windows: list[Interval], held: HeldTime, wanted: int) -> list[Interval]:
    """The first `wanted` seconds of the held time in these windows: minutes given by hand have a
    length, not an hour, and are laid from the start."""
    found: list[Interval] = []
    for start, end in minus(windows, held.breaks):
        length = min(wanted, int((end - start).total_seconds()))
        if length <= 0:
            break
        found.append((start, _after(start, length)))
        wanted -= length
    return found


def _after(start: datetime, length: int) -> datetime:
    return start + timedelta(seconds=length)
