from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from attendance.choices import ReasonCode
from attendance.readers import Report, UnreadableReport, people_of, read_report

TORONTO = ZoneInfo("America/Toronto")
DAY = date(2026, 5, 13)

PARTICIPANTS = """\
Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,In waiting room
Académie,Academie@demo.example,05/13/2026 11:40:00 AM,05/13/2026 01:02:00 PM,82,No,No
Helene (Hélène Côté),,05/13/2026 11:55:00 AM,05/13/2026 11:58:10 AM,4,Yes,Yes
Helene (Hélène Côté),,05/13/2026 11:58:10 AM,05/13/2026 01:00:40 PM,63,Yes,No
"Roy, Jean-François (CHUM)",jf@demo.example,05/13/2026 12:00:00 PM,05/13/2026 12:31:00 PM,31,Yes,No
15145550123,,05/13/2026 12:01:00 PM,05/13/2026 12:59:00 PM,58,Yes,No
"""
BLOCK = """\
Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants,
00000000001,Essais,05/13/2026 11:40:00 AM,05/13/2026 01:02:00 PM,academie@demo.example,82,5,

"""
FRENCH = """\
Nom (nom original);Adresse e-mail de l’utilisateur;Heure d'arrivée;Heure de départ;Durée (minutes);\
Salle d’attente
Ada;ada@demo.example;13/05/2026 12:00:00;13/05/2026 13:00:00;60;Non
"""


def read(text: str) -> Report:
    return read_report(text.encode(), zone=TORONTO, on=DAY)


def utc(hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 5, 13, hour, minute, second, tzinfo=UTC)


def test_the_table_alone_is_read() -> None:
    report = read(PARTICIPANTS)

    assert (report.format, report.date_order, report.title) == ("zoom-meeting", "month-first", "")
    assert [(row.name, row.role, row.joined_at, row.reasons) for row in report.connections] == [
        ("Académie", "attendee", utc(15, 40), set()),
        ("Helene (Hélène Côté)", "attendee", utc(15, 58, 10), {ReasonCode.NO_EMAIL}),
        ("Roy, Jean-François (CHUM)", "attendee", utc(16, 0), set()),
        ("15145550123", "attendee", utc(16, 1), {ReasonCode.NO_EMAIL, ReasonCode.PHONE}),
    ]
    assert report.warnings == []


def test_the_block_names_the_meeting_its_host_and_its_hours() -> None:
    report = read(BLOCK + PARTICIPANTS)

    assert (report.title, report.held) == ("Essais", (utc(15, 40), utc(17, 2)))
    assert [(row.line, row.role) for row in report.connections][:2] == [
        (5, "host"),
        (7, "attendee"),
    ]
    assert report.connections[0].reasons == {ReasonCode.HOST}


def test_the_waiting_room_is_set_aside() -> None:
    report = read(PARTICIPANTS)

    assert [(row.line, row.reasons) for row in report.set_aside] == [
        (3, {ReasonCode.WAITING_ROOM, ReasonCode.NO_EMAIL})
    ]
    assert [len(person.connections) for person in people_of(report)] == [1, 1, 1, 1]


def test_french_headings_are_read() -> None:
    (row,) = read(FRENCH).connections

    assert (row.email, row.joined_at, row.left_at) == ("ada@demo.example", utc(16, 0), utc(17, 0))


def test_totals_without_times_are_refused_with_the_way_out() -> None:
    totals = "Name (Original Name),User Email,Total Duration (Minutes),Guest\nAda,,72,\n"

    with pytest.raises(UnreadableReport, match="one total per person and no times"):
        read(BLOCK + totals)


def test_a_meeting_nobody_joined_is_refused() -> None:
    with pytest.raises(UnreadableReport, match="holds no connection"):
        read(PARTICIPANTS.partition("\n")[0] + "\n")


@pytest.mark.samples("attendance/zoom_meeting_current_noblock_SYNTHETIC.csv")
def test_todays_form_with_the_date_of_the_session(samples: Path) -> None:
    data = (samples / "attendance/zoom_meeting_current_noblock_SYNTHETIC.csv").read_bytes()

    report = read_report(data, zone=TORONTO, on=date(2026, 5, 12))

    assert (report.date_order, len(report.connections), len(report.set_aside)) == (
        "month-first", 5, 1,
    )  # fmt: skip
    assert all(ReasonCode.DATE_ORDER_ASSUMED in row.reasons for row in report.connections)


@pytest.mark.samples
@pytest.mark.parametrize("number", [1, 2])
def test_the_real_totals_of_2020_are_refused(samples: Path, number: int) -> None:
    data = (samples / f"attendance/zoom_meeting_2020_header_total_{number}.csv").read_bytes()

    with pytest.raises(UnreadableReport, match="one total per person and no times"):
        read_report(data, zone=TORONTO, on=date(2020, 9, 24))
