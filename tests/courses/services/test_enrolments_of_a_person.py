"""The one gate, for the person: who may take a seat, and how many."""

from datetime import datetime, timedelta

import pytest

from courses.choices import (
    Audience,
    EnrolmentOrigin,
    EnrolmentState,
)
from courses.models import Enrolment, Session
from courses.services.enrolments import (
    AccountClosed,
    NotInAudience,
    ScheduleConflict,
    TermLimitReached,
)
from courses.services.sessions import (
    cancel_session,
    postpone_session,
)
from people.choices import EstablishmentKind
from people.models import Community, Establishment, User
from people.services.memberships import (
    end_membership,
    join_community,
    join_establishment,
    verify_membership,
)
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    held,
    meeting,
    open_session,
    term,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

STATES = EnrolmentState


def ask(session: Session, person: User | None = None, *, at: datetime = AT, **more) -> Enrolment:
    return enrolled(session, person, at=at, **more)


def event_rows(enrolment: Enrolment) -> list[tuple]:
    rows = enrolment.events.order_by("pk")
    return [(row.from_state, row.to_state, row.by_id, row.at) for row in rows]


# ------------------------------------------------------------------ the person
def test_a_closed_account_is_refused():
    person = people.person()
    User.objects.filter(pk=person.pk).update(closed_at=AT)

    with pytest.raises(AccountClosed):
        ask(open_session(), person)


def test_a_session_of_the_network_asks_for_a_verified_membership():
    row = open_session(audience=Audience.NETWORK)

    with pytest.raises(NotInAudience):
        ask(row, people.person())
    with pytest.raises(NotInAudience):
        ask(row, people.person(establishment=people.establishment()))
    assert ask(row, people.verified_member()).state == STATES.CONFIRMED


def test_a_membership_of_another_organisation_is_no_membership_of_the_network():
    row = open_session(audience=Audience.NETWORK)
    other = Establishment.objects.get(kind=EstablishmentKind.OTHER)

    person = people.person()
    membership = join_establishment(
        user=person, establishment=other, organisation="Clinique du Plateau", at=AT
    )
    verify_membership(membership=membership, by=people.coordinator(), at=AT)

    with pytest.raises(NotInAudience):
        ask(row, person)


def test_a_verified_member_of_a_community_is_of_the_network():
    row, person = open_session(audience=Audience.NETWORK), people.person()
    membership = join_community(user=person, community=Community.objects.first(), at=AT)
    verify_membership(membership=membership, by=people.coordinator(), at=AT)

    assert ask(row, person).state == STATES.CONFIRMED


def test_a_membership_that_ended_opens_no_door():
    row, person = open_session(audience=Audience.NETWORK), people.verified_member()
    membership = person.memberships.get()
    end_membership(membership=membership, by=people.coordinator(), at=AT)

    with pytest.raises(NotInAudience):
        ask(row, person, at=AT + timedelta(days=2))


def test_a_session_by_invitation_is_filled_by_staff_alone():
    row = open_session(audience=Audience.INVITATION)

    with pytest.raises(NotInAudience):
        ask(row)
    assert ask(row, origin=EnrolmentOrigin.STAFF).state == STATES.CONFIRMED


def seats_of_a_term(person: User, count: int, **fields):
    autumn = term(**fields)
    for day in range(count):
        ask(open_session(term=autumn, starts_at=NOON + timedelta(days=day)), person)
    return autumn


def test_a_person_holds_at_most_so_many_seats_of_a_term():
    """I3: the third of two is refused; another person, another term are not."""
    person = people.person()
    autumn = seats_of_a_term(person, 2, seats_per_person=2)
    later = NOON + timedelta(days=10)

    with pytest.raises(TermLimitReached) as refused:
        ask(open_session(term=autumn, starts_at=later), person)
    assert "2" in str(refused.value)
    assert ask(open_session(term=autumn, starts_at=later)).state == STATES.CONFIRMED
    assert ask(open_session(term=term(), starts_at=later), person).state == STATES.CONFIRMED
    assert ask(open_session(starts_at=later + timedelta(days=1)), person).state == STATES.CONFIRMED


def test_seats_of_sessions_that_took_place_count_and_cancelled_ones_do_not():
    person = people.person()
    autumn = term(seats_per_person=1)
    gone = open_session(term=autumn, starts_at=NOON - timedelta(days=30))
    ask(gone, person)
    cancel_session(session=gone, by=None, at=AT, motive="Verglas")
    attended = open_session(term=autumn, starts_at=NOON - timedelta(days=20))

    assert ask(attended, person).state == STATES.CONFIRMED
    held(attended)
    with pytest.raises(TermLimitReached):
        ask(open_session(term=autumn), person, at=NOON - timedelta(days=1))


def test_a_rank_on_a_list_does_not_count_as_a_seat():
    person = people.person()
    autumn = term(seats_per_person=1)
    full = open_session(term=autumn, capacity=0, starts_at=NOON + timedelta(days=1))
    ask(full, person)

    assert ask(open_session(term=autumn), person).state == STATES.CONFIRMED


@pytest.mark.parametrize(
    ("start", "hours", "collides"),
    [
        (-1, 1, False),  # ends when the other begins
        (-1, 1.5, True),
        (0, 1, True),
        (0.25, 0.5, True),
        (-1, 3, True),
        (1, 1, False),  # begins when the other ends
    ],
)
def test_two_seats_never_overlap(start, hours, collides):
    """I4: true interval overlap of any two meetings."""
    person = people.person()
    ask(open_session(meetings=[meeting(NOON - timedelta(days=7)), meeting(NOON)]), person)
    other = open_session(starts_at=NOON + timedelta(hours=start), hours=hours)

    if collides:
        with pytest.raises(ScheduleConflict):
            ask(other, person)
    else:
        assert ask(other, person).state == STATES.CONFIRMED


def test_a_rank_or_a_postponed_session_collides_with_nothing():
    person = people.person()
    ask(open_session(capacity=0), person)
    moved = open_session()
    ask(moved, person)
    postpone_session(session=moved, by=None, at=AT, motive="Verglas")

    assert ask(open_session(), person).state == STATES.CONFIRMED
