"""Arithmetic of time: what presence is made of.

An interval is (start, end), two aware date-times, the end not included. Every function gives
instants in UTC, so a change of clocks inside an interval counts as it really lasted (Python
subtracts two date-times of one zone by the wall clock). Lists come back sorted, apart from each
other and without empty intervals; seconds are whole.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from attendance.choices import ReasonCode

Interval = tuple[datetime, datetime]
OpenInterval = tuple[datetime, datetime | None]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time once: overlapping or touching intervals become one."""
    merged: list[Interval] = []
    for start, end in sorted(
        (start.astimezone(UTC), end.astimezone(UTC)) for start, end in intervals
    ):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def clip(intervals: Iterable[Interval], windows: Iterable[Interval]) -> list[Interval]:
    """The part of the union of `intervals` that lies inside the union of `windows`."""
    frames = union(windows)
    return union(
        (max(start, opens), min(end, closes))
        for start, end in union(intervals)
        for opens, closes in frames
    )


def minus(intervals: Iterable[Interval], breaks: Iterable[Interval]) -> list[Interval]:
    """The union of `intervals` without the time of `breaks`."""
    left = union(intervals)
    for opens, closes in union(breaks):
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, opens)), (max(start, closes), end))
            if piece[0] < piece[1]
        ]
    return left


def seconds(intervals: Iterable[Interval]) -> int:
    """Length of the union, in whole seconds."""
    return sum(int((end - start).total_seconds()) for start, end in union(intervals))


def ended(intervals: Iterable[OpenInterval], meetings: Sequence[Interval]) -> list[Interval]:
    """The intervals with those that have no end closed where their meeting ends.

    Their meeting is the first that is not over when they begin: a connection left open in the
    morning of one day never reaches the next day's meeting. After the last meeting: dropped.
    """
    closed: list[Interval] = []
    for start, end in intervals:
        stop = end or min((closes for _opens, closes in meetings if closes > start), default=None)
        if stop is not None:
            closed.append((start, stop))
    return closed


def attended(
    intervals: Iterable[OpenInterval], meetings: Sequence[Interval], breaks: Sequence[Interval]
) -> tuple[list[Interval], int]:
    """A person's time: union of all connections, clipped to the meetings, without the breaks."""
    merged = minus(clip(ended(intervals, meetings), meetings), breaks)
    return merged, seconds(merged)


def held_seconds(meetings: Sequence[Interval], breaks: Sequence[Interval]) -> int:
    """The denominator: what the agenda held, breaks out."""
    return seconds(minus(meetings, breaks))


def effects(
    intervals: Iterable[OpenInterval], meetings: Sequence[Interval]
) -> frozenset[ReasonCode]:
    """What counting did to these connections, as codes to show beside the minutes."""
    codes = set()
    closed = ended(intervals, meetings)
    if sum(seconds([interval]) for interval in closed) > seconds(closed):
        codes.add(ReasonCode.OVERLAP_MERGED)
    for start, end in closed:
        touched = [(opens, closes) for opens, closes in meetings if start < closes and opens < end]
        if not touched:
            codes.add(ReasonCode.OUTSIDE_WINDOW)
        else:
            if start < min(opens for opens, _closes in touched):
                codes.add(ReasonCode.CLIPPED_EARLY)
            if end > max(closes for _opens, closes in touched):
                codes.add(ReasonCode.CLIPPED_LATE)
    return frozenset(codes)
