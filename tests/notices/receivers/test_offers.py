"""Offers, requests, pools and points: each event, and the one row it writes to each person."""

from datetime import timedelta

import pytest

from courses.choices import EnrolmentState, OpeningMode, StrikeCause
from courses.models import Enrolment
from courses.services.enrolments import cancel_enrolment
from courses.services.exchanges import offer_to, pass_on
from courses.services.holds import give_strike
from courses.services.offers import (
    accept_offer,
    decline_offer,
    expire_offers,
    fill_session,
    release_pools,
    renew_offers,
)
from courses.services.requests import refuse_request
from courses.signals import offer_expired, pool_release_near, seat_called, seat_offered
from notices.choices import NoticeKind as Kind
from notices.choices import Priority
from people.choices import MembershipRole
from people.models import Community
from people.services.memberships import join_community, verify_membership
from tests.factories import courses, notices, people

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AT = courses.AT
HOUR = timedelta(hours=1)


def kinds(person) -> list[str]:
    return [notice.kind for notice in notices.of(person)]


@pytest.fixture
def offered():
    """Somebody who waited, wants to be asked, and holds an offer for 48 hours."""
    return notices.offered(courses.open_session(capacity=1))


def test_an_offer_writes_its_reminder_at_two_thirds_of_the_time(offered):
    assert offered.state == EnrolmentState.OFFERED
    ends_at = offered.offer_expires_at
    told, reminder = notices.of(offered.person)[1:]
    assert (told.kind, told.due_at, told.priority) == (Kind.SEAT_OFFERED, AT, Priority.NORMAL)
    assert (reminder.kind, reminder.due_at) == (Kind.OFFER_REMINDER, AT + (ends_at - AT) * 2 / 3)
    assert told.context == {"enrolment": offered.pk, "until": ends_at.isoformat()}


def test_an_offer_that_begins_and_ends_at_night_reminds_nobody(offered):
    ends_at = AT + 24 * HOUR  # 9 h in Montréal, made at 3 h below and ending at 6 h
    offered.offer_expires_at = ends_at - 3 * HOUR
    seat_offered.send(sender=Enrolment, enrolment=offered, at=ends_at - 6 * HOUR)
    assert len(notices.of(offered.person, Kind.SEAT_OFFERED)) == 2
    assert len(notices.of(offered.person, Kind.OFFER_REMINDER)) == 1  # of the first offer


def test_the_same_offer_heard_twice_is_told_once(offered):
    seat_offered.send(sender=Enrolment, enrolment=offered, at=AT + HOUR)
    assert len(notices.of(offered.person, Kind.SEAT_OFFERED)) == 1


def test_an_offer_renewed_is_told_again(offered):
    renew_offers(session=offered.session, at=AT + HOUR)
    first, second = notices.of(offered.person, Kind.SEAT_OFFERED)
    assert first.context["until"] < second.context["until"]


def test_a_short_offer_goes_before_every_other_message():
    at = courses.NOON - timedelta(hours=27)  # 9 h: the offer ends at 13 h the same day
    offered = notices.offered(courses.open_session(capacity=1), at=at)
    assert offered.offer_expires_at - at <= 6 * HOUR
    notices_of_it = notices.of(offered.person)[1:]
    assert {each.priority for each in notices_of_it} == {Priority.URGENT}


def test_yes_no_and_silence(offered):
    accept_offer(enrolment=offered, by=offered.person, at=AT + HOUR)
    assert kinds(offered.person)[-1] == Kind.SEAT_CONFIRMED

    other = notices.offered(courses.open_session(capacity=1))
    decline_offer(enrolment=other, by=other.person, at=AT + HOUR)
    assert kinds(other.person)[-1] == Kind.OFFER_DECLINED

    silent = notices.offered(courses.open_session(capacity=1))
    expire_offers(at=silent.offer_expires_at)
    (told,) = notices.of(silent.person, Kind.OFFER_EXPIRED)
    again = Enrolment.objects.waiting().get(person=silent.person)
    assert told.context == {"enrolment": silent.pk, "again": again.pk}


def test_an_offer_of_a_person_who_never_waited_ends_without_a_rank(offered):
    offer_expired.send(sender=Enrolment, enrolment=offered, again=None, at=AT)
    (told,) = notices.of(offered.person, Kind.OFFER_EXPIRED)
    assert told.context["again"] is None


def test_each_release_calls_once():
    session = courses.open_session(capacity=1)
    seated, waiting = courses.enrolled(session), courses.enrolled(session)
    at = courses.NOON - 8 * HOUR
    cancel_enrolment(enrolment=seated, by=seated.person, at=at)
    fill_session(session_id=session.pk, at=at)
    fill_session(session_id=session.pk, at=at + HOUR)
    (called,) = notices.of(waiting.person, Kind.SEAT_CALLED)
    assert called.priority == Priority.URGENT
    seat_called.send(sender=Enrolment, enrolment=waiting, release=99, at=at)
    assert len(notices.of(waiting.person, Kind.SEAT_CALLED)) == 2


def test_a_request_and_its_refusal():
    enrolment = courses.enrolled(courses.open_session(needs_approval=True))
    refuse_request(enrolment=enrolment, by=people.coordinator(), at=AT, motive="Complet.")
    assert kinds(enrolment.person) == [Kind.SEAT_REQUESTED, Kind.REQUEST_REFUSED]
    draw = courses.open_session(
        opening_mode=OpeningMode.DRAW, requests_close_at=AT + timedelta(days=3)
    )
    assert kinds(courses.enrolled(draw).person) == [Kind.SEAT_REQUESTED]


def test_a_seat_passed_on_is_told_to_both_and_cancels_nothing_twice():
    giver = courses.enrolled(courses.open_session())
    colleague = people.person()
    pass_on(enrolment=giver, to=colleague, by=giver.person, at=AT)
    assert kinds(giver.person) == [Kind.SEAT_CONFIRMED, Kind.SEAT_PASSED_ON]
    assert kinds(colleague) == [Kind.SEAT_OFFERED, Kind.OFFER_REMINDER]


def test_a_liaison_agent_gives_the_person_something_to_confirm():
    person = people.person()
    offer_to(person=person, session=courses.open_session(), by=people.liaison_agent(), at=AT)
    assert kinds(person) == [Kind.SEAT_OFFERED, Kind.OFFER_REMINDER]


def test_points_are_told_once():
    enrolment = courses.enrolled(courses.open_session(counts_strikes=True))
    for _time in range(2):
        give_strike(enrolment=enrolment, cause=StrikeCause.ABSENT, at=courses.NOON)
    assert kinds(enrolment.person) == [Kind.SEAT_CONFIRMED, Kind.STRIKE_GIVEN]


# ------------------------------------------------------------------ pools
def session_with(pool):
    return courses.open_session(capacity=20, pools=[pool])


def near(session) -> list:
    """Who is told, by kind of row, four days before the release."""
    pool = session.pools.get()
    release_pools(at=pool.release_at - timedelta(days=4))
    return [notice.recipient for notice in notices.of_kind(Kind.POOL_RELEASE_NEAR)]


def test_verified_liaison_agents_hear_of_their_pool_once():
    place = people.establishment()
    agent, _elsewhere = (
        people.liaison_agent(place),
        people.liaison_agent(people.establishment("iucpq")),
    )
    people.verified_member(place)
    session = session_with(courses.pool(place, release_at=courses.NOON - timedelta(days=10)))
    assert near(session) == [agent]
    pool = session.pools.get()
    pool_release_near.send(sender=type(pool), pool=pool, at=AT)
    assert len(notices.of(agent, Kind.POOL_RELEASE_NEAR)) == 1


def test_verified_leaders_hear_of_the_pool_of_their_community():
    community = Community.objects.create(code="cp", name_fr="Communauté", founded_year=2020)
    leader, member, unproved = (people.person() for _ in range(3))
    for person, role in ((leader, MembershipRole.LEADER), (member, MembershipRole.MEMBER)):
        membership = join_community(user=person, community=community, at=AT)
        membership.role = role
        membership.save()
        verify_membership(membership=membership, by=people.coordinator(), at=AT)
    claim = join_community(user=unproved, community=community, at=AT)
    claim.role = MembershipRole.LEADER
    claim.save()
    pool = courses.pool(community, release_at=courses.NOON - timedelta(days=10))
    assert near(session_with(pool)) == [leader]


def test_trainers_hear_of_the_seats_of_their_guests():
    trainer = people.trainer()
    pool = courses.pool(release_at=courses.NOON - timedelta(days=10))
    session = courses.open_session(capacity=20, pools=[pool], trainers=[trainer])
    assert near(session) == [trainer]
