"""« Mes formations »: what comes, what is to be done, what is over, for one person."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter

from django.utils.timezone import localdate

from certificates.models import Certificate
from certificates.selectors.eligibility import Eligibility, eligibility
from courses.choices import (
    LIVE_ENROLMENT_STATES,
    LIVE_SESSION_STATES,
    PAST_SESSION_STATES,
    EnrolmentState,
    SessionState,
)
from courses.letters.windows import NO_OFFERS
from courses.models import Enrolment, Strike
from courses.selectors.enrolments import my_enrolments
from courses.selectors.places import asks_from, offer_stands, wait_of
from courses.selectors.seats import seat_summary
from courses.selectors.sessions import rank_words
from people.models import User
from surveys.models import Invitation
from surveys.selectors.invitations import open_invitations


@dataclass(frozen=True)
class Coming:
    """A session to come: a seat, a request, or a place on the waiting list with its rank in words.

    may_take: a seat is free now and the first to ask has it. asks_coming: from J-3 to the day
    before, the person has not said whether they come.
    """

    enrolment: Enrolment
    rank: str
    may_take: bool = False
    asks_coming: bool = False


@dataclass(frozen=True)
class Past:
    """A session that is over: its attestation, or what is still missing for it."""

    enrolment: Enrolment
    certificate: Certificate | None
    eligibility: Eligibility | None


@dataclass(frozen=True)
class LearnerDesk:
    coming: list[Coming] = field(default_factory=list)
    to_answer: list[Invitation] = field(default_factory=list)
    past: list[Past] = field(default_factory=list)
    offers: list[Enrolment] = field(default_factory=list)  # to answer, the soonest end first
    has_strikes: bool = False


def learner_desk(person: User, *, at: datetime) -> LearnerDesk:
    """One person's trainings at `at`. Only ranks, and past sessions without attestation, cost more
    queries.
    """
    rows = list(my_enrolments(person).filter(state__in=LIVE_ENROLMENT_STATES))
    newest: dict[int | None, Certificate] = {
        row.session_id: row for row in Certificate.objects.filter(person=person).order_by("version")
    }
    live = [row for row in rows if row.session.state in LIVE_SESSION_STATES]
    offered = [row for row in live if row.state == EnrolmentState.OFFERED]
    coming = [_coming(row, at=at) for row in live if row not in offered]
    past = [
        Past(
            row,
            newest.get(row.session_id),
            None if row.session_id in newest else eligibility(row),
        )
        for row in reversed(rows)
        if row.session.state in PAST_SESSION_STATES and row.state == EnrolmentState.CONFIRMED
    ]
    return LearnerDesk(
        coming,
        list(open_invitations(person, at)),
        past,
        offers=[row for _ends_at, row in sorted(_still_open(offered, at=at), key=itemgetter(0))],
        has_strikes=Strike.objects.filter(person=person).exists(),
    )


def _still_open(rows: Iterable[Enrolment], *, at: datetime) -> Iterator[tuple[datetime, Enrolment]]:
    """Offers that may be answered, with their end."""
    for row in rows:
        if row.offer_expires_at is not None and offer_stands(row, row.session, at=at):
            yield row.offer_expires_at, row


def _coming(row: Enrolment, *, at: datetime) -> Coming:
    starts_at = row.starts_at  # type: ignore[attr-defined]
    if starts_at is None or row.session.state == SessionState.POSTPONED:
        return Coming(row, rank_words(row))
    today = localdate(at)
    if row.state == EnrolmentState.CONFIRMED:
        is_time = asks_from(starts_at) <= today < localdate(starts_at)
        return Coming(row, "", asks_coming=is_time and row.coming_at is None)
    if row.state != EnrolmentState.WAITING:
        return Coming(row, "")
    if starts_at - at > NO_OFFERS:
        return Coming(row, rank_words(row))
    wait = wait_of(row, row.session, seat_summary(row.session, at=at), starts_at=starts_at, at=at)
    return Coming(row, wait.rank, may_take=wait.may_take)
