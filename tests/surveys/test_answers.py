from datetime import date, timedelta

from django.db import models

import pytest

from attendance.choices import MarkKind, MarkSource
from attendance.services.marks import mark_presence
from surveys.choices import InvitationState
from surveys.models import Invitation, Response, ResponseBuffer, Survey
from surveys.services.answers import (
    AlreadyAnswered,
    AnswersIncomplete,
    SurveyClosed,
    submit_response,
)
from surveys.services.surveys import close_due_surveys, close_survey, open_due_surveys, open_survey
from surveys.signals import survey_completed
from tests.factories import courses, people

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def _held(count=1, **fields):
    session = courses.open_session(course=courses.published_course(), **fields)
    everyone = [people.person() for _n in range(count)]
    for person in everyone:
        courses.enrolled(session, person)
    return courses.held(session), everyone


def _open(count=1):
    session, _everyone = _held(count)
    at = session.meetings.get().ends_at
    survey = open_survey(session=session, at=at)
    assert survey is not None
    return survey, list(survey.invitations.order_by("pk")), at


def test_a_survey_opens_for_everyone_confirmed_and_not_known_absent():
    session, everyone = _held(3)
    at = session.meetings.get().ends_at
    mark_presence(
        session=session,
        person=everyone[0],
        kind=MarkKind.ABSENT,
        source=MarkSource.ROSTER,
        by=None,
        at=at,
    )

    survey = open_survey(session=session, at=at)

    assert survey is not None
    invited = set(survey.invitations.values_list("person_id", flat=True))
    assert invited == {everyone[1].pk, everyone[2].pk}
    assert survey.closes_at - survey.opens_at == timedelta(days=14)


def test_opening_twice_invites_nobody_twice():
    survey, invitations, at = _open(2)

    again = open_survey(session=survey.session, at=at)

    assert again == survey
    assert Invitation.objects.count() == len(invitations)


def test_a_session_to_come_is_not_surveyed():
    session = courses.open_session(course=courses.published_course())

    assert open_survey(session=session, at=courses.NOON) is None


def test_the_sweep_opens_each_held_session_once():
    _held(1)
    at = courses.NOON + timedelta(hours=2)

    assert (open_due_surveys(at=at), open_due_surveys(at=at)) == (1, 0)


def test_an_answer_marks_the_invitation_with_a_date_and_waits_in_the_buffer():
    _survey, [invitation], at = _open()

    submit_response(invitation=invitation, answers={"overall": "5"}, at=at)

    invitation.refresh_from_db()
    assert (invitation.state, invitation.answered_on) == (InvitationState.DONE, date(2026, 11, 17))
    assert Response.objects.count() == 0
    assert ResponseBuffer.objects.get().answers == [{"overall": 5}]


def test_the_buffer_lets_go_at_ten_and_keeps_five_back():
    _survey, invitations, at = _open(10)

    for invitation in invitations[:9]:
        submit_response(invitation=invitation, answers={"overall": "5"}, at=at)
    before = Response.objects.count()
    submit_response(invitation=invitations[9], answers={"overall": "5"}, at=at)

    assert before == 0
    assert Response.objects.count() == 5
    assert len(ResponseBuffer.objects.get().answers) == 5


def test_closing_lets_every_answer_go_and_forgets_the_buffer():
    _survey, invitations, at = _open(3)
    for score, invitation in enumerate(invitations, start=3):
        submit_response(invitation=invitation, answers={"overall": str(score)}, at=at)

    assert close_due_surveys(at=at + timedelta(days=15)) == 1

    kept = sorted(row.answers["overall"] for row in Response.objects.all())
    assert kept == [3, 4, 5]
    assert not ResponseBuffer.objects.exists()


def test_a_second_answer_is_refused_and_changes_nothing():
    _survey, [invitation], at = _open()
    submit_response(invitation=invitation, answers={"overall": "5"}, at=at)

    with pytest.raises(AlreadyAnswered):
        submit_response(invitation=invitation, answers={"overall": "1"}, at=at)

    assert ResponseBuffer.objects.get().answers == [{"overall": 5}]


def test_a_closed_survey_takes_nothing():
    survey, [invitation], at = _open()
    close_survey(survey=survey, at=at)

    with pytest.raises(SurveyClosed):
        submit_response(invitation=invitation, answers={"overall": "5"}, at=at)


@pytest.mark.parametrize("score", ["", None, "0", "6", "cinq", "5.5", "1e1"])
def test_the_overall_score_is_compulsory_and_from_one_to_five(score):
    _survey, [invitation], at = _open()

    with pytest.raises(AnswersIncomplete) as refusal:
        submit_response(invitation=invitation, answers={"overall": score}, at=at)

    assert set(refusal.value.errors) == {"overall"}
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.SENT


def test_unknown_questions_and_hidden_ones_are_left_out():
    _survey, [invitation], at = _open()

    submit_response(
        invitation=invitation,
        at=at,
        answers={"overall": "4", "bias": "no", "bias_details": "caché", "intrus": "x"},
    )

    assert ResponseBuffer.objects.get().answers == [{"overall": 4, "bias": "no"}]


def test_a_matrix_keeps_the_rows_of_the_course_only():
    _survey, [invitation], at = _open()

    submit_response(
        invitation=invitation,
        at=at,
        answers={"overall": "4", "objectives": {"objective-1": "5", "objective-99": "1"}},
    )

    assert ResponseBuffer.objects.get().answers == [
        {"overall": 4, "objectives": {"objective-1": 5}}
    ]


def test_a_comment_of_a_hundred_thousand_characters_is_refused_with_its_length():
    _survey, [invitation], at = _open()

    with pytest.raises(AnswersIncomplete) as refusal:
        submit_response(
            invitation=invitation, answers={"overall": "5", "comment": "x" * 100_000}, at=at
        )

    assert "100000" in refusal.value.errors["comment"]


def test_the_news_of_an_answer_carries_a_date_and_nothing_finer():
    survey, [invitation], at = _open()
    heard = []

    def hear(sender, **news):
        heard.append({key: value for key, value in news.items() if key != "signal"})

    survey_completed.connect(hear)
    try:
        submit_response(invitation=invitation, answers={"overall": "5"}, at=at)
    finally:
        survey_completed.disconnect(hear)

    assert heard == [
        {"person": invitation.person, "session": survey.session, "on": date(2026, 11, 17)}
    ]


def test_a_response_points_at_nobody():
    relations = {field.name for field in Response._meta.get_fields() if field.is_relation}
    stamps = [
        field
        for field in Response._meta.fields
        if isinstance(field, (models.DateField, models.DateTimeField, models.AutoField))
    ]

    assert relations == {"survey"}
    assert stamps == []
    assert (
        not Survey._meta.get_field("responses")
        .related_model._meta.pk.get_internal_type()
        .endswith("AutoField")
    )
