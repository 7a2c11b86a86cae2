from datetime import UTC, datetime, timedelta

import pytest

from attendance.choices import ImportState, MatchLevel
from attendance.models import Connection, LearnedAlias, ReportImport
from attendance.readers import UnreadableReport
from attendance.selectors.presence import presence_of
from attendance.services import AttendanceRefused
from attendance.services.reports import apply_report, choose_person, preview_report, undo_report
from tests.factories import attendance, courses, people

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def place():
    """A held one-hour session, one person with a place, and the coordinator."""
    session = courses.open_session()
    person = people.person(printed_name="Marie Tremblay")
    courses.enrolled(session, person)
    return courses.held(session), person, people.coordinator()


def _report(session, lines):
    start = session.meetings.get().starts_at
    return attendance.webinar_report(
        (name, email, start + timedelta(minutes=begin), start + timedelta(minutes=end))
        for name, email, begin, end in lines
    )


def _preview(place, lines, *, filename="rapport.csv"):
    session, _person, staff = place
    at = session.meetings.get().ends_at + timedelta(minutes=5)
    return preview_report(
        session=session, data=_report(session, lines), filename=filename, by=staff, at=at
    )


def test_a_previewed_report_counts_nothing(place):
    session, person, _staff = place

    report = _preview(place, [("M. Tremblay", person.email, 0, 60)])

    assert report.state == ImportState.PREVIEWED
    assert [one.seconds for one in presence_of(session)] == [0]


def test_an_applied_report_counts_and_an_undone_one_no_longer_does(place):
    session, person, staff = place
    report = _preview(place, [("M. Tremblay", person.email, 0, 60)])
    at = session.meetings.get().ends_at

    apply_report(report=report, by=staff, at=at)
    counted = [one.seconds for one in presence_of(session)]
    undo_report(report=report, by=staff, at=at)

    assert counted == [3600]
    assert [one.seconds for one in presence_of(session)] == [0]


def test_the_same_file_twice_is_refused_with_the_hour_of_the_first(place):
    _preview(place, [("M. Tremblay", "m@exemple.example", 0, 60)])

    with pytest.raises(AttendanceRefused, match=r"\d{4}"):
        _preview(place, [("M. Tremblay", "m@exemple.example", 0, 60)])

    assert ReportImport.objects.count() == 1


def test_an_undone_file_may_be_dropped_again(place):
    _session, person, staff = place
    report = _preview(place, [("M. Tremblay", person.email, 0, 60)])
    undo_report(report=report, by=staff, at=datetime(2026, 12, 1, tzinfo=UTC))

    again = _preview(place, [("M. Tremblay", person.email, 0, 60)])

    assert again.pk != report.pk


def test_a_wrong_file_is_refused_and_leaves_nothing(place):
    session, _person, staff = place

    with pytest.raises(UnreadableReport):
        preview_report(
            session=session,
            data=b"ceci n'est pas un rapport",
            filename="x.csv",
            by=staff,
            at=datetime(2026, 12, 1, tzinfo=UTC),
        )

    assert ReportImport.objects.count() == 0


def test_a_report_of_another_hour_is_kept_with_a_doubt(place):
    session, person, staff = place
    start = session.meetings.get().starts_at + timedelta(hours=5)
    data = attendance.webinar_report(
        [("Marie", person.email, start, start + timedelta(minutes=60))]
    )

    report = preview_report(
        session=session, data=data, filename="x.csv", by=staff, at=datetime(2026, 12, 1, tzinfo=UTC)
    )

    assert len(report.warnings) == 1


def test_the_original_bytes_are_kept(place):
    session, person, _staff = place
    report = _preview(place, [("Marie", person.email, 0, 60)])

    with report.file.open("rb") as file:
        assert file.read() == _report(session, [("Marie", person.email, 0, 60)])


def test_the_uploaded_name_never_becomes_a_path(place):
    report = _preview(place, [("Marie", "m@exemple.example", 0, 60)], filename="../../etc/passwd")

    assert report.filename == "passwd"
    assert ".." not in report.file.name


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("Marie Tremblay", MatchLevel.NAME),
        ("TREMBLAY, Marie", MatchLevel.NAME),
        ("Marie Tremblay (CHUM)", MatchLevel.NAME),
        ("Marie", MatchLevel.NONE),
        ("Mario Tremblay", MatchLevel.NONE),
    ],
)
def test_a_line_without_known_address_is_matched_by_unique_full_name_only(place, name, level):
    report = _preview(place, [(name, "ailleurs@exemple.example", 0, 60)])

    assert report.connections.get().match_level == level


def test_two_people_of_one_name_are_never_guessed(place):
    twin = people.person(printed_name="Marie Tremblay")
    courses_session = courses.open_session()
    courses.enrolled(courses_session, twin)
    courses.enrolled(courses_session, people.person(printed_name="Marie Tremblay"))
    held = courses.held(courses_session)

    report = preview_report(
        session=held,
        data=_report(held, [("Marie Tremblay", "x@exemple.example", 0, 60)]),
        filename="x.csv",
        by=people.coordinator(),
        at=datetime(2026, 12, 1, tzinfo=UTC),
    )

    assert report.connections.get().person is None


def test_a_choice_of_staff_is_remembered_for_the_next_report(place):
    _session, person, staff = place
    at = datetime(2026, 12, 1, tzinfo=UTC)
    report = _preview(place, [("iPhone de Marie", "marie@maison.example", 0, 60)])

    choose_person(connection=report.connections.get(), person=person, by=staff, at=at)
    second = _preview(place, [("iPhone de Marie", "marie@maison.example", 0, 61)])

    assert second.connections.get().person == person
    assert second.connections.get().match_level == MatchLevel.ALIAS


def test_a_choice_taken_back_is_forgotten(place):
    _session, person, staff = place
    at = datetime(2026, 12, 1, tzinfo=UTC)
    report = _preview(place, [("iPhone de Marie", "marie@maison.example", 0, 60)])
    choose_person(connection=report.connections.get(), person=person, by=staff, at=at)

    choose_person(connection=report.connections.get(), person=None, by=staff, at=at)

    assert (LearnedAlias.objects.count(), Connection.objects.get().person) == (0, None)
