"""Where one person stands in one session, for the screens about their own place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.timezone import localdate

from courses.choices import (
    LIVE_SESSION_STATES,
    PROMOTING_STATES,
    EnrolmentOrigin,
    EnrolmentState,
    SessionState,
)
from courses.letters.windows import ASK_DAYS, NO_OFFERS
from courses.models import DrawTicket, Enrolment, Session, Strike
from courses.selectors.seats import SeatSummary
from courses.selectors.sessions import rank_words
from courses.selectors.standing import Standing, may_take_a_free_seat
from people.models import User

# Seats that a person gives to another: the page names the giver.
GIVEN = frozenset({EnrolmentOrigin.LIAISON, EnrolmentOrigin.COLLEAGUE})


def asks_from(starts_at: datetime) -> date:
    """The local day from which everybody is asked before being seated (J-3)."""
    return localdate(starts_at) - timedelta(days=ASK_DAYS)


@dataclass(frozen=True)
class Wait:
    """Somebody's turn on a list, as it stands now.

    rank: « 3e sur 12 ». asks_on: the day from which everybody is asked first; None once it has
    come, and where the person asks for it anyway. is_passed: this release of seats goes to others.
    is_last_hours: nobody is offered a seat any more, all are called at once; may_take: told so, and
    a seat is free.
    """

    rank: str
    asks_on: date | None
    is_passed: bool
    is_last_hours: bool
    may_take: bool


def wait_of(
    enrolment: Enrolment,
    session: Session,
    summary: SeatSummary,
    *,
    starts_at: datetime | None,
    at: datetime,
) -> Wait:
    """One question for the rank, one more in the last twelve hours."""
    left = None if starts_at is None else starts_at - at
    is_last_hours = left is not None and left <= NO_OFFERS
    asks_on = asks_from(starts_at) if starts_at is not None else None
    if asks_on is not None and localdate(at) >= asks_on:
        asks_on = None
    may_ask = starts_at is not None and may_take_a_free_seat(
        enrolment.pk, session.release, starts_at=starts_at, at=at
    )
    return Wait(
        rank=rank_words(enrolment),
        asks_on=asks_on,
        is_passed=enrolment.passed_release == session.release,
        is_last_hours=is_last_hours,
        may_take=may_ask and session.state in PROMOTING_STATES and summary.free != 0,
    )


@dataclass(frozen=True)
class TermSeats:
    """Seats a person holds in the term of a session, of those one may hold."""

    held: int
    limit: int

    @property
    def is_reached(self) -> bool:
        return self.held >= self.limit


def term_seats(session: Session, standing: Standing) -> TermSeats | None:
    """None where the session belongs to no term. Asks nothing: its term came with it."""
    if session.term is None:
        return None
    held = standing.seats_in_term(session.term.pk, without=[session.pk])
    return TermSeats(held, session.term.seats_per_person)


def find_ticket(person: User, session: Session) -> DrawTicket | None:
    """The person's own ticket in the draw of this session; None where there was none."""
    tickets = DrawTicket.objects.filter(enrolment__person=person, enrolment__session=session)
    return tickets.select_related("draw").order_by("-pk").first()


def find_own(person: User, key: UUID) -> Enrolment | None:
    """An enrolment by its key, if it is this person's: another's answers as an unknown one."""
    rows = Enrolment.objects.filter(person=person, key=key)
    return rows.select_related("instead_of__session__course").first()


def offer_stands(enrolment: Enrolment, session: Session, *, at: datetime) -> bool:
    """Whether an offer may still be answered. While its session is postponed it does not end."""
    ends_at = enrolment.offer_expires_at
    if enrolment.state != EnrolmentState.OFFERED or session.state not in LIVE_SESSION_STATES:
        return False
    return session.state == SessionState.POSTPONED or (ends_at is not None and at < ends_at)


def giver_of(enrolment: Enrolment) -> str:
    """The name of the colleague or liaison agent to whom an offer is owed; empty for the others."""
    if enrolment.rank is not None or enrolment.origin not in GIVEN:
        return ""
    events = enrolment.events.filter(to_state=EnrolmentState.OFFERED).select_related("by__profile")
    first = events.order_by("at", "pk").first()
    return str(first.by) if first and first.by else ""


def rows_in(session: Session, people: Iterable[User]) -> dict[int, Enrolment]:
    """Person → live row in this session, among those people. One question."""
    rows = Enrolment.objects.live().filter(session=session, person__in=list(people))
    return {row.person_id: row for row in rows}


@dataclass(frozen=True)
class StrikeLine:
    """One strike of a person, for that person. `counts`: today."""

    strike: Strike
    counts: bool

    @property
    def is_excused(self) -> bool:
        return self.strike.excused_at is not None


def strikes_of(person: User, *, on: date) -> list[StrikeLine]:
    """Every strike kept of that person, the newest first. A constant number of questions."""
    rows = (
        Strike.objects.filter(person=person)
        .select_related("enrolment__session__course", "enrolment__session__version")
        .prefetch_related("enrolment__session__meetings")
        .order_by("-given_at", "-pk")
    )
    return [StrikeLine(row, counts=row.excused_at is None and row.expires_on > on) for row in rows]
