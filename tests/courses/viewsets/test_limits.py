"""Strikes and equivalences in the admin, as a coordinator works with them."""

from datetime import timedelta

from django.urls import reverse

import pytest

from courses.choices import StrikeCause
from courses.models import Equivalence, Strike
from courses.services.holds import contest_strike, give_strike
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, open_session, published_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(people.coordinator())
    return client


def strike() -> Strike:
    row = enrolled(open_session(counts_strikes=True))
    given = give_strike(enrolment=row, cause=StrikeCause.ABSENT, at=NOON + timedelta(days=4))
    assert given is not None
    return given


def test_staff_read_a_strike_with_what_the_person_says(staff):
    row = contest_strike(strike=strike(), words="J’étais à la garderie.", at=AT)

    page = staff.get(reverse("strike:edit", args=[row.pk])).content.decode()

    assert "J’étais à la garderie." in page
    assert str(row.person) in staff.get(reverse("strike:index")).content.decode()


def test_a_strike_is_excused_with_a_motive_and_nothing_else_changes(staff):
    row = strike()
    address = reverse("strike:edit", args=[row.pk])

    staff.post(address, {"excuse": "", "points": "0"})
    assert Strike.objects.get().excused_at is None
    staff.post(address, {"excuse": "Absence justifiée", "points": "0"})

    standing = Strike.objects.get()
    assert standing.excused_at is not None
    assert (standing.excuse, standing.points) == ("Absence justifiée", 2)


def test_no_strike_is_typed_by_hand(staff):
    assert not Strike.objects.exists()
    staff.post(reverse("strike:add"), {"points": "4"})
    assert not Strike.objects.exists()


def test_an_equivalence_is_granted_to_the_account_of_an_address(staff):
    course, person = published_course(), people.person()
    form = {"course": course.pk, "motive": "Diplôme vérifié", "address": "nobody@exemple.test"}

    staff.post(reverse("equivalence:add"), form)
    assert not Equivalence.objects.exists()
    staff.post(reverse("equivalence:add"), form | {"address": person.email})

    standing = Equivalence.objects.get()
    assert (standing.person, standing.course, standing.motive) == (
        person,
        course,
        "Diplôme vérifié",
    )
    assert "Diplôme vérifié" in staff.get(reverse("equivalence:index")).content.decode()


def test_a_trainer_reads_neither(client):
    client.force_login(people.trainer())

    for name in ("strike:index", "equivalence:index"):
        assert client.get(reverse(name)).status_code in {302, 403}
