"""Wall clock of a zone to instants, in the hours that occur twice as in those that never do."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

_SLACK = timedelta(minutes=2)  # a report rounds its minutes, some round their stamps too


class Stay(NamedTuple):
    """A connection on the time line. `is_certain` is False where the clock alone could not tell."""

    joined_at: datetime
    left_at: datetime | None
    is_certain: bool


def instants(stamp: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Every instant (UTC) at which clocks of `zone` showed `stamp`: one, two, or none.

    A stamp that names its own offset is one instant whatever the zone.
    """
    if stamp.tzinfo:
        return (stamp.astimezone(UTC),)
    first = stamp.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = stamp.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first == second:
        return (first,)
    return (first, second) if first < second else ()


def stay(
    joined: datetime, left: datetime | None, *, zone: ZoneInfo, minutes: int | None = None
) -> Stay | None:
    """The instants of a connection written as wall clock; None when it ends before it begins.

    In an hour that occurs twice the report's own `minutes` decide; what they leave open is read as
    the earliest and said uncertain. A time that clocks skipped is read as if they had not.
    """
    joins, lefts = instants(joined, zone), instants(left, zone) if left else ()
    is_certain = bool(joins and (lefts or not left))
    joins = joins or _skipped(joined, zone)
    if not left:
        return Stay(joins[0], None, is_certain and len(joins) == 1)
    lefts = lefts or _skipped(left, zone)
    pairs = [(start, end) for start in joins for end in lefts if start <= end]
    if len(pairs) > 1 and minutes is not None:
        told = timedelta(minutes=minutes)
        pairs = [pair for pair in pairs if abs(pair[1] - pair[0] - told) <= _SLACK] or pairs
    if not pairs:
        return None
    return Stay(*pairs[0], is_certain and len(pairs) == 1)


def _skipped(stamp: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    return (stamp.replace(tzinfo=zone, fold=0).astimezone(UTC),)
