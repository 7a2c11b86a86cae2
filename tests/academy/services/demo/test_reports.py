"""The reports of the demonstration are read as Zoom's own are."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from academy.services.demo.reports import Visit, WebinarReport
from attendance.readers import people_of, read_report
from attendance.readers.report import ATTENDEE, HOST, PANELLIST

START = datetime(2026, 11, 17, 17, 0, tzinfo=UTC)
END = START + timedelta(hours=1)
BROKE = START + timedelta(minutes=20, seconds=7)
BACK = START + timedelta(minutes=22)

REPORT = WebinarReport(
    topic="Inspections: quoi préparer, à quoi s’attendre",
    hosts=[Visit("Annick Desrochers", "annick@demo.example", ((START, END),))],
    panellists=[Visit("Catherine Ouimet", "ouimet@demo.example", ((START, END),))],
    attendees=[
        Visit("Ève O’Connor", "eve@demo.example", ((START, BROKE), (BACK, END)), START),
        Visit("Roy, Jean", "jean@demo.example", ((START, END),)),
    ],
    no_shows=[("Linh Tran", "linh@demo.example")],
    telephones=[Visit("1418*****37", "", ((START, END),))],
)


def read():
    return read_report(
        REPORT.data(generated_at=END), zone=ZoneInfo("America/Toronto"), on=date(2026, 11, 17)
    )


def test_report_is_recognised_without_a_doubt():
    report = read()

    assert (report.format, report.warnings, report.no_shows) == ("zoom-webinar", [], 1)
    assert report.held == (START, END)


def test_everyone_is_read_with_role_and_address():
    assert [(one.name, one.email, one.role) for one in people_of(read())] == [
        ("Annick Desrochers", "annick@demo.example", HOST),
        ("Catherine Ouimet", "ouimet@demo.example", PANELLIST),
        ("Ève O’Connor", "eve@demo.example", ATTENDEE),
        ("Roy, Jean", "jean@demo.example", ATTENDEE),
        ("1418*****37", "", ATTENDEE),
    ]


def test_broken_connection_is_two_rows_to_the_second():
    rows = [row for row in read().connections if row.email == "eve@demo.example"]

    assert [(row.joined_at, row.left_at) for row in rows] == [(START, BROKE), (BACK, END)]
    assert [row.minutes_stated for row in rows] == [21, 38]
