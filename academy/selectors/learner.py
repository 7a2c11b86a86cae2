"""« Mes formations »: what comes, what is to be done, what is over, for one person."""

from dataclasses import dataclass, field
from datetime import datetime

from certificates.models import Certificate
from certificates.selectors.eligibility import Eligibility, eligibility
from courses.choices import (
    LIVE_ENROLMENT_STATES,
    LIVE_SESSION_STATES,
    PAST_SESSION_STATES,
    EnrolmentState,
)
from courses.models import Enrolment
from courses.selectors.enrolments import my_enrolments
from courses.selectors.sessions import rank_words
from people.models import User
from surveys.models import Invitation
from surveys.selectors.invitations import open_invitations


@dataclass(frozen=True)
class Coming:
    """A session to come: a seat, or a place on the waiting list with its rank in words."""

    enrolment: Enrolment
    rank: str


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


def learner_desk(person: User, *, at: datetime) -> LearnerDesk:
    """One person's trainings at `at`. Only past sessions without attestation cost more queries."""
    rows = list(my_enrolments(person).filter(state__in=LIVE_ENROLMENT_STATES))
    newest: dict[int | None, Certificate] = {
        row.session_id: row for row in Certificate.objects.filter(person=person).order_by("version")
    }
    coming = [
        Coming(row, rank_words(row)) for row in rows if row.session.state in LIVE_SESSION_STATES
    ]
    past = [
        Past(
            row,
            newest.get(row.session_id),
            None if row.session_id in newest else eligibility(row),
        )
        for row in reversed(rows)
        if row.session.state in PAST_SESSION_STATES and row.state == EnrolmentState.CONFIRMED
    ]
    return LearnerDesk(coming, list(open_invitations(person, at)), past)
