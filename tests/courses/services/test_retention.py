"""What is forgotten, at which second, and what stays."""

from datetime import date, timedelta

from django.utils import timezone

import pytest

from courses.choices import HoldReason, OpeningMode, StrikeCause
from courses.models import (
    DrawTicket,
    Enrolment,
    EnrolmentEvent,
    EnrolmentHold,
    JoinClick,
    SessionGuest,
    Strike,
)
from courses.selectors.demand import tables_of, term_demand
from courses.selectors.draws import find_draw
from courses.selectors.exports import export_person
from courses.selectors.standing import strike_points
from courses.services.draws import publish_draw
from courses.services.enrolments import cancel_enrolment, enrol, record_join_click
from courses.services.exchanges import exchange, pass_on
from courses.services.holds import (
    contest_strike,
    give_late_strikes,
    give_strike,
    hold_person,
    lift_hold,
)
from courses.services.offers import accept_offer, decline_offer, expire_offers
from courses.services.requests import draw_lots
from courses.services.retention import (
    detach_attempts,
    forget_due,
    forget_guests,
    forget_holds,
    forget_join_clicks,
    forget_questions,
    forget_strikes,
)
from courses.services.sessions import cancel_session
from people.models import Profession, User
from tests.courses.gate.invariants import broken
from tests.courses.lines import SECOND, fill, fresh, full_session, waits
from tests.factories import courses, people
from tests.factories.courses import AT, NOON, enrolled, guest, held, open_session, pool

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

END = NOON + timedelta(hours=1)
TWO_YEARS = END + timedelta(days=731)
TODAY = timezone.localdate(AT)


def on(day: date):
    """Noon of that day, in Montréal."""
    return NOON.replace(year=day.year, month=day.month, day=day.day)


# ------------------------------------------------------------------ guests
def test_guests_are_forgotten_two_years_after_the_session():
    guest(open_session(), "invitee@exemple.test")
    session = SessionGuest.objects.get().session
    held(session)
    guest(open_session(starts_at=NOON + timedelta(days=1)), "autre@exemple.test")

    assert forget_guests(at=TWO_YEARS - SECOND) == 0
    assert (forget_guests(at=TWO_YEARS), forget_guests(at=TWO_YEARS)) == (1, 0)
    assert SessionGuest.objects.get().address == "autre@exemple.test"


def test_the_two_years_begin_with_the_last_thing_that_happened():
    """Cancelled a day after its date: the history is younger than the meeting."""
    session = open_session()
    guest(session, "invitee@exemple.test")
    later = END + timedelta(days=1)
    cancel_session(session=session, by=None, at=later, motive="Oubliée")

    assert forget_guests(at=later + timedelta(days=731) - SECOND) == 0
    assert forget_guests(at=later + timedelta(days=731)) == 1


def test_guests_of_a_draft_nobody_announced_are_forgotten_too_and_never_those_to_come():
    guest(courses.session(), "brouillon@exemple.test")
    guest(open_session(), "ouverte@exemple.test")

    assert forget_guests(at=TWO_YEARS - SECOND) == 0
    assert forget_guests(at=TWO_YEARS) == 1
    assert SessionGuest.objects.get().address == "ouverte@exemple.test"


# ------------------------------------------------------------------ questions, clicks
def test_a_question_is_forgotten_ninety_days_after_the_session_and_the_seat_stays():
    session, person = open_session(takes_questions=True), people.person()
    row = enrol(person=person, session=session, by=person, at=AT, question="Et le placebo?")
    held(session)
    due = END + timedelta(days=90)

    assert (forget_questions(at=due - SECOND), fresh(row).question) == (0, "Et le placebo?")
    assert (forget_questions(at=due), forget_questions(at=due)) == (1, 0)
    assert (fresh(row).question, fresh(row).state, fresh(row).person) == ("", "confirmed", person)


def test_clicks_go_with_the_connections_five_years_after_the_session():
    session = open_session()
    row = enrolled(session)
    record_join_click(enrolment=row, meeting=session.meetings.get(), at=NOON)
    held(session)
    due = END + timedelta(days=1827)

    assert forget_join_clicks(at=due - SECOND) == 0
    assert (forget_join_clicks(at=due), JoinClick.objects.count()) == (1, 0)
    assert fresh(row).state == "confirmed"


# ------------------------------------------------------------------ strikes, holds
def late(person: User | None = None) -> Enrolment:
    """A seat given back after the deadline of a session that counts."""
    session = open_session(counts_strikes=True, cancel_until=AT)
    row = enrolled(session, person)
    return cancel_enrolment(enrolment=row, by=row.person, at=AT + SECOND)


def test_a_strike_is_forgotten_on_the_day_it_expires_with_what_was_said_of_it():
    strike = give_strike(enrolment=late(), cause=StrikeCause.LATE, at=AT + timedelta(days=3))
    contest_strike(strike=strike, words="Un décès", at=AT + timedelta(days=3))
    expires_on = strike.expires_on

    assert forget_strikes(at=on(expires_on) - timedelta(days=1)) == 0
    assert strike_points(strike.person, on=expires_on - timedelta(days=1)) == 1
    assert (forget_strikes(at=on(expires_on)), Strike.objects.count()) == (1, 0)


def test_a_strike_forgotten_is_never_given_again():
    """Neither by the sweep nor by hand; one that is due still is (the control)."""
    row = late()
    given_at = AT + SECOND + timedelta(hours=72)
    assert give_late_strikes(at=given_at) == 1
    first_second = on(Strike.objects.get().expires_on).replace(hour=0)
    forget_strikes(at=first_second)

    for days in (0, 1, 2, 400):
        at = first_second + timedelta(days=days)
        assert give_late_strikes(at=at) == 0
        assert give_strike(enrolment=row, cause=StrikeCause.LATE, at=at) is None
    assert give_late_strikes(at=given_at) == 1


def test_an_absence_corrected_years_later_is_struck_no_more():
    row = enrolled(open_session(counts_strikes=True))
    held(row.session)
    last, after = (END + timedelta(days=days) for days in (364, 365))

    assert give_strike(enrolment=row, cause=StrikeCause.ABSENT, at=after) is None
    assert give_strike(enrolment=row, cause=StrikeCause.ABSENT, at=last) is not None


def test_a_hold_is_forgotten_on_the_day_it_is_lifted_from():
    person = people.person()
    hold_person(person=person, reason=HoldReason.SURVEY, cause="session:1", since=TODAY)
    hold_person(person=person, reason=HoldReason.STAFF, cause="", since=TODAY)
    until = TODAY + timedelta(days=9)
    lift_hold(person=person, reason=HoldReason.SURVEY, cause="session:1", on=until)

    assert forget_holds(at=on(until) - timedelta(days=1)) == 0
    assert forget_holds(at=on(until)) == 1
    assert EnrolmentHold.objects.get().reason == HoldReason.STAFF


def test_no_hold_is_kept_longer_than_two_terms():
    hold_person(person=people.person(), reason=HoldReason.STAFF, cause="", since=TODAY)
    last = TODAY + timedelta(days=365)

    assert forget_holds(at=on(last) - timedelta(days=1)) == 0
    assert forget_holds(at=on(last)) == 1


# ------------------------------------------------------------------ attempts
def names(session) -> set[str]:
    return {str(row.person) for row in Enrolment.objects.filter(session=session)}


def test_who_never_had_a_seat_is_detached_two_years_after_the_session():
    session = open_session(capacity=1)
    seated, waiting = enrolled(session), enrolled(session)
    held(session)

    assert detach_attempts(at=TWO_YEARS - SECOND) == 0
    assert fresh(waiting).person == waiting.person
    assert (detach_attempts(at=TWO_YEARS), detach_attempts(at=TWO_YEARS)) == (1, 0)

    row = fresh(waiting)
    assert (row.state, row.rank, row.person.closed_at) == ("lapsed", 1, TWO_YEARS)
    assert row.person != waiting.person
    assert fresh(seated).person == seated.person
    assert export_person(waiting.person)["enrolments"] == []
    assert names(session) == {str(seated.person), "compte fermé"}


def test_a_session_to_come_loses_nobody_however_old_its_rows():
    """Nor their ranks: the next to come is last in line."""
    session, line = full_session(2)
    postponed_for_years = TWO_YEARS - timedelta(hours=2)

    assert detach_attempts(at=postponed_for_years) == 0
    assert [fresh(each).person for each in line] == [each.person for each in line]
    assert waits(session).rank == 3


def test_who_came_back_and_had_a_seat_keeps_every_row():
    session = open_session()
    first = enrolled(session)
    cancel_enrolment(enrolment=first, by=first.person, at=AT)
    again = enrolled(session, first.person)
    held(session)

    assert detach_attempts(at=TWO_YEARS) == 0
    assert fresh(first).person == fresh(again).person == first.person


def test_seats_of_a_cancelled_session_are_nobodys():
    session = open_session()
    row = enrolled(session)
    cancel_session(session=session, by=None, at=AT, motive="Salle inondée")

    assert detach_attempts(at=TWO_YEARS) == 1
    assert (fresh(row).state, fresh(row).person.closed_at) == ("confirmed", TWO_YEARS)


def test_a_strike_that_stands_keeps_its_person():
    row = late()
    give_strike(enrolment=row, cause=StrikeCause.LATE, at=AT + timedelta(days=3))
    held(row.session)

    assert (detach_attempts(at=TWO_YEARS), fresh(row).person) == (0, row.person)
    Strike.objects.all().delete()
    assert detach_attempts(at=TWO_YEARS) == 1


def test_history_says_no_longer_who_and_keeps_what_staff_did():
    staff = people.coordinator()
    session = open_session()
    one, two = enrolled(session), enrolled(session)
    cancel_enrolment(enrolment=one, by=one.person, at=AT)
    cancel_enrolment(enrolment=two, by=staff, at=AT)
    held(session)
    steps = list(EnrolmentEvent.objects.order_by("pk").values_list("from_state", "to_state", "at"))

    detach_attempts(at=TWO_YEARS)

    assert not EnrolmentEvent.objects.filter(by__in=[one.person, two.person]).exists()
    assert [event.by for event in two.events.order_by("pk")] == [fresh(two).person, staff]
    assert steps == list(
        EnrolmentEvent.objects.order_by("pk").values_list("from_state", "to_state", "at")
    )
    assert broken() == []


def test_no_other_row_leads_back_to_the_person():
    """An exchange, and a seat passed on: both point from a seat that stays."""
    leaving = open_session()
    wanted = open_session(starts_at=NOON - timedelta(days=1))
    given_up = enrolled(leaving)
    taken = exchange(leaving=given_up, session=wanted, by=given_up.person, at=AT)
    giver, colleague = enrolled(leaving), people.person()
    given = pass_on(enrolment=giver, to=colleague, by=giver.person, at=AT)
    accept_offer(enrolment=given, by=colleague, at=AT)
    held(wanted), held(leaving)

    assert detach_attempts(at=TWO_YEARS) == 2

    assert (fresh(taken).person, fresh(taken).instead_of) == (taken.person, None)
    assert fresh(given).person == colleague
    assert not EnrolmentEvent.objects.filter(
        enrolment__session=leaving, by__in=[giver.person, given_up.person]
    ).exists()


def test_lots_stay_as_they_were_drawn():
    closes_at = AT + timedelta(days=3)
    session = open_session(capacity=1, opening_mode=OpeningMode.DRAW, requests_close_at=closes_at)
    publish_draw(session=session, at=AT)
    for _n in range(3):
        enrolled(session)
    draw_lots(session=session, at=closes_at)
    held(session)
    before = find_draw(session).as_data()

    assert detach_attempts(at=TWO_YEARS) == 2
    assert find_draw(session).as_data() == before
    assert DrawTicket.objects.count() == 3


def test_demand_reads_the_same_before_and_after():
    """Sessions, establishments and communities: no ask is lost, none is counted twice."""
    autumn = courses.term()
    first = open_session(capacity=1, term=autumn, cancel_until=AT)
    second = open_session(starts_at=NOON + timedelta(hours=-3), capacity=2, term=autumn)
    cancelled = open_session(starts_at=NOON + timedelta(days=-3), term=autumn)
    members = [people.verified_member() for _n in range(3)]
    for person in [*members, people.verified_member(people.establishment("cusm"))]:
        for session in (first, second, cancelled):
            enrolled(session, person)
    left = Enrolment.objects.get(session=first, person=members[0])
    cancel_enrolment(enrolment=left, by=members[0], at=AT + SECOND)
    near = NOON - timedelta(days=2, hours=12)
    fill(first, near)
    silent = Enrolment.objects.get(session=first, state="offered")
    expire_offers(at=silent.offer_expires_at)
    fill(first, near + timedelta(hours=25))
    no = Enrolment.objects.get(session=first, state="offered")
    decline_offer(enrolment=no, by=no.person, at=no.offer_expires_at - SECOND)
    again = enrolled(second, members[0])
    assert again.state == "confirmed"
    cancel_session(session=cancelled, by=None, at=AT, motive="Salle inondée")
    held(second), held(first)
    before = tables_of(term_demand(autumn, sees_all=True))
    people_before = User.objects.count()

    assert detach_attempts(at=TWO_YEARS) == 4 + 2 + 4

    assert tables_of(term_demand(autumn, sees_all=True)) == before
    assert User.objects.count() == people_before + 10
    assert [row[1] for row in before["establishments"].rows] == [9, 3]


def test_demand_by_pool_reads_the_same_before_and_after():
    autumn, physician = courses.term(), Profession.objects.get(code="medecin")
    session = open_session(
        capacity=0, term=autumn, pools=[pool(people.establishment(), 0), pool(physician, 0)]
    )
    doctor = people.verified_member(people.establishment("cusm"), profession=physician)
    for person in (people.verified_member(), doctor, people.person()):
        enrolled(session, person)
    held(session)
    before = tables_of(term_demand(autumn, sees_all=True))["pools"].rows

    assert detach_attempts(at=TWO_YEARS) == 3
    assert tables_of(term_demand(autumn, sees_all=True))["pools"].rows == before
    assert [row[5] for row in before] == [1, 1, 1]


def test_many_are_detached_a_batch_at_a_time(monkeypatch):
    monkeypatch.setattr("courses.services.retention.BATCH", 2)
    session, _line = full_session(5)
    held(session)

    assert (detach_attempts(at=TWO_YEARS), detach_attempts(at=TWO_YEARS)) == (5, 0)


def test_everything_due_is_told_by_kind():
    session, _line = full_session(1)
    guest(session, "invitee@exemple.test")
    held(session)

    assert forget_due(at=TWO_YEARS) == {
        "guests": 1, "questions": 0, "strikes": 0, "holds": 0, "join_clicks": 0, "attempts": 1,
        "closed_accounts": 0,
    }  # fmt: skip
