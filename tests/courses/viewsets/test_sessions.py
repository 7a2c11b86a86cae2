"""Sessions in the admin, as a coordinator works with them."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import pytest
from bs4 import BeautifulSoup

from courses.choices import SessionState
from courses.models import Session, Term
from courses.services.second_sessions import offer_second_session
from people.choices import Role
from tests.factories import people
from tests.factories.courses import (
    AT,
    enrolled,
    many_sessions,
    open_session,
    published_course,
    session,
    term,
)

pytestmark = [pytest.mark.django_db]

SOON = (timezone.now() + timedelta(days=30)).replace(hour=17, minute=0, second=0, microsecond=0)


@pytest.fixture
def staff(client):
    client.force_login(people.coordinator())
    return client


def local(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def rows_of(name: str, rows: list[dict[str, Any]], initial: int = 0) -> dict[str, Any]:
    data = {
        f"{name}-TOTAL_FORMS": len(rows),
        f"{name}-INITIAL_FORMS": initial,
        f"{name}-MIN_NUM_FORMS": 0,
        f"{name}-MAX_NUM_FORMS": 1000,
    }
    for number, row in enumerate(rows):
        values = {"id": "", "ORDER": number + 1, "DELETE": "", "place": "", "join_url": ""} | row
        data |= {f"{name}-{number}-{key}": value for key, value in values.items()}
    return data


def form_of(row: Session | None = None, *, meetings=None, pools=(), **fields) -> dict[str, Any]:
    """What the browser posts: the session as it stands, with `fields` changed; its reserved seats
    are those given."""
    if meetings is None:
        standing = list(row.meetings.all()) if row else []
        meetings = [
            {
                "id": each.pk,
                "starts_at": local(each.starts_at),
                "ends_at": local(each.ends_at),
                "place": each.place,
                "join_url": each.join_url,
            }
            for each in standing
        ]
    initial = sum(1 for each in meetings if each.get("id"))
    given = {
        "course": row.course_id if row else "",
        "term": (row and row.term_id) or "",
        "language": "fr",
        "format": "online",
        "audience": "everyone",
        "capacity": row.capacity if row and row.capacity is not None else "",
        "enrolment_opens_at": "",
        "enrolment_closes_at": "",
        "cancel_until": "",
        "survey_required": "on",
        "opening_mode": row.opening_mode if row else "first_come",
        "requests_close_at": "",
        "prerequisite": "",
        "teachers": list(row.trainers.values_list("person", flat=True)) if row else [],
        "motive": "",
    }
    kept = sum(1 for each in pools if each.get("id"))
    return (
        given
        | rows_of("meetings", meetings, initial)
        | rows_of("breaks", [])
        | rows_of("pools", list(pools), kept)
        | fields
    )


def interval(start, hours=1, **more) -> dict[str, Any]:
    return {"starts_at": local(start), "ends_at": local(start + timedelta(hours=hours)), **more}


def errors_of(response) -> str:
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


# ------------------------------------------------------------------ who may
@pytest.mark.parametrize("name", ["session", "course", "term", "theme", "partner"])
def test_only_coordinators_reach_the_lists(client, name):
    url = reverse(f"{name}:index")

    assert client.get(url).status_code == 302
    client.force_login(people.person())
    assert client.get(url).status_code in {302, 403}
    client.force_login(people.trainer())
    assert client.get(url).status_code in {302, 403}
    client.force_login(people.coordinator())
    assert client.get(url).status_code == 200


def test_nobody_deletes_a_session(staff):
    row = session()

    response = staff.post(reverse("session:delete", args=[row.pk]))

    assert response.status_code in {302, 403}
    assert Session.objects.filter(pk=row.pk).exists()


# ------------------------------------------------------------------ the form
def test_a_session_is_made_with_its_meetings_and_its_trainers(staff):
    course, trainer = published_course(), people.trainer()
    data = form_of(
        meetings=[
            interval(SOON, join_url="https://reunion.example/1"),
            interval(SOON + timedelta(days=7)),
        ],
        course=course.pk,
        capacity=12,
        teachers=[trainer.pk],
    )

    response = staff.post(reverse("session:add"), data)

    assert response.status_code == 302, errors_of(response)
    row = Session.objects.get()
    assert (row.state, row.capacity, row.course) == (SessionState.DRAFT, 12, course)
    assert [each.starts_at for each in row.meetings.all()] == [SOON, SOON + timedelta(days=7)]
    assert [each.person for each in row.trainers.all()] == [trainer]
    assert row.events.get().by.role_grants.filter(role=Role.COORDINATOR).exists()


def test_every_moment_is_typed_with_a_calendar_and_to_the_minute(staff):
    row = open_session(starts_at=SOON, cancel_until=SOON - timedelta(days=2))
    answer = staff.get(reverse("session:edit", args=[row.pk]))

    widgets = {
        name: type(field.widget).__name__
        for name, field in answer.context["form"].fields.items()
        if name.endswith(("_at", "_until"))
    }
    assert widgets == dict.fromkeys(
        ("enrolment_opens_at", "enrolment_closes_at", "cancel_until", "requests_close_at"),
        "AdminDateTimeInput",
    )
    page = BeautifulSoup(answer.content, "html.parser")
    until = timezone.localtime(row.cancel_until)
    assert page.select_one("[name=cancel_until]")["value"] == f"{until:%Y-%m-%d %H:%M}"


def test_a_refusal_is_an_error_of_the_form_and_nothing_is_kept(staff):
    data = form_of(
        meetings=[interval(SOON, 2), interval(SOON + timedelta(hours=1))],
        course=published_course().pk,
        capacity=5,
    )

    response = staff.post(reverse("session:add"), data)

    assert response.status_code == 200
    assert Session.objects.count() == 0
    page = BeautifulSoup(response.content, "html.parser")
    assert (
        page.find("input", {"name": "meetings-1-starts_at"})["value"]
        == data["meetings-1-starts_at"]
    )
    assert page.find("input", {"name": "capacity"})["value"] == "5"


def test_a_meeting_moved_in_the_form_keeps_its_key(staff):
    row = open_session(starts_at=SOON, at=AT)
    key = row.meetings.get().key
    moved = interval(SOON + timedelta(hours=2), id=row.meetings.get().pk)

    response = staff.post(reverse("session:edit", args=[row.pk]), form_of(row, meetings=[moved]))

    assert response.status_code == 302, errors_of(response)
    assert [(each.key, each.starts_at) for each in row.meetings.all()] == [
        (key, SOON + timedelta(hours=2))
    ]


def test_a_meeting_is_added_and_another_taken_away(staff):
    row = session(starts_at=SOON)
    gone = interval(SOON, id=row.meetings.get().pk, DELETE="on")
    new = interval(SOON + timedelta(days=1))

    response = staff.post(
        reverse("session:edit", args=[row.pk]), form_of(row, meetings=[gone, new])
    )

    assert response.status_code == 302, errors_of(response)
    assert [each.starts_at for each in row.meetings.all()] == [SOON + timedelta(days=1)]


def test_the_trainers_of_an_announced_session_change_with_a_motive(staff):
    old, new = people.trainer(), people.trainer()
    row = open_session(starts_at=SOON, trainers=[old])
    url = reverse("session:edit", args=[row.pk])

    refused = staff.post(url, form_of(row, teachers=[new.pk]))
    assert refused.status_code == 200
    assert [each.person for each in row.trainers.all()] == [old]

    taken = staff.post(url, form_of(row, teachers=[new.pk], motive="Congé de maladie"))
    assert taken.status_code == 302, errors_of(taken)
    assert [each.person for each in row.trainers.all()] == [new]


def test_a_meeting_of_another_session_cannot_be_taken_by_its_number(staff):
    mine, other = session(starts_at=SOON), session(starts_at=SOON)
    stolen = interval(SOON + timedelta(hours=5), id=other.meetings.get().pk)

    staff.post(reverse("session:edit", args=[mine.pk]), form_of(mine, meetings=[stolen]))

    assert other.meetings.get().starts_at == SOON


def test_a_term_is_kept_through_its_service(staff):
    response = staff.post(
        reverse("term:add"),
        {"title_fr": "Hiver 2027", "title_en": "", "starts_on": "2027-04-30",
         "ends_on": "2027-01-05", "seats_per_person": 4},
    )  # fmt: skip

    assert response.status_code == 200
    assert Term.objects.count() == 0
    assert response.context["form"].errors == {
        "ends_on": ["La programmation finit avant de commencer."]
    }


def test_a_meeting_that_ends_before_it_starts_is_told_in_words(staff):
    back = interval(SOON) | {"ends_at": local(SOON - timedelta(hours=1))}

    response = staff.post(
        reverse("session:add"), form_of(meetings=[back], course=published_course().pk)
    )

    text = response.content.decode()
    assert "La rencontre se termine avant de commencer." in text
    assert "meeting_ends_after_it_starts" not in text
    assert Session.objects.count() == 0


def test_the_facts_of_a_course_are_kept_with_its_partners(staff):
    course = published_course()
    url = reverse("course:edit", args=[course.pk])
    page = BeautifulSoup(staff.get(url).content, "html.parser")
    assert page.find("input", {"name": "title_fr"})["value"] == course.title_fr

    data = {
        "title_fr": "Nouveau titre",
        "title_en": "",
        "code": course.code,
        "kind": "training",
        "hours": "1.30",
        "ich_version": "",
        "theme": "",
        "attendance_threshold": "",
    }
    assert staff.post(url, data).status_code == 200  # hours go by quarters
    assert staff.post(url, data | {"hours": "1.25"}).status_code == 302
    course.refresh_from_db()
    assert course.title_fr == "Nouveau titre"
    assert course.current_version.title_fr != "Nouveau titre"


# ------------------------------------------------------------------ the list
def test_the_list_shows_state_start_fill_and_waiting(staff):
    row = open_session(capacity=1, starts_at=SOON, term=term())
    enrolled(row), enrolled(row), enrolled(row)

    page = BeautifulSoup(staff.get(reverse("session:index")).content, "html.parser")

    cells = [each.get_text(" ", strip=True) for each in page.select("table.listing tbody tr td")]
    link = page.select_one(f'table.listing a[href="{reverse("session:edit", args=[row.pk])}"]')
    assert link.get_text(strip=True) == str(row.course)
    assert cells[2:7] == [row.get_state_display(), "1 / 1", "0", "2", str(row.term)]
    for door in ("academy:control_room", "courses:roster"):
        assert page.select_one(f'table.listing a[href="{reverse(door, args=[row.key])}"]')


def test_the_list_shows_the_offers_that_wait_for_an_answer(staff):
    first = open_session(capacity=0, starts_at=SOON)
    enrolled(first), enrolled(first)
    second = open_session(capacity=5, starts_at=SOON + timedelta(days=7), course=first.course)
    offer_second_session(first=first, second=second, by=None, at=timezone.now())

    page = BeautifulSoup(staff.get(reverse("session:index")).content, "html.parser")

    rows = [
        [each.get_text(" ", strip=True) for each in row.select("td")]
        for row in page.select("table.listing tbody tr")
    ]
    assert [cells[3:6] for cells in rows] == [["2 / 5", "2", "0"], ["0 / 0", "0", "2"]]


@pytest.mark.parametrize("count", [10, 100, 1000])
def test_the_list_takes_as_many_questions_for_many_sessions_as_for_one(
    staff, count, django_assert_num_queries
):
    course = published_course()
    enrolled(open_session(course=course, starts_at=SOON))
    url = reverse("session:index")
    staff.get(url)
    with CaptureQueriesContext(connection) as one:
        staff.get(url)
    many_sessions(count, course=course)

    with django_assert_num_queries(len(one)):
        assert staff.get(url).context["items_count"] == count + 1
