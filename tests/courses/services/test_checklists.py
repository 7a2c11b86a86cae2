"""What is to be done around a session: planned once, due by the local day, ticked from above."""

from datetime import date, timedelta

import pytest

from attendance.services.closing import reopen_attendance
from certificates.services.issuing import issue_for_session
from courses.choices import CHECKLIST, ChecklistCode, SessionState
from courses.models import ChecklistItem
from courses.selectors.checklists import checklist_of, due_items
from courses.services.checklists import (
    ChecklistRefusal,
    KeptItem,
    LabelMissing,
    NotOnTheList,
    TooFar,
    add_item,
    plan_checklist,
    remove_item,
    tick_item,
)
from courses.services.declarations import ask_declaration, sign_declaration
from courses.services.sessions import (
    cancel_session,
    open_enrolment,
    postpone_session,
    save_session,
)
from tests.factories import attendance, courses, people
from tests.factories.courses import AT, NOON, meeting

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def item(session, code=ChecklistCode.SLIDES):
    return session.checklist.get(code=code)


def days_of(session, at=AT):
    return {one.item.code: one.due_on for one in checklist_of(session, at=at)}


# ------------------------------------------------------------------ planning
def test_a_session_is_born_with_the_list_of_the_house():
    session = courses.session()

    assert dict(session.checklist.values_list("code", "offset_days")) == CHECKLIST


def test_planning_again_changes_nothing():
    session = courses.session()
    session.checklist.filter(code=ChecklistCode.SLIDES).update(offset_days=-10)
    tick_item(session=session, code=ChecklistCode.SLIDES, by=None, at=AT)

    plan_checklist(session=session, at=AT)

    assert session.checklist.count() == len(CHECKLIST)
    assert (item(session).offset_days, item(session).done_at) == (-10, AT)


def test_a_session_older_than_lists_gets_one_when_it_is_opened():
    session = courses.session()
    session.checklist.all().delete()

    open_enrolment(session=session, by=None, at=AT)

    assert session.checklist.count() == len(CHECKLIST)


def test_an_open_session_older_than_lists_gets_one_when_it_is_saved():
    session = courses.open_session()
    session.checklist.all().delete()

    save_session(session=session, meetings=None, breaks=None, trainers=None, by=None, at=AT)

    assert session.checklist.count() == len(CHECKLIST)


# ------------------------------------------------------------------ due days
def test_days_before_count_from_the_first_meeting_and_days_after_from_the_last():
    session = courses.session(meetings=[meeting(NOON), meeting(NOON + timedelta(days=7))])

    assert days_of(session) == {
        ChecklistCode.ACCREDITATION: date(2026, 8, 19),
        ChecklistCode.DECLARATIONS: date(2026, 10, 18),
        ChecklistCode.SLIDES: date(2026, 11, 10),
        ChecklistCode.TEST: date(2026, 11, 15),
        ChecklistCode.PRESENCE: date(2026, 11, 26),
        ChecklistCode.ATTESTATIONS: date(2026, 11, 29),
    }


def test_due_days_are_local_ones():
    late_evening = NOON.replace(hour=21)  # already tomorrow in UTC
    session = courses.session(starts_at=late_evening)

    assert days_of(session)[ChecklistCode.SLIDES] == date(2026, 11, 10)


def test_an_item_is_late_the_day_after_its_day_and_never_once_done():
    session = courses.session()
    due_day = NOON - timedelta(days=7)

    def is_late(at):
        return next(
            one.is_late
            for one in checklist_of(session, at=at)
            if one.item.code == ChecklistCode.SLIDES
        )

    assert not is_late(due_day.replace(hour=23, minute=59))
    assert is_late((due_day + timedelta(days=1)).replace(hour=0, minute=0))
    tick_item(session=session, code=ChecklistCode.SLIDES, by=None, at=due_day)
    assert not is_late(due_day + timedelta(days=3))


def test_a_postponed_session_gives_no_day():
    session = courses.open_session()
    postpone_session(session=session, by=None, at=AT, motive="Verglas")

    assert set(days_of(session).values()) == {None}


def test_staff_see_what_is_late_or_due_within_two_weeks_the_most_pressing_first():
    session = courses.session()
    coordinator = people.coordinator()
    at = NOON - timedelta(days=16)

    found = [(one.item.code, one.is_late) for one in due_items(at, coordinator)]

    assert found == [
        (ChecklistCode.ACCREDITATION, True),
        (ChecklistCode.DECLARATIONS, True),
        (ChecklistCode.SLIDES, False),
        (ChecklistCode.TEST, False),
    ]
    tick_item(session=session, code=ChecklistCode.TEST, by=coordinator, at=at)
    assert ChecklistCode.TEST not in [one.item.code for one in due_items(at, coordinator)]


def test_nothing_is_due_of_a_session_that_will_not_be_nor_for_those_who_do_not_manage():
    cancelled = courses.open_session()
    courses.session()
    cancel_session(session=cancelled, by=None, at=AT, motive="Formatrice malade")

    assert {one.session.state for one in due_items(NOON, people.coordinator())} == {
        SessionState.DRAFT
    }
    for reader in (people.trainer(), people.person(roles=("direction",)), people.person()):
        assert due_items(NOON, reader) == []


@pytest.mark.parametrize("count", [1, 10, 100, 1000])
def test_what_is_due_costs_the_same_whatever_the_number(django_assert_num_queries, count):
    coordinator = people.coordinator()
    courses.many_sessions(count, course=courses.published_course())
    due_items(NOON, coordinator)

    with django_assert_num_queries(1):
        found = due_items(NOON, coordinator)
    assert len(found) >= count


# ------------------------------------------------------------------ ticking
def test_a_tick_keeps_its_first_hour_and_author_and_is_taken_back():
    session, first, second = courses.session(), people.coordinator(), people.coordinator()

    tick_item(session=session, code=ChecklistCode.SLIDES, by=first, at=AT)
    tick_item(session=session, code=ChecklistCode.SLIDES, by=second, at=NOON)
    assert (item(session).done_by, item(session).done_at) == (first, AT)

    tick_item(session=session, item=item(session).pk, by=second, at=NOON, done=False)
    assert (item(session).done_by, item(session).done_at) == (None, None)


def test_a_tick_from_above_without_that_item_is_silent_and_a_foreign_number_is_refused():
    session, other = courses.session(), courses.session()
    session.checklist.all().delete()

    assert tick_item(session=session, code=ChecklistCode.PRESENCE, by=None, at=AT) is None
    with pytest.raises(NotOnTheList):
        tick_item(session=session, item=item(other).pk, by=None, at=AT)
    assert item(other).done_at is None


def test_settling_presence_ticks_it_and_reopening_takes_the_tick_back():
    session, _people = attendance.closed_session([60])
    assert item(session, ChecklistCode.PRESENCE).done_at is not None

    reopen_attendance(session=session, by=people.coordinator(), at=NOON, motive="Erreur")

    assert item(session, ChecklistCode.PRESENCE).done_at is None


def test_attestations_are_ticked_when_the_first_are_issued():
    session, _people = attendance.closed_session(
        [60], course=courses.published_course(), survey_required=False
    )
    assert item(session, ChecklistCode.ATTESTATIONS).done_at is None

    assert len(issue_for_session(session=session, by=None, at=NOON)) == 1

    assert item(session, ChecklistCode.ATTESTATIONS).done_at == NOON


def test_declarations_are_ticked_when_every_trainer_of_the_session_has_signed():
    one, two = people.trainer(), people.trainer()
    course, term = courses.published_course(), courses.term()
    both = courses.session(course=course, term=term, trainers=[one, two])
    alone = courses.session(course=course, term=term, trainers=[one])
    other = courses.session(course=course, term=courses.term(title_fr="Hiver"), trainers=[one])

    def ticked():
        return [
            item(each, ChecklistCode.DECLARATIONS).done_at is not None
            for each in (both, alone, other)
        ]

    for trainer, expected in ((one, [False, True, False]), (two, [True, True, False])):
        sign_declaration(
            declaration=ask_declaration(
                trainer=trainer, course=course, term=term, due_on=None, at=AT
            ),
            has_interests=False,
            statement="",
            signed_name="Nom",
            by=trainer,
            at=AT,
        )
        assert ticked() == expected


# ------------------------------------------------------------------ staff's own items
def test_an_item_of_staff_is_added_once_and_taken_away():
    session = courses.session()
    words = {"label_fr": "Réserver la salle", "label_en": "Book the room", "offset_days": -20}

    first = add_item(session=session, by=None, at=AT, **words)
    again = add_item(session=session, by=None, at=AT, **words)

    assert first == again
    assert str(first) == "Réserver la salle"
    remove_item(session=session, item=first.pk, by=None, at=AT)
    remove_item(session=session, item=first.pk, by=None, at=AT)
    assert not session.checklist.filter(code=ChecklistCode.OTHER).exists()


def test_an_item_of_the_house_is_never_taken_away():
    session = courses.session()

    with pytest.raises(KeptItem):
        remove_item(session=session, item=item(session).pk, by=None, at=AT)

    assert ChecklistItem.objects.filter(pk=item(session).pk).exists()


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({"label_fr": " ", "offset_days": 0}, LabelMissing),
        ({"label_fr": "Salle", "offset_days": -366}, TooFar),
    ],
)
def test_an_item_that_cannot_be_is_refused(words, refusal):
    session = courses.session()

    with pytest.raises(refusal):
        add_item(session=session, by=None, at=AT, **words)
    assert session.checklist.count() == len(CHECKLIST)


def test_the_list_of_a_cancelled_session_no_longer_grows():
    session = courses.open_session()
    cancel_session(session=session, by=None, at=AT, motive="Verglas")

    with pytest.raises(ChecklistRefusal):
        add_item(session=session, label_fr="Salle", offset_days=1, by=None, at=AT)
