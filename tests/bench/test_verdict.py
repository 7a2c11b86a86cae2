"""The judge of the race sees each wrong it is there to see."""

import pytest

from courses.models import Enrolment, EnrolmentEvent
from courses.services.enrolments import cancel_enrolment
from courses.services.offers import fill_session
from notices.models import Notice
from tests.bench.verdict import Verdict, judge
from tests.factories.courses import AT, enrolled, open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def raced():
    """A session of two seats that four people asked for."""
    session = open_session(capacity=2)
    return session, [enrolled(session) for _ in range(4)]


def test_a_fair_session_has_no_fault(raced):
    session, _rows = raced

    assert judge(session, people=4) == Verdict(confirmed=2, waiting=2)


def test_a_seat_beyond_the_capacity_is_seen(raced):
    session, rows = raced
    Enrolment.objects.filter(pk=rows[2].pk).update(state="confirmed", confirmed_at=AT, rank=None)

    assert judge(session, people=4).oversold == 1


def test_a_seat_that_was_oversold_and_given_back_is_seen(raced):
    session, rows = raced
    EnrolmentEvent.objects.filter(enrolment=rows[2]).update(to_state="confirmed")
    EnrolmentEvent.objects.create(
        enrolment=rows[2], from_state="confirmed", to_state="waiting", at=AT
    )

    assert judge(session, people=4).oversold == 1


def test_a_gap_in_the_ranks_is_seen(raced):
    session, rows = raced
    Enrolment.objects.filter(pk=rows[3].pk).update(rank=3)

    assert judge(session, people=4).faults == [
        f"The ranks of session {session.pk} do not follow the order of its history."
    ]


def test_a_seat_left_while_somebody_waits_is_seen(raced):
    session, rows = raced
    cancel_enrolment(enrolment=rows[0], by=None, at=AT)
    fill_session(session_id=session.pk, at=AT)
    assert judge(session, people=4, churn=True).faults == []

    type(session).objects.filter(pk=session.pk).update(capacity=3)
    session.refresh_from_db()

    assert judge(session, people=4, churn=True).faults == [
        f"Session {session.pk} has 1 seats free while 1 people wait."
    ]


def test_whoever_has_no_row_or_no_message_is_seen(raced):
    session, rows = raced
    Notice.objects.filter(context__enrolment=rows[1].pk).delete()

    assert judge(session, people=5).faults == [
        f"5 people asked for session {session.pk}, and 4 have a row.",
        f"1 people of session {session.pk} were never told.",
    ]
