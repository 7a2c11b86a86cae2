"""What a results page shows of one session's survey: every question, counted; words, shuffled."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from people.choices import in_language
from surveys.choices import MINIMUM_GROUP, MatrixRows, QuestionKind
from surveys.models import Question, Response, Survey
from surveys.selectors.figures import Distribution

_random = secrets.SystemRandom()


@dataclass(frozen=True)
class QuestionResult:
    """One question (or one row of a matrix) and its distribution."""

    text: str
    row: str
    distribution: Distribution
    choices: list[tuple[str, int]]

    @property
    def is_shown(self) -> bool:
        count = self.distribution.n or sum(n for _, n in self.choices)
        return count >= MINIMUM_GROUP


def question_results(surveys: Sequence[Survey]) -> list[QuestionResult]:
    """Scales, matrices and choices of these surveys (one questionnaire), in one pass."""
    if not surveys:
        return []
    answers = list(Response.objects.filter(survey__in=surveys).values_list("answers", flat=True))
    results: list[QuestionResult] = []
    for question in surveys[0].version.questions.all():
        given = [row.get(question.key) for row in answers]
        results += _results_of(question, given, surveys[0])
    return results


def comments_of(surveys: Sequence[Survey]) -> list[tuple[str, list[str]]]:
    """Free texts by question, in random order, never beside another answer of the same person."""
    if not surveys:
        return []
    answers = list(Response.objects.filter(survey__in=surveys).values_list("answers", flat=True))
    if len(answers) < MINIMUM_GROUP:
        return []
    found = []
    for question in surveys[0].version.questions.filter(kind=QuestionKind.TEXT):
        texts = [str(row[question.key]) for row in answers if row.get(question.key)]
        _random.shuffle(texts)
        if texts:
            found.append((in_language(question, "text"), texts))
    return found


def _results_of(question: Question, given: list[Any], survey: Survey) -> list[QuestionResult]:
    text = in_language(question, "text")
    match question.kind:
        case QuestionKind.LIKERT:
            return [QuestionResult(text, "", _count(given, 1, 5), [])]
        case QuestionKind.NPS:
            return [QuestionResult(text, "", _count(given, 0, 10), [])]
        case QuestionKind.MATRIX:
            rows = survey.objectives if question.rows == MatrixRows.OBJECTIVES else survey.trainers
            return [
                QuestionResult(
                    text,
                    in_language(row, "label"),
                    _count([one.get(row["key"]) for one in given if isinstance(one, dict)], 1, 5),
                    [],
                )
                for row in rows
            ]
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE | QuestionKind.YES_EXPLAIN:
            chosen = Counter(
                str(value)
                for one in given
                if one
                for value in (one if isinstance(one, list) else [one])
            )
            return [
                QuestionResult(
                    text,
                    "",
                    Distribution({}),
                    [
                        (in_language(option, "label"), chosen[str(option["value"])])
                        for option in question.options
                    ],
                )
            ]
        case _:
            return []


def _count(values: list[Any], least: int, most: int) -> Distribution:
    counts = dict.fromkeys(range(least, most + 1), 0)
    for value in values:
        if isinstance(value, int) and value in counts:
            counts[value] += 1
    return Distribution(counts)
