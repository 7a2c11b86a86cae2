"""What keeps a person from a seat, by days; what is known already."""

from datetime import date, datetime, timedelta

from django.utils import translation

import pytest

from courses.choices import HoldReason
from courses.models import Enrolment, EnrolmentHold, Equivalence
from courses.services.holds import (
    HoldRefusal,
    end_equivalence,
    grant_equivalence,
    hold_person,
    lift_hold,
    record_completions,
)
from people.models import User
from tests.courses.lines import SECOND, fill, full_session, grow, live_of, refused, states
from tests.factories import people
from tests.factories.courses import (
    AT,
    HERE,
    NOON,
    enrolled,
    open_session,
    published_course,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TODAY = date(2026, 9, 1)
SURVEY_FIRST = "Answer the survey of the last session you attended first; then come back here."


# ------------------------------------------------------------------ holds
def survey_hold(person: User, since: date = TODAY, until: date | None = None) -> EnrolmentHold:
    return hold_person(
        person=person, reason=HoldReason.SURVEY, cause="session:1", since=since, until=until
    )


def test_a_survey_owed_keeps_from_sessions_that_ask_for_it_alone():
    person = people.person()
    survey_hold(person)

    assert refused(enrolled, open_session(survey_gate=True), person) == SURVEY_FIRST
    assert enrolled(open_session(), person).state == "confirmed"


def test_a_hold_by_staff_keeps_from_every_session():
    person = people.person()
    hold_person(person=person, reason=HoldReason.STAFF, cause="", since=TODAY)

    assert refused(enrolled, open_session(), person).startswith("Your enrolments are on hold.")


def test_a_hold_counts_by_local_days():
    person = people.person()
    survey_hold(person, since=date(2026, 9, 10), until=date(2026, 9, 12))
    row = open_session(survey_gate=True)
    midnight = datetime(2026, 9, 10, 0, 0, tzinfo=HERE)

    assert refused(enrolled, row, person, at=midnight) == SURVEY_FIRST
    assert refused(enrolled, row, person, at=midnight + timedelta(days=2) - SECOND) == SURVEY_FIRST
    assert enrolled(row, person, at=midnight + timedelta(days=2)).state == "confirmed"
    earlier = survey_hold(people.person(), since=date(2026, 9, 10)).person
    assert enrolled(row, earlier, at=midnight - SECOND).state == "confirmed"


def test_a_hold_is_written_once_for_a_cause_and_lifted_by_a_date():
    person = people.person()
    first = survey_hold(person)

    assert survey_hold(person).pk == first.pk
    hold_of_another = hold_person(
        person=person, reason=HoldReason.SURVEY, cause="session:2", since=TODAY
    )
    lifted = {"person": person, "reason": HoldReason.SURVEY, "cause": "session:1", "on": TODAY}
    assert (lift_hold(**lifted), lift_hold(**lifted)) == (True, False)
    first.refresh_from_db()
    hold_of_another.refresh_from_db()
    assert (first.until, hold_of_another.until) == (TODAY, None)
    assert refused(enrolled, open_session(survey_gate=True), person) == SURVEY_FIRST


def test_a_hold_passes_over_who_waits_and_gives_the_rank_back_when_it_is_lifted():
    row, (first, second) = full_session(2, survey_gate=True)
    survey_hold(first.person)
    grow(row, 1), fill(row)
    assert states(first, second) == ["waiting", "offered"]

    lift_hold(person=first.person, reason=HoldReason.SURVEY, cause="session:1", on=TODAY)
    grow(row, 2), fill(row)
    assert states(first) == ["offered"]


# ------------------------------------------------------------------ what is already known
def test_a_prerequisite_is_completed_or_recognised():
    before = published_course()
    row, person = open_session(prerequisite=before), people.person()
    assert refused(enrolled, row, person).startswith("This session asks that “")

    recognised = grant_equivalence(
        person=person, course=before, motive=" Maîtrise ", by=people.coordinator(), at=AT
    )

    assert recognised.motive == "Maîtrise"
    assert enrolled(row, person).state == "confirmed"
    end_equivalence(equivalence=recognised, at=AT)
    assert states(live_of(Enrolment(person=person, session=row))) == ["confirmed"]
    other = open_session(prerequisite=before, starts_at=NOON + timedelta(days=1))
    assert refused(enrolled, other, person).startswith("This session asks that “")


def test_an_equivalence_stands_once_and_may_be_granted_again():
    person, course, staff = people.person(), published_course(), people.coordinator()

    def grant() -> Equivalence:
        return grant_equivalence(person=person, course=course, motive="Maîtrise", by=staff, at=AT)

    first = grant()
    assert grant().pk == first.pk
    ended = end_equivalence(equivalence=first, at=AT)
    assert end_equivalence(equivalence=first, at=NOON).ended_at == ended.ended_at == AT
    assert grant().pk != first.pk


def test_having_attended_completes_the_course_for_the_next_one():
    attended = open_session(starts_at=NOON - timedelta(days=30))
    seat = enrolled(attended)
    row = open_session(prerequisite=attended.course)

    assert record_completions(session=attended, people=[seat.person], at=AT) == 1
    assert record_completions(session=attended, people=[seat.person], at=NOON) == 0
    assert enrolled(row, seat.person).state == "confirmed"
    assert record_completions(session=attended, people=[], at=NOON) == 0
    assert not Equivalence.objects.filter(ended_at=None).exists()


def test_an_equivalence_rests_on_something():
    person, course = people.person(), published_course()

    with translation.override("en"), pytest.raises(HoldRefusal) as refusal:
        grant_equivalence(person=person, course=course, motive=" ", by=None, at=AT)
    assert str(refusal.value) == "Say what the equivalence rests on."
