"""What trainers and people of a session are told of its changes, by name."""

from datetime import timedelta

import pytest

from courses.services.sessions import (
    cancel_session,
    postpone_session,
    replace_trainer,
    save_session,
)
from notices.choices import NoticeKind as Kind
from notices.choices import NoticeState
from notices.models import Notice
from notices.selectors.facts import facts_of
from tests.factories import courses, notices, people

pytestmark = pytest.mark.django_db
AT = courses.AT + timedelta(days=1)  # the session was made and announced the day before
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ann():
    return people.trainer(printed_name="Ann Roy")


@pytest.fixture
def bob():
    return people.trainer(printed_name="Bob Côté")


def change_trainers(session, trainers, at=AT):
    save_session(
        session=session, meetings=None, breaks=None, trainers=trainers, by=None, at=at,
        motive="Maladie.",
    )  # fmt: skip


def words_of(person, kind=Kind.SESSION_CHANGED, at=AT):
    facts = facts_of(notices.of(person, kind)[-1], at=at)
    return facts.words if facts else None


def test_who_replaces_whom_is_said_by_name(ann, bob):
    session = courses.open_session(trainers=[ann])
    person = courses.enrolled(session).person
    replace_trainer(session=session, old=ann, new=bob, by=None, at=AT, motive="Maladie.")
    words = words_of(person)
    assert (words["trainers_come"], words["trainers_gone"]) == (["Bob Côté"], ["Ann Roy"])
    assert words["one_for_one"] is True


def test_one_who_came_and_went_is_named_nowhere(ann, bob):
    session = courses.open_session(trainers=[ann])
    person = courses.enrolled(session).person
    change_trainers(session, [ann, bob])
    change_trainers(session, [ann], at=AT + MINUTE)
    words = words_of(person, at=AT + MINUTE)
    assert (words["trainers_come"], words["trainers_gone"]) == ([], [])


def test_several_who_join_or_leave_are_all_named(ann, bob):
    session = courses.open_session(trainers=[ann])
    person = courses.enrolled(session).person
    change_trainers(session, [bob, people.trainer(printed_name="Cléo Dion")])
    words = words_of(person)
    assert words["trainers_come"] == ["Bob Côté", "Cléo Dion"]
    assert (words["trainers_gone"], words["one_for_one"]) == (["Ann Roy"], False)


def test_a_trainer_hears_it_without_a_seat_nor_a_calendar(ann, bob):
    session = courses.open_session(trainers=[ann])
    change_trainers(session, [ann, bob])
    facts = facts_of(notices.of(bob, Kind.SESSION_CHANGED)[-1], at=AT)
    assert (facts.words["teaches"], facts.calendar, facts.files) == (True, b"", ())


def test_one_who_is_replaced_hears_it_until_they_teach_again(ann, bob):
    session = courses.open_session(trainers=[ann])
    replace_trainer(session=session, old=ann, new=bob, by=None, at=AT, motive="Maladie.")
    words = words_of(ann)
    assert (words["leaves"], words["one_for_one"], words["motive"]) == (True, True, "Maladie.")
    assert "leaves" not in words_of(bob)
    replace_trainer(session=session, old=bob, new=ann, by=None, at=AT + MINUTE, motive="Remise.")
    left, again = notices.of(ann, Kind.SESSION_CHANGED)
    assert facts_of(left, at=AT + MINUTE) is None
    assert "leaves" not in facts_of(again, at=AT + MINUTE).words


def test_one_who_gives_the_session_up_for_a_seat_in_it_is_told_once(ann, bob):
    session = courses.open_session(trainers=[ann])
    courses.enrolled(session, ann)
    change_trainers(session, [bob])
    assert len(notices.of(ann, Kind.SESSION_CHANGED)) == 1


def test_one_who_no_longer_teaches_is_not_told(ann, bob):
    session = courses.open_session(trainers=[ann])
    cancel_session(session=session, by=None, at=AT, motive="Maladie.")
    assert words_of(ann, Kind.SESSION_CANCELLED)["motive"] == "Maladie."
    session.trainers.all().delete()
    assert words_of(ann, Kind.SESSION_CANCELLED) is None


def test_a_trainer_hears_several_changes_in_the_last_message(ann, bob):
    session = courses.open_session(trainers=[ann])
    change_trainers(session, [ann, bob])
    meeting = session.meetings.get()
    meeting.place = "Salle 2"
    save_session(
        session=session, meetings=[meeting], breaks=None, trainers=None, by=None, at=AT + MINUTE
    )
    first, second = notices.of(ann, Kind.SESSION_CHANGED)
    assert facts_of(first, at=AT + MINUTE) is None
    assert len(facts_of(second, at=AT + MINUTE).words["changes"]) == 2
    Notice.objects.filter(pk=first.pk).update(state=NoticeState.SENT)
    assert len(facts_of(second, at=AT + MINUTE).words["changes"]) == 1


def test_a_session_postponed_is_told_to_its_trainers_while_it_is(ann):
    session = courses.open_session(trainers=[ann])
    postpone_session(session=session, by=None, at=AT, motive="Tempête.")
    assert words_of(ann, Kind.SESSION_POSTPONED)["teaches"] is True
    cancel_session(session=session, by=None, at=AT + MINUTE, motive="Tempête.")
    assert words_of(ann, Kind.SESSION_POSTPONED) is None
