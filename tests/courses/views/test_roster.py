"""A session's people: who reads whom, what staff do with several, lists brought from outside."""

from io import BytesIO

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

from courses.choices import EnrolmentState
from courses.models import Enrolment, EnrolmentEvent, Session
from courses.services.sessions import postpone_session
from people.models import Profile, User
from people.policies import POLICIES, Action
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, open_session, pool

pytestmark = pytest.mark.django_db


def url(name: str, row: Session, **more) -> str:
    return reverse(f"courses:{name}", kwargs={"key": row.key, **more})


@pytest.fixture(autouse=True)
def clock(time_machine):
    """The service reads a September morning, weeks before the sessions of the tests."""
    time_machine.move_to(AT)


@pytest.fixture
def staff(client) -> User:
    coordinator = people.coordinator()
    client.force_login(coordinator)
    return coordinator


def names(response) -> list[str]:
    page = BeautifulSoup(response.content, "html.parser")
    return [each.get_text(strip=True) for each in page.select("tbody th")]


def states(*rows: Enrolment) -> list[str]:
    found = dict(Enrolment.objects.values_list("pk", "state"))
    return [found[row.pk] for row in rows]


def act(client, row: Session, name: str, *rows: Enrolment, **more):
    data = {"act": name, "enrolment": [str(each.key) for each in rows], **more}
    return client.post(url("roster_act", row), data)


# ------------------------------------------------------------------ reading
def test_the_list_is_narrowed_by_state_pool_place_of_work_and_words(client, staff):
    chum = people.establishment("chum")
    row = open_session(capacity=3, pools=[pool(chum, seats=1)])
    inside = enrolled(row, people.verified_member(chum))
    outside = enrolled(row, people.person(printed_name="Gaspard Outremont"))
    enrolled(row)
    waiting = enrolled(row)
    read = lambda **query: names(client.get(url("roster", row), query))  # noqa: E731

    assert read(pool=row.pools.get().pk) == [str(inside.person)]
    assert read(establishment=chum.pk) == [str(inside.person)]
    assert read(words="outremont") == [str(outside.person)]
    assert read(words=waiting.person.email) == [str(waiting.person)]
    assert read(state="waiting") == [str(waiting.person)]
    assert read(state="offered") == []
    assert len(read()) == 4


def test_people_who_left_are_shown_when_their_state_is_asked_for(client, staff):
    row = open_session()
    gone = enrolled(row)
    act(client, row, "cancel", gone, confirmed="1", motive="double")

    assert names(client.get(url("roster", row))) == []
    assert names(client.get(url("roster", row), {"state": "cancelled"})) == [str(gone.person)]


@pytest.mark.parametrize("number", [10, 100, 1000])
def test_the_list_takes_the_same_questions_for_many(client, staff, number):
    few, many = open_session(capacity=5), open_session(capacity=5)
    crowd(few, 7)
    crowd(many, number)

    def cost(row: Session, shown: int) -> int:
        client.get(url("roster", row))
        with CaptureQueriesContext(connection) as questions:
            response = client.get(url("roster", row))
        assert len(names(response)) == shown
        return len(questions)

    assert cost(many, min(number, 200)) == cost(few, 7) <= 22


def crowd(row: Session, number: int) -> None:
    """Seats and ranks written as rows: only reading them is measured."""
    members = User.objects.bulk_create(
        User(email=f"foule{row.pk}-{n}@exemple.test", password="!") for n in range(number)
    )
    Profile.objects.bulk_create(
        Profile(user=each, printed_name=f"Foule {n}") for n, each in enumerate(members)
    )
    Enrolment.objects.bulk_create(
        Enrolment(
            session=row,
            person=each,
            state=EnrolmentState.WAITING if n >= 5 else EnrolmentState.CONFIRMED,
            rank=n if n >= 5 else None,
            confirmed_at=AT,
            created_at=AT,
        )
        for n, each in enumerate(members)
    )


def test_only_staff_act_and_export(client):
    row = open_session()
    trainer = people.trainer()
    client.force_login(trainer)

    for name, method in [("roster_act", "post"), ("roster_add", "get")]:
        assert getattr(client, method)(url(name, row)).status_code == 403
    assert client.get(url("roster_export", row, kind="csv")).status_code == 403


def test_the_export_holds_what_the_list_shows(client, staff):
    row = open_session(capacity=1)
    seated, waiting = enrolled(row), enrolled(row)

    text = client.get(url("roster_export", row, kind="csv")).content.decode("utf-8-sig")
    only = client.get(url("roster_export", row, kind="csv"), {"state": "waiting"}).content
    book = load_workbook(BytesIO(client.get(url("roster_export", row, kind="xlsx")).content))

    assert [line.split(";")[1] for line in text.splitlines()[1:]] == [
        seated.person.email,
        waiting.person.email,
    ]
    assert seated.person.email not in only.decode("utf-8-sig")
    assert [cell.value for cell in list(book.active.rows)[2]][5] == 1  # the rank
    assert client.get(url("roster_export", row, kind="pdf")).status_code == 404


# ------------------------------------------------------------------ acting on several
def test_nothing_is_done_before_the_second_post(client, staff):
    row = open_session()
    first, second = enrolled(row), enrolled(row)

    page = act(client, row, "cancel", first, second)

    assert states(first, second) == ["confirmed", "confirmed"]
    assert str(first.person) in page.content.decode()
    act(client, row, "cancel", first, second, confirmed="1", motive="Demande du service")
    assert states(first, second) == ["cancelled", "cancelled"]
    assert EnrolmentEvent.objects.filter(reason="Demande du service", by=staff).count() == 2


def test_an_act_without_a_motive_is_refused_and_nothing_done(client, staff):
    row = open_session()
    seated = enrolled(row)

    assert act(client, row, "cancel", seated, confirmed="1", motive="  ").status_code == 422
    assert states(seated) == ["confirmed"]


def test_rows_of_another_session_are_left_alone(client, staff):
    row, other = open_session(), open_session()
    foreign = enrolled(other)

    act(client, row, "cancel", foreign, confirmed="1", motive="x")

    assert states(foreign) == ["confirmed"]


def test_everyone_on_the_list_is_whom_the_filters_show(client, staff):
    row = open_session(capacity=1)
    seated, first, second = enrolled(row), enrolled(row), enrolled(row)

    page = act(client, row, "seat", everyone="1", state="waiting").content.decode()
    assert str(first.person) in page
    assert str(seated.person) not in page
    act(client, row, "seat", first, second, confirmed="1", motive="Salle plus grande")

    assert states(seated, first, second) == ["confirmed"] * 3
    assert Enrolment.objects.filter(is_extra=True).count() == 2


def test_seats_beyond_the_capacity_need_a_right_of_their_own(client, staff, monkeypatch):
    row = open_session(capacity=0)
    waiting, person = enrolled(row), people.person()
    monkeypatch.setitem(POLICIES, "courses.overbook", Action("courses.overbook", {}))

    assert act(client, row, "seat", waiting, confirmed="1", motive="Jury").status_code == 403
    given = {"confirmed": "1", "person": str(person.key), "beyond": "Jury"}
    assert client.post(url("roster_add", row), given).status_code == 403
    assert not Enrolment.objects.filter(is_extra=True).exists()
    assert acts_offered(client, row) == ["cancel", "move"]
    assert "motive" not in client.get(url("roster_add", row)).context["form"].fields
    monkeypatch.undo()
    assert acts_offered(client, row) == ["cancel", "move", "seat"]
    assert "motive" in client.get(url("roster_add", row)).context["form"].fields


def acts_offered(client, row: Session, **filters) -> list[str]:
    return [value for value, _label in client.get(url("roster", row), filters).context["acts"]]


def test_the_list_offers_the_acts_that_apply_to_somebody_on_it(client, staff):
    row = open_session(capacity=1)
    enrolled(row), enrolled(row)
    asked = open_session(needs_approval=True)
    enrolled(asked)

    assert acts_offered(client, row) == ["cancel", "move", "seat"]
    assert acts_offered(client, row, state="confirmed") == ["cancel", "move"]
    assert acts_offered(client, asked) == ["cancel", "move", "seat", "approve", "refuse"]
    assert acts_offered(client, row, words="personne de ce nom") == []


def test_an_act_that_fits_nobody_ticked_says_so(client, staff):
    row = open_session()
    page = BeautifulSoup(act(client, row, "approve", enrolled(row)).content, "html.parser").main

    assert "Il n’y a personne à qui cela s’applique" in page.get_text()
    assert "cochez" not in page.get_text()
    nobody = BeautifulSoup(act(client, row, "approve").content, "html.parser").main
    assert "cochez" in nobody.get_text()


def test_sessions_to_move_to_are_shown_with_their_seats(client, staff):
    row = open_session()
    target = open_session(course=row.course, starts_at=NOON.replace(day=24), capacity=1)
    enrolled(target), enrolled(target)
    later = open_session(starts_at=NOON.replace(day=25), capacity=7)
    postpone_session(session=later, by=staff, at=AT, motive="Verglas")

    page = BeautifulSoup(act(client, row, "move", enrolled(row)).content, "html.parser")

    assert [each.get_text(" ", strip=True) for each in page.select("select[name=to] option")] == [
        f"{target.course} · 24\N{NO-BREAK SPACE}novembre 2026 · 1 / 1 · 1 en attente",
        f"{later.course} · Date à venir · 0 / 7",
    ]


def test_people_are_moved_to_another_session_or_told_why_not(client, staff):
    row = open_session()
    target = open_session(course=row.course, starts_at=NOON.replace(day=24))
    moved, already = enrolled(row), enrolled(row)
    enrolled(target, already.person)

    act(client, row, "move", moved, already, confirmed="1", motive="Fusion", to=str(target.key))

    assert states(moved) == ["cancelled"]
    assert target.enrolments.confirmed().count() == 2
    wrong = act(client, row, "move", already, confirmed="1", motive="Fusion", to="ailleurs")
    assert wrong.status_code == 422


def test_requests_are_approved_and_refused(client, staff):
    row = open_session(needs_approval=True)
    yes, no = enrolled(row), enrolled(row)
    assert states(yes, no) == ["requested", "requested"]

    act(client, row, "approve", yes, confirmed="1")
    act(client, row, "refuse", no, confirmed="1", motive="Autre public")

    assert states(yes, no) == ["confirmed", "refused"]


def test_a_place_in_line_changes_with_a_motive(client, staff):
    row = open_session(capacity=1)
    enrolled(row)
    first, second, third = enrolled(row), enrolled(row), enrolled(row)
    address = reverse("courses:roster_place", kwargs={"key": third.key})

    assert client.post(address, {"place": 1, "motive": ""}).status_code == 422
    assert client.post(address, {"place": 9, "motive": "Départ"}).status_code == 422
    client.post(address, {"place": 1, "motive": "Départ proche"})

    order = list(Enrolment.objects.filter(session=row).waiting().values_list("pk", flat=True))
    assert order == [third.pk, first.pk, second.pk]


# ------------------------------------------------------------------ writing to several
def test_people_ticked_are_written_to_and_a_crowd_by_its_state(client, staff):
    row = open_session(capacity=1)
    seated, waiting = enrolled(row), enrolled(row)
    address = reverse("academy:message", kwargs={"key": row.key})

    assert act(client, row, "message", seated).url == f"{address}?who={seated.key}"
    everyone = act(client, row, "message", everyone="1", state="waiting")
    assert everyone.url == f"{address}?state={waiting.state}"
    assert client.get(everyone.url).status_code == 200
    narrowed = act(client, row, "message", everyone="1", words=str(seated.person))
    assert narrowed.url == f"{address}?who={seated.key}"


def test_more_people_than_an_address_holds_are_written_to_and_nobody_else(client, staff):
    row = open_session(capacity=5)
    crowd(row, 130)
    ticked = list(row.enrolments.order_by("pk")[:120])

    led = act(client, row, "message", *ticked)
    page = BeautifulSoup(client.get(led.url).content, "html.parser")

    assert len(led.url) < 200
    hidden = [each["value"] for each in page.select("input[name=who]")]
    assert set(hidden) == {str(each.key) for each in ticked}
    labels = [" ".join(each.get_text().split()) for each in page.select(".choices label")]
    assert [labels[0], labels[3]] == ["Place confirmée (5)", "Sur la liste d’attente (115)"]
