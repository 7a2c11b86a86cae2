from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from attendance.choices import ReasonCode
from attendance.readers import Report, read_report
from attendance.readers.fit import doubts
from attendance.readers.intervals import Interval
from tests.attendance.reports import Webinar, at, visit

TORONTO = ZoneInfo("America/Toronto")


def meeting(start: str, end: str, day: str = "2020-03-28") -> Interval:
    return at(start, day).replace(tzinfo=TORONTO), at(end, day).replace(tzinfo=TORONTO)


def plain(sentence: str) -> str:
    return sentence.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def report() -> Report:
    """A webinar that its host kept open from 09:00 to 13:00."""
    webinar = Webinar(
        hosts=(visit("Hôte", "hote@demo.example", "09:00", "13:00"),),
        attendees=(visit("Ada", "ada@demo.example", "09:30", "10:00"),),
    )
    return read_report(webinar.data(), zone=TORONTO, on=at("09:00").date())


@pytest.mark.parametrize(
    "meetings",
    [
        [meeting("09:00", "13:00")],
        [meeting("10:00", "18:00", "2020-03-21"), meeting("09:30", "14:00")],  # one day of two
        [meeting("11:00", "15:00")],  # half of it
        [],
    ],
)
def test_a_report_that_covers_half_the_agenda_raises_no_doubt(
    report: Report, meetings: list[Interval]
) -> None:
    assert doubts(report, meetings) == []


def test_a_report_that_covers_less_is_suspected_of_the_wrong_zone(report: Report) -> None:
    ((code, sentence),) = doubts(report, [meeting("12:00", "16:00")])

    assert code == ReasonCode.ZONE_SUSPECT
    assert plain(sentence) == (
        "According to this report the meeting was held Saturday, March 28, 2020, "
        "9 a.m. to 1 p.m., which covers 25 % of the agenda. "
        "Check the time zone, and that it is the right file."
    )


def test_a_report_of_another_hour_of_the_day_covers_nothing(report: Report) -> None:
    assert [code for code, _sentence in doubts(report, [meeting("14:00", "16:00")])] == [
        ReasonCode.ZONE_SUSPECT
    ]


def test_a_report_of_another_day_is_said_to_be_one(report: Report) -> None:
    ((code, sentence),) = doubts(report, [meeting("09:00", "13:00", "2020-04-28")])

    assert code == ReasonCode.OUTSIDE_WINDOW
    assert plain(sentence) == (
        "This report is of March 28, 2020; no meeting of this session was held then. "
        "Is it the right file?"
    )


def test_times_are_utc_whatever_the_agenda_is_written_in(report: Report) -> None:
    agenda = (datetime(2020, 3, 28, 13, tzinfo=UTC), datetime(2020, 3, 28, 17, tzinfo=UTC))

    assert doubts(report, [agenda]) == []
