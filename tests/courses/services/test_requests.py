"""Seats given by approval: asked for, then approved or refused through the same gate."""

from datetime import timedelta

import pytest

from courses.models import Enrolment
from courses.services.enrolments import (
    ScheduleConflict,
    TermLimitReached,
    cancel_enrolment,
    lapse_waiting,
)
from courses.services.requests import approve_request, refuse_request
from courses.services.sessions import cancel_session, pause_enrolment, postpone_session
from people.models import User
from tests.courses.lines import reasons, refused, states
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, open_session, term

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LATER = AT + timedelta(days=1)


@pytest.fixture
def staff() -> User:
    return people.coordinator()


def approve(row: Enrolment, staff: User) -> Enrolment:
    return approve_request(enrolment=row, by=staff, at=LATER)


def refuse(row: Enrolment, staff: User, motive: str = "Réservé aux équipes") -> Enrolment:
    return refuse_request(enrolment=row, by=staff, at=LATER, motive=motive)


def test_a_request_holds_no_seat_and_no_rank(heard):
    row = open_session(capacity=1, needs_approval=True)
    heard.clear()

    request = enrolled(row)

    assert (request.state, request.rank, request.confirmed_at) == ("requested", None, None)
    assert heard == [("seat_requested", {"enrolment": request, "at": AT})]
    assert Enrolment.objects.held().count() == 0


def test_an_approved_request_is_a_seat(staff, heard):
    request = enrolled(open_session(needs_approval=True))
    heard.clear()

    approved = approve(request, staff)
    approve(request, staff)

    assert (approved.pk, approved.state, approved.confirmed_at) == (
        request.pk, "confirmed", LATER,
    )  # fmt: skip
    news = {"enrolment": approved, "was_waiting": False, "at": LATER}
    assert heard == [("seat_confirmed", news)]
    assert reasons(request) == ["approved"]


def test_approving_obeys_the_capacity_and_the_line(staff):
    """I15: the last seat once, then ranks in the order of approval."""
    row = open_session(capacity=1, needs_approval=True)
    first, second, third = enrolled(row), enrolled(row), enrolled(row)

    given = [approve(each, staff) for each in (third, first, second)]

    assert [(each.state, each.rank) for each in given] == [
        ("confirmed", None),
        ("waiting", 1),
        ("waiting", 2),
    ]


def test_the_rules_of_the_person_are_checked_again_when_a_request_is_approved(staff):
    """I3 and I4: what was free when one asked may be taken since."""
    autumn = term(seats_per_person=1)
    request = enrolled(open_session(needs_approval=True, term=autumn))
    enrolled(open_session(term=autumn, starts_at=NOON + timedelta(days=1)), request.person)
    with pytest.raises(TermLimitReached):
        approve(request, staff)

    busy = enrolled(open_session(needs_approval=True))
    enrolled(open_session(), busy.person)
    with pytest.raises(ScheduleConflict):
        approve(busy, staff)
    assert states(request, busy) == ["requested", "requested"]


def test_a_refusal_says_why_once(staff, heard):
    request = enrolled(open_session(needs_approval=True))
    heard.clear()

    assert refused(refuse, request, staff, " \n") == "Say why: the person will read it."
    gone = refuse(request, staff, " Réservé  aux équipes ")
    refuse(request, staff, "Autre chose")

    assert (gone.state, gone.ended_at) == ("refused", LATER)
    news = {"enrolment": gone, "reason": "Réservé aux équipes", "at": LATER}
    assert heard == [("request_refused", news)]
    assert reasons(request) == ["Réservé aux équipes"]


def test_an_answered_or_withdrawn_request_is_answered(staff):
    row = open_session(needs_approval=True)
    no, yes, gone = enrolled(row), enrolled(row), enrolled(row)
    refuse(no, staff), approve(yes, staff)
    cancel_enrolment(enrolment=gone, by=gone.person, at=AT)
    words = "This request was already answered or withdrawn."

    assert refused(approve, no, staff) == words
    assert refused(refuse, yes, staff) == words
    assert refused(approve, gone, staff) == words


def test_requests_are_answered_while_enrolment_is_paused(staff):
    row = open_session(needs_approval=True)
    request, other = enrolled(row), enrolled(row)
    pause_enrolment(session=row, by=None, at=AT)

    assert approve(request, staff).state == "confirmed"
    assert refuse(other, staff).state == "refused"


@pytest.mark.parametrize("act", [postpone_session, cancel_session])
def test_requests_of_a_session_without_a_date_are_not_answered(staff, act):
    request = enrolled(open_session(needs_approval=True))
    act(session=request.session, by=None, at=AT, motive="Verglas")

    for answer in (approve, refuse):
        assert refused(answer, request, staff) == "This session is over, cancelled or postponed."


def test_whoever_has_no_answer_when_the_session_begins_has_no_place(heard):
    request = enrolled(open_session(needs_approval=True))
    heard.clear()

    lapse_waiting(session=request.session, at=NOON)

    assert states(request) == ["lapsed"]
    assert [name for name, _ in heard] == ["place_not_obtained"]


def test_staff_seat_people_without_a_request(staff):
    row = open_session(needs_approval=True)

    assert enrolled(row, origin="staff").state == "confirmed"


def test_asking_twice_is_one_request(heard):
    row, person = open_session(needs_approval=True), people.person()
    first = enrolled(row, person)
    heard.clear()

    assert (enrolled(row, person).pk, heard) == (first.pk, [])


def test_a_withdrawn_request_may_be_made_again():
    row, person = open_session(needs_approval=True), people.person()
    first = enrolled(row, person)
    cancel_enrolment(enrolment=first, by=person, at=AT)

    again = enrolled(row, person)

    assert (again.state, states(first)) == ("requested", ["cancelled"])
    assert again.pk != first.pk
