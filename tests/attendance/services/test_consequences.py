"""What settled presence means for the next enrolments, written through services of courses."""

from datetime import timedelta

import pytest

from attendance.choices import MarkKind, MarkSource
from attendance.services.closing import close_attendance, reopen_attendance
from attendance.services.marks import mark_presence
from courses.models import Equivalence, Strike
from courses.selectors.progress import has_completed
from courses.services.enrolments import PrerequisiteMissing, enrol
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, held, open_session

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AFTER = NOON + timedelta(hours=2)


def mark(row, person, kind, staff):
    mark_presence(
        session=row,
        person=person,
        kind=kind,
        source=MarkSource.OVERRIDE,
        by=staff,
        at=AFTER,
        motive="Vu en salle",
    )


def settle(row, staff):
    close_attendance(session=row, by=staff, at=AFTER)


def test_presence_opens_the_course_that_asks_for_it():
    staff, row = people.coordinator(), open_session()
    there, away = enrolled(row).person, enrolled(row).person
    held(row)
    mark(row, there, MarkKind.PRESENT, staff)
    settle(row, staff)
    sequel = open_session(prerequisite=row.course, starts_at=NOON + timedelta(days=7))

    assert enrol(person=there, session=sequel, by=there, at=AFTER).state == "confirmed"
    with pytest.raises(PrerequisiteMissing):
        enrol(person=away, session=sequel, by=away, at=AFTER)


def test_presence_corrected_takes_the_completion_back():
    staff, row = people.coordinator(), open_session()
    person = enrolled(row).person
    held(row)
    mark(row, person, MarkKind.PRESENT, staff)
    settle(row, staff)
    reopen_attendance(session=row, by=staff, at=AFTER, motive="Erreur de nom")
    mark(row, person, MarkKind.ABSENT, staff)
    settle(row, staff)

    assert not has_completed(person, row.course_id)
    assert Equivalence.objects.count() == 1


def test_an_absence_counts_where_the_session_says_so_and_is_excused_once_corrected():
    staff = people.coordinator()
    row = open_session(counts_strikes=True)
    person = enrolled(row, at=AT).person
    held(row)
    settle(row, staff)
    assert [strike.points for strike in Strike.objects.all()] == [2]

    reopen_attendance(session=row, by=staff, at=AFTER, motive="Rapport retrouvé")
    mark(row, person, MarkKind.PRESENT, staff)
    settle(row, staff)

    assert Strike.objects.get().excused_at == AFTER


def test_an_absence_counts_nowhere_else():
    staff, row = people.coordinator(), open_session(counts_strikes=False)
    enrolled(row)
    held(row)

    settle(row, staff)

    assert not Strike.objects.exists()
