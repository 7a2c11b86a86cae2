"""Reports that are erased five years after the session, and what stays."""

from datetime import timedelta

from django.utils import translation

import pytest

from attendance.models import Attendance, Connection, LearnedAlias, ReportImport
from attendance.services import AttendanceRefused
from attendance.services.closing import close_attendance, reopen_attendance
from attendance.services.reports import apply_report, preview_report
from attendance.services.retention import forget_reports
from attendance.tasks import forget_old_reports
from people.services.accounts import close_account
from tests.factories import attendance, courses, people

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SECOND = timedelta(seconds=1)
END = courses.NOON + timedelta(hours=1)
FIVE_YEARS = END + timedelta(days=1827)


@pytest.fixture
def report():
    """Applied, of a session that was held, with one person connected for the hour."""
    session = courses.open_session()
    person = people.person(printed_name="Marie Tremblay")
    courses.enrolled(session, person)
    courses.held(session)
    staff = people.coordinator()
    data = attendance.webinar_report([("M. Tremblay", person.email, courses.NOON, END)])
    row = preview_report(session=session, data=data, filename="Marie.csv", by=staff, at=END)
    return apply_report(report=row, by=staff, at=END)


def test_a_report_is_erased_five_years_after_the_session(report):
    storage, name = report.file.storage, report.file.name
    digest, size = report.sha256, report.size

    assert forget_reports(at=FIVE_YEARS - SECOND) == 0
    assert (storage.exists(name), Connection.objects.count()) == (True, 1)
    assert (forget_reports(at=FIVE_YEARS), forget_reports(at=FIVE_YEARS)) == (1, 0)

    assert (storage.exists(name), Connection.objects.count()) == (False, 0)
    row = ReportImport.objects.get()
    assert (row.file.name, row.filename, row.warnings) == ("", "", [])
    assert (row.sha256, row.size, str(row)) == (digest, size, digest[:12])


def test_presence_settled_stays_and_is_not_counted_anew(report):
    staff = people.coordinator()
    close_attendance(session=report.session, by=staff, at=END)
    later = END + timedelta(days=1827)
    forget_reports(at=later)

    assert [row.seconds for row in Attendance.objects.standing()] == [3600]
    with translation.override("en"), pytest.raises(AttendanceRefused) as refusal:
        reopen_attendance(session=report.session, by=staff, at=later, motive="Erreur de nom")
    assert str(refusal.value) == (
        "The meeting reports of this session were erased, as they are after five years: its "
        "attendance can no longer be counted."
    )
    assert [row.seconds for row in Attendance.objects.standing()] == [3600]


def test_presence_never_settled_is_not_settled_as_everybodys_absence(report):
    forget_reports(at=FIVE_YEARS)

    with pytest.raises(AttendanceRefused):
        close_attendance(session=report.session, by=people.coordinator(), at=FIVE_YEARS)
    assert Attendance.objects.count() == 0


def test_a_file_lost_half_way_ends_the_work_all_the_same(report):
    report.file.storage.delete(report.file.name)

    assert (forget_reports(at=FIVE_YEARS), Connection.objects.count()) == (1, 0)


def test_the_clock_erases_nothing_of_this_year(report):
    assert forget_old_reports.delay().get() == 0
    assert Connection.objects.count() == 1


def test_names_once_learned_go_with_the_account_and_nobody_elses(report):
    gone, other, staff = people.person(), people.person(), people.coordinator()
    for person, value in ((gone, "marie t"), (other, "jean b")):
        LearnedAlias.objects.create(value=value, person=person, learned_by=staff, learned_at=END)

    close_account(user=gone, by=gone, at=END)

    assert LearnedAlias.objects.get().person == other
