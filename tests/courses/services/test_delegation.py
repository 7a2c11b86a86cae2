"""Several people asked for at once: each a transaction of its own, each with an answer."""

from datetime import timedelta

import pytest

from courses.choices import EnrolmentState, RefusalCause
from courses.models import Enrolment
from courses.services.delegation import offer_to_all
from courses.services.seat_rules import ScheduleConflict
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, open_session

pytestmark = pytest.mark.django_db


def test_each_person_goes_through_the_gate_in_the_order_given():
    agent = people.liaison_agent()
    first, second, third = (people.person() for _ in range(3))
    enrolled(open_session(), second)
    row = open_session(capacity=1, starts_at=NOON + timedelta(minutes=5))

    answers = offer_to_all(people=[first, second, third], session=row, by=agent, at=AT)

    assert [each.person for each in answers] == [first, second, third]
    assert answers[0].enrolment.state == EnrolmentState.OFFERED
    assert type(answers[1].refusal) is ScheduleConflict
    assert answers[1].cause == RefusalCause.OVERLAP
    assert answers[2].enrolment.state == EnrolmentState.WAITING
    assert answers[2].enrolment.asks_first  # nobody is seated without having said yes
    assert [each.is_new for each in answers] == [True, False, True]


def test_asking_again_keeps_the_rows_and_says_so():
    agent, person, row = people.liaison_agent(), people.person(), open_session()
    (first,) = offer_to_all(people=[person], session=row, by=agent, at=AT)

    (again,) = offer_to_all(people=[person], session=row, by=agent, at=AT + timedelta(minutes=1))

    assert (again.enrolment, again.is_new) == (first.enrolment, False)
    assert Enrolment.objects.count() == 1


def test_nobody_asked_for_is_nothing_done():
    assert offer_to_all(people=[], session=open_session(), by=people.coordinator(), at=AT) == []
