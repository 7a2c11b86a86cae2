"""What the heart hands over to a person who asks for a copy of everything it holds of them."""

import json
from datetime import UTC, date, timedelta

from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

import pytest

from courses.choices import HoldReason, PoolKind, StrikeCause
from courses.models import (
    CalendarFeed,
    DrawTicket,
    Enrolment,
    EnrolmentHold,
    Equivalence,
    Pool,
    SessionGuest,
    Strike,
)
from courses.models.draws import Draw
from courses.selectors.exports import export_person
from courses.services.feeds import renew_feed
from people.models import User
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, open_session, published_course

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
# Tables of the heart that point at a person as theirs (and not as the staff who acted), and the
# part of the export that holds their rows. A new table is decided here.
PARTS = {
    "CalendarFeed": "calendar",
    "Declaration": "declarations",
    "Enrolment": "enrolments",
    "EnrolmentHold": "holds",
    "Equivalence": "equivalences",
    "ModuleProgress": "modules",
    "SessionTrainer": "teaching",
    "Strike": "strikes",
}
ACTS_OF_STAFF = {"CourseVersion", "SessionTrainerChange"}


def test_every_table_about_a_person_has_its_part():
    found = {
        model.__name__
        for model in apps.get_app_config("courses").get_models()
        for field in model._meta.get_fields()
        if getattr(field, "related_model", None) is User
        and field.concrete
        and not field.remote_field.hidden
    }

    assert found == set(PARTS) | ACTS_OF_STAFF
    assert set(PARTS.values()) <= set(export_person(people.person()))


def test_an_enrolment_says_its_choices_its_seat_and_its_ticket():
    person, row = people.person(), open_session()
    enrolment = enrolled(row, person)
    pool = Pool.objects.create(
        session=row, kind=PoolKind.ESTABLISHMENT, establishment=people.establishment(), capacity=2
    )
    Enrolment.objects.filter(pk=enrolment.pk).update(
        pool=pool, asks_first=True, question="Et les mineurs ?", silences=1, coming_at=NOON - DAY
    )
    draw = Draw.objects.create(
        session=row, closes_at=AT, seed="s" * 64, seed_hash="h" * 64, published_at=AT
    )
    DrawTicket.objects.create(draw=draw, enrolment=enrolment, number="0042", weight=3, position=7)

    (found,) = export_person(person)["enrolments"]

    names = ("asks_first", "question", "offers_unanswered", "coming_at", "reserved_seat", "draw")
    assert {name: found[name] for name in names} == {
        "asks_first": True,
        "question": "Et les mineurs ?",
        "offers_unanswered": 1,
        "coming_at": (NOON - DAY).astimezone(UTC).isoformat(),
        "reserved_seat": str(people.establishment()),
        "draw": {"number": "0042", "weight": 3, "position": 7, "is_seated": False},
    }
    assert draw.seed not in json.dumps(found)


def test_what_counts_for_or_against_a_seat_is_told_and_nobody_else_s():
    person, other = people.person(), people.person()
    for each in (person, other):
        enrolment = enrolled(open_session(), each)
        Strike.objects.create(
            person=each, enrolment=enrolment, cause=StrikeCause.LATE, points=1, given_at=AT,
            expires_on=date(2027, 9, 1), contest="J'étais malade.", contested_at=AT + DAY,
        )  # fmt: skip
        EnrolmentHold.objects.create(
            person=each, reason=HoldReason.SURVEY, cause=f"session:{each.pk}",
            since=date(2026, 9, 1),
        )  # fmt: skip
        Equivalence.objects.create(
            person=each, course=published_course(title_fr="BPC"), motive="Attestation N2",
            granted_at=AT,
        )  # fmt: skip
        SessionGuest.objects.create(session=open_session(), address=each.email, invited_at=AT)

    told = export_person(person)

    assert {name: len(told[name]) for name in ("strikes", "holds", "equivalences")} == {
        "strikes": 1, "holds": 1, "equivalences": 1,
    }  # fmt: skip
    assert (told["strikes"][0]["contest"], told["strikes"][0]["expires_on"]) == (
        "J'étais malade.", "2027-09-01",
    )  # fmt: skip
    assert told["holds"] == [{"reason": "survey", "since": "2026-09-01", "until": None}]
    assert (told["equivalences"][0]["course"], told["equivalences"][0]["motive"]) == (
        "BPC", "Attestation N2",
    )  # fmt: skip
    assert [row["address"] for row in told["invited_as_guest"]] == [person.email]
    assert other.email not in json.dumps(told)


def test_that_an_address_of_the_calendar_exists_is_told_and_not_the_address():
    person = people.person()
    assert export_person(person)["calendar"] is None
    token = renew_feed(person=person, at=AT)

    told = export_person(person)

    assert told["calendar"] == {"created_at": AT.isoformat(), "read_on": None}
    for secret in (token, CalendarFeed.objects.get().token_hash):
        assert secret not in json.dumps(told)


def test_the_export_takes_the_same_questions_for_one_seat_and_for_many():
    person = people.person()
    counts = []
    for n in (1, 5):
        for _each in range(n):
            enrolled(open_session(starts_at=NOON + len(counts) * 30 * DAY + _each * DAY), person)
        with CaptureQueriesContext(connection) as queries:
            export_person(person)
        counts.append(len(queries))

    assert counts[0] == counts[1]
