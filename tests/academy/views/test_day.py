"""Something befalls a session on its day, as the coordinator works with it."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

import pytest
import time_machine
from bs4 import BeautifulSoup

from courses.choices import SessionState
from courses.selectors.day import latest_event
from notices.models import Notice
from tests.factories import people
from tests.factories.courses import NOON, enrolled, open_session

pytestmark = pytest.mark.django_db

MORNING = NOON - timedelta(hours=2)
NEW = "https://reunion.example/j/2"


@pytest.fixture(autouse=True)
def _that_morning():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def staff(client):
    client.force_login(people.coordinator())
    return client


@pytest.fixture
def session():
    row = open_session(capacity=1, trainers=[people.trainer(printed_name="Alix Roy")])
    enrolled(row), enrolled(row)
    return row


def url(session, kind=""):
    address = reverse("academy:day", args=[session.key])
    return f"{address}?kind={kind}" if kind else address


def post(client, session, kind, step="preview", **given):
    data = {"kind": kind, "step": step, "seen": latest_event(session), "motive": "Verglas"}
    return client.post(url(session), data | given)


def text(answer):
    return BeautifulSoup(answer.content, "html.parser").main.get_text(" ", strip=True)


def start(session):
    return timezone.localtime(session.meetings.get().starts_at).strftime("%H:%M")


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("join_url", {"join_url", "motive"}),
        ("trainer", {"leaving", "coming", "motive"}),
        ("delay", {"minutes", "motive"}),
        ("cut", {"ends_at", "motive"}),
        ("postpone", {"motive"}),
        ("cancel", {"motive"}),
    ],
)
def test_each_kind_asks_its_own_questions(staff, session, kind, names):
    page = BeautifulSoup(staff.get(url(session, kind)).content, "html.parser")

    fields = page.select("main form input, main form select, main form textarea")
    assert {each["name"] for each in fields if each.get("type") != "hidden"} == names


def test_a_change_is_previewed_with_its_people_then_done(staff, session):
    known = Notice.objects.count()

    preview = post(staff, session, "delay", minutes="20")
    assert preview.status_code == 200
    assert "1 personne avec une place" in text(preview)
    assert (start(session), Notice.objects.count()) == ("12:00", known)

    form = BeautifulSoup(preview.content, "html.parser").select_one("main form")
    hidden = {each["name"]: each.get("value", "") for each in form.select("input[name]")}
    done = staff.post(url(session), hidden | {"step": "confirm"})
    assert done.status_code == 302
    assert done["Location"] == reverse("academy:control_room", args=[session.key])
    promised = preview.context["rehearsal"].total
    assert promised
    assert (start(session), Notice.objects.count()) == ("12:20", known + promised)


def test_those_who_would_be_told_are_named_and_what_was_typed_is_corrected(staff, session):
    holder = session.enrolments.confirmed().get().person

    preview = post(staff, session, "delay", minutes="20")

    assert preview.context["rehearsal"].names == [str(holder), "Alix Roy"]
    assert f"{holder}, Alix Roy" in text(preview)
    again = post(staff, session, "delay", "correct", minutes="20")
    assert (again.status_code, "rehearsal" in again.context) == (200, False)
    page = BeautifulSoup(again.content, "html.parser")
    assert page.select_one("input[name=minutes]")["value"] == "20"
    assert page.select_one("textarea[name=motive]").get_text(strip=True) == "Verglas"
    assert start(session) == "12:00"


def test_the_button_pressed_twice_delays_once(staff, session):
    seen = latest_event(session)

    first, second = (
        post(staff, session, "delay", "confirm", minutes="20", seen=seen) for _press in range(2)
    )

    assert (first.status_code, second.status_code) == (302, 409)
    assert "a été modifiée entre-temps" in text(second)
    assert start(session) == "12:20"


def test_an_address_is_never_in_an_url_and_is_read_again_before_it_is_kept(staff, session):
    preview = post(staff, session, "join_url", join_url=NEW, motive="")

    assert NEW in text(preview)
    page = BeautifulSoup(preview.content, "html.parser")
    assert not [link for link in page.select("a[href]") if "reunion.example" in link["href"]]
    done = post(staff, session, "join_url", "confirm", join_url=NEW, motive="")
    assert "reunion.example" not in done["Location"]
    assert session.meetings.get().join_url == NEW


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("delay", {"minutes": ""}),
        ("delay", {"minutes": "trois"}),
        ("delay", {"minutes": "601"}),
        ("cut", {"ends_at": "25:99"}),
        ("join_url", {"join_url": "pas une adresse"}),
        ("trainer", {"coming": "999999"}),
        ("cancel", {"motive": ""}),
        ("delay", {"minutes": "5", "seen": "x"}),
    ],
)
@pytest.mark.parametrize("step", ["preview", "confirm"])
def test_a_wrong_answer_is_told_and_changes_nothing(staff, session, kind, given, step):
    before = latest_event(session)

    answer = post(staff, session, kind, step, **given)

    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert latest_event(session) == before


def test_a_refusal_is_a_sentence_and_changes_nothing(staff, session):
    answer = post(staff, session, "cut", ends_at="18:00")

    assert answer.status_code == 409
    assert "Choisissez une heure avant la fin" in text(answer)


def test_a_hour_is_one_of_that_day(staff, session):
    post(staff, session, "cut", "confirm", ends_at="12:30")

    assert session.meetings.get().ends_at == NOON + timedelta(minutes=30)


def test_a_session_that_is_over_has_nothing_left_to_change(staff, session):
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        assert "Rien ne reste à changer" in text(staff.get(url(session, "delay")))
        assert post(staff, session, "delay", "confirm", minutes="5").status_code == 200
    assert start(session) == "12:00"


def test_an_unknown_kind_asks_which(staff, session):
    assert staff.get(url(session, "explode")).context["kind"] is None


@pytest.mark.parametrize("role", [None, "trainer", "direction", "inspector"])
def test_only_coordinators_change_a_session(client, session, role):
    client.force_login(people.person(roles=(role,) if role else ()))

    assert client.get(url(session)).status_code == 403
    assert post(client, session, "cancel", "confirm").status_code == 403
    session.refresh_from_db()
    assert session.state == SessionState.OPEN


# ------------------------------------------------------------------ what people see
def test_the_page_of_the_session_says_what_changed_and_why_to_those_enrolled(client, session):
    holder, stranger = session.enrolments.confirmed().get().person, people.person()
    client.force_login(people.coordinator())
    post(client, session, "delay", "confirm", minutes="20")
    page = reverse("courses:session", args=[session.key])

    client.logout()
    seen_by_all = text(client.get(page))
    client.force_login(stranger)
    seen_by_stranger = text(client.get(page))
    client.force_login(holder)
    seen_by_holder = text(client.get(page))

    for seen in (seen_by_all, seen_by_stranger, seen_by_holder):
        assert "Nouvel horaire" in seen
    assert ["Verglas" in seen for seen in (seen_by_all, seen_by_stranger, seen_by_holder)] == [
        False, False, True,
    ]  # fmt: skip
    for name in ("courses:enrol", "courses:join"):
        assert "Nouvel horaire" in text(client.get(reverse(name, args=[session.key])))


def test_the_page_says_nothing_when_nothing_changed(client, session):
    assert "Nouvel horaire" not in text(client.get(reverse("courses:session", args=[session.key])))
