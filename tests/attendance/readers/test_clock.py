from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from attendance.choices import DateOrder
from attendance.readers.clock import Clock, Stay, moment
from attendance.readers.notes import Note
from attendance.readers.report import Terms, UnreadableReport

TORONTO = ZoneInfo("America/Toronto")


def clock(stamps: Iterable[str] = (), *, order: str | None = None) -> Clock:
    return Clock(Terms(TORONTO, (date(2026, 11, 1),), order), lambda: stamps)


wall = datetime.fromisoformat


def utc(hour: int, minute: int = 0, *, month: int = 11, day: int = 1) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_stamps_are_read_in_the_zone_in_summer_and_in_winter() -> None:
    assert moment(wall("2026-07-01 09:00"), TORONTO).instants == (utc(13, month=7),)
    assert moment(wall("2026-12-01 09:00"), TORONTO).instants == (utc(14, month=12),)


def test_a_stamp_with_its_own_offset_ignores_the_zone() -> None:
    assert clock().moment("2026-07-01T09:00:00Z").instants == (utc(9, month=7),)


def test_the_repeated_hour_is_two_instants_and_the_skipped_one_is_told() -> None:
    assert moment(wall("2026-11-01 01:30"), TORONTO).instants == (utc(5, 30), utc(6, 30))
    assert moment(wall("2026-03-08 02:30"), TORONTO).is_shown is False


@pytest.mark.parametrize(
    ("joined", "left", "minutes", "expected"),
    [
        # 01:30 to 02:30 lasted one hour or two: the report's own minutes know.
        ("01:30", "02:30", 60, (utc(6, 30), utc(7, 30))),
        ("01:30", "02:30", 120, (utc(5, 30), utc(7, 30))),
        # Backwards on the wall, forwards in truth: only one reading is possible.
        ("01:50", "01:10", None, (utc(5, 50), utc(6, 10))),
        ("01:10", "01:20", 70, (utc(5, 10), utc(6, 20))),
        ("00:30", "03:30", 240, (utc(4, 30), utc(8, 30))),
    ],
)
def test_minutes_decide_in_the_hour_that_occurs_twice(
    joined: str, left: str, minutes: int | None, expected: tuple[datetime, datetime]
) -> None:
    told = clock().stay(f"2026-11-01 {joined}", f"2026-11-01 {left}", minutes=minutes)

    assert told == (Stay(*expected, is_certain=True), None)


@pytest.mark.parametrize("minutes", [None, 20, 999])
def test_what_minutes_leave_open_is_read_early_and_said(minutes: int | None) -> None:
    told = clock().stay("2026-11-01 01:10", "2026-11-01 01:30", minutes=minutes)

    assert told == (Stay(utc(5, 10), utc(5, 30), is_certain=False), Note.REPEATED_HOUR)


def test_an_open_end_stays_open() -> None:
    told = clock().stay("2026-11-02 09:00", "", minutes=None)

    assert told == (Stay(utc(14, day=2), None, is_certain=True), None)


@pytest.mark.parametrize(
    ("joined", "left", "note"),
    [
        ("2026-11-02 09:00", "2026-11-02 08:59", Note.BACKWARDS),
        ("soon", "2026-11-02 08:59", Note.UNREAD),
        ("2026-11-02 09:00", "later", Note.UNREAD),
        ("", "2026-11-02 09:00", Note.UNREAD),
    ],
)
def test_a_row_that_tells_no_connection_is_a_note(joined: str, left: str, note: Note) -> None:
    assert clock().stay(joined, left, minutes=None) == note


@pytest.mark.parametrize(("minutes", "note"), [(60, None), (62, None), (75, Note.MINUTES_DIFFER)])
def test_minutes_only_check_the_stamps(minutes: int, note: Note | None) -> None:
    told = clock().stay("2026-11-02 09:00", "2026-11-02 10:00", minutes=minutes)

    assert told == (Stay(utc(14, day=2), utc(15, day=2), is_certain=True), note)


# ------------------------------------------------------------------ one order
def test_the_order_is_reported_only_when_numeric_dates_occur() -> None:
    words, year, day = clock(), clock(), clock(["28/10/2026 09:00"])
    words.moment("Nov 1, 2026 09:00")
    year.moment("2026-11-01 09:00")
    day.moment("01/11/2026 09:00")

    assert (words.order, year.order, day.order) == (
        None, DateOrder.YEAR_FIRST, DateOrder.DAY_FIRST,
    )  # fmt: skip


def test_dates_that_contradict_each_other_refuse_the_file() -> None:
    stamps = ["10/28/2026 09:00", "28/10/2026 09:00"]
    told = clock(stamps)
    told.moment(stamps[0])

    with pytest.raises(UnreadableReport, match=r"10/28/2026, 28/10/2026"):
        told.moment(stamps[1])


def test_dates_that_contradict_the_answer_refuse_the_file() -> None:
    told = clock(order="day-first")

    with pytest.raises(UnreadableReport, match=r"10/28/2026.*order you chose"):
        told.moment("10/28/2026 09:00")


def test_a_number_that_is_no_date_at_all_costs_one_row() -> None:
    assert clock(["99/99/2026 09:00"]).moment("99/99/2026 09:00") is None
