from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

import pytest

from surveys.choices import InvitationState
from surveys.services.answers import submit_response
from surveys.services.surveys import close_survey, open_survey
from tests.factories import courses, people

pytestmark = pytest.mark.django_db


def _survey(count=1, **fields):
    """A survey that may be answered now, whatever the day of the test."""
    start = timezone.now() - timedelta(hours=3)
    session = courses.open_session(
        course=courses.published_course(), starts_at=start, at=start - timedelta(days=9), **fields
    )
    for _n in range(count):
        courses.enrolled(session, people.person(), at=start - timedelta(days=8))
    session = courses.held(session)
    survey = open_survey(session=session, at=timezone.now() - timedelta(minutes=1))
    assert survey is not None
    return survey


def _url(invitation):
    return reverse("surveys:answer", args=[invitation.token])


def test_opening_the_link_changes_nothing(client):
    invitation = _survey().invitations.get()

    answer = client.get(_url(invitation))

    invitation.refresh_from_db()
    assert answer.status_code == 200
    assert invitation.state == InvitationState.SENT
    assert "no-store" in answer["Cache-Control"]


def test_sending_stores_and_comes_back_thanking(client):
    invitation = _survey().invitations.get()

    answer = client.post(_url(invitation), {"q-overall": "5"}, follow=True)

    invitation.refresh_from_db()
    assert invitation.state == InvitationState.DONE
    assert answer.redirect_chain == [(_url(invitation), 302)]
    assert "surveys/done.html" in [template.name for template in answer.templates]


def test_a_missing_score_keeps_what_was_typed(client):
    invitation = _survey().invitations.get()

    answer = client.post(_url(invitation), {"q-comment": "Un mot à garder"})

    assert answer.status_code == 422
    assert "Un mot à garder" in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


def test_a_double_click_stores_once_and_says_so(client):
    invitation = _survey().invitations.get()

    client.post(_url(invitation), {"q-overall": "5"})
    again = client.post(_url(invitation), {"q-overall": "1"})

    assert again.status_code == 200
    assert invitation.survey.buffer.answers == [{"overall": 5}]


def test_a_closed_survey_says_so(client):
    survey = _survey()
    close_survey(survey=survey, at=timezone.now())

    answer = client.post(_url(survey.invitations.get()), {"q-overall": "5"})

    assert answer.status_code == 410


def test_an_unknown_link_says_so(client):
    answer = client.get(reverse("surveys:answer", args=["x" * 22]))

    assert answer.status_code == 404
    assert "surveys/unknown.html" in [template.name for template in answer.templates]


def test_markup_in_a_comment_is_shown_as_text(client):
    survey = _survey(5)
    for invitation in survey.invitations.all():
        submit_response(
            invitation=invitation,
            at=timezone.now(),
            answers={"overall": "5", "comment": "<script>alert(1)</script>"},
        )
    close_survey(survey=survey, at=timezone.now())
    client.force_login(people.coordinator())

    page = client.get(reverse("surveys:results", args=[survey.session.key])).content.decode()

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_results_stay_closed_under_five_answers(client):
    survey = _survey(4)
    for invitation in survey.invitations.all():
        submit_response(
            invitation=invitation,
            at=timezone.now(),
            answers={"overall": "5", "comment": "Reconnaissable"},
        )
    close_survey(survey=survey, at=timezone.now())
    client.force_login(people.coordinator())

    page = client.get(reverse("surveys:results", args=[survey.session.key])).content.decode()

    assert "Reconnaissable" not in page
    assert "tile__figure" not in page


def test_results_are_for_their_trainers_and_for_staff_only(client):
    teaching, other = people.trainer(), people.trainer()
    survey = _survey(1, trainers=[teaching])
    url = reverse("surveys:results", args=[survey.session.key])
    found = {}
    for name, person in (
        ("hers", teaching),
        ("other", other),
        ("staff", people.coordinator()),
        ("learner", people.person()),
    ):
        client.force_login(person)
        found[name] = client.get(url).status_code

    assert found == {"hers": 200, "other": 404, "staff": 200, "learner": 403}
