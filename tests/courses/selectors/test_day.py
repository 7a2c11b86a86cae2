"""What the page of a session says of a change on the day, and when it stops saying it."""

from datetime import timedelta

from django.utils import translation

import pytest

from courses.choices import DayKind
from courses.models import Session
from courses.selectors.day import Banner, Line, banner_of
from courses.services.day import DayChange, change_on_the_day
from courses.services.sessions import save_session
from people.letters import interval_words
from tests.factories import people
from tests.factories.courses import AT, NOON, meeting, open_session

pytestmark = pytest.mark.django_db

MORNING = NOON - timedelta(hours=2)


@pytest.fixture(autouse=True)
def _english():
    translation.activate("en")


def change(session, kind, *, at=MORNING, motive="Verglas", **given):
    change_on_the_day(
        session=session, change=DayChange(kind, **given), by=None, at=at, motive=motive
    )


def banner(session, at=MORNING):
    return banner_of(Session.objects.get(pk=session.pk), at=at)


def words(found):
    return [line.words for line in found.lines]


def test_nothing_is_said_while_nothing_changed():
    assert banner(open_session()) is None


def test_a_delay_says_the_new_hours_and_why():
    session = open_session()
    change(session, DayKind.DELAY, minutes=20)

    found = banner(session)

    hours = interval_words(NOON + timedelta(minutes=20), NOON + timedelta(minutes=80), "en")
    assert found == Banner([Line(f"New hours: {hours}", "Verglas")], MORNING, is_off=False)


def test_several_changes_are_one_banner_each_said_once():
    old, new = people.trainer(), people.trainer(printed_name="Alix Roy")
    session = open_session(trainers=[old])
    change(session, DayKind.JOIN_URL, join_url="https://reunion.example/j/2", motive="")
    change(session, DayKind.JOIN_URL, join_url="https://reunion.example/j/3", motive="")
    change(session, DayKind.TRAINER, leaving=old, coming=new, motive="Grippe")

    found = banner(session)

    assert words(found) == [
        "Now given by: Alix Roy",
        "The address of the meeting has changed: the “Join” button leads to it.",
    ]
    assert "reunion.example" not in " ".join(words(found))


def test_each_change_keeps_its_own_motive_and_the_newest_explains_it():
    old, new = people.trainer(), people.trainer(printed_name="Alix Roy")
    session = open_session(trainers=[old])
    change(session, DayKind.DELAY, minutes=20, motive="Verglas")
    change(session, DayKind.JOIN_URL, join_url="https://reunion.example/j/2", motive="Panne")
    change(session, DayKind.JOIN_URL, join_url="https://reunion.example/j/3", motive="Autre panne")
    change(session, DayKind.JOIN_URL, join_url="https://reunion.example/j/4", motive="")
    change(session, DayKind.TRAINER, leaving=old, coming=new, motive="Grippe")

    assert [line.motive for line in banner(session).lines] == ["Verglas", "Grippe", "Autre panne"]


def test_two_changes_with_one_motive_say_it_once_under_the_last():
    session = open_session()
    row = session.meetings.get()
    row.place, row.ends_at = "Salle 2", row.ends_at + timedelta(minutes=30)
    save_session(
        session=session,
        meetings=[row],
        breaks=None,
        trainers=None,
        by=None,
        at=MORNING,
        motive="Dégât d’eau",
    )

    assert [line.motive for line in banner(session).lines] == ["", "Dégât d’eau"]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (DayKind.CANCEL, "This session is cancelled: it will not take place."),
        (
            DayKind.POSTPONE,
            "This session is postponed: it will not take place at the time announced.",
        ),
    ],
)
def test_a_session_called_off_says_so_and_nothing_else(kind, sentence):
    session = open_session()
    change(session, DayKind.DELAY, minutes=20, motive="Panne")
    change(session, kind)

    found = banner(session)

    assert found == Banner([Line(sentence, "Verglas")], MORNING, is_off=True)


def test_a_change_is_shown_from_36_hours_before_until_the_end():
    session = open_session()
    row = session.meetings.get()
    row.starts_at += timedelta(hours=1)
    row.ends_at += timedelta(hours=1)
    early, near = NOON - timedelta(days=3), NOON - timedelta(hours=30)
    for at, place in ((early, "Salle 1"), (near, "Salle 2")):
        row.place = place
        save_session(session=session, meetings=[row], breaks=None, trainers=None, by=None, at=at)

    assert banner(session, early) is None  # three days before: a mail is enough
    assert words(banner(session, near)) == ["New place: Salle 2"]
    assert banner(session, NOON + timedelta(minutes=90)) is not None
    assert banner(session, NOON + timedelta(hours=2)) is None


def test_what_was_changed_before_it_was_announced_is_no_news():
    session = open_session(starts_at=AT + timedelta(hours=5), at=AT)

    assert banner(session, AT + timedelta(hours=1)) is None


def test_the_first_address_of_a_meeting_is_no_news():
    session = open_session(join_url="")
    change(session, DayKind.JOIN_URL, join_url="https://reunion.example/j/1")

    assert banner(session) is None


def test_capacity_and_dates_of_enrolment_are_no_change_of_the_day():
    session = open_session(capacity=20)
    session.capacity = 30
    save_session(session=session, meetings=None, breaks=None, trainers=None, by=None, at=MORNING)

    assert banner(session) is None


def test_a_far_session_asks_nothing_of_the_database(django_assert_num_queries):
    session = Session.objects.prefetch_related("meetings", "trainers").get(
        pk=open_session(meetings=[meeting(NOON)]).pk
    )

    with django_assert_num_queries(0):
        assert banner_of(session, at=AT) is None
    with django_assert_num_queries(1):
        banner_of(session, at=MORNING)
