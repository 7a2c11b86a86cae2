"""What is said of waiting and of a seat that came, of requests, pools and points."""

from datetime import date, timedelta

from django.urls import reverse

import pytest

from courses.choices import OpeningMode, StrikeCause
from courses.services.enrolments import cancel_enrolment, enrol
from courses.services.holds import excuse_strike, give_strike
from courses.services.offers import accept_offer, decline_offer, fill_session, release_pools
from courses.services.requests import approve_request, refuse_request
from courses.services.second_sessions import end_needless_waits, offer_second_session
from courses.services.sessions import cancel_session
from notices.choices import NoticeKind as Kind
from notices.selectors.facts import facts_of
from tests.factories import courses, notices, people

pytestmark = pytest.mark.django_db
AT = courses.AT
DAY = timedelta(days=1)


def words_of(person, kind, at=AT):
    facts = facts_of(notices.of(person, kind)[-1], at=at)
    return facts.words if facts else None


# ------------------------------------------------------------------ waiting
@pytest.mark.parametrize(
    ("at", "asked_from", "is_near"),
    [
        (AT, date(2026, 11, 14), False),
        (courses.NOON - 4 * DAY, date(2026, 11, 14), False),
        (courses.NOON - 3 * DAY, None, False),
        (courses.NOON - timedelta(hours=12), None, True),
    ],
)
def test_a_rank_says_how_a_seat_would_come(at, asked_from, is_near):
    person = courses.enrolled(courses.open_session(capacity=0)).person
    words = words_of(person, Kind.PUT_ON_WAITING_LIST, at=at)
    assert (words["asked_from"], words["is_near"]) == (asked_from, is_near)
    assert (words["asks_first"], words["has_chosen"]) == (False, True)
    assert words["waiting_url"].endswith("/attente/")


def test_who_wants_to_be_asked_is_told_so():
    session, person = courses.open_session(capacity=0), people.person()
    enrol(person=person, session=session, by=person, at=AT, asks_first=True)
    assert words_of(person, Kind.PUT_ON_WAITING_LIST)["asks_first"] is True


def test_a_seat_that_came_by_itself_says_that_it_was_chosen():
    session = courses.open_session(capacity=1)
    seated, waiting = courses.enrolled(session), courses.enrolled(session)
    cancel_enrolment(enrolment=seated, by=seated.person, at=AT)
    fill_session(session_id=session.pk, at=AT)
    words = words_of(waiting.person, Kind.SEAT_CONFIRMED)
    assert (words["was_waiting"], words["by_itself"]) == (True, True)


def test_a_second_session_says_why_one_is_offered_it_or_in_line_for_it():
    first = courses.open_session(capacity=0)
    david, emma = (courses.enrolled(first).person for _ in range(2))
    second = courses.open_session(starts_at=courses.NOON + 7 * DAY, capacity=1)
    offer_second_session(first=first, second=second, by=people.coordinator(), at=AT)

    words = words_of(david, Kind.SEAT_OFFERED)
    assert (words["comes_from"], words["instead_of"]["is_seat"]) == ("twin", False)
    words = words_of(emma, Kind.PUT_ON_WAITING_LIST)
    assert (words["is_second"], words["has_chosen"]) == (True, False)

    offered = second.enrolments.get(person=david)
    decline_offer(enrolment=offered, by=david, at=AT)
    fill_session(session_id=second.pk, at=AT)
    words = words_of(emma, Kind.SEAT_OFFERED)
    assert (words["comes_from"], words["instead_of"]["is_seat"]) == ("list", False)


def test_a_rank_given_up_for_another_session_says_which():
    first = courses.open_session(capacity=0)
    waiting = courses.enrolled(first)
    second = courses.open_session(starts_at=courses.NOON + 7 * DAY)
    offer_second_session(first=first, second=second, by=people.coordinator(), at=AT)
    offered = second.enrolments.get()
    accept_offer(enrolment=offered, by=offered.person, at=AT)

    words = words_of(waiting.person, Kind.ENROLMENT_CANCELLED)
    assert words["instead"] == {"title": str(second.course), "date": "mardi 24\xa0novembre 2026"}
    assert words_of(waiting.person, Kind.SEAT_CONFIRMED)["was_waiting"] is False
    plain = courses.enrolled(courses.open_session())
    cancel_enrolment(enrolment=plain, by=plain.person, at=AT)
    assert words_of(plain.person, Kind.ENROLMENT_CANCELLED)["instead"] is None


def test_a_place_in_a_second_session_nobody_needs_says_which_seat_was_taken():
    first = courses.open_session(capacity=1)
    seated, waiting = courses.enrolled(first), courses.enrolled(first)
    later = courses.NOON + 7 * DAY
    second = courses.open_session(course=first.course, starts_at=later, capacity=0)
    offer_second_session(first=first, second=second, by=people.coordinator(), at=AT)
    cancel_enrolment(enrolment=seated, by=seated.person, at=AT)
    fill_session(session_id=first.pk, at=AT)
    end_needless_waits(at=AT)

    words = words_of(waiting.person, Kind.ENROLMENT_CANCELLED)
    assert (words["was"], words["date"]) == ("waiting", "mardi 24\xa0novembre 2026")
    assert words["instead"] == {"title": str(first.course), "date": "mardi 17\xa0novembre 2026"}


def test_a_seat_accepted_or_taken_did_not_come_by_itself():
    offered = notices.offered(courses.open_session(capacity=1))
    accept_offer(enrolment=offered, by=offered.person, at=AT)
    assert words_of(offered.person, Kind.SEAT_CONFIRMED)["by_itself"] is False
    taken = courses.enrolled(courses.open_session())
    assert words_of(taken.person, Kind.SEAT_CONFIRMED)["by_itself"] is False


# ------------------------------------------------------------------ requests
def test_a_request_says_how_it_is_decided_until_it_is():
    closes_at = AT + 3 * DAY
    draw = courses.open_session(opening_mode=OpeningMode.DRAW, requests_close_at=closes_at)
    words = words_of(courses.enrolled(draw).person, Kind.SEAT_REQUESTED)
    assert (words["is_draw"], words["requests_close_at"]) == (True, closes_at)

    asked = courses.enrolled(courses.open_session(needs_approval=True))
    words = words_of(asked.person, Kind.SEAT_REQUESTED)
    assert (words["is_draw"], words["requests_close_at"]) == (False, None)
    approve_request(enrolment=asked, by=people.coordinator(), at=AT)
    assert words_of(asked.person, Kind.SEAT_REQUESTED) is None


def test_a_refusal_says_why_on_one_line():
    asked = courses.enrolled(courses.open_session(needs_approval=True))
    refuse_request(enrolment=asked, by=people.coordinator(), at=AT, motive="Hors\r\ndu réseau.")
    assert words_of(asked.person, Kind.REQUEST_REFUSED)["motive"] == "Hors du réseau."


def test_a_request_withdrawn_is_told_as_such():
    asked = courses.enrolled(courses.open_session(needs_approval=True))
    cancel_enrolment(enrolment=asked, by=asked.person, at=AT)
    words = words_of(asked.person, Kind.ENROLMENT_CANCELLED)
    assert (words["was"], words["held"]) == ("requested", False)


# ------------------------------------------------------------------ points
@pytest.fixture
def struck():
    """One absence, of two points."""
    enrolment = courses.enrolled(courses.open_session(counts_strikes=True))
    return give_strike(enrolment=enrolment, cause=StrikeCause.ABSENT, at=courses.NOON)


def test_points_say_their_cause_their_end_and_what_they_change(struck):
    words = words_of(struck.person, Kind.STRIKE_GIVEN, at=courses.NOON)
    assert (words["is_absence"], words["points"]) == (True, 2)
    assert (words["expires_on"], words["effect"]) == (struck.expires_on, "delayed")
    assert words["action_url"].endswith(reverse("courses:strikes"))


@pytest.mark.parametrize(
    ("points", "effect"), [(1, ""), (2, "delayed"), (3, "delayed"), (4, "last")]
)
def test_what_points_change_depends_on_their_sum(struck, points, effect):
    type(struck).objects.filter(pk=struck.pk).update(points=points)
    assert words_of(struck.person, Kind.STRIKE_GIVEN, at=courses.NOON)["effect"] == effect


def test_points_excused_or_over_are_not_told(struck):
    over = courses.NOON + timedelta(days=(struck.expires_on - courses.NOON.date()).days)
    assert words_of(struck.person, Kind.STRIKE_GIVEN, at=over - DAY) is not None
    assert words_of(struck.person, Kind.STRIKE_GIVEN, at=over) is None
    excuse_strike(strike=struck, by=people.coordinator(), at=courses.NOON, motive="Erreur.")
    assert words_of(struck.person, Kind.STRIKE_GIVEN, at=courses.NOON) is None


# ------------------------------------------------------------------ pools
@pytest.fixture
def pooled():
    """A pool of two seats of an establishment, and its liaison agent, told four days before."""
    agent = people.liaison_agent()
    release_at = courses.NOON - 10 * DAY
    pool = courses.pool(people.establishment(), seats=2, release_at=release_at)
    session = courses.open_session(capacity=20, pools=[pool])
    release_pools(at=release_at - 4 * DAY)
    return session, agent, release_at - 4 * DAY


def test_a_release_says_which_seats_how_many_and_when(pooled):
    session, agent, at = pooled
    courses.enrolled(session, people.verified_member())
    words = words_of(agent, Kind.POOL_RELEASE_NEAR, at=at)
    assert (words["unused"], words["release_at"]) == (1, session.pools.get().release_at)
    assert words["pool"] == str(people.establishment())
    assert words["facts"][1]["text"] == "1\xa0/ 2"
    assert words["action_url"].endswith("/collegues/")


def test_a_pool_used_up_released_or_moved_is_not_told(pooled):
    session, agent, at = pooled
    pool = session.pools.get()
    assert words_of(agent, Kind.POOL_RELEASE_NEAR, at=pool.release_at) is None
    for _n in range(2):
        courses.enrolled(session, people.verified_member())
    assert words_of(agent, Kind.POOL_RELEASE_NEAR, at=at) is None


def test_a_pool_of_a_session_cancelled_or_of_another_hour_is_not_told(pooled):
    session, agent, at = pooled
    session.pools.update(release_at=session.pools.get().release_at + DAY)
    assert words_of(agent, Kind.POOL_RELEASE_NEAR, at=at) is None
    session.pools.update(release_at=session.pools.get().release_at - DAY)
    assert words_of(agent, Kind.POOL_RELEASE_NEAR, at=at) is not None
    cancel_session(session=session, by=None, at=at, motive="Maladie.")
    assert words_of(agent, Kind.POOL_RELEASE_NEAR, at=at) is None


def test_one_who_is_no_longer_liaison_agent_is_not_told(pooled):
    _session, agent, at = pooled
    agent.memberships.update(ends_on=at.date() - DAY)
    assert words_of(agent, Kind.POOL_RELEASE_NEAR, at=at) is None
