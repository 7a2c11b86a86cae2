"""The real report of 477 people, through the services, against the official eight hours."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from attendance.choices import PresenceStatus
from attendance.models import Attendance
from attendance.selectors.presence import presence_of
from attendance.services.closing import close_attendance
from attendance.services.reports import apply_report, preview_report
from courses.choices import EnrolmentOrigin
from tests.factories import courses, people

pytestmark = [pytest.mark.django_db, pytest.mark.samples]

MONTREAL = ZoneInfo("America/Toronto")
START = datetime(2020, 3, 28, 9, 0, tzinfo=MONTREAL)
END = datetime(2020, 3, 28, 17, 0, tzinfo=MONTREAL)
BEFORE = START - timedelta(days=30)
REPORT = "attendance/zoom_webinar_attendee_report_2020_anonymized.csv"
EXPECTED = "attendance/zoom_webinar_attendee_report_2020_EXPECTED.json"


def test_seventy_of_the_477_pass_at_eighty_percent(samples):
    expected = json.loads((samples / EXPECTED).read_text())["people"]
    session = courses.open_session(meetings=[courses.meeting(START, 8)], at=BEFORE, capacity=None)
    for address in expected:
        courses.enrolled(
            session,
            people.person(address, has_consented=False, at=BEFORE),
            at=BEFORE,
            origin=EnrolmentOrigin.STAFF,
        )
    session = courses.held(session)
    staff = people.coordinator()
    at = END + timedelta(hours=1)

    report = preview_report(
        session=session,
        data=(samples / REPORT).read_bytes(),
        filename="rapport.csv",
        by=staff,
        at=at,
    )
    apply_report(report=report, by=staff, at=at)
    close_attendance(session=session, by=staff, at=at)

    decided = Attendance.objects.filter(closing__session=session)
    assert decided.count() == 477
    assert decided.filter(status=PresenceStatus.PRESENT).count() == 70
    assert {one.person.email: one.seconds for one in presence_of(session)} == {
        address: facts["clipped_union_seconds"] for address, facts in expected.items()
    }
