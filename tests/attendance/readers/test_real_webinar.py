"""The real report of 2020: 477 addresses, 1,014 rows, 215 people who came back."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from attendance.readers import Person, Report, people_of, read_report
from attendance.readers.intervals import attended, held_seconds, seconds

pytestmark = pytest.mark.samples

TORONTO = ZoneInfo("America/Toronto")
AGENDA = (
    datetime(2020, 3, 28, 9, tzinfo=TORONTO),
    datetime(2020, 3, 28, 17, tzinfo=TORONTO),
)
THRESHOLDS = (50, 60, 75, 80, 90)
NAME = "attendance/zoom_webinar_attendee_report_2020"


@pytest.fixture(scope="module")
def report(samples: Path) -> Report:
    with (samples / f"{NAME}_anonymized.csv").open("rb") as file:
        return read_report(file, zone=TORONTO, on=date(2020, 3, 28))


@pytest.fixture(scope="module")
def expected(samples: Path) -> dict[str, Any]:
    return json.loads((samples / f"{NAME}_EXPECTED.json").read_text())


@pytest.fixture(scope="module")
def people(report: Report) -> list[Person]:
    return people_of(report)


def spans(person: Person) -> list[tuple[datetime, datetime]]:
    return [(row.joined_at, row.left_at) for row in person.connections]


def counted(person: Person) -> int:
    return attended(spans(person), [AGENDA], [])[1]


def passing(scores: list[float], whole: float) -> tuple[int, ...]:
    """How many reach each threshold of `whole`."""
    return tuple(
        sum(score * 100 >= threshold * whole for score in scores) for threshold in THRESHOLDS
    )


# ------------------------------------------------------------------ the right answer
def test_the_whole_file_is_read_without_a_warning(report: Report, expected: dict[str, Any]) -> None:
    rows = Counter(row.section for row in report.connections)

    assert rows == {
        **expected["rows"],
        "Attendee Details": expected["rows"]["Attendee Details"] - expected["no_show_rows"],
        "Other Attended": expected["other_attended_rows"],
    }
    assert report.no_shows == expected["no_show_rows"]
    assert (report.encoding, report.date_order, report.warnings) == ("utf-8", None, [])
    assert report.title == "satRdays DC 2020"
    assert report.held == (
        datetime(2020, 3, 28, 12, 7, 27, tzinfo=UTC),
        datetime(2020, 3, 28, 21, 14, 45, tzinfo=UTC),
    )


def test_every_address_has_its_seconds(people: list[Person], expected: dict[str, Any]) -> None:
    found = {
        person.email: (len(person.connections), seconds(spans(person)), counted(person))
        for person in people
        if person.email
    }

    assert found == {
        email: (row["rows"], row["union_seconds"], row["clipped_union_seconds"])
        for email, row in expected["people"].items()
    }
    assert len(found) == 477


def test_the_official_eight_hours_give_the_official_counts(people: list[Person]) -> None:
    whole = held_seconds([AGENDA], [])

    assert whole == 8 * 3600
    assert passing([counted(person) for person in people], whole) == (124, 104, 74, 70, 51)


def test_of_the_seventy_one_is_the_host_and_fifteen_are_panellists(people: list[Person]) -> None:
    roles = Counter(person.role for person in people if counted(person) * 100 >= 80 * 8 * 3600)

    assert roles == {"host": 1, "panellist": 15, "attendee": 54}


def test_four_people_have_no_address(people: list[Person]) -> None:
    assert [person.name for person in people if not person.email] == [
        f"userOther_{number}" for number in (1, 2, 3, 4)
    ]


# ------------------------------------------------------------------ the wrong answers, by name
def test_we_do_not_divide_the_unclipped_union_by_the_files_own_minutes(
    people: list[Person],
) -> None:
    wrong = passing([seconds(spans(person)) for person in people], 548 * 60)

    assert wrong == (109, 93, 66, 52, 19)
    assert passing([counted(person) for person in people], 8 * 3600) != wrong


def test_we_do_not_add_the_rows_up(people: list[Person]) -> None:
    sums = [sum(attended([span], [AGENDA], [])[1] for span in spans(person)) for person in people]
    wrong = passing(sums, 8 * 3600)

    assert wrong == (124, 104, 74, 71, 55)
    assert passing([counted(person) for person in people], 8 * 3600) != wrong


def test_we_do_not_count_from_first_arrival_to_last_departure(people: list[Person]) -> None:
    whole_stays = [
        attended(
            [(min(s for s, _e in spans(person)), max(e for _s, e in spans(person)))], [AGENDA], []
        )[1]
        for person in people
        if person.role != "host"  # whose stay is the whole day either way
    ]
    wrong = passing(whole_stays, 8 * 3600)

    assert wrong == (161, 137, 107, 103, 78)
    assert passing([counted(person) for person in people], 8 * 3600) != wrong


# ------------------------------------------------------------------ the layout of 2025
def test_the_layout_of_2025_is_read_with_its_custom_question(samples: Path) -> None:
    data = (samples / "attendance/zoom_webinar_2025_layout_anonymised.csv").read_bytes()

    report = read_report(data, zone=TORONTO, on=date(2025, 3, 22))

    assert [
        (person.email, person.role, len(person.connections)) for person in people_of(report)
    ] == [
        ("host@example.org", "host", 1),
        ("panel1@example.org", "panellist", 2),
        ("panel2@example.org", "panellist", 1),
        ("carla@example.com", "attendee", 1),
    ]
    assert report.no_shows == 2
    assert report.warnings == [
        "The report announces 1805 people and lists 4: it may be incomplete."
    ]
