"""What counts as time of a session: its meetings, minus its breaks."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from attendance.readers.intervals import Interval, held_seconds
from courses.models import Session


@dataclass(frozen=True)
class HeldTime:
    """The official time of a session. `by_meeting` maps a meeting's key to its interval."""

    by_meeting: dict[str, Interval]
    breaks: tuple[Interval, ...]

    @property
    def meetings(self) -> tuple[Interval, ...]:
        return tuple(self.by_meeting.values())

    @property
    def seconds(self) -> int:
        """The denominator: never the report's own duration."""
        return held_seconds(self.meetings, self.breaks)

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(sorted({timezone.localdate(start) for start, _end in self.meetings}))


def held_time(session: Session) -> HeldTime:
    """The agenda as it stands (as corrected, if staff corrected it)."""
    return HeldTime(
        by_meeting={
            str(meeting.key): (meeting.starts_at, meeting.ends_at)
            for meeting in sorted(session.meetings.all(), key=lambda row: row.starts_at)
        },
        breaks=tuple((row.starts_at, row.ends_at) for row in session.breaks.all()),
    )


def threshold_for(session: Session) -> int:
    """Percent of the held time to be present: the course's rule, else the site's."""
    return session.course.attendance_threshold or settings.ATTENDANCE_THRESHOLD_PERCENT


def session_zone() -> ZoneInfo:
    """The zone of stamps that carry none."""
    return ZoneInfo(settings.TIME_ZONE)
