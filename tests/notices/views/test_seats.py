"""« Renvoyer mon lien » on the page of a session: POST alone, one answer whatever was done."""

from datetime import timedelta
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

import pytest

from notices.choices import NoticeState
from notices.models import Notice
from tests.factories import courses, people

pytestmark = pytest.mark.django_db


def address(session) -> str:
    return reverse("notices:resend", kwargs={"key": session.key})


@pytest.fixture
def seated():
    next_month = timezone.now() + timedelta(days=30)  # the page reads the clock
    enrolment = courses.enrolled(courses.open_session(starts_at=next_month))
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


def test_the_page_of_a_session_offers_it_to_those_it_concerns(client, seated):
    page = reverse("courses:session", kwargs={"key": seated.session.key})
    assert address(seated.session) not in client.get(page).content.decode()
    client.force_login(people.person())
    assert address(seated.session) not in client.get(page).content.decode()
    client.force_login(seated.person)
    assert f'action="{address(seated.session)}"' in client.get(page).content.decode()


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
