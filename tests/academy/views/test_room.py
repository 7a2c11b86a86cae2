"""The control room of a session, its list, its second session."""

from datetime import datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import pytest
import time_machine
from bs4 import BeautifulSoup

from courses.choices import ChecklistCode, EnrolmentState, PoolKind, SessionState
from courses.models import Pool, Session
from courses.services.enrolments import cancel_enrolment
from courses.services.offers import fill_session
from courses.services.sessions import cancel_session, open_enrolment, save_session
from tests.factories import courses, people
from tests.factories.courses import AT, HERE, NOON, enrolled, open_session, published_course

pytestmark = pytest.mark.django_db

NEAR = NOON - timedelta(days=3)


@pytest.fixture(autouse=True)
def _in_september():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def staff(client):
    client.force_login(people.coordinator())
    return client


def room(session):
    return reverse("academy:control_room", args=[session.key])


def page(answer):
    return BeautifulSoup(answer.content, "html.parser").main


def text(answer):
    return page(answer).get_text(" ", strip=True)


# ------------------------------------------------------------------ the room
def test_the_room_says_who_sits_who_is_offered_a_seat_and_who_comes_next(staff):
    session, place = open_session(capacity=3), people.establishment()
    save_session(
        session=session, meetings=None, breaks=None, trainers=None, by=None, at=AT,
        pools=[Pool(kind=PoolKind.ESTABLISHMENT, establishment=place, capacity=1)],
    )  # fmt: skip
    member = enrolled(session, people.verified_member(place))
    leaver, _second = enrolled(session), enrolled(session)
    first, last = (
        enrolled(session, people.person(printed_name=name)) for name in ("Alix Roy", "Jo Cyr")
    )
    cancel_enrolment(enrolment=leaver, by=leaver.person, at=NEAR)
    fill_session(session_id=session.pk, at=NEAR)
    first.refresh_from_db()
    assert first.state == EnrolmentState.OFFERED

    shown = staff.get(room(session)).context["room"]

    assert [(line.label, line.used, line.capacity) for line in shown.pools] == [
        (str(place), 1, 1),
        ("Tout le monde", 2, 2),
    ]
    assert [row.person for row in shown.offers] == [first.person]
    assert [row.person for row in shown.in_line] == [last.person]
    assert (shown.summary.held, shown.summary.waiting) == (3, 1)
    assert member.pool is not None


def test_a_draft_says_what_is_left_to_decide_and_an_open_session_does_not(staff):
    draft, opened = courses.session(join_url=""), open_session()

    assert "Reste à décider avant l’ouverture" in text(staff.get(room(draft)))
    assert "Reste à décider" not in text(staff.get(room(opened)))


def test_the_room_leads_to_everything_that_is_done_to_a_session(staff):
    session = open_session()

    links = {link["href"] for link in page(staff.get(room(session))).select("a[href]")}

    assert {
        reverse("courses:roster", args=[session.key]),
        reverse("academy:day", args=[session.key]),
        reverse("academy:second", args=[session.key]),
        reverse("academy:message", args=[session.key]),
        reverse("session:edit", args=[session.pk]),
        reverse("sessions_admin:step", args=[session.pk, "pause"]),
    } <= links


@pytest.mark.parametrize("role", ["direction", "inspector"])
def test_those_who_only_read_see_no_button(client, role):
    session = open_session()
    client.force_login(people.person(roles=(role,)))

    answer = client.get(room(session))

    assert page(answer).select("form") == []
    assert reverse("academy:day", args=[session.key]) not in answer.content.decode()


def test_the_room_costs_the_same_for_one_person_and_for_forty(staff):
    session = open_session(capacity=5)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            staff.get(room(session))
        return len(queries)

    enrolled(session, people.verified_member())
    cost()
    one = cost()
    for _n in range(40):
        enrolled(session)
    assert cost() == one
    assert one <= 32


# ------------------------------------------------------------------ the list
def tick_url(session, item):
    return reverse("academy:item_tick", args=[session.key, item.pk])


def test_an_item_is_ticked_and_the_tick_taken_back(staff):
    session = open_session()
    item = session.checklist.get(code=ChecklistCode.SLIDES)

    for _press in range(2):
        answer = staff.post(tick_url(session, item), {"done": "1"})
        assert answer["Location"] == f"{room(session)}#checklist"
    item.refresh_from_db()
    assert item.done_at == AT
    assert str(item.done_by) in text(staff.get(room(session)))

    staff.post(tick_url(session, item), {"done": "0"})
    item.refresh_from_db()
    assert item.done_at is None


def test_a_late_item_is_said_in_words(client):
    session = open_session()

    with time_machine.travel(NOON - timedelta(days=20), tick=False):
        client.force_login(people.coordinator())
        shown = text(client.get(room(session)))

    assert shown.count("En retard") == 2  # accreditation, declarations


def test_an_item_of_another_session_is_not_ticked(staff):
    mine, other = open_session(), open_session()
    item = other.checklist.first()

    answer = staff.post(tick_url(mine, item), {"done": "1"}, follow=True)

    assert "n’est pas sur la liste" in answer.content.decode()
    item.refresh_from_db()
    assert item.done_at is None


def test_an_item_of_ones_own_is_added_and_taken_away(staff):
    session = open_session()
    url = reverse("academy:item_add", args=[session.key])
    given = {"label_fr": "Réserver la salle", "label_en": "", "days": "20", "side": "before"}

    assert staff.post(url, given).status_code == 302
    item = session.checklist.get(code=ChecklistCode.OTHER)
    assert (str(item), item.offset_days) == ("Réserver la salle", -20)
    assert "Réserver la salle" in text(staff.get(room(session)))

    staff.post(reverse("academy:item_remove", args=[session.key, item.pk]))
    assert not session.checklist.filter(code=ChecklistCode.OTHER).exists()


@pytest.mark.parametrize(
    "wrong", [{"label_fr": ""}, {"days": "-1"}, {"days": "x"}, {"side": "beside"}]
)
def test_a_wrong_item_is_told_where_it_was_typed(staff, wrong):
    session = open_session()
    given = {"label_fr": "Salle", "days": "20", "side": "before"} | wrong

    answer = staff.post(reverse("academy:item_add", args=[session.key]), given)

    assert answer.status_code == 422
    assert answer.context["item_form"].errors
    assert not session.checklist.filter(code=ChecklistCode.OTHER).exists()


def test_an_item_of_the_house_stays(staff):
    session = open_session()
    item = session.checklist.first()

    staff.post(reverse("academy:item_remove", args=[session.key, item.pk]))

    assert session.checklist.filter(pk=item.pk).exists()


def test_nothing_of_the_list_changes_on_get(staff):
    session = open_session()
    item = session.checklist.first()

    assert staff.get(tick_url(session, item)).status_code == 405
    assert staff.get(reverse("academy:item_add", args=[session.key])).status_code == 302
    assert not session.checklist.filter(done_at__isnull=False).exists()


def test_the_dashboard_shows_what_comes_due_to_those_who_do_it(client):
    session = open_session()
    url = reverse("academy:dashboard")

    with time_machine.travel(NOON - timedelta(days=20), tick=False):
        client.force_login(people.coordinator())
        assert [one.session for one in client.get(url).context["due"]] == [session] * 3
        client.force_login(people.person(roles=("direction",)))
        assert client.get(url).context["due"] == []


@pytest.mark.parametrize("count", [10, 100, 1000])
def test_the_dashboard_costs_the_same_whatever_the_number_of_sessions(staff, count):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            staff.get(reverse("academy:dashboard"))
        return len(queries)

    course = published_course()
    open_session(course=course)
    cost()
    one = cost()
    rows = courses.many_sessions(count, course=course)
    Session.objects.filter(pk__in=[row.pk for row in rows]).update(state=SessionState.OPEN)
    assert cost() == one


# ------------------------------------------------------------------ the second session
def second(session):
    return reverse("academy:second", args=[session.key])


def test_a_second_session_is_made_opened_and_offered_to_those_who_wait(staff):
    session = open_session(capacity=1)
    enrolled(session)
    waiting = [enrolled(session) for _n in range(2)]

    proposed = staff.get(second(session)).context["form"]
    assert proposed.initial["on"] == timezone.localdate(NOON) + timedelta(days=7)
    made = staff.post(second(session), {"on": "2026-11-25", "hour": "13:30"})
    twin = session.twins.get()
    assert made["Location"] == reverse("session:edit", args=[twin.pk])
    assert (twin.state, twin.meetings.get().starts_at) == (
        SessionState.DRAFT, datetime(2026, 11, 25, 13, 30, tzinfo=HERE),
    )  # fmt: skip
    offer = reverse("academy:second_offer", args=[session.key, twin.key])
    assert offer not in staff.get(second(session)).content.decode()

    open_enrolment(session=twin, by=None, at=AT)
    twin.capacity = 5
    save_session(session=twin, meetings=None, breaks=None, trainers=None, by=None, at=AT)
    assert offer in staff.get(second(session)).content.decode()
    for _press in range(2):
        assert staff.post(offer).status_code == 302
    assert [row.person for row in twin.enrolments.order_by("pk")] == [row.person for row in waiting]
    assert {row.state for row in twin.enrolments.all()} == {EnrolmentState.OFFERED}
    offered = staff.get(second(session))
    assert offer not in offered.content.decode()  # everybody was asked
    (shown,) = offered.context["twins"]
    assert (shown["asked"], shown["to_ask"]) == (2, 0)
    enrolled(session)
    (shown,) = staff.get(second(session)).context["twins"]
    assert (shown["asked"], shown["to_ask"]) == (2, 1)


def test_four_second_sessions_take_as_many_questions_as_one(staff, django_assert_num_queries):
    session = open_session(capacity=0)
    enrolled(session)
    staff.post(second(session), {"on": "2026-11-25", "hour": "13:30"})
    staff.get(second(session))
    with CaptureQueriesContext(connection) as asked:
        staff.get(second(session))
    for_one = len(asked)
    for day in (26, 27, 30):
        staff.post(second(session), {"on": f"2026-11-{day}", "hour": "13:30"})
    staff.get(second(session))

    with django_assert_num_queries(for_one):
        assert len(staff.get(second(session)).context["twins"]) == 4


def test_a_cancelled_session_has_nothing_left_to_do(staff):
    session = open_session()
    assert page(staff.get(room(session))).select_one("#checklist")

    cancel_session(session=session, by=None, at=AT, motive="Verglas")

    assert page(staff.get(room(session))).select_one("#checklist") is None


def test_a_second_session_that_cannot_be_is_told_at_the_form(staff):
    session = open_session()

    for given, status in (
        ({"on": "", "hour": "13:30"}, 422),
        ({"on": "hier", "hour": "13:30"}, 422),
        ({"on": "2025-01-01", "hour": "13:30"}, 409),
    ):
        answer = staff.post(second(session), given)
        assert answer.status_code == status
        assert answer.context["form"].errors
    assert Session.objects.count() == 1


def test_the_button_pressed_twice_makes_one_second_session(staff):
    session = open_session()
    given = {"on": "2026-11-25", "hour": "13:30"}

    assert staff.post(second(session), given).status_code == 302
    again = staff.post(second(session), given)

    assert again.status_code == 409
    assert "existe déjà" in text(again)
    assert session.twins.count() == 1


def test_seats_are_offered_in_a_second_session_of_that_one_only(staff):
    session, stranger = open_session(), open_session()

    url = reverse("academy:second_offer", args=[session.key, stranger.key])

    assert staff.post(url).status_code == 404
    assert staff.get(url).status_code == 405


@pytest.mark.parametrize("role", [None, "trainer", "direction", "inspector"])
def test_lists_and_second_sessions_are_for_coordinators(client, role):
    session = open_session()
    item = session.checklist.first()
    client.force_login(people.person(roles=(role,) if role else ()))

    assert client.post(second(session), {"on": "2026-11-25", "hour": "13:30"}).status_code == 403
    assert client.post(tick_url(session, item), {"done": "1"}).status_code == 403
    assert session.twins.count() == 0
