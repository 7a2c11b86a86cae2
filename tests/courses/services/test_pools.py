"""Reserved seats: who sits where, who is moved to make room, and when they become everybody's."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from courses.models import Enrolment, Pool, Session
from courses.services.enrolments import EnrolmentClosed, cancel_enrolment
from courses.services.offers import fill_session, release_pools
from courses.services.sessions import open_enrolment, postpone_session, save_session
from people.models import Community, Establishment, Profession, Profile, User
from people.services.memberships import end_membership, join_community, verify_membership
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, guest, open_session, pool

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

RELEASE = NOON - timedelta(days=10)


@pytest.fixture
def chum() -> Establishment:
    return people.establishment("chum")


@pytest.fixture
def cusm() -> Establishment:
    return people.establishment("cusm")


@pytest.fixture
def community() -> Community:
    row = Community.objects.first()
    assert row
    return row


def member(place: Establishment, *communities: Community) -> User:
    """A person whose membership of each is verified."""
    person = people.verified_member(place)
    for each in communities:
        membership = join_community(user=person, community=each, at=AT)
        verify_membership(membership=membership, by=people.coordinator(), at=AT)
    return person


def seat_of(enrolment: Enrolment) -> tuple[str, str]:
    """The state, and whose seat it is (« general » outside every pool)."""
    row = Enrolment.objects.select_related("pool").get(pk=enrolment.pk)
    if row.pool is None:
        return row.state, "general"
    target = row.pool.establishment or row.pool.community or row.pool.profession
    return row.state, target.code if target else row.pool.kind


def save(session: Session, pools: Sequence[Pool] | None = None, *, at=AT) -> None:
    save_session(
        session=session, meetings=None, breaks=None, trainers=None, pools=pools, by=None, at=at
    )


# ------------------------------------------------------------------ whose seat
def test_the_smallest_pool_comes_first_and_a_general_seat_last(chum, community):
    row = open_session(capacity=4, pools=[pool(chum, 2), pool(community, 1)])
    people_of_both = [member(chum, community) for _ in range(5)]

    seats = [seat_of(enrolled(row, person)) for person in people_of_both]

    assert seats == [
        ("confirmed", community.code),
        ("confirmed", "chum"),
        ("confirmed", "chum"),
        ("confirmed", "general"),
        ("waiting", "general"),
    ]


def test_a_membership_that_is_not_verified_opens_no_pool(chum):
    row = open_session(capacity=1, pools=[pool(chum, 1)])

    claimed = enrolled(row, people.person(establishment=chum))

    assert seat_of(claimed) == ("waiting", "general")
    assert seat_of(enrolled(row, member(chum))) == ("confirmed", "chum")


def test_a_holder_is_moved_to_serve_who_may_sit_nowhere_else(chum, cusm, community):
    """Nobody loses a seat: who could sit elsewhere does, and history says so."""
    row = open_session(capacity=2, pools=[pool(chum, 1), pool(community, 1)])
    flexible = enrolled(row, member(chum, community))
    assert seat_of(flexible) == ("confirmed", "chum")

    of_chum = enrolled(row, member(chum))

    assert [seat_of(of_chum), seat_of(flexible)] == [
        ("confirmed", "chum"),
        ("confirmed", community.code),
    ]
    moved = flexible.events.order_by("-pk").first()
    assert (moved.from_state, moved.to_state, moved.reason, moved.by) == (
        "confirmed", "confirmed", "moved to another pool", None,
    )  # fmt: skip
    assert moved.pool.community == community


def test_a_kept_seat_is_not_given_to_others_and_waits_for_its_people(chum, cusm):
    row = open_session(capacity=2, pools=[pool(chum, 1)])
    enrolled(row, member(cusm))

    waiting = enrolled(row, member(cusm))

    assert seat_of(waiting) == ("waiting", "general")
    assert seat_of(enrolled(row, member(chum))) == ("confirmed", "chum")
    assert seat_of(waiting) == ("waiting", "general")


def test_a_walk_up_passes_those_who_wait_for_other_seats_only(chum, cusm):
    """I6: never before somebody who could have had that very seat."""
    row = open_session(capacity=2, pools=[pool(chum, 1)])
    general, of_chum = enrolled(row, member(cusm)), enrolled(row, member(chum))
    waits = enrolled(row, member(chum))
    cancel_enrolment(enrolment=general, by=general.person, at=AT)

    assert seat_of(enrolled(row, member(cusm)))[0] == "waiting"
    fill_session(session_id=row.pk, at=AT)
    assert seat_of(waits) == ("confirmed", "general")
    assert seat_of(of_chum) == ("confirmed", "chum")


def test_a_profession_counts_for_whoever_has_a_verified_membership(chum):
    profession = Profession.objects.first()
    row = open_session(capacity=1, pools=[pool(profession, 1)])
    verified, claimed = member(chum), people.person(establishment=chum)
    Profile.objects.filter(user__in=[verified, claimed]).update(profession=profession)

    assert seat_of(enrolled(row, claimed))[0] == "waiting"
    assert seat_of(enrolled(row, verified)) == ("confirmed", profession.code)


def test_guests_sit_in_their_pool(chum):
    row = open_session(capacity=1, pools=[pool(seats=1)])
    person = people.person()

    assert seat_of(enrolled(row))[0] == "waiting"
    guest(row, person)
    assert seat_of(enrolled(row, person)) == ("confirmed", "guests")


def test_who_lost_a_membership_keeps_the_seat(chum):
    row = open_session(capacity=2, pools=[pool(chum, 1)])
    person = member(chum)
    seat = enrolled(row, person)
    end_membership(membership=person.memberships.get(), by=people.coordinator(), at=AT)
    later = AT + timedelta(days=2)

    newcomer = enrolled(row, member(chum), at=later)

    assert (seat_of(seat), seat_of(newcomer)) == (("confirmed", "chum"), ("confirmed", "general"))


def test_seats_of_a_pool_lowered_under_its_holders_are_not_taken_from_another(chum, cusm):
    """Who sits beyond a lowered pool takes general seats: those kept for others stay theirs."""
    row = open_session(capacity=3, pools=[pool(chum, 2), pool(cusm, 1)])
    enrolled(row, member(chum)), enrolled(row, member(chum))
    row.pools.filter(establishment=chum).update(capacity=0)

    newcomer = enrolled(row)

    assert seat_of(newcomer)[0] == "waiting"
    assert seat_of(enrolled(row, member(cusm))) == ("confirmed", "cusm")


def test_pools_of_an_unlimited_session_limit_nobody(chum):
    row = open_session(capacity=None, pools=[pool(chum, 1)])

    seats = [seat_of(enrolled(row, member(chum))) for _ in range(3)]

    assert seats == [("confirmed", "chum"), ("confirmed", "general"), ("confirmed", "general")]


# ------------------------------------------------------------------ their own hour
def test_a_pool_opens_at_its_own_hour_for_its_people_alone(chum, cusm):
    opens, early = AT + timedelta(days=3), AT + timedelta(days=1)
    row = open_session(capacity=5, enrolment_opens_at=opens, pools=[pool(chum, 1, opens_at=early)])
    second = timedelta(seconds=1)
    of_chum, other, of_chum_too = member(chum), member(cusm), member(chum)

    with pytest.raises(EnrolmentClosed):
        enrolled(row, of_chum, at=early - second)
    assert seat_of(enrolled(row, of_chum, at=early)) == ("confirmed", "chum")
    with pytest.raises(EnrolmentClosed):
        enrolled(row, other, at=opens - second)
    # The pool is full and the general seats are not open yet: next in line, for now.
    waits = enrolled(row, of_chum_too, at=opens - second)
    assert seat_of(waits) == ("waiting", "general")
    assert fill_session(session_id=row.pk, at=opens - second) == 0
    assert fill_session(session_id=row.pk, at=opens) == 1
    assert seat_of(waits) == ("confirmed", "general")
    assert seat_of(enrolled(row, other, at=opens)) == ("confirmed", "general")


# ------------------------------------------------------------------ release
def test_unused_seats_are_everybodys_from_the_very_second_of_release(chum, cusm):
    """I17: by the clock alone, nothing has to be written for it."""
    row = open_session(capacity=1, pools=[pool(chum, 1, release_at=RELEASE)])

    early = enrolled(row, member(cusm), at=RELEASE - timedelta(seconds=1))
    assert seat_of(early)[0] == "waiting"
    assert fill_session(session_id=row.pk, at=RELEASE - timedelta(seconds=1)) == 0
    assert fill_session(session_id=row.pk, at=RELEASE) == 1
    assert seat_of(early) == ("confirmed", "general")


def test_a_release_is_seen_once_and_serves_those_who_wait(chum, cusm, heard):
    row = open_session(capacity=2, pools=[pool(chum, 1, release_at=RELEASE), pool(cusm, 1)])
    waiting = enrolled(row)
    heard.clear()

    assert release_pools(at=RELEASE - timedelta(seconds=1)) == 0
    assert (release_pools(at=RELEASE), release_pools(at=RELEASE)) == (1, 0)

    row.refresh_from_db()
    kept, released = row.pools.get(establishment=cusm), row.pools.get(establishment=chum)
    assert (released.seen_released_at, kept.seen_released_at) == (RELEASE, None)
    assert [name for name, _ in heard if name == "seat_freed"] == ["seat_freed"]
    fill_session(session_id=row.pk, at=RELEASE)
    assert seat_of(waiting) == ("confirmed", "general")


def test_those_who_look_after_a_pool_are_told_once_four_days_before(chum, heard):
    row = open_session(capacity=1, pools=[pool(chum, 1, release_at=RELEASE)])
    heard.clear()
    warning = RELEASE - timedelta(days=4)

    release_pools(at=warning - timedelta(seconds=1))
    assert heard == []
    release_pools(at=warning)
    release_pools(at=warning + timedelta(hours=1))

    assert heard == [("pool_release_near", {"pool": row.pools.get(), "at": warning})]


def test_who_looks_after_a_pool_of_a_postponed_session_is_told_once_it_has_a_date(chum, heard):
    row = open_session(capacity=1, pools=[pool(chum, 1, release_at=RELEASE)])
    postpone_session(session=row, by=None, at=AT, motive="Verglas")
    near = RELEASE - timedelta(days=2)
    heard.clear()

    release_pools(at=near)
    assert heard == []
    open_enrolment(session=row, by=None, at=near)
    heard.clear()
    release_pools(at=near)
    assert [name for name, _ in heard] == ["pool_release_near"]


def test_nobody_is_told_of_a_release_that_has_come(chum, heard):
    open_session(capacity=1, pools=[pool(chum, 1, release_at=RELEASE)])
    heard.clear()

    release_pools(at=RELEASE + timedelta(days=1))

    assert [name for name, _ in heard] == ["seat_freed"]


def test_a_pool_of_a_session_that_is_over_is_left_alone(chum, heard):
    row = open_session(capacity=1, pools=[pool(chum, 1, release_at=RELEASE)])
    Session.objects.filter(pk=row.pk).update(state="cancelled")
    heard.clear()

    assert release_pools(at=RELEASE) == 0
    assert heard == []


def test_releasing_late_or_twice_neither_loses_nor_makes_a_seat(chum, cusm):
    """I16: held by anybody, the seats are counted once."""
    row = open_session(capacity=2, pools=[pool(chum, 2, release_at=RELEASE)])
    enrolled(row, member(chum))
    late = RELEASE + timedelta(days=2)
    for _ in range(2):
        release_pools(at=late)

    states = [enrolled(row, member(cusm), at=late).state for _ in range(2)]

    assert states == ["confirmed", "waiting"]
    assert Enrolment.objects.held().filter(session=row).count() == 2


# ------------------------------------------------------------------ a new plan
def test_new_pools_find_their_people_among_those_who_wait(chum, cusm):
    row = open_session(capacity=1)
    enrolled(row)
    of_cusm, of_chum = enrolled(row, member(cusm)), enrolled(row, member(chum))
    row.capacity = 2
    save(row, [pool(chum, 1)])

    assert fill_session(session_id=row.pk, at=AT) == 1

    assert seat_of(of_chum) == ("confirmed", "chum")
    assert seat_of(of_cusm) == ("waiting", "general")
