from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest

from attendance.choices import DateOrder, ReasonCode
from attendance.readers import Report, UndecidableOrder, UnreadableReport, people_of, read_report
from people.sheets import xlsx_bytes
from tests.attendance.reports import Webinar, at, crowd, day_first, iso, month_first, visit

TORONTO = ZoneInfo("America/Toronto")
DAY = date(2020, 3, 28)

WEBINAR = Webinar(
    hosts=(visit("Hélène Hôte", "hote@demo.example", "08:07:27", "17:14:45"),),
    panellists=(
        visit("Paule (Paule Roy)", "paule@demo.example", "09:00", "10:59:58"),
        visit("Ada Nova", "ADA@demo.example", "09:30", "09:45"),
    ),
    attendees=(
        visit("Ada Nova", "ada@demo.example", "09:40", "10:00:30"),
        visit("Ada Nova", "ada@demo.example", "11:00", "12:00"),
        visit("Grâce Roy, inf.", "grace@demo.example", "09:00:01", "09:00:59"),
    ),
    others=(visit("Invité", "", "14:20", "14:21"), visit("15145550123", "", "14:25", "15:00")),
    no_shows=("absente@demo.example",),
)


def read(data: bytes | Webinar, *, on: date = DAY, order: str | None = None) -> Report:
    content = data.data() if isinstance(data, Webinar) else data
    return read_report(content, zone=TORONTO, on=on, order=order)


def utc(clock: str) -> datetime:
    """Wall clock of Toronto on that day, in UTC."""
    return at(clock).replace(tzinfo=TORONTO).astimezone(UTC)


def facts(report: Report) -> list[tuple[object, ...]]:
    return [
        (row.role, row.name, row.original_name, row.email, row.joined_at, row.left_at, row.reasons)
        for row in report.connections
    ]


def test_every_table_of_the_report_is_read() -> None:
    report = read(WEBINAR)

    assert report.format == "zoom-webinar"
    assert report.title == "Essais cliniques, 2e partie"
    assert [(row.line, row.section, row.role, row.name) for row in report.connections] == [
        (7, "Host Details", "host", "Hélène Hôte"),
        (10, "Panelist Details", "panellist", "Paule (Paule Roy)"),
        (11, "Panelist Details", "panellist", "Ada Nova"),
        (14, "Attendee Details", "attendee", "Ada Nova"),
        (15, "Attendee Details", "attendee", "Ada Nova"),
        (16, "Attendee Details", "attendee", "Grâce Roy, inf."),
        (20, "Other Attended", "attendee", "Invité"),
        (21, "Other Attended", "attendee", "15145550123"),
    ]
    assert report.warnings == []


def test_stamps_become_instants_of_the_zone_given() -> None:
    report = read(WEBINAR)

    assert (report.connections[0].joined_at, report.connections[0].left_at) == (
        datetime(2020, 3, 28, 12, 7, 27, tzinfo=UTC),
        datetime(2020, 3, 28, 21, 14, 45, tzinfo=UTC),
    )
    assert report.held == (utc("08:07:27"), utc("17:14:45"))


def test_other_attended_has_no_addresses_and_another_stamp() -> None:
    guest, caller = read(WEBINAR).connections[-2:]

    assert (guest.joined_at, guest.left_at) == (utc("14:20"), utc("14:21"))
    assert guest.reasons == {ReasonCode.NO_EMAIL}
    assert caller.reasons == {ReasonCode.NO_EMAIL, ReasonCode.PHONE}


def test_no_shows_are_counted_and_left_out() -> None:
    report = read(WEBINAR)

    assert report.no_shows == 1
    assert "absente@demo.example" not in {row.email for row in report.connections}


def test_the_host_is_marked_and_panellists_are_not() -> None:
    host, panellist = read(WEBINAR).connections[:2]

    assert host.reasons == {ReasonCode.HOST}
    assert panellist.reasons == set()


def test_the_name_before_renaming_is_kept_apart() -> None:
    paule = read(WEBINAR).connections[1]

    assert (paule.name, paule.original_name) == ("Paule (Paule Roy)", "Paule Roy")


def test_panellist_and_attendee_of_one_address_are_one_person_with_the_higher_role() -> None:
    ada = next(person for person in people_of(read(WEBINAR)) if person.email == "ada@demo.example")

    assert (ada.role, len(ada.connections)) == ("panellist", 3)
    assert ada.reasons == {ReasonCode.OVERLAP_MERGED}


def test_minutes_stated_are_kept_for_checking() -> None:
    assert [row.minutes_stated for row in read(WEBINAR).connections] == [
        548, 120, 15, 21, 60, 1, 1, 35,
    ]  # fmt: skip


# ------------------------------------------------------------------ one table, many clothes
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_newline_and_delimiter_change_nothing(
    encoding: str, newline: str, delimiter: str
) -> None:
    text = WEBINAR.text(delimiter, newline)
    mark = "\N{ZERO WIDTH NO-BREAK SPACE}" if encoding.startswith("utf-16") else ""

    report = read((mark + text).encode(encoding))

    assert facts(report) == facts(read(WEBINAR))
    assert report.encoding == encoding


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_recognised_without_its_mark(encoding: str) -> None:
    report = read(WEBINAR.text().encode(encoding))

    assert (report.encoding, facts(report)) == (encoding, facts(read(WEBINAR)))


@pytest.mark.parametrize(
    ("stamp", "order"),
    [(month_first, "month-first"), (day_first, "day-first"), (iso, "year-first")],
)
def test_the_way_dates_are_written_changes_nothing(stamp: object, order: str) -> None:
    report = read(WEBINAR.with_stamp(stamp))

    assert report.date_order == order
    assert facts(report) == facts(read(WEBINAR))
    assert read(WEBINAR).date_order is None


def test_padding_commas_and_unquoted_cells_change_nothing() -> None:
    plain = WEBINAR.text(padding=14).replace('"Yes"', "Yes").replace('"Attended"', "Attended")

    assert facts(read(plain.encode())) == facts(read(WEBINAR))


def test_a_workbook_of_the_same_rows_reads_alike() -> None:
    title, *rows = WEBINAR.rows()

    report = read(xlsx_bytes("Rapport", title, rows))

    assert (report.encoding, facts(report)) == ("xlsx", facts(read(WEBINAR)))


FRENCH = {
    "Attendee Report": "Rapport sur les participants",
    "Host Details": "Détails de l’animateur",
    "Panelist Details": "Détails des panélistes",
    "Attendee Details": "Détails des participants",
    "Other Attended": "Autres participants",
    "Attended": "A participé",
    "User Name": "Nom d’utilisateur",
    "User Name (Original Name)": "Nom d'utilisateur (nom original)",
    "First Name": "Prénom",
    "Last Name": "Nom",
    "Email": "Courriel",
    "Registration Time": "Heure d’inscription",
    "Approval Status": "État d’approbation",
    "Join Time": "Heure d’arrivée",
    "Leave Time": "Heure de départ",
    "Time in Session (minutes)": "Durée (minutes)",
    "Yes": "Oui",
    "No": "Non",
}


def test_french_headings_change_nothing() -> None:
    assert facts(read(replace(WEBINAR, headings=FRENCH))) == facts(read(WEBINAR))


def test_custom_questions_do_not_move_the_columns() -> None:
    data = """Attendee Report,,,,,,,,,,,,,
Attendee Details,,,,,,,,,,,,,
Attended,User Name (Original Name),First Name,Last Name,Email,Phone,Registration Time,Approval Status,Join Time,Leave Time,Time in Session (minutes),Is Guest,"Profession, Email",Email
Yes,carla,Carla,Côté,carla@demo.example,+15550100003,"Mar 15, 2025 11:27:19",approved,"Mar 28, 2020 19:52:01","Mar 28, 2020 19:52:39",1,Yes,"Ads, etc.",autre@demo.example
"""  # noqa: E501

    (row,) = read(data.encode()).connections

    assert (row.name, row.original_name, row.email) == ("carla", "Carla Côté", "carla@demo.example")
    assert row.joined_at == utc("19:52:01")


def test_a_report_whose_first_lines_were_cut_off_is_still_recognised() -> None:
    _head, _title, tables = WEBINAR.text().partition('"Host Details"\n')

    report = read(tables.encode())

    assert report.format == "zoom-webinar"
    assert len(report.connections) == 8


# ------------------------------------------------------------------ doubts, said
def test_a_connection_without_departure_has_an_open_end() -> None:
    report = read(Webinar(attendees=(visit("Ada Nova", "ada@demo.example", "09:40", None),)))

    assert report.connections[0].left_at is None
    assert report.connections[0].reasons == {ReasonCode.OPEN_END}


def test_rows_that_cannot_be_read_are_left_out_and_named() -> None:
    attendees = (
        visit("Ada Nova", "ada@demo.example", "09:40", "10:00"),
        visit("Bo", "bo@demo.example", "10:00", "09:40"),
        replace(visit("Cy", "cy@demo.example", "10:00", "10:40"), minutes="99"),
    )
    text = Webinar(attendees=attendees).text().replace("Mar 28, 2020 09:40:00", "Mar 32", 1)

    report = read((text + "Generated by nobody\n").encode())

    assert [row.email for row in report.connections] == ["cy@demo.example"]
    assert report.warnings == [
        "Line 7 has no readable time and was left out.",
        "Line 8 leaves before it arrives and was left out.",
        "Line 9: the minutes stated do not agree with the times; the times were used.",
        "Line 10 is not a connection and was left out.",
    ]


def test_many_bad_rows_make_one_sentence() -> None:
    bad = tuple(visit(f"P{n}", f"p{n}@demo.example", "10:00", "09:40") for n in range(30))
    good = visit("Ada Nova", "ada@demo.example", "09:40", "10:00")

    assert read(Webinar(attendees=(good, *bad))).warnings == [
        "30 lines leave before they arrive and were left out (8, 9, 10, 11, 12…)."
    ]


def test_a_report_that_announces_more_people_than_it_lists_is_suspect() -> None:
    assert read(replace(WEBINAR, viewers=40)).warnings == [
        "The report announces 40 people and lists 4: it may be incomplete."
    ]


def test_null_characters_cost_a_warning_and_no_row() -> None:
    data = WEBINAR.data().replace(b"Nova", b"N\0ova")

    report = read(data)

    assert facts(report) == facts(read(WEBINAR))
    assert report.warnings == [
        "3 lines held null characters, which were removed: check them (11, 14, 15)."
    ]


def test_ambiguous_dates_take_the_day_of_the_session_and_say_so() -> None:
    june = visit("Ada", "ada@demo.example", "09:00", "10:00", day="2026-06-05")

    report = read(Webinar(attendees=(june,), stamp=day_first), on=date(2026, 6, 5))

    assert report.date_order == DateOrder.DAY_FIRST
    assert report.connections[0].joined_at == datetime(2026, 6, 5, 13, tzinfo=UTC)
    assert report.connections[0].reasons == {ReasonCode.DATE_ORDER_ASSUMED}
    assert report.warnings == [
        "The dates of this report can be read two ways; the session's date decided: "
        "Day first (31/12/2026)."
    ]


def test_undecidable_dates_are_asked_and_the_answer_is_obeyed() -> None:
    june = visit("Ada", "ada@demo.example", "09:00", "10:00", day="2026-06-05")
    webinar = Webinar(attendees=(june,), stamp=day_first)

    with pytest.raises(UndecidableOrder, match="05/06/2026"):
        read(webinar, on=date(2026, 10, 1))
    report = read(webinar, on=date(2026, 10, 1), order="month-first")

    assert report.connections[0].joined_at == datetime(2026, 5, 6, 13, tzinfo=UTC)
    assert report.connections[0].reasons == set()


def test_the_repeated_hour_is_settled_by_the_minutes_of_the_report() -> None:
    night = visit("Ada", "ada@demo.example", "01:30", "02:30", day="2026-11-01")

    report = read(Webinar(attendees=(replace(night, minutes="120"),)))

    assert report.connections[0].joined_at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert report.warnings == []


def test_a_hundred_thousand_rows_are_read_in_seconds() -> None:
    people = crowd(100_000, start=at("09:00"), length=timedelta(hours=1))
    data = Webinar(attendees=tuple(people), stamp=month_first).data()
    before = process_time()

    report = read(data)

    assert len(report.connections) == 100_000
    assert process_time() - before < 10  # 1 s on an idle machine


# ------------------------------------------------------------------ refusals
def test_a_report_without_connections_is_refused() -> None:
    with pytest.raises(UnreadableReport, match="holds no connection"):
        read(Webinar(no_shows=("absente@demo.example",)))


def test_headings_that_are_not_understood_are_named() -> None:
    text = WEBINAR.text().replace("Join Time", "Beitrittszeit")

    with pytest.raises(UnreadableReport, match=r"“Host Details”, line 6.*not recognised"):
        read(text.encode())


@pytest.mark.parametrize(
    "data",
    [
        b"Name,Colour\nAda,blue\n",
        b"Rapport de presence,\nNom,Heure\nAda,9 h\n",
        b"just one line of text",
    ],
)
def test_another_table_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(UnreadableReport, match="not recognised as a meeting report"):
        read(data)
