"""Sessions to be made after another one: rows not yet kept, their dates moved on the local clock.

What is copied: rules, agenda, pools, the days of the checklist. Never people (trainers, guests,
enrolments), join addresses, numbers of accreditation, nor anything the clock or the gate wrote.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.choices import (
    ChecklistCode,
    OpeningMode,
    PoolKind,
    SessionFormat,
    SessionState,
)
from courses.letters.shifts import holiday_name, is_weekend, shifted, wall_shift
from courses.models import Break, ChecklistItem, Meeting, Pool, Session, Term
from people.letters import date_words

RULES = (
    "course",
    "term",
    "language",
    "format",
    "audience",
    "capacity",
    "survey_required",
    "opening_mode",
    "needs_approval",
    "prerequisite",
    "survey_gate",
    "counts_strikes",
    "takes_questions",
)
HOURS = ("enrolment_opens_at", "enrolment_closes_at", "cancel_until", "requests_close_at")
POOL_FACTS = ("kind", "establishment", "community", "profession", "capacity")
POOL_HOURS = ("opens_at", "release_at")
# What a copy is read with, so that many cost as many queries as one.
ROWS = (
    "meetings",
    "breaks",
    "checklist",
    "trainers",
    "guests",
    "pools__establishment",
    "pools__community",
    "pools__profession",
)


@dataclass(frozen=True)
class Question:
    """Something staff decide again. `is_grave`: as it stands, the session cannot be. `is_fleeting`:
    known from the session copied alone, so that nothing says it any more of the copy once kept.
    """

    words: str
    is_grave: bool = False
    is_fleeting: bool = False


@dataclass(frozen=True)
class SessionCopy:
    """A session to be: nothing of it is kept yet."""

    source: Session
    session: Session
    meetings: list[Meeting]
    breaks: list[Break]
    pools: list[Pool]
    items: list[ChecklistItem]
    questions: list[Question] = field(default_factory=list)

    @property
    def starts_at(self) -> datetime | None:
        return min((each.starts_at for each in self.meetings), default=None)

    @property
    def ends_at(self) -> datetime | None:
        return max((each.ends_at for each in self.meetings), default=None)


def copy_of(source: Session, shift: timedelta, *, term: Term | None, at: datetime) -> SessionCopy:
    """The session as it would be after `shift`, in `term`. Reads ROWS, prefetched or not."""
    session = Session(**{name: getattr(source, name) for name in RULES} | {"term": term})
    for name in HOURS:
        setattr(session, name, _moved(getattr(source, name), shift))
    meetings = [
        Meeting(
            starts_at=shifted(row.starts_at, shift),
            ends_at=shifted(row.ends_at, shift),
            place=row.place,
        )
        for row in source.meetings.all()
    ]
    breaks = [
        Break(starts_at=shifted(row.starts_at, shift), ends_at=shifted(row.ends_at, shift))
        for row in source.breaks.all()
    ]
    pools = [
        Pool(
            **{name: getattr(row, name) for name in POOL_FACTS},
            **{name: _moved(getattr(row, name), shift) for name in POOL_HOURS},
        )
        for row in source.pools.all()
    ]
    items = [
        ChecklistItem(
            code=row.code,
            label_fr=row.label_fr,
            label_en=row.label_en,
            offset_days=row.offset_days,
        )
        for row in source.checklist.all()
    ]
    copy = SessionCopy(source, session, meetings, breaks, pools, items)
    copy.questions.extend(
        questions_of(session, meetings=meetings, pools=pools, term=term, at=at, is_new=True)
    )
    if source.state == SessionState.POSTPONED:
        words = _("Its date: the session copied is postponed.")
        copy.questions.insert(0, Question(words, is_grave=True, is_fleeting=True))
    return copy


def twin_of(source: Session, starts_at: datetime, *, at: datetime) -> SessionCopy | None:
    """A second session of the same course that begins at `starts_at`; None without a date to move.

    It opens by itself, first come first served: who waits for the first one is offered it.
    """
    first = min((row.starts_at for row in source.meetings.all()), default=None)
    if first is None:
        return None
    copy = copy_of(source, wall_shift(first, starts_at), term=source.term, at=at)
    copy.session.twin_of = source
    copy.session.enrolment_opens_at = copy.session.requests_close_at = None
    copy.session.opening_mode = OpeningMode.FIRST_COME
    for pool in copy.pools:
        pool.opens_at = None
    return copy


def _moved(moment: datetime | None, shift: timedelta) -> datetime | None:
    return None if moment is None else shifted(moment, shift)


def questions_of(
    session: Session,
    *,
    meetings: list[Meeting],
    pools: list[Pool],
    term: Term | None,
    at: datetime,
    is_new: bool = False,
) -> list[Question]:
    """What is not decided of a session still to come, the gravest first. Reads ROWS when stored.

    `is_new`: nothing of it is kept yet, so it has nobody, no address and no accreditation.
    """
    found = [*_about_days(meetings, term, at)]
    if session.course.current_version_id is None:
        found.append(Question(_("The course: its page was never published."), is_grave=True))
    if is_new or not session.trainers.all():
        found.append(Question(_("Trainers")))
    online = session.format != SessionFormat.IN_PERSON
    if online and not all(row.join_url for row in meetings):
        found.append(Question(_("Join address")))
    if any(pool.kind == PoolKind.GUESTS for pool in pools) and (is_new or not session.guests.all()):
        found.append(Question(_("Names of the guests")))
    if is_new or not _is_accredited(session):
        found.append(Question(_("Accreditation")))
    return found


def _is_accredited(session: Session) -> bool:
    """Whether staff have ticked the asking; a session without that item has nothing to ask."""
    items = [row for row in session.checklist.all() if row.code == ChecklistCode.ACCREDITATION]
    return all(row.done_at is not None for row in items)


def _about_days(meetings: list[Meeting], term: Term | None, at: datetime) -> list[Question]:
    """Days on which nobody works, outside the term, or past; each said once."""
    if not meetings:
        return [Question(_("Its date"), is_grave=True)]
    found = []
    for day in sorted({timezone.localdate(row.starts_at) for row in meetings}):
        words = _about_day(day, term)
        if day <= timezone.localdate(at):
            words = _("%(day)s is past")
        if words:
            values = {
                "day": date_words(day, get_language()),
                "holiday": holiday_name(day, get_language()),
                "term": term,
            }
            found.append(Question(words % values, is_grave=True))
    return found


def _about_day(day: date, term: Term | None) -> str:
    if holiday_name(day, get_language()):
        return _("%(day)s is a public holiday: %(holiday)s")
    if is_weekend(day):
        return _("%(day)s falls on a weekend")
    if term is not None and not term.starts_on <= day <= term.ends_on:
        return _("%(day)s lies outside the term “%(term)s”")
    return ""
