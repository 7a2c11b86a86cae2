"""« Renvoyer mon lien »: once in ten minutes, what is true now."""

from datetime import timedelta

import pytest

from courses.services.enrolments import cancel_enrolment
from notices.choices import NoticeKind as Kind
from notices.services.seats import AGAIN_AFTER, send_seat_again
from tests.factories import courses, notices

pytestmark = pytest.mark.django_db
AT = courses.AT
MINUTE = timedelta(minutes=1)


@pytest.mark.both_databases
def test_a_confirmation_is_sent_again_once_in_ten_minutes(smtp):
    enrolment = courses.enrolled(courses.open_session())
    notices.send_all(AT)
    moments = [AT + MINUTE, AT + 2 * MINUTE, AT + MINUTE + AGAIN_AFTER]
    done = []
    for at in moments:
        done.append(send_seat_again(enrolment=enrolment, at=at))
        notices.send_all(at)
    assert done == [True, False, True]
    letters = smtp.to(enrolment.person.email)
    assert [letter.subject for letter in letters] == [letters[0].subject] * 3
    assert len({letter.message["message-id"] for letter in letters}) == 3
    assert letters[2].attachment("text/calendar")


def test_nothing_is_added_while_the_first_still_waits_to_leave():
    enrolment = courses.enrolled(courses.open_session())
    assert send_seat_again(enrolment=enrolment, at=AT + MINUTE) is False
    assert len(notices.of(enrolment.person)) == 1


def test_what_is_sent_again_is_what_is_true_now(smtp):
    session = courses.open_session(capacity=1)
    offered = notices.offered(session)
    waiting = courses.enrolled(session)
    asked = courses.enrolled(courses.open_session(needs_approval=True))
    notices.send_all(AT)
    for enrolment, kind in (
        (offered, Kind.SEAT_OFFERED),
        (waiting, Kind.PUT_ON_WAITING_LIST),
        (asked, Kind.SEAT_REQUESTED),
    ):
        assert send_seat_again(enrolment=enrolment, at=AT + MINUTE) is True
        assert len(notices.of(enrolment.person, kind)) == 2
    assert notices.send_all(AT + MINUTE) == ["sent"] * 3


def test_one_who_left_is_sent_nothing():
    enrolment = courses.enrolled(courses.open_session())
    enrolment = cancel_enrolment(enrolment=enrolment, by=enrolment.person, at=AT)
    assert send_seat_again(enrolment=enrolment, at=AT + MINUTE) is False
