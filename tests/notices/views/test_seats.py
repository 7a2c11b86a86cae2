"""« Renvoyer mon lien » on the page of a session: POST alone, one answer whatever was done."""

from uuid import uuid4

from django.urls import reverse

import pytest

from notices.choices import NoticeState
from notices.models import Notice
from tests.factories import courses, people

pytestmark = pytest.mark.django_db


def address(session) -> str:
    return reverse("notices:resend", kwargs={"key": session.key})


@pytest.fixture
def seated():
    enrolment = courses.enrolled(courses.open_session())
    Notice.objects.update(state=NoticeState.SENT)
    return enrolment


def pressed(client, session):
    answer = client.post(address(session), follow=True)
    return answer.redirect_chain, [str(message) for message in answer.context["messages"]]


def test_a_seat_is_told_again_and_the_answer_is_always_the_same(client, seated):
    client.force_login(seated.person)
    first, second = pressed(client, seated.session), pressed(client, seated.session)
    assert Notice.objects.filter(recipient=seated.person).count() == 2
    client.force_login(people.person())
    assert pressed(client, seated.session) == first == second
    assert Notice.objects.count() == 2


def test_nothing_is_sent_on_get_nor_to_a_stranger(client, seated):
    client.force_login(seated.person)
    assert client.get(address(seated.session)).status_code == 405
    client.logout()
    assert reverse("account_login") in client.post(address(seated.session)).url
    assert Notice.objects.count() == 1


def test_a_draft_and_an_unknown_session_do_not_exist(client):
    client.force_login(people.person())
    for key in (courses.session().key, uuid4()):
        assert client.post(reverse("notices:resend", kwargs={"key": key})).status_code == 404
