"""The steps of a session in the admin: asked first, taken by POST, refused in a sentence."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

import pytest
from bs4 import BeautifulSoup

from courses.choices import SessionState
from courses.forms import MotiveForm
from courses.models import Session
from tests.factories import people
from tests.factories.courses import (
    meeting,
    open_session,
    session,
)

pytestmark = [pytest.mark.django_db]

SOON = (timezone.now() + timedelta(days=30)).replace(hour=17, minute=0, second=0, microsecond=0)


@pytest.fixture
def staff(client):
    client.force_login(people.coordinator())
    return client


# ------------------------------------------------------------------ the steps
def step(row: Session, name: str) -> str:
    return reverse("sessions_admin:step", args=[row.pk, name])


def test_a_step_asks_first_and_is_taken_by_post(staff):
    row = session(starts_at=SOON)

    assert staff.get(step(row, "open")).status_code == 200
    row.refresh_from_db()
    assert row.state == SessionState.DRAFT

    desk = reverse("academy:control_room", args=[row.key])
    for _press in range(2):
        assert staff.post(step(row, "open"))["Location"] == desk
    row.refresh_from_db()
    assert row.state == SessionState.OPEN
    assert row.events.filter(to_state="open").count() == 1


def test_a_step_that_shows_a_session_says_what_is_left_to_decide(staff):
    row = session(starts_at=SOON)

    def left(name):
        return [each.words for each in staff.get(step(row, name)).context["questions"]]

    assert "Équipe de formation" in left("announce")
    assert left("announce") == left("open")
    assert left("cancel") == []
    staff.post(step(row, "open"))
    assert left("pause") == []


@pytest.mark.parametrize(("name", "is_told"), [("announce", False), ("cancel", True)])
def test_a_step_says_whether_its_motive_is_told_to_people(staff, name, is_told):
    form = staff.get(step(session(starts_at=SOON), name)).context["form"]

    told = str(MotiveForm(is_told=True).fields["motive"].help_text)
    assert (str(form.fields["motive"].help_text) == told) is is_told


def test_a_step_that_is_refused_says_why(staff):
    row = open_session(starts_at=SOON)

    response = staff.post(step(row, "cancel"), {"motive": ""})
    assert response.status_code == 409
    row.refresh_from_db()
    assert row.state == SessionState.OPEN

    assert staff.post(step(row, "cancel"), {"motive": "Verglas"}).status_code == 302
    row.refresh_from_db()
    assert row.state == SessionState.CANCELLED


def test_the_edit_page_offers_the_steps_of_the_state_and_no_other(staff):
    row = open_session(starts_at=SOON)

    page = BeautifulSoup(staff.get(reverse("session:edit", args=[row.pk])).content, "html.parser")

    links = {link["href"] for link in page.find_all("a", href=True)}
    offered = {name for name in ("announce", "open", "pause", "resume", "postpone", "cancel")
               if step(row, name) in links}  # fmt: skip
    assert offered == {"pause", "postpone", "cancel"}


def test_steps_are_for_coordinators(client):
    row = session(starts_at=SOON)
    client.force_login(people.trainer())

    assert client.post(step(row, "open")).status_code == 403
    row.refresh_from_db()
    assert row.state == SessionState.DRAFT


def test_an_unknown_step_is_not_found(staff):
    assert staff.get(step(session(), "explode")).status_code == 404


def test_enrolments_have_no_screen_that_writes_them_plainly():
    from wagtail.admin.viewsets import viewsets

    from courses.models import Enrolment

    assert [each for each in viewsets.viewsets if getattr(each, "model", None) is Enrolment] == []


def test_nothing_of_courses_enters_the_reference_index():
    from wagtail.models import ReferenceIndex

    tracked = {model._meta.app_label for model in ReferenceIndex.tracked_models}
    assert "courses" not in tracked


def test_meeting_factory_is_local_noon():
    assert timezone.localtime(meeting().starts_at).hour == 12
