"""What counts against a person, what it costs, and all that never does."""

from datetime import date, datetime, timedelta

from django.utils import translation

import pytest

from courses.choices import EnrolmentOrigin, StrikeCause
from courses.models import Enrolment, Session, Strike
from courses.selectors.standing import strike_points
from courses.services.enrolments import EnrolmentClosed, cancel_enrolment
from courses.services.exchanges import exchange, pass_on
from courses.services.holds import (
    HoldRefusal,
    contest_strike,
    excuse_strike,
    give_absence_strikes,
    give_late_strikes,
    give_strike,
)
from courses.services.offers import accept_offer
from courses.services.roster import seat_beyond
from courses.services.sessions import (
    announce_session,
    cancel_session,
    postpone_session,
    save_session,
)
from people.models import User
from tests.courses.lines import SECOND, fill, fresh, full_session, grow, states
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    held,
    meeting,
    open_session,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DEADLINE = NOON - timedelta(days=5)
LATE = DEADLINE + SECOND
GRACE = LATE + timedelta(hours=72)
TODAY = date(2026, 9, 1)


def counting(**fields) -> Session:
    return open_session(**({"counts_strikes": True, "cancel_until": DEADLINE} | fields))


def leave(enrolment: Enrolment, at: datetime = LATE) -> Enrolment:
    return cancel_enrolment(enrolment=enrolment, by=enrolment.person, at=at)


def struck(person: User, *, points: int = 4, starts_at: datetime = NOON) -> User:
    """That person with so many points, each strike of a session of its own."""
    for number in range(points // 2):
        row = open_session(starts_at=starts_at - timedelta(days=60 + number))
        Strike.objects.create(
            person=person,
            enrolment=enrolled(row, person),
            cause=StrikeCause.ABSENT,
            points=2,
            given_at=AT,
            expires_on=date(2027, 9, 1),
        )
    return person


# ------------------------------------------------------------------ strikes: given
def test_a_seat_given_back_late_counts_once_the_grace_is_over(heard):
    seat = enrolled(counting())
    leave(seat)
    heard.clear()

    assert give_late_strikes(at=GRACE - SECOND) == 0
    assert (give_late_strikes(at=GRACE), give_late_strikes(at=GRACE)) == (1, 0)

    strike = Strike.objects.get()
    assert (strike.person, strike.cause, strike.points) == (seat.person, "late", 1)
    assert strike.expires_on == GRACE.date() + timedelta(days=365)
    assert heard == [("strike_given", {"strike": strike, "at": GRACE})]
    assert strike_points(seat.person, on=strike.expires_on - timedelta(days=1)) == 1
    assert strike_points(seat.person, on=strike.expires_on) == 0


def test_an_absence_counts_twice_and_once(heard):
    row = counting()
    absent, present = enrolled(row), enrolled(row)
    held(row)
    heard.clear()

    given = [give_absence_strikes(session=row, absent=[absent.person], at=NOON) for _ in range(2)]

    assert given == [1, 0]
    strike = Strike.objects.get()
    assert (strike.person, strike.cause, strike.points) == (absent.person, "absent", 2)
    assert strike_points(present.person, on=TODAY) == 0
    assert [name for name, _ in heard] == ["strike_given"]


# ------------------------------------------------------------------ strikes: never (I20)
def in_time() -> Enrolment:
    return leave(enrolled(counting()), at=DEADLINE)


def not_counting() -> Enrolment:
    return leave(enrolled(counting(counts_strikes=False)))


def a_rank() -> Enrolment:
    return leave(enrolled(counting(capacity=0)))


def an_offer() -> Enrolment:
    row, (first,) = full_session(1, counts_strikes=True, cancel_until=DEADLINE)
    at = LATE - timedelta(hours=1)
    grow(row, 1, at=at), fill(row, at)
    assert states(first) == ["offered"]
    return leave(fresh(first))


def a_request() -> Enrolment:
    return leave(enrolled(counting(needs_approval=True)))


def a_seat_received_too_late() -> Enrolment:
    row, (first,) = full_session(1, counts_strikes=True, cancel_until=DEADLINE)
    at = NOON - timedelta(hours=48) + SECOND
    grow(row, 1, at=at), fill(row, at)
    accept_offer(enrolment=first, by=first.person, at=at)
    return leave(fresh(first), at=at + timedelta(hours=1))


def a_session_moved() -> Enrolment:
    seat = enrolled(counting())
    save_session(
        session=seat.session,
        meetings=[meeting(NOON + timedelta(hours=1))],
        breaks=None,
        trainers=None,
        by=None,
        at=AT + timedelta(days=1),
    )
    return leave(seat)


def a_session_postponed_and_dated_again() -> Enrolment:
    seat = enrolled(counting())
    at = AT + timedelta(days=1)
    postpone_session(session=seat.session, by=None, at=at, motive="Verglas")
    announce_session(session=seat.session, by=None, at=at)
    return leave(seat)


def a_seat_staff_gave_back_for_the_person() -> Enrolment:
    return cancel_enrolment(enrolment=enrolled(counting()), by=people.coordinator(), at=LATE)


def a_session_cancelled_afterwards() -> Enrolment:
    seat = leave(enrolled(counting()))
    session = Session.objects.get(pk=seat.session_id)
    cancel_session(session=session, by=None, at=LATE, motive="Verglas")
    return seat


def a_seat_beyond_the_capacity() -> Enrolment:
    person = people.person()
    seat = seat_beyond(
        person=person, session=counting(), by=people.coordinator(), at=AT, motive="Jury"
    )
    return leave(seat)


def a_seat_passed_on() -> Enrolment:
    seat = enrolled(counting())
    pass_on(enrolment=seat, to=people.person(), by=seat.person, at=DEADLINE)
    return fresh(seat)


NEVER = [
    in_time,
    not_counting,
    a_rank,
    an_offer,
    a_request,
    a_seat_received_too_late,
    a_session_moved,
    a_session_postponed_and_dated_again,
    a_seat_staff_gave_back_for_the_person,
    a_session_cancelled_afterwards,
    a_seat_beyond_the_capacity,
    a_seat_passed_on,
]


@pytest.mark.parametrize("case", NEVER)
def test_what_never_counts(case, heard):
    """I20: neither swept nor given by hand; the control is the first test of this page."""
    seat = case()
    heard.clear()

    assert give_late_strikes(at=NOON + timedelta(days=30)) == 0
    assert give_strike(enrolment=seat, cause=StrikeCause.LATE, at=GRACE) is None
    assert not Strike.objects.exists()
    assert heard == []


def test_an_agenda_corrected_once_the_session_is_over_moves_nobody():
    row = counting()
    absent = enrolled(row)
    save_session(
        session=held(row),
        meetings=[meeting(NOON, 0.75)],
        breaks=None,
        trainers=None,
        by=None,
        at=NOON + timedelta(days=1),
        motive="Finie plus tôt",
    )

    assert (
        give_absence_strikes(session=row, absent=[absent.person], at=NOON + timedelta(days=2)) == 1
    )


def test_a_seat_exactly_two_days_before_does_count():
    row, (first,) = full_session(1, counts_strikes=True, cancel_until=DEADLINE)
    at = NOON - timedelta(hours=48)
    grow(row, 1, at=at), fill(row, at)
    accept_offer(enrolment=first, by=first.person, at=at)
    leave(fresh(first), at=at + timedelta(hours=1))

    assert give_late_strikes(at=NOON + timedelta(days=30)) == 1


def test_a_late_exchange_by_the_person_counts_like_any_late_withdrawal():
    seat = enrolled(counting())
    exchange(leaving=seat, session=open_session(), by=seat.person, at=LATE)

    assert give_late_strikes(at=GRACE) == 1


def test_walk_ins_waiting_people_and_sessions_that_do_not_count_are_never_absent():
    row = counting(capacity=1)
    enrolled(row)
    waiting = enrolled(row)
    free = enrolled(open_session(starts_at=NOON + timedelta(days=1)))

    assert give_absence_strikes(session=row, absent=[waiting.person], at=NOON) == 0
    assert give_absence_strikes(session=free.session, absent=[free.person], at=NOON) == 0


# ------------------------------------------------------------------ strikes: what they cost
def test_two_points_open_two_days_after_everybody():
    opens = AT + timedelta(days=1)
    row = counting(enrolment_opens_at=opens)
    person = struck(people.person(), points=2)
    own = opens + timedelta(hours=48)

    with pytest.raises(EnrolmentClosed):
        enrolled(row, person, at=own - SECOND)
    assert enrolled(row, person, at=own).state == "confirmed"
    other = struck(people.person(), points=2)
    free = open_session(enrolment_opens_at=opens, starts_at=NOON + timedelta(days=1))
    assert enrolled(free, other, at=opens).state == "confirmed"


def test_without_an_announced_hour_the_delay_runs_from_the_opening():
    row = counting()
    person = struck(people.person(), points=2)

    with pytest.raises(EnrolmentClosed):
        enrolled(row, person, at=AT + timedelta(hours=48) - SECOND)
    assert enrolled(row, person, at=AT + timedelta(hours=48)).state == "confirmed"


def test_four_points_are_served_after_everybody_until_the_last_three_days():
    row = counting(capacity=1)
    person = struck(people.person())
    at = AT + timedelta(days=3)

    last = enrolled(row, person, at=at)
    assert (last.state, fill(row, at)) == ("waiting", 0)
    assert last.events.order_by("-pk").first().reason == "passed over: strikes"
    walk_up = enrolled(row, at=at)
    fill(row, at)
    assert states(last, walk_up) == ["waiting", "confirmed"]
    leave(walk_up, at=NOON - timedelta(days=3))
    fill(row, NOON - timedelta(days=3))
    assert states(last) == ["offered"]


def test_staff_seat_people_whatever_their_points():
    person = struck(people.person())

    assert enrolled(counting(), person, origin=EnrolmentOrigin.STAFF).state == "confirmed"


# ------------------------------------------------------------------ contested, excused
@pytest.fixture
def strike() -> Strike:
    seat = leave(enrolled(counting()))
    found = give_strike(enrolment=seat, cause=StrikeCause.LATE, at=GRACE)
    assert found
    return found


def words_of(act, **named) -> str:
    """The sentence of a HoldRefusal, which is no refusal of a seat."""
    with translation.override("en"), pytest.raises(HoldRefusal) as refusal:
        act(**named)
    return str(refusal.value)


def test_what_the_person_says_is_kept_and_later_words_replace(strike):
    contest_strike(strike=strike, words="  J’étais malade. ", at=GRACE)
    row = contest_strike(strike=strike, words="J’étais hospitalisée.", at=GRACE + SECOND)

    assert (row.contest, row.contested_at) == ("J’étais hospitalisée.", GRACE + SECOND)
    assert strike_points(row.person, on=GRACE.date()) == 1


def test_an_excuse_takes_the_points_away_once(strike):
    staff = people.coordinator()
    row = excuse_strike(strike=strike, by=staff, at=GRACE, motive=" Maladie ")
    excuse_strike(strike=strike, by=people.coordinator(), at=GRACE + SECOND, motive="Autre")

    row.refresh_from_db()
    assert (row.excused_by, row.excused_at, row.excuse) == (staff, GRACE, "Maladie")
    assert strike_points(row.person, on=GRACE.date()) == 0
    assert give_late_strikes(at=GRACE + timedelta(days=9)) == 0  # not given anew


def test_empty_words_and_motives_are_refused(strike):
    staff = people.coordinator()

    assert words_of(contest_strike, strike=strike, words=" ", at=GRACE) == (
        "Say in a few words what happened."
    )
    assert words_of(excuse_strike, strike=strike, by=staff, at=GRACE, motive=" ") == (
        "Say why this strike is excused."
    )
    excuse_strike(strike=strike, by=staff, at=GRACE, motive="Maladie")
    assert words_of(contest_strike, strike=strike, words="Merci", at=GRACE) == (
        "This one is excused already: it counts no more."
    )
