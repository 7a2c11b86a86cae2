"""A term made after another one: what is copied, what never is, what is left to decide."""

from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

import pytest

from courses.choices import ChecklistCode, PoolKind, SessionState
from courses.models import Enrolment, Pool, Session, Term
from courses.selectors.copies import RULES
from courses.selectors.terms import plan_term, undecided, weeks_between
from courses.services.checklists import add_item, tick_item
from courses.services.seat_plan import PoolsTooLarge
from courses.services.sessions import (
    announce_session,
    cancel_session,
    postpone_session,
    save_session,
)
from courses.services.terms import (
    TermStands,
    TitleMissing,
    WeeksRefused,
    check_duplicate,
    duplicate_term,
)
from courses.services.trainers import assign_trainer
from tests.factories import courses, people
from tests.factories.courses import (
    AT,
    HERE,
    NOON,
    enrolled,
    meeting,
    open_session,
    published_course,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NEXT = {"title_fr": "Automne 2027", "title_en": "Fall 2027", "starts_on": date(2027, 8, 31)}


def duplicate(term, *, weeks=52, **given):
    return duplicate_term(term=term, weeks=weeks, by=None, at=AT, **(NEXT | given))


def words(pairs):
    return [question.words for _session, question in pairs]


def rich_session(term, **fields):
    """A session with everything that can be copied and everything that must not be."""
    trainer, coordinator = people.trainer(), people.coordinator()
    session = courses.session(
        term=term,
        meetings=[
            meeting(NOON, 3, join_url="https://reunion.example/j/1", place="Salle 4"),
            meeting(NOON + timedelta(days=7), 2, join_url="https://reunion.example/j/2"),
        ],
        breaks=[(NOON + timedelta(hours=1), NOON + timedelta(hours=1, minutes=15))],
        trainers=[trainer],
        capacity=12,
        enrolment_opens_at=datetime(2026, 10, 5, 9, tzinfo=HERE),
        enrolment_closes_at=datetime(2026, 11, 10, 17, tzinfo=HERE),
        cancel_until=datetime(2026, 11, 12, 17, tzinfo=HERE),
        prerequisite=published_course(),
        survey_required=False,
        takes_questions=True,
        survey_gate=True,
        counts_strikes=True,
        **fields,
    )
    save_session(
        session=session,
        meetings=None,
        breaks=None,
        trainers=None,
        pools=[
            Pool(
                kind=PoolKind.ESTABLISHMENT,
                establishment=people.establishment(),
                capacity=5,
                opens_at=datetime(2026, 10, 1, 9, tzinfo=HERE),
                release_at=datetime(2026, 11, 7, 9, tzinfo=HERE),
            ),
            Pool(kind=PoolKind.GUESTS, capacity=2),
        ],
        by=coordinator,
        at=AT,
    )
    session.guests.create(address="invitee@exemple.test", invited_at=AT)
    tick_item(session=session, code=ChecklistCode.ACCREDITATION, by=coordinator, at=AT)
    session.checklist.filter(code=ChecklistCode.SLIDES).update(offset_days=-10)
    add_item(
        session=session,
        label_fr="Réserver la salle",
        label_en="Book the room",
        offset_days=-20,
        by=coordinator,
        at=AT,
    )
    return session


def on_the_wall(moment):
    return timezone.localtime(moment).replace(tzinfo=None)


# ------------------------------------------------------------------ what is copied
def test_the_new_term_is_as_long_and_lets_people_hold_as_many_seats():
    term = courses.term(seats_per_person=3)

    made = duplicate(term).term

    assert (made.title_fr, made.title_en) == ("Automne 2027", "Fall 2027")
    assert (made.starts_on, made.ends_on - made.starts_on) == (
        date(2027, 8, 31),
        term.ends_on - term.starts_on,
    )
    assert made.seats_per_person == 3


def test_rules_agenda_and_pools_are_copied_and_moved_by_whole_weeks():
    term = courses.term()
    source = rich_session(term)

    [copy] = duplicate(term).sessions

    copy.refresh_from_db()
    assert {name: getattr(copy, name) for name in RULES if name != "term"} == {
        name: getattr(source, name) for name in RULES if name != "term"
    }
    shift = timedelta(weeks=52)
    for name in ("enrolment_opens_at", "enrolment_closes_at", "cancel_until"):
        moved = on_the_wall(getattr(copy, name))
        assert moved == on_the_wall(getattr(source, name)) + shift
    for rows in ("meetings", "breaks"):
        assert [
            (on_the_wall(row.starts_at), on_the_wall(row.ends_at))
            for row in getattr(copy, rows).all()
        ] == [
            (on_the_wall(row.starts_at) + shift, on_the_wall(row.ends_at) + shift)
            for row in getattr(source, rows).all()
        ]
    assert [row.place for row in copy.meetings.all()] == ["Salle 4", ""]
    assert [
        (row.kind, row.establishment, row.capacity, row.release_at and on_the_wall(row.release_at))
        for row in copy.pools.all()
    ] == [
        (PoolKind.ESTABLISHMENT, people.establishment(), 5, datetime(2027, 11, 6, 9)),  # noqa: DTZ001 - the wall's
        (PoolKind.GUESTS, None, 2, None),
    ]


def test_people_addresses_and_what_the_house_wrote_are_never_copied():
    term = courses.term()
    source = rich_session(term)
    announce_session(session=source, by=None, at=AT)
    enrolled(open_session(term=term, course=source.course, starts_at=NOON + timedelta(days=1)))

    made = duplicate(term).sessions

    assert [row.state for row in made] == [SessionState.DRAFT] * 2
    copies = Session.objects.filter(pk__in=[row.pk for row in made])
    assert not copies.filter(trainers__isnull=False).exists()
    assert not copies.filter(guests__isnull=False).exists()
    assert not Enrolment.objects.filter(session__in=copies).exists()
    assert {row.join_url for copy in copies for row in copy.meetings.all()} == {""}
    assert {(row.version, row.held_at, row.release, row.twin_of) for row in copies} == {
        (None, None, 0, None)
    }
    assert not ({row.key for row in copies} & set(term.sessions.values_list("key", flat=True)))


def test_the_checklist_is_copied_with_its_days_and_without_its_ticks():
    term = courses.term()
    source = rich_session(term)

    [copy] = duplicate(term).sessions

    columns = ("code", "label_fr", "label_en", "offset_days")
    assert set(copy.checklist.values_list(*columns)) == set(source.checklist.values_list(*columns))
    assert source.checklist.filter(done_at__isnull=False).exists()
    assert not copy.checklist.filter(done_at__isnull=False).exists()


def test_a_session_keeps_its_hour_across_a_change_of_hour():
    term = courses.term()
    courses.session(term=term, starts_at=datetime(2026, 10, 27, 13, tzinfo=HERE))

    [copy] = duplicate(term, weeks=1, starts_on=date(2026, 9, 8)).sessions

    starts_at = copy.meetings.get().starts_at
    assert timezone.localtime(starts_at) == datetime(2026, 11, 3, 13, tzinfo=HERE)
    assert starts_at.astimezone(UTC).hour == 18  # 17 before


def test_a_cancelled_session_is_left_out_and_a_draft_is_not():
    term = courses.term()
    cancelled = open_session(term=term)
    draft = courses.session(term=term)
    cancel_session(session=cancelled, by=None, at=AT, motive="Verglas")

    plan = plan_term(term, weeks=52, at=AT, **NEXT)

    assert [copy.source for copy in plan.copies] == [draft]
    assert plan.left_out == [cancelled]
    assert len(duplicate(term).sessions) == 1


# ------------------------------------------------------------------ what is left to decide
def test_what_must_be_decided_again_is_listed():
    translation.activate("en")
    term = courses.term()
    rich_session(term)

    assert words(duplicate(term).to_decide) == [
        "Trainers",
        "Join address",
        "Names of the guests",
        "Accreditation",
    ]


@pytest.mark.parametrize(
    ("starts_at", "expected"),
    [
        (datetime(2026, 10, 13, 9, tzinfo=HERE), "lies outside the term"),
        (datetime(2026, 6, 25, 9, tzinfo=HERE), "is a public holiday: Saint Jean Baptiste Day"),
        (datetime(2026, 11, 14, 9, tzinfo=HERE), "falls on a weekend"),
    ],
)
def test_a_day_on_which_nobody_works_is_listed_first(starts_at, expected):
    translation.activate("en")
    term = courses.term()
    given = {"starts_on": date(2027, 8, 31)}
    if "outside" in expected:
        given = {"starts_on": date(2027, 10, 20)}
    courses.session(
        term=term,
        starts_at=starts_at,
        at=datetime(2026, 1, 5, 9, tzinfo=HERE),
        course=published_course(),
    )

    [(_session, first), *_rest] = duplicate(term, **given).to_decide

    assert expected in first.words
    assert first.is_grave


def test_a_session_without_a_known_date_says_so():
    translation.activate("en")
    term = courses.term()
    postponed = open_session(term=term)
    postpone_session(session=postponed, by=None, at=AT, motive="Verglas")

    assert words(duplicate(term).to_decide)[0] == "Its date: the session copied is postponed."


def test_what_is_left_of_a_draft_is_read_from_its_rows():
    translation.activate("en")
    term = courses.term()
    session = courses.session(term=term, join_url="")

    def left():
        return [question.words for one in undecided(term, at=AT) for question in one.questions]

    assert left() == ["Trainers", "Join address", "Accreditation"]
    assign_trainer(session=session, person=people.trainer(), by=None, at=AT)
    tick_item(session=session, code=ChecklistCode.ACCREDITATION, by=None, at=AT)
    assert left() == ["Join address"]
    save_session(
        session=session,
        meetings=[meeting(NOON, join_url="https://reunion.example/1")],
        breaks=None,
        trainers=None,
        by=None,
        at=AT,
    )
    assert left() == []


# ------------------------------------------------------------------ refusals
@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"title_fr": "  "}, TitleMissing),
        ({"weeks": 0}, WeeksRefused),
        ({"weeks": -4}, WeeksRefused),
        ({"weeks": 261}, WeeksRefused),
    ],
)
def test_a_term_that_cannot_be_is_refused(given, refusal):
    term = courses.term()
    courses.session(term=term)

    with pytest.raises(refusal):
        duplicate(term, **given)
    assert (Term.objects.count(), Session.objects.count()) == (1, 1)


def test_a_second_press_makes_nothing():
    term = courses.term()
    courses.session(term=term)
    duplicate(term)

    with pytest.raises(TermStands):
        duplicate(term, title_fr=" Automne 2027 ")
    with pytest.raises(TermStands):
        check_duplicate(term=term, title_fr="Automne 2027", starts_on=NEXT["starts_on"], weeks=52)
    assert (Term.objects.count(), Session.objects.count()) == (2, 2)


def test_a_session_that_cannot_be_kept_undoes_everything():
    term = courses.term()
    courses.session(term=term)
    full = courses.session(term=term, capacity=3)
    Pool.objects.create(session=full, kind=PoolKind.GUESTS, capacity=9)  # past the one door

    with pytest.raises(PoolsTooLarge):
        duplicate(term)
    assert (Term.objects.count(), Session.objects.count()) == (1, 2)


# ------------------------------------------------------------------ cost
@pytest.mark.parametrize("count", [10, 100, 1000])
@pytest.mark.parametrize("read", ["plan", "undecided"])
def test_reading_costs_the_same_whatever_the_number_of_sessions(read, count):
    term, course = courses.term(), published_course()

    def cost():
        with CaptureQueriesContext(connection) as queries:
            if read == "plan":
                plan_term(term, weeks=52, at=AT, **NEXT)
            else:
                undecided(term, at=AT)
        return len(queries)

    courses.session(term=term, course=course)
    one = cost()
    courses.many_sessions(count, course=course, term=term)
    assert cost() == one


@pytest.mark.parametrize(
    ("old", "new", "weeks"),
    [
        (date(2026, 9, 1), date(2027, 8, 31), 52),
        (date(2026, 9, 1), date(2027, 9, 1), 52),
        (date(2026, 9, 1), date(2027, 1, 5), 18),
    ],
)
def test_weeks_between_two_first_days_are_whole(old, new, weeks):
    assert weeks_between(old, new) == weeks
