"""From posted fields to raw answers. Whether they are acceptable is for services.answers to say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from people.choices import in_language
from surveys.choices import QuestionKind
from surveys.models import Survey
from surveys.services.answers import matrix_rows


@dataclass
class Field:
    """One question as a screen needs it: its words, its choices, what was given, what is wrong."""

    key: str
    kind: str
    text: str
    help: str
    is_required: bool
    scale: list[int] = field(default_factory=list)
    options: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    value: Any = None
    error: str = ""
    only_if_key: str = ""
    only_if_value: str = ""


def fields_of(survey: Survey, given: Mapping[str, Any], errors: Mapping[str, str]) -> list[Field]:
    """The questions of a survey in the active language, with what was given so far."""
    fields = []
    for question in survey.version.questions.all():
        value = given.get(question.key)
        one = Field(
            key=question.key,
            kind=question.kind,
            text=in_language(question, "text"),
            help=in_language(question, "help"),
            is_required=question.is_required,
            value=value,
            error=errors.get(question.key, ""),
            only_if_key=question.only_if_key,
            only_if_value=question.only_if_value,
        )
        match question.kind:
            case QuestionKind.LIKERT:
                one.scale = list(range(1, 6))
            case QuestionKind.NPS:
                one.scale = list(range(11))
            case QuestionKind.MATRIX:
                one.scale = list(range(1, 6))
                chosen = value if isinstance(value, dict) else {}
                one.rows = [
                    {
                        "key": row["key"],
                        "label": in_language(row, "label"),
                        "value": chosen.get(row["key"]),
                    }
                    for row in matrix_rows(survey, question)
                ]
                if not one.rows:
                    continue
            case QuestionKind.SINGLE | QuestionKind.MULTIPLE | QuestionKind.YES_EXPLAIN:
                picked = value if isinstance(value, list) else [value]
                one.options = [
                    {
                        "value": option["value"],
                        "label": in_language(option, "label"),
                        "is_chosen": str(option["value"]) in [str(v) for v in picked],
                    }
                    for option in question.options
                ]
        fields.append(one)
    return fields


def posted_answers(survey: Survey, data: QueryDict) -> dict[str, Any]:
    """Raw answers by question key, as the screen posted them (`q-<key>`, `q-<key>-<row>`)."""
    given: dict[str, Any] = {}
    for question in survey.version.questions.all():
        name = f"q-{question.key}"
        if question.kind == QuestionKind.MULTIPLE:
            given[question.key] = data.getlist(name)
        elif question.kind == QuestionKind.MATRIX:
            given[question.key] = {
                row["key"]: data.get(f"{name}-{row['key']}")
                for row in matrix_rows(survey, question)
            }
        else:
            given[question.key] = data.get(name, "")
    return given
