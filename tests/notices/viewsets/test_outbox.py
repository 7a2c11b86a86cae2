from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import pytest
from bs4 import BeautifulSoup

from notices.choices import NoticeKind, NoticeState
from notices.models import Notice
from notices.services.outbox import Draft, post_all
from people.choices import Role
from tests.factories import courses, notices, people

pytestmark = pytest.mark.django_db
AT = courses.AT
INDEX = "admin_notices:index"


@pytest.fixture
def coordinator(client):
    user = people.coordinator()
    client.force_login(user)
    return user


def fail(notice) -> Notice:
    Notice.objects.filter(pk=notice.pk).update(
        state=NoticeState.FAILED, attempts=8, last_error="TimeoutError: timed out"
    )
    return notice


@pytest.mark.parametrize("role", [Role.TRAINER, Role.COMMITTEE, Role.DIRECTION, Role.INSPECTOR])
def test_only_a_coordinator_reads_the_messages(client, role):
    notice = fail(notices.notice(context={}))
    again = reverse("admin_notices:send_again", args=[notice.pk])
    read = [reverse(INDEX), reverse("admin_notices:inspect", args=[notice.pk])]
    client.force_login(people.person(roles=(role,)))
    assert all(client.get(address).status_code in {302, 403} for address in read)
    assert client.post(again).status_code in {302, 403}
    notice.refresh_from_db()
    assert notice.state == NoticeState.FAILED

    client.force_login(people.coordinator())
    assert [client.get(address).status_code for address in read] == [200, 200]


def test_the_list_shows_state_kind_recipient_and_error(client, coordinator):
    fail(notices.notice(recipient=people.person(printed_name="Marie Tremblay"), context={}))
    page = client.get(reverse(INDEX)).content.decode()
    assert "Marie Tremblay" in page
    assert "TimeoutError: timed out" in page


def test_the_list_narrows_by_state_and_finds_a_person(client, coordinator):
    failed = fail(notices.notice(context={}))
    other = notices.notice(recipient=people.person("marie@exemple.test"), context={})
    for query, expected in (
        ({"state": "failed"}, [failed]),
        ({"state": "queued"}, [other]),
        ({"q": "marie@"}, [other]),
        ({"kind": NoticeKind.SURVEY_OPENED}, []),
    ):
        answer = client.get(reverse(INDEX), query)
        assert list(answer.context["object_list"]) == expected


def test_the_list_costs_the_same_however_long(client, coordinator):
    counts = []
    for total in (5, 45):
        drafts = [
            Draft(NoticeKind.SEAT_CONFIRMED, f"{total}:{n}", people.person())
            for n in range(total - Notice.objects.count())
        ]
        post_all(drafts=drafts, at=AT)
        client.get(reverse(INDEX))  # Wagtail keeps some answers after its first page
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(reverse(INDEX)).context["object_list"]) == total
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_a_message_is_read_whole(client, coordinator, smtp):
    enrolment = courses.enrolled(courses.open_session())
    notices.send_all(AT)
    (notice,) = notices.of(enrolment.person)
    answer = client.get(reverse("admin_notices:inspect", args=[notice.pk]))
    page = BeautifulSoup(answer.content, "html.parser")
    assert notice.subject in page.get_text()
    assert "9\xa0h" in page.get_text()  # AT is 13 h in UTC
    assert "<p>Bonjour Personne" in answer.content.decode()
    assert reverse("admin_notices:send_again", args=[notice.pk]) not in answer.content.decode()


def test_a_failed_message_is_sent_again_by_post_alone(client, coordinator, smtp):
    notice = fail(notices.notice())
    again = reverse("admin_notices:send_again", args=[notice.pk])
    inspect = reverse("admin_notices:inspect", args=[notice.pk])
    assert again in client.get(inspect).content.decode()
    assert client.get(again).status_code == 405
    notice.refresh_from_db()
    assert notice.state == NoticeState.FAILED

    assert client.post(again).url == inspect
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == (NoticeState.QUEUED, 0)
    notices.send_all(notice.due_at + timedelta(seconds=1))
    answer = client.post(again, follow=True)
    tags = [message.level_tag for message in answer.context["messages"]]
    assert tags == ["success", "error"]  # the first time, and once it had left


@pytest.mark.parametrize("name", ["add", "edit", "delete", "copy", "history", "usage"])
def test_nobody_writes_or_deletes_a_message_here(name):
    notice = notices.notice(context={})
    arguments = [] if name == "add" else [notice.pk]
    with pytest.raises(Exception, match="not found"):
        reverse(f"admin_notices:{name}", args=arguments)
