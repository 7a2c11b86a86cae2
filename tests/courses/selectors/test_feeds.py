"""What a person's feed and a term's hold, whatever became of the seats and the sessions."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

import pytest

from courses.letters import CANCELLED, CONFIRMED, place_uid, session_uid
from courses.models import Term
from courses.selectors.feeds import seat_entries, term_entries, term_of
from courses.services.enrolments import cancel_enrolment
from courses.services.sessions import (
    announce_session,
    cancel_session,
    open_enrolment,
    postpone_session,
    save_session,
)
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    held,
    meeting,
    open_session,
    published_course,
    session,
    term,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def seen(person, at=AT) -> list[tuple[str, str, int]]:
    return [(each.uid, each.status, each.sequence) for each in seat_entries(person, at=at)]


def uid(enrolment) -> str:
    return place_uid(enrolment, enrolment.session.meetings.get())


# ------------------------------------------------------------------ one's own seats
def test_a_confirmed_seat_is_there_and_a_rank_is_not():
    row = open_session(capacity=1)
    seated, waiting = enrolled(row), enrolled(row)

    assert seen(seated.person) == [(uid(seated), CONFIRMED, 0)]
    assert seen(waiting.person) == []


def test_nobody_else_s_seat_is_there():
    mine, other = enrolled(open_session()), enrolled(open_session())

    assert seen(mine.person) == [(uid(mine), CONFIRMED, 0)]
    assert seen(other.person) == [(uid(other), CONFIRMED, 0)]


@pytest.mark.both_databases
def test_a_seat_given_up_is_recalled_for_thirty_days():
    enrolment = enrolled(open_session())
    cancel_enrolment(enrolment=enrolment, by=enrolment.person, at=AT)

    for later, there in ((timedelta(0), True), (29 * DAY, True), (30 * DAY, False)):
        expected = [(uid(enrolment), CANCELLED, 1)] if there else []
        assert seen(enrolment.person, AT + later) == expected


def test_a_rank_given_up_was_never_there_and_is_not_recalled():
    row = open_session(capacity=1)
    enrolled(row)
    waiting = enrolled(row)
    cancel_enrolment(enrolment=waiting, by=waiting.person, at=AT)

    assert seen(waiting.person) == []


def test_a_seat_taken_again_has_a_name_of_its_own_beside_the_recalled_one():
    row = open_session()
    first = enrolled(row)
    cancel_enrolment(enrolment=first, by=first.person, at=AT)
    again = enrolled(row, first.person)

    assert seen(first.person) == [(uid(first), CANCELLED, 1), (uid(again), CONFIRMED, 0)]


@pytest.mark.parametrize("step", [postpone_session, cancel_session])
def test_a_session_called_off_is_recalled_for_thirty_days(step):
    enrolment = enrolled(open_session())
    step(session=enrolment.session, by=None, at=AT, motive="Verglas")

    assert seen(enrolment.person) == [(uid(enrolment), CANCELLED, 1)]
    assert seen(enrolment.person, AT + 30 * DAY) == []


def test_a_session_with_a_date_again_is_there_again_under_its_name():
    enrolment = enrolled(open_session())
    postpone_session(session=enrolment.session, by=None, at=AT, motive="Verglas")
    open_enrolment(session=enrolment.session, by=None, at=AT)

    assert seen(enrolment.person) == [(uid(enrolment), CONFIRMED, 2)]


def test_a_session_held_stays_for_a_year():
    enrolment = enrolled(open_session())
    held(enrolment.session)

    assert seen(enrolment.person, NOON + 300 * DAY) == [(uid(enrolment), CONFIRMED, 0)]
    assert seen(enrolment.person, NOON + 367 * DAY) == []


@pytest.mark.both_databases
def test_a_meeting_taken_away_is_recalled_and_the_others_stay():
    row = open_session(meetings=[meeting(), meeting(NOON + 7 * DAY)])
    enrolment = enrolled(row)
    first, gone = row.meetings.all()
    save_session(session=row, meetings=[first], breaks=None, trainers=None, by=None, at=AT)
    late = enrolled(row, at=AT + DAY)

    assert seen(enrolment.person) == [
        (place_uid(enrolment, first), CONFIRMED, 1),
        (place_uid(enrolment, gone), CANCELLED, 1),
    ]
    assert len(seen(enrolment.person, AT + 30 * DAY)) == 1
    assert seen(late.person, AT + DAY) == [(place_uid(late, first), CONFIRMED, 0)]


def test_an_entry_says_when_it_last_changed():
    row = open_session()
    enrolment = enrolled(row, at=AT + DAY)
    (before,) = seat_entries(enrolment.person, at=AT + DAY)
    room = row.meetings.get()
    room.place = "Salle 3"
    save_session(session=row, meetings=[room], breaks=None, trainers=None, by=None, at=AT + 2 * DAY)

    (after,) = seat_entries(enrolment.person, at=AT + 2 * DAY)

    assert (before.changed_at, after.changed_at) == (AT + DAY, AT + 2 * DAY)


def _seats(person, count):
    course = published_course()
    for n in range(count):
        enrolled(open_session(course=course, starts_at=NOON + n * DAY), person)


@pytest.mark.parametrize("count", [10, 100])
def test_a_feed_takes_three_questions_however_many_seats(count):
    person = people.person()
    _seats(person, count)

    with CaptureQueriesContext(connection) as queries:
        entries = seat_entries(person, at=AT)

    assert (len(entries), len(queries)) == (count, 3)  # seats, meetings, meetings taken away


# ------------------------------------------------------------------ a term
def of_term(row) -> list[tuple[str, str]]:
    return [(each.uid, each.status) for each in term_entries(row)]


def test_a_term_shows_what_was_announced_and_no_draft():
    autumn, other = term(), term()
    shown = open_session(term=autumn)
    announced = session(term=autumn)
    announce_session(session=announced, by=None, at=AT)
    session(term=autumn)
    open_session(term=other)

    assert of_term(autumn) == [
        (session_uid(each.meetings.get()), CONFIRMED) for each in (announced, shown)
    ]


@pytest.mark.both_databases
def test_a_cancelled_session_is_cancelled_and_a_postponed_one_is_left_out():
    autumn = term()
    gone, later, past = (open_session(term=autumn) for _each in range(3))
    cancel_session(session=gone, by=None, at=AT, motive="Verglas")
    postpone_session(session=later, by=None, at=AT, motive="Verglas")
    held(past)

    assert sorted(of_term(autumn)) == sorted(
        [
            (session_uid(gone.meetings.get()), CANCELLED),
            (session_uid(past.meetings.get()), CONFIRMED),
        ]
    )


def test_a_draft_thrown_away_was_never_anybody_s():
    autumn = term()
    open_session(term=autumn)
    draft = session(term=autumn)
    cancel_session(session=draft, by=None, at=AT)

    assert len(of_term(autumn)) == 1


def test_the_public_sequence_rises_with_the_history_of_the_session():
    row = open_session(term=term())
    (before,) = term_entries(row.term)
    cancel_session(session=row, by=None, at=AT + DAY, motive="Verglas")
    (after,) = term_entries(row.term)

    assert (before.uid, after.sequence > before.sequence) == (after.uid, True)
    assert (before.changed_at, after.changed_at) == (AT, AT + DAY)


def test_a_term_being_prepared_and_one_that_never_was_answer_alike():
    prepared, shown = term(), term()
    session(term=prepared)
    open_session(term=shown)

    assert term_of(shown.key) == shown
    for key in (prepared.key, people.person().key):
        with pytest.raises(Term.DoesNotExist):
            term_of(key)


@pytest.mark.parametrize("count", [10, 100])
def test_a_term_takes_two_questions_however_many_sessions(count):
    autumn, course = term(), published_course()
    for n in range(count):
        open_session(term=autumn, course=course, starts_at=NOON + n * DAY)

    with CaptureQueriesContext(connection) as queries:
        entries = term_entries(autumn)

    assert (len(entries), len(queries)) == (count, 2)
