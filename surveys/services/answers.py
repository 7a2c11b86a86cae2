"""How an answer is taken in.

One transaction marks the invitation done and puts the answer in the buffer. What is written about
the person is a date; what is written about the answer says nothing of the person. The log of this
service holds neither.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.choices import HoldReason
from courses.services.holds import lift_hold
from people.services import Refusal
from surveys.choices import InvitationState, MatrixRows, QuestionKind
from surveys.models import Invitation, Question, Survey
from surveys.services.buffer import put_in_buffer
from surveys.services.surveys import hold_cause
from surveys.signals import survey_completed

LONGEST_TEXT = 4000  # characters of one free answer


class SurveyRefused(Refusal):
    """An answer that cannot be taken in; the text says why."""


class AlreadyAnswered(SurveyRefused):
    pass


class SurveyClosed(SurveyRefused):
    pass


class AnswersIncomplete(SurveyRefused):
    """Some answers are missing or out of range; `errors` maps a question key to its sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__(_("Some answers need your attention. Nothing has been sent yet."))


def submit_response(*, invitation: Invitation, answers: dict[str, Any], at: datetime) -> None:
    """Stores one answer, once. `answers` maps question keys to raw values.

    Writes the invitation's date (never the time), puts the cleaned answer in the buffer and sends
    survey_completed with person, session and date. Raises AlreadyAnswered, SurveyClosed or
    AnswersIncomplete; then nothing is written.
    """
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("survey__session", "survey__version", "person")
            .get(pk=invitation.pk)
        )
        survey = invitation.survey
        if invitation.state == InvitationState.DONE:
            raise AlreadyAnswered(
                _("You have already answered this survey. Thank you: one answer a person is kept.")
            )
        if survey.closed_at is not None or not survey.opens_at <= at < survey.closes_at:
            raise SurveyClosed(_("This survey is closed. It no longer takes answers."))
        cleaned = clean_answers(survey=survey, raw=answers)
        on = timezone.localdate(at)
        invitation.state = InvitationState.DONE
        invitation.answered_on = on
        invitation.save(update_fields=["state", "answered_on"])
        put_in_buffer(survey, cleaned)
        lift_hold(
            person=invitation.person, reason=HoldReason.SURVEY, cause=hold_cause(survey), on=on
        )
        survey_completed.send(
            sender=Survey, person=invitation.person, session=survey.session, on=on
        )


def clean_answers(*, survey: Survey, raw: dict[str, Any]) -> dict[str, Any]:
    """The answers as they are kept: known questions only, values in range, hidden questions left
    out.

    A matrix becomes {row key: 1..5}. Raises AnswersIncomplete with a sentence for each fault.
    """
    kept: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for question in survey.version.questions.all():
        if question.kind == QuestionKind.SECTION or not _is_shown(question, kept):
            continue
        try:
            value = _clean_one(question, raw.get(question.key), survey)
        except ValueError as fault:
            errors[question.key] = str(fault)
            continue
        if value in (None, "", [], {}):
            if question.is_required:
                errors[question.key] = _("Please answer this question.")
            continue
        kept[question.key] = value
    if errors:
        raise AnswersIncomplete(errors)
    return kept


def matrix_rows(survey: Survey, question: Question) -> list[dict[str, str]]:
    """The rows a matrix question asks about: the survey's frozen objectives or trainers."""
    if question.rows == MatrixRows.OBJECTIVES:
        return list(survey.objectives)
    if question.rows == MatrixRows.TRAINERS:
        return list(survey.trainers)
    return []


def _is_shown(question: Question, kept: dict[str, Any]) -> bool:
    if not question.only_if_key:
        return True
    answer = kept.get(question.only_if_key)
    given = answer if isinstance(answer, list) else [answer]
    return question.only_if_value in [str(value) for value in given if value is not None]


def _clean_one(question: Question, value: Any, survey: Survey) -> Any:
    match question.kind:
        case QuestionKind.LIKERT:
            return _whole(value, 1, 5)
        case QuestionKind.NPS:
            return _whole(value, 0, 10)
        case QuestionKind.NUMBER:
            return _whole(value, 0, 1_000_000)
        case QuestionKind.MATRIX:
            given = value if isinstance(value, dict) else {}
            rows = {
                row["key"]: _whole(given.get(row["key"]), 1, 5)
                for row in matrix_rows(survey, question)
            }
            return {key: score for key, score in rows.items() if score is not None}
        case QuestionKind.SINGLE | QuestionKind.YES_EXPLAIN:
            return _choice(question, value)
        case QuestionKind.MULTIPLE:
            chosen = value if isinstance(value, list) else [value]
            return [choice for one in chosen if (choice := _choice(question, one))]
        case _:
            text = str(value or "").replace("\x00", "").strip()
            if len(text) > LONGEST_TEXT:
                raise ValueError(
                    _(
                        "This answer is too long: %(length)s characters, at most %(most)s. "
                        "Please shorten it."
                    )
                    % {"length": len(text), "most": LONGEST_TEXT}
                )
            return text


def _whole(value: Any, least: int, most: int) -> int | None:
    if value in (None, ""):
        return None
    try:
        number = int(str(value))
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise ValueError(
            _("Choose a value from %(least)s to %(most)s.") % {"least": least, "most": most}
        )
    return number


def _choice(question: Question, value: Any) -> str | None:
    if value in (None, ""):
        return None
    allowed = {str(option["value"]) for option in question.options}
    if question.kind == QuestionKind.YES_EXPLAIN:
        allowed |= {"yes", "no"}
    if str(value) not in allowed:
        raise ValueError(_("Choose one of the answers offered."))
    return str(value)
