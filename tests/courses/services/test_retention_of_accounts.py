"""What goes with an account that somebody closes, and what is swept afterwards."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

import pytest

from courses.choices import HoldReason, StrikeCause
from courses.models import (
    CalendarFeed,
    EnrolmentHold,
    Equivalence,
    ModuleProgress,
    SessionGuest,
    Strike,
)
from courses.services.catalogue import publish_module
from courses.services.enrolments import cancel_enrolment, enrol
from courses.services.feeds import renew_feed
from courses.services.holds import give_late_strikes, give_strike, grant_equivalence, hold_person
from courses.services.progress import record_progress
from courses.services.retention import forget_closed_accounts
from people.models import User
from people.services.accounts import close_account
from tests.courses.lines import SECOND, fresh
from tests.factories import courses, people
from tests.factories.courses import AT, enrolled, guest, open_session

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TODAY = timezone.localdate(AT)
KINDS = (CalendarFeed, EnrolmentHold, Equivalence, Strike)


def late(person: User) -> Strike | None:
    """A strike for a seat given back after the deadline."""
    row = enrolled(open_session(counts_strikes=True, cancel_until=AT), person)
    cancel_enrolment(enrolment=row, by=person, at=AT + SECOND)
    return give_strike(enrolment=row, cause=StrikeCause.LATE, at=AT + timedelta(days=3))


def account_of(person: User) -> None:
    """One row of each kind that goes with the account."""
    renew_feed(person=person, at=AT)
    grant_equivalence(person=person, course=courses.course(), motive="Vu", by=None, at=AT)
    late(person)
    hold_person(person=person, reason=HoldReason.STAFF, cause="", since=TODAY)


def left_of(person: User) -> list[int]:
    return [kind.objects.filter(person=person).count() for kind in KINDS]


def test_what_served_an_account_goes_with_it_and_nobody_elses():
    gone, other = people.person(), people.person()
    account_of(gone), account_of(other)
    guest(open_session(), gone)
    assert left_of(gone) == [1, 1, 1, 1]

    close_account(user=gone, by=gone, at=AT)

    assert (left_of(gone), left_of(other)) == ([0, 0, 0, 0], [1, 1, 1, 1])
    assert SessionGuest.objects.count() == 0


def test_the_question_of_somebody_who_leaves_goes_at_once():
    session, person = open_session(takes_questions=True), people.person()
    row = enrol(person=person, session=session, by=person, at=AT, question="Et le placebo?")

    close_account(user=person, by=person, at=AT)

    assert fresh(row).question == ""


def test_what_is_written_after_the_account_was_closed_is_swept():
    person = people.person()
    close_account(user=person, by=person, at=AT)
    hold_person(person=person, reason=HoldReason.SURVEY, cause="session:1", since=TODAY)
    hold_person(person=people.person(), reason=HoldReason.STAFF, cause="", since=TODAY)

    assert (forget_closed_accounts(at=AT), forget_closed_accounts(at=AT)) == (1, 0)
    assert EnrolmentHold.objects.get().reason == HoldReason.STAFF


def test_a_module_begun_goes_with_the_account_and_one_completed_stays():
    """An attestation may rest on it."""
    gone, other = people.person(), people.person()
    rules = [{"kind": "viewed", "block": "a"}, {"kind": "viewed", "block": "b"}]
    begun, whole = (
        publish_module(
            course=courses.published_course(), key=uuid4(), title_fr="Module", title_en="Module",
            rules=asked, minutes=10, at=AT,
        )
        for asked in (rules, rules[:1])
    )  # fmt: skip
    for person in (gone, other):
        for version in (begun, whole):
            record_progress(
                person=person, version=version, block="a", fact={"is_done": True}, at=AT
            )

    close_account(user=gone, by=gone, at=AT)

    assert set(ModuleProgress.objects.values_list("person", "version")) == {
        (gone.pk, whole.pk), (other.pk, begun.pk), (other.pk, whole.pk),
    }  # fmt: skip


def test_nobody_is_struck_whose_account_is_closed():
    person = people.person()
    row = enrolled(open_session(counts_strikes=True, cancel_until=AT), person)
    cancel_enrolment(enrolment=row, by=person, at=AT + SECOND)
    close_account(user=person, by=person, at=AT + timedelta(days=1))

    assert give_late_strikes(at=AT + timedelta(days=4)) == 0
    assert give_strike(enrolment=row, cause=StrikeCause.LATE, at=AT + timedelta(days=4)) is None
