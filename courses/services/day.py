"""What befalls a session on its day, in one act: the address, the trainer, the hours, or all of it.

Each change is one of the verbs of services.sessions and tells what it tells; nothing is written
here beside them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from courses.choices import DayKind
from courses.models import Break, Meeting, Session
from courses.selectors.day import day_of, is_changeable, latest_event
from courses.services.sessions import (
    cancel_session,
    postpone_session,
    replace_trainer,
    save_session,
)
from people.models import User
from people.services import Refusal

LONGEST_DELAY = 600  # minutes


class DayRefusal(Refusal):
    """A change on the day that cannot be; the text says why."""


class ChangedMeanwhile(DayRefusal):
    """The session is no longer as it was when the change was prepared."""


class NothingLeft(DayRefusal):
    """No meeting is left, or the session is not one that takes place."""


class NothingChanges(DayRefusal):
    """It is so already."""


class DelayRefused(DayRefusal):
    pass


class CutRefused(DayRefusal):
    pass


class TrainerMissing(DayRefusal):
    pass


@dataclass(frozen=True)
class DayChange:
    """One change; only the columns of its kind are read. `ends_at`: the hour at which it ends."""

    kind: DayKind
    join_url: str = ""
    leaving: User | None = None
    coming: User | None = None
    minutes: int = 0
    ends_at: datetime | None = None


def change_on_the_day(
    *,
    session: Session,
    change: DayChange,
    by: User | None,
    at: datetime,
    motive: str,
    seen: int | None = None,
) -> Session:
    """Changes what is left of the day of a session: today's meetings, else the next day's.

    A delay moves the meetings of that day that are not over, with their breaks; a cut ends the day
    at an hour and takes away what would follow; a new address replaces the old one in every meeting
    that had it. `seen`: the newest event when the change was prepared: anything since refuses it
    (ChangedMeanwhile), so that of two presses one counts. Locks the session. Motives are asked for
    by the verbs called.
    """
    with transaction.atomic():
        row = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
        if seen is not None and latest_event(row) != seen:
            raise ChangedMeanwhile(
                _("This session was changed meanwhile: look at it again. Nothing more was changed.")
            )
        meetings = list(row.meetings.all())
        day = day_of(meetings, at=at)
        if not is_changeable(row) or not day:
            raise NothingLeft(_("Nothing is left to change: the session is over, or has no date."))
        match change.kind:
            case DayKind.CANCEL:
                cancel_session(session=row, by=by, at=at, motive=motive)
            case DayKind.POSTPONE:
                postpone_session(session=row, by=by, at=at, motive=motive)
            case DayKind.TRAINER:
                _replace(row, change, by=by, at=at, motive=motive)
            case _:
                breaks = list(row.breaks.all())
                if change.kind == DayKind.JOIN_URL:
                    _lead_elsewhere(meetings, day, change.join_url.strip())
                elif change.kind == DayKind.DELAY:
                    _delay(day, breaks, change.minutes)
                else:
                    meetings, breaks = _cut(meetings, breaks, day, change.ends_at)
                save_session(
                    session=row,
                    meetings=meetings,
                    breaks=breaks,
                    trainers=None,
                    by=by,
                    at=at,
                    motive=motive,
                )
    return row


def _replace(
    session: Session, change: DayChange, *, by: User | None, at: datetime, motive: str
) -> None:
    if change.leaving is None or change.coming is None:
        raise TrainerMissing(_("Choose who is replaced, and by whom."))
    if session.trainers.filter(person=change.coming).exists():
        raise NothingChanges(_("This person teaches the session already."))
    replace_trainer(
        session=session, old=change.leaving, new=change.coming, by=by, at=at, motive=motive
    )


def _lead_elsewhere(meetings: list[Meeting], day: list[Meeting], join_url: str) -> None:
    """The day's meetings, and the later ones that had the same address."""
    if not join_url:
        raise DayRefusal(_("Type the new address."))
    replaced = {row.join_url for row in day}
    if replaced == {join_url}:
        raise NothingChanges(_("This is the address in use already."))
    for row in meetings:
        is_later = row.starts_at > day[-1].starts_at and row.join_url and row.join_url in replaced
        if row in day or is_later:
            row.join_url = join_url


def _delay(day: list[Meeting], breaks: list[Break], minutes: int) -> None:
    if not 1 <= minutes <= LONGEST_DELAY:
        raise DelayRefused(
            _("A delay is of 1 to %(minutes)d minutes.") % {"minutes": LONGEST_DELAY}
        )
    moved: list[Meeting | Break] = [*day, *(row for row in breaks if _lies_in(row, day))]
    for row in moved:
        row.starts_at += timedelta(minutes=minutes)
        row.ends_at += timedelta(minutes=minutes)


def _cut(
    meetings: list[Meeting], breaks: list[Break], day: list[Meeting], ends_at: datetime | None
) -> tuple[list[Meeting], list[Break]]:
    """What is left once the day ends at `ends_at`."""
    if ends_at is None or ends_at >= max(row.ends_at for row in day):
        raise CutRefused(_("Choose an hour before the end of that day's meetings."))
    if ends_at <= day[0].starts_at:
        raise CutRefused(
            _("It would end before it begins: postpone or cancel the session instead.")
        )
    kept_breaks = [row for row in breaks if not (_lies_in(row, day) and row.starts_at >= ends_at)]
    for row in kept_breaks:
        if _lies_in(row, day):
            row.ends_at = min(row.ends_at, ends_at)
    kept = [row for row in meetings if row not in day or row.starts_at < ends_at]
    for meeting in kept:
        if meeting in day:
            meeting.ends_at = min(meeting.ends_at, ends_at)
    return kept, kept_breaks


def _lies_in(pause: Break, day: list[Meeting]) -> bool:
    return any(row.starts_at <= pause.starts_at < row.ends_at for row in day)
