"""Refusals of the gate, counted without a person, once a day."""

from datetime import timedelta

from django.db.models import ForeignKey

import pytest

from courses.choices import REFUSAL_CAUSES, RefusalCause
from courses.models import Refusal
from courses.services import seat_rules
from courses.services.demand import record_refusal
from courses.services.enrolments import AccountClosed, NotInAudience, TermLimitReached
from people.models import User
from tests.factories import courses, people
from tests.factories.courses import AT

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def refuse(session, person, refusal=None, at=AT):
    return record_refusal(
        session=session, person=person, refusal=refusal or TermLimitReached("Non"), at=at
    )


def test_a_refusal_keeps_its_cause_its_day_and_a_verified_establishment():
    session = courses.open_session()
    member, stranger = people.verified_member(people.establishment()), people.person()

    refuse(session, member)
    refuse(session, stranger, NotInAudience("Non"))
    refuse(session, stranger, AccountClosed("Non"))

    columns = ("session", "cause", "establishment__code", "refused_on")
    assert list(Refusal.objects.values_list(*columns)) == [
        (session.pk, RefusalCause.LIMIT, "chum", AT.date()),
        (session.pk, RefusalCause.AUDIENCE, None, AT.date()),
        (session.pk, RefusalCause.OTHER, None, AT.date()),
    ]


def test_a_refusal_never_leads_to_a_person():
    targets = {
        field.related_model for field in Refusal._meta.get_fields() if isinstance(field, ForeignKey)
    }

    assert User not in targets
    assert {field.name for field in Refusal._meta.fields} == {
        "id", "session", "cause", "establishment", "pool", "refused_on",
    }  # fmt: skip


def test_an_unverified_establishment_is_not_counted():
    session = courses.open_session()

    refuse(session, people.person(establishment=people.establishment("chum")))

    assert Refusal.objects.get().establishment is None


def test_pressing_again_counts_once_a_day_and_each_cause_apart():
    session, person = courses.open_session(), people.person()

    assert refuse(session, person) is not None
    assert refuse(session, person) is None
    refuse(session, person, NotInAudience("Non"))
    refuse(session, people.person())
    refuse(courses.open_session(), person)
    refuse(session, person, at=AT + timedelta(days=1))

    assert Refusal.objects.count() == 5


def test_every_named_cause_is_a_refusal_of_the_gate():
    refusals = {
        name
        for name, value in vars(seat_rules).items()
        if isinstance(value, type) and issubclass(value, seat_rules.SeatRefusal)
    }

    assert set(REFUSAL_CAUSES) <= refusals
