"""What an agenda must be, and how its rows are written: meetings apart, breaks inside them.

Called by services.sessions under the session's lock; nothing else writes Meeting or Break. Pools
are written by the same `write_rows` (services.seat_plan).
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Protocol, TypeVar

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.models import Break, Meeting, Pool, Session
from people.letters import interval_words
from people.services import Refusal

Row = TypeVar("Row", Meeting, Break, Pool)


class AgendaRefusal(Refusal):
    """An agenda that cannot be; the text says which rule it breaks."""


class MeetingsOverlap(AgendaRefusal):
    pass


class IntervalReversed(AgendaRefusal):
    pass


class BreakOutside(AgendaRefusal):
    pass


class Interval(Protocol):
    starts_at: Any
    ends_at: Any


def words_of(interval: Interval) -> str:
    return interval_words(interval.starts_at, interval.ends_at, get_language())


def check_agenda(meetings: Sequence[Meeting], breaks: Sequence[Break]) -> None:
    """Refuses reversed or overlapping intervals, and a break outside every meeting."""
    intervals: list[Meeting | Break] = [*meetings, *breaks]
    for interval in intervals:
        if interval.ends_at <= interval.starts_at:
            raise IntervalReversed(
                _("This ends before it starts (%(interval)s).") % {"interval": words_of(interval)}
            )
    _check_apart(meetings, _("Two meetings overlap (%(first)s; %(second)s)."))
    _check_apart(breaks, _("Two breaks overlap (%(first)s; %(second)s)."))
    for pause in breaks:
        if not any(
            meeting.starts_at <= pause.starts_at and pause.ends_at <= meeting.ends_at
            for meeting in meetings
        ):
            raise BreakOutside(
                _("This break lies outside the meetings (%(interval)s).")
                % {"interval": words_of(pause)}
            )


def _check_apart(intervals: Sequence[Interval], sentence: str) -> None:
    ordered = sorted(intervals, key=lambda each: each.starts_at)
    for first, second in pairwise(ordered):
        if second.starts_at < first.ends_at:
            raise MeetingsOverlap(sentence % {"first": words_of(first), "second": words_of(second)})


def take_up(stored: Sequence[Meeting], rows: Sequence[Meeting]) -> None:
    """A meeting taken away and typed again at the same hours is the same meeting: it keeps its row
    and its key, so that the entry people have in their calendars stays its own.
    """
    kept, known = {row.pk for row in rows}, {row.pk for row in stored}
    gone = {(row.starts_at, row.ends_at): row for row in stored if row.pk not in kept}
    for row in rows:
        same = gone.pop((row.starts_at, row.ends_at), None) if row.pk not in known else None
        if same is not None:
            row.pk, row.key = same.pk, same.key
            row._state.adding = False


def write_rows(session: Session, model: type[Row], rows: Sequence[Row]) -> list[Row]:
    """Makes the session's rows of `model` exactly `rows`, in that order; returns those taken away.

    A row that already exists keeps its identity (a meeting's key is part of its calendar UID); one
    that somebody else has just deleted is written anew.
    """
    known = {row.pk: row for row in model._default_manager.filter(session=session)}
    kept = {row.pk for row in rows} & known.keys()
    removed = [known[pk] for pk in known if pk not in kept]
    model._default_manager.filter(pk__in=[row.pk for row in removed]).delete()
    for position, row in enumerate(rows):
        if row.pk not in kept:
            row.pk = None
            row._state.adding = True
        row.session = session
        row.sort_order = position
        row.save()
    return removed


def words_of_removed(meetings: Sequence[Meeting]) -> list[dict[str, str]]:
    """Meetings taken away, as the JSON of a SessionEvent: their calendar entries are recalled."""
    return [
        {
            "key": str(row.key),
            "starts_at": row.starts_at.isoformat(),
            "ends_at": row.ends_at.isoformat(),
        }
        for row in meetings
    ]
