"""Words of the ear."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SATISFACTION_KEY = "overall"  # the question whose 4s and 5s are the satisfaction rate
NPS_KEY = "nps"
MINIMUM_GROUP = 5  # no figure is cut under this many answers
FEW_ANSWERS = 10  # under this many, a figure is marked « peu de réponses »
FLUSH_AT = 10  # the buffer lets answers go only when it holds this many…
LEAVE_BEHIND = 5  # …and keeps this many back until the survey closes


class QuestionKind(models.TextChoices):
    SECTION = "section", _("Section")
    LIKERT = "likert", _("Scale from 1 to 5")
    MATRIX = "matrix", _("Scale for each objective or trainer")
    SINGLE = "single", _("One choice")
    MULTIPLE = "multiple", _("Several choices")
    YES_EXPLAIN = "yes_explain", _("Yes or no, explain")
    NPS = "nps", _("Recommendation from 0 to 10")
    NUMBER = "number", pgettext_lazy("question", "Number")
    TEXT = "text", _("Text")


class MatrixRows(models.TextChoices):
    NONE = "", "-"
    OBJECTIVES = "objectives", _("Objectives of the course")
    TRAINERS = "trainers", _("Trainers of the session")


class SurveyMode(models.TextChoices):
    ANONYMOUS = "anonymous", _("Anonymous")
    NAMED = "named", _("Named")


class InvitationState(models.TextChoices):
    SENT = "sent", pgettext_lazy("invitation", "Sent")
    DONE = "done", _("Answered")
