"""When a survey opens and closes.

A survey opens once its session is held and the version taught is complete in both languages. It
asks everyone confirmed and not known absent, one invitation each, for fourteen days. Its mode is
fixed before anyone is invited. Closing lets every answer out of the buffer and forgets the buffer.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from attendance.selectors.absence import known_absent_ids
from courses.choices import PAST_SESSION_STATES, EnrolmentState, HoldReason
from courses.models import Enrolment, Session
from courses.services.holds import hold_person
from surveys.choices import SurveyMode
from surveys.models import Invitation, QuestionnaireVersion, Survey
from surveys.services.buffer import empty_buffer
from surveys.signals import survey_opened

EVALUATION = "evaluation"
HOLDS_AFTER = timedelta(days=3)  # an invitation first, a gate only later
LATEST_OPENING = timedelta(days=90)  # a session whose texts come later than this is not surveyed


def open_survey(*, session: Session, at: datetime) -> Survey | None:
    """Opens the evaluation form of a held session and invites its people.

    Idempotent: an existing survey is returned as it is, with an invitation added for whoever was
    confirmed since. None while the session is not held or a language is missing. Sends
    survey_opened for each new invitation.
    """
    with transaction.atomic():
        session = (
            Session.objects.select_for_update(of=("self",))
            .select_related("version")
            .get(pk=session.pk)
        )
        if session.state not in PAST_SESSION_STATES:
            return None
        if session.version is None or not session.version.is_bilingual:
            return None
        version = (
            QuestionnaireVersion.objects.filter(questionnaire__code=EVALUATION)
            .order_by("-number")
            .first()
        )
        if version is None:
            return None
        survey = Survey.objects.filter(
            session=session, version__questionnaire__code=EVALUATION
        ).first()
        if survey is None:
            survey = Survey.objects.create(
                session=session,
                version=version,
                mode=SurveyMode.ANONYMOUS,
                objectives=_objectives(session),
                trainers=_trainers(session),
                opens_at=at,
                closes_at=at + timedelta(days=settings.SURVEY_OPEN_DAYS),
            )
        if survey.closed_at is None and survey.closes_at > at:
            _invite(survey, at=at)
        return survey


def close_survey(*, survey: Survey, at: datetime) -> Survey:
    """Closes a survey whose time is over: every answer leaves the buffer. Idempotent."""
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=survey.pk)
        if survey.closed_at is None:
            empty_buffer(survey)
            survey.closed_at = at
            survey.save(update_fields=["closed_at"])
    return survey


def open_due_surveys(*, at: datetime) -> int:
    """Opens the survey of every held session that has none yet; gives how many were opened."""
    due = Session.objects.filter(
        state__in=PAST_SESSION_STATES, held_at__gte=at - LATEST_OPENING, surveys__isnull=True
    )
    return sum(open_survey(session=session, at=at) is not None for session in due)


def close_due_surveys(*, at: datetime) -> int:
    """Closes every survey whose time is over; gives how many were closed."""
    due = list(Survey.objects.filter(closes_at__lte=at, closed_at__isnull=True))
    for survey in due:
        close_survey(survey=survey, at=at)
    return len(due)


def _invite(survey: Survey, *, at: datetime) -> None:
    absent = known_absent_ids(survey.session)
    invited = set(survey.invitations.values_list("person_id", flat=True))
    confirmed = Enrolment.objects.filter(
        session=survey.session, state=EnrolmentState.CONFIRMED
    ).select_related("person")
    for enrolment in confirmed.order_by("pk"):
        if enrolment.person_id in absent | invited or enrolment.person.closed_at:
            continue
        invitation = Invitation.objects.create(
            survey=survey, person=enrolment.person, invited_at=at
        )
        hold_person(
            person=enrolment.person,
            reason=HoldReason.SURVEY,
            cause=hold_cause(survey),
            since=localdate(at) + HOLDS_AFTER,
            until=localdate(survey.closes_at) + timedelta(days=1),
        )
        survey_opened.send(sender=Invitation, invitation=invitation, at=at)


def hold_cause(survey: Survey) -> str:
    """What an owed answer is called among the holds on enrolment."""
    return f"survey:{survey.pk}"


def _objectives(session: Session) -> list[dict[str, str]]:
    version = session.version
    if version is None:
        return []
    pairs = zip(version.objectives_fr, version.objectives_en, strict=True)
    return [
        {"key": f"objective-{number}", "label_fr": french, "label_en": english}
        for number, (french, english) in enumerate(pairs, start=1)
    ]


def _trainers(session: Session) -> list[dict[str, str]]:
    rows = session.trainers.select_related("person__profile")
    return [
        {
            "key": f"trainer-{number}",
            "person": str(row.person.key),
            "label_fr": str(row.person),
            "label_en": str(row.person),
        }
        for number, row in enumerate(rows, start=1)
    ]
