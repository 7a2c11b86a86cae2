"""A term as it would be after another one, and what is left to decide in a term being prepared."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from courses.choices import SessionState
from courses.models import Session, Term
from courses.selectors.copies import ROWS, Question, SessionCopy, copy_of, questions_of
from courses.selectors.sessions import with_counts

# What has no sense to prepare again.
NOT_COPIED = frozenset({SessionState.CANCELLED})
IN_PREPARATION = frozenset({SessionState.DRAFT, SessionState.ANNOUNCED})


@dataclass(frozen=True)
class TermPlan:
    """The new term with its sessions, none of it kept; `left_out`: sessions that are not copied."""

    source: Term
    term: Term
    weeks: int
    copies: list[SessionCopy]
    left_out: list[Session]


@dataclass(frozen=True)
class Undecided:
    """One session in preparation and what must still be decided of it."""

    session: Session
    questions: list[Question]


def weeks_between(old: date, new: date) -> int:
    """Whole weeks from one day to another, the nearest number."""
    return round((new - old).days / 7)


def plan_term(
    term: Term, *, title_fr: str, title_en: str, starts_on: date, weeks: int, at: datetime
) -> TermPlan:
    """What duplicating `term` would make: as long a term, every session moved by whole weeks.

    A constant number of queries, whatever the number of sessions.
    """
    new = Term(
        title_fr=title_fr.strip(),
        title_en=title_en.strip(),
        starts_on=starts_on,
        ends_on=starts_on + (term.ends_on - term.starts_on),
        seats_per_person=term.seats_per_person,
    )
    rows = list(_in_order(term.sessions.all()))
    kept = [row for row in rows if row.state not in NOT_COPIED]
    shift = timedelta(weeks=weeks)
    copies = [copy_of(row, shift, term=new, at=at) for row in kept]
    return TermPlan(term, new, weeks, copies, [row for row in rows if row not in kept])


def undecided(term: Term, *, at: datetime) -> list[Undecided]:
    """Sessions of the term not yet open and what is missing in each; complete ones left out.

    A constant number of queries.
    """
    rows = _in_order(term.sessions.filter(state__in=IN_PREPARATION))
    found = [
        Undecided(
            row,
            questions_of(
                row,
                meetings=list(row.meetings.all()),
                pools=list(row.pools.all()),
                term=term,
                at=at,
            ),
        )
        for row in rows
    ]
    return [one for one in found if one.questions]


def _in_order(sessions: QuerySet[Session]) -> QuerySet[Session]:
    rows = with_counts(sessions).select_related("course", "prerequisite")
    return rows.prefetch_related(*ROWS).order_by("starts_at", "pk")
