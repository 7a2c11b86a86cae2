import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models import Session
from people.policies import Scope
from surveys.choices import InvitationState, SurveyMode
from surveys.models.questionnaires import QuestionnaireVersion


def new_token() -> str:
    """128 random bits for a link that belongs to one person."""
    return secrets.token_urlsafe(16)


class SurveyQuerySet(models.QuerySet["Survey"]):
    def answerable(self, at):
        return self.filter(opens_at__lte=at, closes_at__gt=at, closed_at__isnull=True)

    def visible_to(self, user, scope: Scope | None):
        match scope:
            case Scope.ALL:
                return self
            case Scope.OWN_SESSIONS:
                return self.filter(session__trainers__person=user)
            case _:
                return self.none()


class Survey(models.Model):
    """A questionnaire put to the people of one session. Its mode is fixed before anyone is invited.

    pii: none
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="surveys")
    version = models.ForeignKey(
        QuestionnaireVersion, on_delete=models.PROTECT, related_name="surveys"
    )
    mode = models.CharField(max_length=10, choices=SurveyMode.choices, default=SurveyMode.ANONYMOUS)
    # What the matrix questions ask about, frozen: [{"key", "label_fr", "label_en"}]
    objectives = models.JSONField(default=list, blank=True)
    trainers = models.JSONField(default=list, blank=True)
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at"]
        constraints = [
            models.UniqueConstraint(fields=["session", "version"], name="one_survey_a_session"),
            models.CheckConstraint(
                name="survey_closes_after_it_opens", condition=Q(closes_at__gt=F("opens_at"))
            ),
        ]
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")

    def __str__(self) -> str:
        return f"{self.session} · {self.version}"


class Invitation(models.Model):
    """Who was asked, and whether they answered: a date, never a time.

    pii: the pair person and survey, the date of answering: erased when the account is closed
    """

    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="invitations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="survey_invitations"
    )
    state = models.CharField(
        max_length=4, choices=InvitationState.choices, default=InvitationState.SENT
    )
    invited_at = models.DateTimeField()
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "person"], name="one_invitation"),
            models.CheckConstraint(
                name="answered_has_a_date",
                condition=~Q(state=InvitationState.DONE) | Q(answered_on__isnull=False),
            ),
        ]
        verbose_name = _("survey invitation")
        verbose_name_plural = _("survey invitations")

    def __str__(self) -> str:
        return f"{self.survey_id} · {self.state}"


class Response(models.Model):
    """What somebody answered. No person, no stamp, no sequence: nothing here points at anyone.

    pii: none by construction; free text is shown only to staff and trainers, from five answers
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="responses")
    answers = models.JSONField()  # question key → answer

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")

    def __str__(self) -> str:
        return str(_("anonymous response"))


class ResponseBuffer(models.Model):
    """Answers on their way to `Response`: one row a survey, reshuffled at each write, so that the
    order of arrival is written nowhere. Emptied when the survey closes.

    pii: none by construction
    """

    survey = models.OneToOneField(
        Survey, on_delete=models.PROTECT, primary_key=True, related_name="buffer"
    )
    answers = models.JSONField(default=list)  # [{question key: answer}, …]

    class Meta:
        verbose_name = _("response buffer")
        verbose_name_plural = _("response buffers")

    def __str__(self) -> str:
        return str(self.survey_id)
