"""Who may receive an attestation, and in words why not. One rule for the learner's checklist, the
staff preview and the batch.

`decide` is pure; `eligibilities` gathers the facts of a whole session in a few queries.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance.choices import PresenceStatus
from attendance.models import Attendance, Closing
from certificates.choices import Condition
from courses.choices import EnrolmentState
from courses.models import Enrolment, Session
from surveys.selectors.invitations import answered_person_ids


@dataclass(frozen=True)
class EligibilityFacts:
    """All that the rule looks at. Seconds are of the union clipped to the meetings minus breaks."""

    is_confirmed: bool
    is_closed: bool
    status: str | None
    seconds: int
    held_seconds: int
    threshold_percent: int
    is_survey_required: bool
    has_answered: bool
    has_both_languages: bool


@dataclass(frozen=True)
class ConditionResult:
    condition: Condition
    is_met: bool
    sentence: str


@dataclass(frozen=True)
class Eligibility:
    """The answer and its reasons, in the order a person meets them."""

    conditions: tuple[ConditionResult, ...]

    @property
    def is_eligible(self) -> bool:
        return all(result.is_met for result in self.conditions)

    @property
    def missing(self) -> tuple[ConditionResult, ...]:
        return tuple(result for result in self.conditions if not result.is_met)


def decide(facts: EligibilityFacts) -> Eligibility:
    """The rule: a confirmed seat, presence settled at or over the threshold, the form answered when
    it is required, and a course whose two languages are complete.
    """
    results = [_presence_settled(facts), _attendance(facts)]
    if facts.is_survey_required:
        results.append(
            ConditionResult(
                Condition.SURVEY,
                facts.has_answered,
                _("The evaluation form is answered.")
                if facts.has_answered
                else _("The evaluation form is still to be answered."),
            )
        )
    if not facts.has_both_languages:
        results.append(
            ConditionResult(
                Condition.COURSE_TEXTS,
                False,
                _("The English texts of this training are not complete yet; the team is on it."),
            )
        )
    return Eligibility(tuple(results))


def eligibilities(session: Session, *, person_id: int | None = None) -> dict[int, Eligibility]:
    """Person id → eligibility, for everyone confirmed in the session, or for that person alone.

    Four queries; for one person they read that person's rows and no others.
    """
    only = {} if person_id is None else {"person_id": person_id}
    people = list(
        Enrolment.objects.filter(
            session=session, state=EnrolmentState.CONFIRMED, **only
        ).values_list("person_id", flat=True)
    )
    closing = Closing.objects.filter(session=session, reopened_at__isnull=True).first()
    decisions = {
        row.person_id: row
        for row in (Attendance.objects.filter(closing=closing, **only) if closing else [])
    }
    answered = (
        answered_person_ids(session, person_id=person_id) if session.survey_required else set()
    )
    version = session.version
    return {
        person: decide(
            EligibilityFacts(
                is_confirmed=True,
                is_closed=closing is not None,
                status=decisions[person].status if person in decisions else None,
                seconds=decisions[person].seconds if person in decisions else 0,
                held_seconds=closing.held_seconds if closing else 0,
                threshold_percent=closing.threshold_percent if closing else 0,
                is_survey_required=session.survey_required,
                has_answered=person in answered,
                has_both_languages=bool(version and version.is_bilingual),
            )
        )
        for person in people
    }


def eligibility(enrolment: Enrolment) -> Eligibility:
    """The eligibility of one enrolment; a person without a confirmed seat is not eligible."""
    person_id = enrolment.person_id
    found = eligibilities(enrolment.session, person_id=person_id).get(person_id)
    if found is None:
        return Eligibility(
            (
                ConditionResult(
                    Condition.ATTENDANCE, False, _("No confirmed place in this session.")
                ),
            )
        )
    return found


def _presence_settled(facts: EligibilityFacts) -> ConditionResult:
    return ConditionResult(
        Condition.SESSION_CLOSED,
        facts.is_closed,
        _("The team has settled the attendance.")
        if facts.is_closed
        else _("The team has not settled the attendance yet."),
    )


def _attendance(facts: EligibilityFacts) -> ConditionResult:
    is_met = facts.is_closed and facts.status == PresenceStatus.PRESENT
    if not facts.is_closed:
        return ConditionResult(Condition.ATTENDANCE, False, _("The attendance is not known yet."))
    minutes, held = facts.seconds // 60, facts.held_seconds // 60
    sentence = ngettext(
        "%(minutes)s minute attended of %(held)s; %(threshold)s %% is asked for.",
        "%(minutes)s minutes attended of %(held)s; %(threshold)s %% is asked for.",
        minutes,
    ) % {"minutes": minutes, "held": held, "threshold": facts.threshold_percent}
    return ConditionResult(Condition.ATTENDANCE, is_met, sentence)
