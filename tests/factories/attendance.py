"""Reports and settled presence for tests, made by calling services."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from attendance.models import Closing, ReportImport
from attendance.services.closing import close_attendance
from attendance.services.reports import apply_report, preview_report
from courses.models import Session
from people.models import User
from tests.factories import courses, people

STAMP = "%b %d, %Y %H:%M:%S"


def webinar_report(lines: Iterable[tuple[str, str, datetime, datetime]]) -> bytes:
    """A Zoom webinar attendee report: (name, address, joined, left) a line."""
    rows = list(lines)
    first = min(row[2] for row in rows)
    head = [
        "Attendee Report,",
        'Report Generated:,"Nov 30, 2026 8:50 PM"',
        "Topic,Webinar ID,Actual Start Time,Actual Duration (minutes),# Registered,# Cancelled,"
        "Unique Viewers,Total Users,Max Concurrent Views",
        f'Formation,111-222-333,"{timezone.localtime(first):%b %d, %Y %I:%M %p}", 60,'
        f" {len(rows)}, 0,{len({row[1] for row in rows})},{len(rows)},0",
        "Attendee Details,",
        "Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,"
        "Approval Status,Join Time,Leave Time,Time in Session (minutes),Country/Region Name",
    ]
    body = [
        f'Yes,"{name}",,,{email},,approved,"{timezone.localtime(joined):{STAMP}}",'
        f'"{timezone.localtime(left):{STAMP}}",{_minutes(joined, left)},Canada'
        for name, email, joined, left in rows
    ]
    return ("\n".join([*head, *body]) + "\n").encode()


def _minutes(joined: datetime, left: datetime) -> int:
    """As Zoom states them: begun minutes."""
    return -int(-(left - joined).total_seconds() // 60)


def attended_by(
    session: Session,
    minutes: dict[User, float],
    *,
    by: User | None = None,
) -> ReportImport:
    """A report applied in which each person stays that many minutes from the start."""
    meeting = session.meetings.get()
    staff = by or people.coordinator()
    at = meeting.ends_at + timedelta(hours=1)
    data = webinar_report(
        (
            str(person),
            person.email,
            meeting.starts_at,
            meeting.starts_at + timedelta(minutes=length),
        )
        for person, length in minutes.items()
    )
    report = preview_report(session=session, data=data, filename="rapport.csv", by=staff, at=at)
    return apply_report(report=report, by=staff, at=at)


def settled(session: Session, *, by: User | None = None) -> Closing:
    """The closing of a session that is over."""
    at = session.meetings.latest("ends_at").ends_at + timedelta(hours=2)
    return close_attendance(session=session, by=by or people.coordinator(), at=at)


def closed_session(minutes: Iterable[float], **fields: object) -> tuple[Session, list[User]]:
    """A settled one-hour session and its people, who stayed that many minutes each."""
    session = courses.open_session(**fields)
    lengths = list(minutes)
    everyone = [people.person() for _length in lengths]
    for person in everyone:
        courses.enrolled(session, person)
    session = courses.held(session)
    attended_by(session, dict(zip(everyone, lengths, strict=True)))
    settled(session)
    session.refresh_from_db()
    return session, everyone
