"""A survey owed keeps from a seat where the session asks for it, by days and never by hours."""

from datetime import timedelta

from django.utils.timezone import localdate

import pytest

from courses.models import EnrolmentHold
from courses.services.enrolments import EnrolmentHeld, enrol
from surveys.models import Invitation
from surveys.services.answers import submit_response
from surveys.services.surveys import HOLDS_AFTER, open_survey
from tests.factories import people
from tests.factories.courses import NOON, enrolled, held, open_session

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
OPENED = NOON + timedelta(hours=2)
LATER = OPENED + HOLDS_AFTER


def owing():
    row = open_session()
    person = enrolled(row).person
    open_survey(session=held(row), at=OPENED)
    return person


def gated(**fields):
    return open_session(starts_at=NOON + timedelta(days=20), **({"survey_gate": True} | fields))


def test_an_answer_owed_keeps_from_a_seat_where_the_session_asks():
    person = owing()

    with pytest.raises(EnrolmentHeld):
        enrol(person=person, session=gated(), by=person, at=LATER)
    free = gated(survey_gate=False)
    assert enrol(person=person, session=free, by=person, at=LATER).state == "confirmed"


def test_the_first_days_after_the_invitation_keep_from_nothing():
    person = owing()
    before = OPENED + HOLDS_AFTER - timedelta(days=1)

    assert enrol(person=person, session=gated(), by=person, at=before).state == "confirmed"


def test_an_answer_opens_the_gate_and_leaves_a_day_behind():
    person = owing()
    invitation = Invitation.objects.get(person=person)
    submit_response(invitation=invitation, answers={"overall": "5"}, at=LATER)

    assert enrol(person=person, session=gated(), by=person, at=LATER).state == "confirmed"
    assert EnrolmentHold.objects.get().until == localdate(LATER)


def test_the_gate_opens_when_the_survey_closes():
    person = owing()
    closed = OPENED + timedelta(days=15)

    assert enrol(person=person, session=gated(), by=person, at=closed).state == "confirmed"


def test_the_hold_of_one_is_not_another_s():
    owing()
    other = people.person()

    assert enrol(person=other, session=gated(), by=other, at=LATER).state == "confirmed"
