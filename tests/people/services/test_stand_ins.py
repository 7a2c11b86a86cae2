"""Somebody of whom nothing is known."""

from datetime import date, timedelta

from django.utils import timezone

import pytest

from people.models import Membership, Profession, User
from people.selectors.accounts import find_people
from people.services.accounts import forget_unconfirmed_accounts
from people.services.memberships import end_membership, join_establishment
from people.services.stand_ins import stand_in_for
from tests.factories import people

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

AT = people.AT
BEFORE, AFTER = date(2026, 8, 1), date(2026, 10, 1)


def places_of(user: User) -> list[str]:
    return sorted(row.establishment.code for row in user.memberships.verified())


def test_a_stand_in_is_a_closed_account_that_says_nothing():
    person = people.verified_member(printed_name="Marie Tremblay")

    one = User.objects.get(pk=stand_in_for(person=person, since=BEFORE, at=AT).pk)

    assert (one.email, one.first_name, one.profile.printed_name) == (None, "", "")
    assert (one.is_active, one.has_usable_password(), str(one)) == (False, False, "compte fermé")
    assert one.closed_at == one.date_joined == AT
    assert one not in find_people("")
    assert forget_unconfirmed_accounts(at=AT + timedelta(days=9)) == 0


def test_it_keeps_where_the_person_was_from_at_that_time_and_no_hour_of_theirs():
    person = people.verified_member()
    join_establishment(user=person, establishment=people.establishment("cusm"), at=AT)

    assert places_of(stand_in_for(person=person, since=BEFORE, at=AT + timedelta(1))) == ["chum"]
    kept, own = Membership.objects.verified().order_by("-pk")[0], person.memberships.verified()[0]
    assert {kept.verified_at, kept.created_at} & {own.verified_at, own.created_at} == set()
    assert kept.verified_by is None
    assert places_of(stand_in_for(person=person, since=None, at=AT)) == []


def test_the_profession_is_kept_where_it_is_asked_for():
    profession = Profession.objects.first()
    person = people.person(profession=profession)

    assert stand_in_for(person=person, since=None, at=AT).profile.profession is None
    one = stand_in_for(person=person, since=None, keeps_profession=True, at=AT)
    assert one.profile.profession == profession


def test_what_had_ended_by_then_is_not_kept():
    person = people.verified_member()
    end_membership(membership=person.memberships.get(), by=person, at=AT)

    assert places_of(stand_in_for(person=person, since=BEFORE, at=AT)) == ["chum"]
    assert places_of(stand_in_for(person=person, since=AFTER, at=AT)) == []


def test_no_count_of_a_day_finds_it():
    person = people.verified_member()
    one = stand_in_for(person=person, since=BEFORE, at=AT)

    membership = one.memberships.get()
    assert membership.ends_on < timezone.localdate(membership.created_at)
    assert not one.memberships.current(timezone.localdate(AT)).exists()
