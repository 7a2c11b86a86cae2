from surveys.models.questionnaires import Question, Questionnaire, QuestionnaireVersion
from surveys.models.surveys import Invitation, Response, ResponseBuffer, Survey

__all__ = [
    "Invitation",
    "Question",
    "Questionnaire",
    "QuestionnaireVersion",
    "Response",
    "ResponseBuffer",
    "Survey",
]
