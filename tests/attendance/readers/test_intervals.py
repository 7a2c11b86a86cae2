from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.choices import ReasonCode
from attendance.readers.intervals import (
    Interval,
    attended,
    clip,
    effects,
    held_seconds,
    minus,
    seconds,
    union,
)

TORONTO = ZoneInfo("America/Toronto")
ZERO = datetime(2026, 5, 12, 13, tzinfo=UTC)
LAST = 600  # seconds of the little world that properties live in


def at(second: int) -> datetime:
    return ZERO + timedelta(seconds=second)


def span(start: int, end: int) -> Interval:
    return at(start), at(end)


moments = st.integers(0, LAST)
spans = st.tuples(moments, moments).map(lambda pair: span(min(pair), max(pair)))
many = st.lists(spans, max_size=12)


def by_the_second(*groups: list[Interval]) -> list[set[int]]:
    """Each group as the set of seconds it covers: slow, and obviously right."""
    return [
        {
            second
            for second in range(LAST)
            if any(start <= at(second) < end for start, end in intervals)
        }
        for intervals in groups
    ]


# ------------------------------------------------------------------ examples
def test_union_merges_overlapping_and_touching_intervals() -> None:
    assert union([span(50, 60), span(0, 10), span(5, 20), span(20, 30)]) == [
        span(0, 30),
        span(50, 60),
    ]


def test_union_forgets_empty_and_backward_intervals() -> None:
    assert union([span(5, 5), span(9, 3)]) == []


def test_seconds_count_a_night_of_clock_change_as_it_lasted() -> None:
    night = (
        datetime(2026, 11, 1, 0, tzinfo=TORONTO),
        datetime(2026, 11, 1, 4, tzinfo=TORONTO),
    )

    assert seconds([night]) == 5 * 3600


def test_clip_keeps_what_lies_inside_several_windows() -> None:
    assert clip([span(0, 100)], [span(10, 20), span(90, 200)]) == [span(10, 20), span(90, 100)]


def test_minus_cuts_a_break_out_of_the_middle() -> None:
    assert minus([span(0, 100)], [span(40, 50)]) == [span(0, 40), span(50, 100)]


def test_attended_is_the_union_clipped_to_the_meetings_without_the_breaks() -> None:
    connections = [span(0, 120), span(60, 300), span(400, 500)]

    merged, counted = attended(connections, [span(30, 200), span(390, 450)], [span(100, 110)])

    assert merged == [span(30, 100), span(110, 200), span(400, 450)]
    assert counted == 70 + 90 + 50


def test_attended_closes_an_open_connection_where_its_meeting_ends() -> None:
    assert attended([(at(50), None)], [span(0, 100), span(200, 300)], []) == ([span(50, 100)], 50)
    assert attended([(at(150), None)], [span(0, 100), span(200, 300)], [])[1] == 100
    assert attended([(at(301), None)], [span(0, 100), span(200, 300)], []) == ([], 0)


def test_held_seconds_leave_breaks_out_even_when_they_stick_out() -> None:
    assert held_seconds([span(0, 100), span(50, 150)], [span(140, 500)]) == 140


@pytest.mark.parametrize(
    ("connections", "codes"),
    [
        ([span(100, 200)], set()),
        ([span(50, 200)], {ReasonCode.CLIPPED_EARLY}),
        ([span(100, 201)], {ReasonCode.CLIPPED_LATE}),
        ([span(0, 300)], {ReasonCode.CLIPPED_EARLY, ReasonCode.CLIPPED_LATE}),
        ([span(0, 100)], {ReasonCode.OUTSIDE_WINDOW}),
        ([span(120, 150), span(140, 160)], {ReasonCode.OVERLAP_MERGED}),
        ([span(120, 150), span(150, 160)], set()),
        ([(at(120), None)], set()),
    ],
)
def test_effects_name_what_counting_did(connections: list[Interval], codes: set[str]) -> None:
    assert effects(connections, [span(100, 200)]) == codes


# ------------------------------------------------------------------ properties
@given(many)
def test_union_agrees_with_counting_by_the_second(intervals: list[Interval]) -> None:
    assert seconds(intervals) == len(by_the_second(intervals)[0])


@given(many, many, many)
def test_attended_agrees_with_counting_by_the_second(
    connections: list[Interval], meetings: list[Interval], breaks: list[Interval]
) -> None:
    present, agenda, rest = by_the_second(connections, meetings, breaks)

    merged, counted = attended(connections, meetings, breaks)

    assert counted == len((present & agenda) - rest)
    assert by_the_second(merged)[0] == (present & agenda) - rest


@given(many)
def test_union_is_at_most_the_sum_and_the_span(intervals: list[Interval]) -> None:
    lengths = [int((end - start).total_seconds()) for start, end in intervals]
    whole = [(min(s for s, _e in intervals), max(e for _s, e in intervals))] if intervals else []

    assert seconds(intervals) <= sum(lengths)
    assert seconds(intervals) <= seconds(whole)


@given(
    st.lists(spans, max_size=12).flatmap(
        lambda rows: st.tuples(st.just(rows), st.permutations(rows))
    )
)
def test_union_does_not_depend_on_order(pair: tuple[list[Interval], list[Interval]]) -> None:
    assert union(pair[0]) == union(pair[1])


@given(many)
def test_the_same_rows_twice_change_nothing(intervals: list[Interval]) -> None:
    assert union(intervals * 2) == union(intervals)


@given(many, st.lists(moments, max_size=5))
def test_cutting_intervals_in_two_changes_nothing(
    intervals: list[Interval], cuts: list[int]
) -> None:
    pieces = list(intervals)
    for cut in map(at, cuts):
        pieces = [
            piece
            for start, end in pieces
            for piece in ([(start, cut), (cut, end)] if start < cut < end else [(start, end)])
        ]

    assert union(pieces) == union(intervals)


@given(many, spans, spans)
def test_a_wider_window_never_counts_less(
    intervals: list[Interval], one: Interval, other: Interval
) -> None:
    assert seconds(clip(intervals, [one])) <= seconds(clip(intervals, [one, other]))


@given(many, many)
def test_nobody_attends_more_than_was_held(
    connections: list[Interval], breaks: list[Interval]
) -> None:
    meetings = [span(100, 300), span(350, 500)]

    assert attended(connections, meetings, breaks)[1] <= held_seconds(meetings, breaks)
