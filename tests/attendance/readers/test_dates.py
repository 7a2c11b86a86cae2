from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from attendance.choices import DateOrder
from attendance.readers.dates import decide_order, read_date, read_stamp
from attendance.readers.report import UndecidableOrder

wall = datetime.fromisoformat
SPRING = wall("2020-03-28 09:39:09")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mar 28, 2020 09:39:09", SPRING),
        ("Mar 28, 2020 9:39 AM", SPRING.replace(second=0)),
        ("Mar 28, 2020 2:20 PM", wall("2020-03-28 14:20")),
        ("March 28th, 2020 at 9:39:09 a.m.", SPRING),
        ("Saturday, March 28, 2020 9:39:09 AM", SPRING),
        ("28 mars 2020 09:39:09", SPRING),
        ("samedi 28 mars 2020 à 9 h 39", SPRING.replace(second=0)),
        ("1er août 2026 13 h 30", wall("2026-08-01 13:30")),
        ("15 févr. 2026 13h30", wall("2026-02-15 13:30")),
        ("2020-03-28 09:39:09", SPRING),
        ("2020/03/28 09:39", SPRING.replace(second=0)),
        ("2020-03-28T09:39:09.123", SPRING),
    ],
)
def test_read_stamp_needs_no_order_where_none_is_open(text: str, expected: datetime) -> None:
    assert read_stamp(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05/12/2026 11:40:00 AM", wall("2026-05-12 11:40")),
        ("11/4/2020, 9:50:12 AM", wall("2020-11-04 09:50:12")),
        ("9/22/26, 2:48:05 PM", wall("2026-09-22 14:48:05")),
        ("9/22/26, 2:48:05\N{NARROW NO-BREAK SPACE}PM", wall("2026-09-22 14:48:05")),
        ("9/22/26,\N{NO-BREAK SPACE}2:48:05\N{NO-BREAK SPACE}PM", wall("2026-09-22 14:48:05")),
        ("9/22/26, 12:05:00 AM", wall("2026-09-22 00:05")),
        ("9/22/26, 12:05:00 PM", wall("2026-09-22 12:05")),
    ],
)
def test_read_stamp_month_first(text: str, expected: datetime) -> None:
    assert read_stamp(text, DateOrder.MONTH_FIRST) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14/11/22, 09:29:07", wall("2022-11-14 09:29:07")),
        ("19/01/2021 à 09:58:51", wall("2021-01-19 09:58:51")),
        ("22.09.26 14:00", wall("2026-09-22 14:00")),
        ("5-12-2026 11:40", wall("2026-12-05 11:40")),
    ],
)
def test_read_stamp_day_first(text: str, expected: datetime) -> None:
    assert read_stamp(text, DateOrder.DAY_FIRST) == expected


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("2026-05-12T15:40:00Z", UTC),
        ("2026-05-12T15:40:00+00:00", UTC),
        ("2026-05-12 11:40:00-0400", timezone(-timedelta(hours=4))),
    ],
)
def test_read_stamp_keeps_an_offset_that_is_named(text: str, offset: timezone) -> None:
    stamp = read_stamp(text)

    assert stamp == datetime(2026, 5, 12, 15, 40, tzinfo=UTC)
    assert stamp.utcoffset() == offset.utcoffset(None)


@pytest.mark.parametrize(
    "text",
    [
        "", "--", "NA", "09:30", "Mar 28, 2020", "Mar 28, 2020 25:00", "Feb 30, 2020 10:00",
        "Mar 28, 2020 13:05 AM", "2020-13-01 10:00", "28/03/2020 10:00", "x" * 5000 + " 10:00",
        "2020-03-28T09:39:09+99:99", "Foo 28, 2020 10:00", "0/0/0000 00:00",
        "0001-01-01 00:00", "9999-12-31 23:59",
    ],
)  # fmt: skip
def test_read_stamp_is_none_for_what_is_no_stamp(text: str) -> None:
    assert read_stamp(text) is None


def test_read_date_of_six_digits_is_year_first_only_when_told() -> None:
    assert read_date("22.09.26", DateOrder.DAY_FIRST) == date(2026, 9, 22)
    assert read_date("22.09.26", DateOrder.YEAR_FIRST) == date(2022, 9, 26)
    assert read_date("22.09.26", DateOrder.MONTH_FIRST) is None


# ------------------------------------------------------------------ one order for the file
MAY = date(2026, 5, 6)


@pytest.mark.parametrize(
    ("stamps", "order"),
    [
        (["05/06/2026 10:00", "13/06/2026 10:00"], DateOrder.DAY_FIRST),
        (["05/06/2026 10:00", "06/13/2026 10:00"], DateOrder.MONTH_FIRST),
        (["May 6, 2026 10:00", "2026-05-06 10:00", ""], None),
    ],
)
def test_a_date_that_fits_one_order_decides(stamps: list[str], order: DateOrder | None) -> None:
    decision = decide_order(stamps, around=[date(2026, 6, 5)])

    assert (decision.order, decision.is_assumed) == (order, False)


def test_deciding_reads_no_further_than_needed() -> None:
    def endless() -> object:
        yield "05/06/2026 10:00"
        yield "28/05/2026 10:00"
        raise AssertionError("read on")

    assert decide_order(endless(), around=[MAY]).order == DateOrder.DAY_FIRST


@pytest.mark.parametrize(
    ("around", "order"),
    [
        ([date(2026, 5, 6)], DateOrder.MONTH_FIRST),
        ([date(2026, 6, 5)], DateOrder.DAY_FIRST),
        ([date(2026, 1, 1), date(2026, 6, 5)], DateOrder.DAY_FIRST),
        ([date(2026, 6, 4)], DateOrder.DAY_FIRST),  # after midnight
    ],
)
def test_the_day_of_the_session_decides_next(around: list[date], order: DateOrder) -> None:
    decision = decide_order(["05/06/2026 10:00"], around=around)

    assert (decision.order, decision.is_assumed) == (order, True)


def test_the_order_that_puts_every_stamp_near_the_session_wins() -> None:
    stamps = ["05/06/2026 10:00", "06/06/2026 10:00"]  # 5 and 6 June, or 6 May and 6 June

    assert decide_order(stamps, around=[date(2026, 6, 5)]).order == DateOrder.DAY_FIRST


def test_other_dates_of_the_report_decide_before_the_session() -> None:
    decision = decide_order(["05/06/2026 10:00"], around=[MAY], hints=["30/04/2026 08:00"])

    assert (decision.order, decision.is_assumed) == (DateOrder.DAY_FIRST, False)


@pytest.mark.parametrize("around", [[date(2026, 10, 1)], [date(2026, 5, 6), date(2026, 6, 5)], []])
def test_the_order_is_asked_rather_than_guessed(around: list[date]) -> None:
    with pytest.raises(UndecidableOrder, match="05/06/2026"):
        decide_order(["05/06/2026 10:00"], around=around)


def test_the_answer_of_staff_ends_the_question() -> None:
    decision = decide_order(["05/06/2026 10:00"], around=[], order="day-first")

    assert (decision.order, decision.is_assumed) == (DateOrder.DAY_FIRST, False)


def test_a_date_equal_in_both_orders_asks_nothing() -> None:
    assert decide_order(["06/06/2026 10:00"], around=[]).is_assumed is False
