"""What the catalogue reads: which sessions, in which order, seats in words, and at what cost."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

import pytest

from courses.choices import SessionFormat, SessionState
from courses.models import Session, Theme
from courses.selectors.enrolments import my_enrolments, roster, waiting_places
from courses.selectors.exports import export_person
from courses.selectors.sessions import (
    SeatSummary,
    agenda,
    catalogue_sessions,
    seat_summary,
    session_for,
)
from courses.services.enrolments import cancel_enrolment, record_join_click
from courses.services.sessions import announce_session, cancel_session, postpone_session
from courses.tasks import fill_free_seats, fill_one_session, move_sessions_by_the_clock
from people.models import User
from people.policies import Scope
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
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DAY = timedelta(days=1)


# ------------------------------------------------------------------ the catalogue
def test_the_catalogue_lists_what_is_to_come_soonest_first_and_the_undated_last():
    later, sooner = open_session(starts_at=NOON + DAY), open_session(starts_at=NOON)
    undated = postpone_session(
        session=open_session(starts_at=NOON - DAY), by=None, at=AT, motive="Verglas"
    )
    session()
    cancel_session(session=open_session(), by=None, at=AT, motive="Verglas")
    held(open_session(starts_at=NOON - 20 * DAY))

    assert list(catalogue_sessions(at=AT)) == [sooner, later, undated]


def test_a_session_stays_in_the_catalogue_until_its_last_meeting_ends():
    row = open_session(meetings=[meeting(), meeting(NOON + DAY)])
    end = NOON + DAY + timedelta(hours=1)

    assert list(catalogue_sessions(at=end - timedelta(seconds=1))) == [row]
    assert list(catalogue_sessions(at=end)) == []


def test_the_catalogue_is_filtered_by_each_name_and_by_nothing_empty():
    theme = Theme.objects.create(code="ethique", title_fr="Éthique")
    row = open_session(
        course=published_course(theme=theme, kind="webinar"), format=SessionFormat.HYBRID,
        language="en",
    )  # fmt: skip
    open_session()

    for name, value in [
        ("course", row.course), ("theme", theme), ("kind", "webinar"), ("language", "en"),
        ("format", "hybrid"),
    ]:  # fmt: skip
        assert list(catalogue_sessions(at=AT, **{name: value})) == [row], name
    assert catalogue_sessions(at=AT, theme=None, language="").count() == 2


def test_the_catalogue_counts_seats_and_ranks_without_multiplying_them():
    row = open_session(
        capacity=2, meetings=[meeting(), meeting(NOON + DAY), meeting(NOON + 2 * DAY)]
    )
    gone = enrolled(row)
    cancel_enrolment(enrolment=gone, by=gone.person, at=AT)
    for _ in range(5):
        enrolled(row)

    (found,) = catalogue_sessions(at=AT)

    assert (found.held_count, found.waiting_count) == (2, 3)
    assert (found.starts_at, found.ends_at) == (NOON, NOON + 2 * DAY + timedelta(hours=1))


def test_the_catalogue_takes_the_same_questions_for_one_and_for_many():
    def read():
        with CaptureQueriesContext(connection) as asked:
            for row in catalogue_sessions(at=AT):
                seat_summary(row).words  # noqa: B018 - reading is the point
                agenda_of = list(row.meetings.all())
                assert agenda_of
                assert row.course.theme is None
        return len(asked)

    course = published_course()
    enrolled(open_session(course=course))
    one = read()
    for day in range(1, 8):
        enrolled(open_session(course=course, starts_at=NOON + day * DAY))

    assert (one, read()) == (3, 3)


# ------------------------------------------------------------------ seats in words
@pytest.mark.parametrize(
    ("capacity", "held_seats", "waiting", "free", "words"),
    [
        (None, 7, 0, None, "No limit of seats"),
        (10, 6, 0, 4, "4 seats"),
        (10, 9, 0, 1, "1 seat"),
        (10, 10, 0, 0, "Full"),
        (10, 10, 6, 0, "Full, 6 people waiting"),
        (10, 10, 1, 0, "Full, 1 person waiting"),
        (10, 12, 0, 0, "Full"),
        (10, 9, 1, 1, "Full, 1 person waiting"),  # the free seat is promised
        (10, 7, 1, 3, "2 seats"),
    ],
)
def test_seats_are_said_in_words(capacity, held_seats, waiting, free, words):
    summary = SeatSummary(capacity, held_seats, waiting)

    with translation.override("en"):
        assert (summary.free, summary.words) == (free, words)


def test_seats_of_one_session_take_one_question(django_assert_num_queries):
    row = open_session(capacity=1)
    enrolled(row), enrolled(row)

    with django_assert_num_queries(1):
        assert seat_summary(row) == SeatSummary(1, 1, 1)


def test_an_agenda_is_in_order_whatever_was_typed_first():
    row = session(
        meetings=[meeting(NOON + DAY), meeting(NOON, 3)],
        breaks=[(NOON + timedelta(hours=1), NOON + timedelta(hours=1, minutes=15))],
    )

    found = agenda(row)

    assert [each.starts_at for each in found.meetings] == [NOON, NOON + DAY]
    assert (found.starts_at, found.ends_at) == (NOON, NOON + DAY + timedelta(hours=1))
    assert len(found.breaks) == 1
    assert agenda(Session(course=row.course)).starts_at is None


# ------------------------------------------------------------------ rows and rights
def test_a_session_is_read_as_far_as_the_right_reaches():
    trainer = people.trainer()
    mine, other = open_session(trainers=[trainer]), open_session()

    assert session_for(trainer, mine.key, "courses.roster") == mine
    with pytest.raises(Session.DoesNotExist):
        session_for(trainer, other.key, "courses.roster")
    assert session_for(people.coordinator(), other.key, "courses.roster") == other
    with pytest.raises(Session.DoesNotExist):
        session_for(people.person(), mine.key, "courses.roster")


def test_the_roster_shows_seats_by_name_then_the_list_in_order():
    row = open_session(capacity=2)
    zoe = enrolled(row, people.person(printed_name="Zoé"))
    anne = enrolled(row, people.person(printed_name="Anne"))
    first, second = enrolled(row), enrolled(row)
    gone = enrolled(row)
    cancel_enrolment(enrolment=gone, by=gone.person, at=AT)

    found = list(roster(row, people.coordinator(), Scope.ALL))

    assert found == [anne, zoe, first, second]
    assert waiting_places(row) == {first.pk: 1, second.pk: 2}
    assert list(roster(row, people.person(), None)) == []


def test_my_enrolments_are_mine_with_their_sessions_in_two_questions(django_assert_num_queries):
    person = people.person()
    later, sooner = open_session(starts_at=NOON + DAY), open_session()
    rows = [enrolled(later, person), enrolled(sooner, person)]
    enrolled(sooner)

    with django_assert_num_queries(2):
        found = [
            (row, str(row.session.course), len(row.session.meetings.all()))
            for row in my_enrolments(person)
        ]

    assert [row for row, _title, _count in found] == rows[::-1]


# ------------------------------------------------------------------ a copy of one's own data
def test_the_export_holds_what_is_kept_of_a_person_and_of_nobody_else():
    row, person = open_session(), people.person()
    enrolment = enrolled(row, person)
    enrolled(row)
    record_join_click(enrolment=enrolment, meeting=row.meetings.get(), at=NOON)

    found = export_person(person)

    (exported,) = found["enrolments"]
    assert exported["key"] == str(enrolment.key)
    assert [(step["from"], step["to"]) for step in exported["history"]] == [("", "confirmed")]
    assert len(exported["join_clicks"]) == 1
    assert (found["modules"], found["teaching"], found["declarations"]) == ([], [], [])


# ------------------------------------------------------------------ the sweeps
@pytest.fixture
def at_dawn(monkeypatch):
    monkeypatch.setattr("courses.tasks.timezone.now", lambda: AT)


def test_the_sweep_serves_lists_that_nobody_woke(at_dawn):
    row = open_session(capacity=0)
    waiting = enrolled(row)
    Session.objects.filter(pk=row.pk).update(capacity=1)

    fill_free_seats()

    waiting.refresh_from_db()
    assert waiting.state == "confirmed"


def test_the_sweep_gives_back_the_seats_of_closed_accounts(at_dawn):
    row = open_session(capacity=1)
    gone, waiting = enrolled(row), enrolled(row)
    User.objects.filter(pk=gone.person_id).update(closed_at=AT)

    fill_free_seats()

    waiting.refresh_from_db()
    assert waiting.state == "confirmed"


def test_waking_one_session_serves_it(at_dawn):
    row = open_session(capacity=0)
    waiting = enrolled(row)
    Session.objects.filter(pk=row.pk).update(capacity=1)

    fill_one_session(row.pk)

    waiting.refresh_from_db()
    assert waiting.state == "confirmed"


def test_the_clock_s_task_opens_sessions_at_their_hour(monkeypatch):
    row = announce_session(session=session(enrolment_opens_at=AT + DAY), by=None, at=AT)
    monkeypatch.setattr("courses.tasks.timezone.now", lambda: AT + DAY)

    move_sessions_by_the_clock()

    row.refresh_from_db()
    assert row.state == SessionState.OPEN


def test_the_clock_s_task_ends_sessions(monkeypatch):
    row = open_session()
    monkeypatch.setattr("courses.tasks.timezone.now", lambda: NOON + DAY)

    move_sessions_by_the_clock()

    row.refresh_from_db()
    assert row.state == SessionState.HELD
