"""Reserved seats and rules of enrolment in the admin, as a coordinator types them."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

import pytest
from bs4 import BeautifulSoup

from courses.models import Enrolment, Pool, Session
from people.models import Community
from tests.courses.viewsets.test_sessions import SOON, errors_of, form_of, interval, local
from tests.factories import people
from tests.factories.courses import enrolled, open_session, pool, published_course, session

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def staff(client):
    client.force_login(people.coordinator())
    return client


def chum():
    return people.establishment("chum")


def typed(kind: str, capacity: int | str, **more: Any) -> dict[str, Any]:
    """A row of reserved seats as the browser posts it, without script: every list is there."""
    blank = {"establishment": "", "community": "", "profession": "", "opens_at": "",
             "release_at": ""}  # fmt: skip
    return {"kind": kind, "capacity": capacity} | blank | more


def edit(staff, row: Session, **fields: Any):
    return staff.post(reverse("session:edit", args=[row.pk]), form_of(row, **fields))


def page(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


# ------------------------------------------------------------------ typing
def test_reserved_seats_are_typed_with_a_new_session(staff):
    release = SOON - timedelta(days=10)
    data = form_of(
        meetings=[interval(SOON)],
        course=published_course().pk,
        capacity=12,
        pools=[
            typed("establishment", 5, establishment=chum().pk, release_at=local(release)),
            typed("guests", 2),
        ],
    )

    response = staff.post(reverse("session:add"), data)

    assert response.status_code == 302, errors_of(response)
    first, second = Pool.objects.all()
    assert (first.kind, first.establishment, first.capacity, first.release_at) == (
        "establishment", chum(), 5, release,
    )  # fmt: skip
    assert (second.kind, second.capacity, second.release_at) == ("guests", 2, None)


def test_what_another_kind_left_in_the_row_is_left_aside(staff):
    row = session(starts_at=SOON)
    both = typed(
        "establishment", 3, establishment=chum().pk, community=Community.objects.first().pk
    )

    response = edit(staff, row, pools=[both])

    assert response.status_code == 302, errors_of(response)
    assert (row.pools.get().establishment, row.pools.get().community) == (chum(), None)


def test_a_row_without_its_people_is_told_at_the_field(staff):
    row = session(starts_at=SOON)

    response = edit(staff, row, pools=[typed("community", 3, establishment=chum().pk)])

    assert response.status_code == 200
    (errors,) = response.context["form"].formsets["pools"].errors
    assert list(errors) == ["community"]
    assert "pool_names_its_people" not in response.content.decode()
    assert Pool.objects.count() == 0


def test_more_reserved_seats_than_the_capacity_is_an_error_with_both_numbers(staff):
    row = session(starts_at=SOON, capacity=4)

    response = edit(staff, row, pools=[typed("guests", 5)])

    assert response.status_code == 200
    (sentence,) = response.context["form"].non_field_errors()
    assert "5" in sentence
    assert "4" in sentence
    assert page(response).find("input", {"name": "pools-0-capacity"})["value"] == "5"
    assert Pool.objects.count() == 0


@pytest.mark.parametrize("capacity", ["-1", "", "beaucoup"])
def test_seats_that_are_no_number_are_refused_by_the_form(capacity, staff):
    row = session(starts_at=SOON)

    response = edit(staff, row, pools=[typed("guests", capacity)])

    assert response.status_code == 200
    (errors,) = response.context["form"].formsets["pools"].errors
    assert list(errors) == ["capacity"]


def test_a_row_taken_away_frees_its_seats_and_their_people(staff):
    row = open_session(starts_at=SOON, capacity=3, pools=[pool(chum(), 1)])
    seat = enrolled(row, people.verified_member(chum()))
    gone = typed("establishment", 1, establishment=chum().pk, id=row.pools.get().pk, DELETE="on")
    release = row.release

    response = edit(staff, row, pools=[gone])

    assert response.status_code == 302, errors_of(response)
    seat.refresh_from_db()
    row.refresh_from_db()
    assert (row.pools.count(), seat.pool, row.release) == (0, None, release + 1)


def test_a_pool_of_another_session_cannot_be_taken_by_its_number(staff):
    mine, other = session(starts_at=SOON), session(starts_at=SOON, pools=[pool(chum(), 5)])
    stolen = typed("guests", 9, id=other.pools.get().pk)

    edit(staff, mine, pools=[stolen])

    assert (other.pools.get().kind, other.pools.get().capacity) == ("establishment", 5)


# ------------------------------------------------------------------ rules
def test_rules_are_typed_and_kept(staff):
    row, first = session(starts_at=SOON), published_course()

    response = edit(
        staff,
        row,
        opening_mode="draw",
        enrolment_opens_at=local(SOON - timedelta(days=20)),
        requests_close_at=local(SOON - timedelta(days=15)),
        needs_approval="on",
        prerequisite=first.pk,
        survey_gate="on",
        counts_strikes="on",
        takes_questions="on",
    )

    assert response.status_code == 302, errors_of(response)
    row.refresh_from_db()
    assert (row.opening_mode, row.requests_close_at) == ("draw", SOON - timedelta(days=15))
    assert row.prerequisite == first
    assert (row.needs_approval, row.survey_gate, row.counts_strikes, row.takes_questions) == (
        (True,) * 4
    )


def test_rules_that_cannot_be_are_told_in_words(staff):
    response = edit(staff, session(starts_at=SOON), opening_mode="draw")

    assert response.status_code == 200
    assert len(response.context["form"].non_field_errors()) == 1


# ------------------------------------------------------------------ the page
def test_every_question_has_a_label_and_options_are_folded(staff):
    row = session(starts_at=SOON, pools=[pool(chum(), 5)])

    html = page(staff.get(reverse("session:edit", args=[row.pk])))

    named = {label["for"] for label in html.find_all("label") if label.get("for")}
    for name in ("kind", "establishment", "community", "profession", "capacity", "opens_at",
                 "release_at"):  # fmt: skip
        assert f"id_pools-0-{name}" in named, name
    folded = html.select_one("section.collapsed")
    assert folded.find("select", {"name": "opening_mode"})
    assert not folded.find("input", {"name": "capacity"})
    assert html.find("script", {"src": lambda src: src and "js/pools" in src})


def test_a_release_ten_days_before_is_proposed(staff):
    starts_at = SOON.replace(month=12, day=24, year=SOON.year + 1)
    row = session(starts_at=starts_at, pools=[pool(chum(), 5)])

    html = page(staff.get(reverse("session:edit", args=[row.pk])))

    said = html.find(id="id_pools-0-release_at").find_parent(class_="w-field__wrapper")
    assert f"14\xa0décembre {SOON.year + 1}" in said.get_text()
    blank = page(staff.get(reverse("session:add")))
    assert blank.find("select", {"name": "opening_mode"})


# ------------------------------------------------------------------ what a lowered cap leaves
def shown(response, staff) -> str:
    assert response.status_code == 302, errors_of(response)
    return page(staff.get(reverse("session:index"))).select_one(".messages").get_text(" ")


def test_a_capacity_lowered_under_the_seats_held_says_by_how_many(staff):
    row = open_session(starts_at=SOON, capacity=5)
    for _each in range(5):
        enrolled(row)

    said = shown(edit(staff, row, capacity=2), staff)

    assert "3" in said
    assert Enrolment.objects.filter(session=row).held().count() == 5
    assert enrolled(row).state == "waiting"


def test_a_capacity_that_holds_everybody_says_nothing_more(staff):
    """The negative control."""
    row = open_session(starts_at=SOON, capacity=5)
    enrolled(row)

    edit(staff, row, capacity=2)

    html = page(staff.get(reverse("session:index")))
    assert html.select(".messages .warning") == []
    assert len(html.select(".messages .success")) == 1


def test_reserved_seats_lowered_under_their_people_say_so(staff):
    row = open_session(starts_at=SOON, capacity=5, pools=[pool(chum(), 2)])
    for _each in range(2):
        enrolled(row, people.verified_member(chum()))

    fewer = typed("establishment", 1, establishment=chum().pk, id=row.pools.get().pk)
    said = shown(edit(staff, row, pools=[fewer]), staff)

    assert "CHUM" in said


def test_the_list_shows_seats_beyond_the_capacity_in_red_and_in_figures(staff):
    row = open_session(starts_at=SOON, capacity=1)
    enrolled(row)
    beyond = enrolled(row)
    Enrolment.objects.filter(pk=beyond.pk).update(
        state="confirmed", is_extra=True, rank=None, confirmed_at=timezone.now()
    )

    html = page(staff.get(reverse("session:index")))

    assert html.select_one("table.listing .beyond").get_text(strip=True) == "1 / 1 + 1"
