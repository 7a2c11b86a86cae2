"""Who wanted a seat of a term and what became of it."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

import pytest

from courses.choices import PoolKind, RefusalCause
from courses.models import Pool
from courses.selectors.demand import tables_of, term_demand
from courses.services.demand import record_refusal
from courses.services.enrolments import (
    NotInAudience,
    TermLimitReached,
    cancel_enrolment,
    lapse_waiting,
)
from courses.services.guests import invite_guests
from courses.services.offers import accept_offer, decline_offer, expire_offers, fill_session
from courses.services.second_sessions import offer_second_session
from courses.services.sessions import cancel_session, save_session
from people.models import Community, Establishment, Profession
from people.services.memberships import join_community
from tests.factories import courses, people
from tests.factories.courses import AT, NOON, enrolled, open_session, published_course

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NEAR = NOON - timedelta(days=3)  # from here on a free seat is offered first


def report(term, sees_all=True):
    return term_demand(term, sees_all=sees_all)


def counted(demand):
    """What is not zero."""
    found = {name: value for name, value in vars(demand).items() if value}
    return {name: dict(value) if name == "refused" else value for name, value in found.items()}


def test_each_person_is_one_ask_with_the_outcome_of_the_last_row():
    term = courses.term()
    session = open_session(term=term, capacity=1, cancel_until=NOON - timedelta(days=5))
    leaver = enrolled(session)
    declining, silent, last = (enrolled(session) for _n in range(3))

    cancel_enrolment(enrolment=leaver, by=leaver.person, at=NEAR)
    fill_session(session_id=session.pk, at=NEAR)
    declining.refresh_from_db()
    decline_offer(enrolment=declining, by=declining.person, at=NEAR)
    fill_session(session_id=session.pk, at=NEAR)
    silent.refresh_from_db()
    expire_offers(at=silent.offer_expires_at)
    fill_session(session_id=session.pk, at=silent.offer_expires_at)
    last.refresh_from_db()
    lapse_waiting(session=session, at=NOON)

    [line] = report(term).sessions
    assert counted(line.demand) == {
        "asked": 4,
        "withdrawn": 1,
        "withdrawn_late": 1,
        "declined": 1,
        "expired": 1,
        "not_obtained": 2,  # the silent one, back on the list, and the last
    }
    assert line.demand.unmet == 2
    assert line.asks_per_seat == 400


def test_somebody_who_left_and_came_back_is_one_ask():
    term = courses.term()
    session = open_session(term=term)
    row = enrolled(session)
    cancel_enrolment(enrolment=row, by=row.person, at=AT)
    enrolled(session, row.person)

    assert counted(report(term).total) == {"asked": 1, "seated": 1}


def test_nobody_obtained_a_place_in_a_cancelled_session():
    term, course = courses.term(), published_course()
    session = open_session(term=term, course=course, capacity=1)
    enrolled(session), enrolled(session)
    leaver = enrolled(session)
    cancel_enrolment(enrolment=leaver, by=leaver.person, at=AT)
    later = open_session(term=term, course=course, capacity=5, starts_at=NOON + timedelta(days=7))
    enrolled(later)
    cancel_session(session=session, by=None, at=AT, motive="Verglas")

    found = report(term)

    assert counted(found.sessions[0].demand) == {"asked": 3, "not_obtained": 2, "withdrawn": 1}
    [line] = found.courses
    assert (line.capacity, line.demand.seated, line.demand.unmet) == (5, 1, 2)


def test_a_second_session_is_asked_for_by_those_who_say_yes_to_it():
    term = courses.term()
    first = open_session(term=term, capacity=0)
    yes, no, _silent = (enrolled(first).person for _n in range(3))
    second = open_session(term=term, capacity=2, starts_at=NOON + timedelta(days=7))
    offer_second_session(first=first, second=second, by=people.coordinator(), at=AT)
    accept_offer(enrolment=second.enrolments.get(person=yes), by=yes, at=AT)
    decline_offer(enrolment=second.enrolments.get(person=no), by=no, at=AT)

    found = report(term)

    assert [counted(line.demand) for line in found.sessions] == [
        {"asked": 3, "waiting": 2, "withdrawn": 1},
        {"asked": 1, "seated": 1, "declined": 1},
    ]
    assert found.total.unmet == 2


def test_refusals_are_counted_by_cause_beside_the_asks():
    term = courses.term()
    session = open_session(term=term)
    member = people.verified_member(people.establishment())
    for person in (member, people.person()):
        record_refusal(session=session, person=person, refusal=TermLimitReached("Non"), at=AT)
    record_refusal(session=session, person=member, refusal=NotInAudience("Non"), at=AT)
    record_refusal(
        session=open_session(), person=member, refusal=NotInAudience("Non"), at=AT
    )  # of no term

    found = report(term)

    assert counted(found.total) == {"refused": {RefusalCause.LIMIT: 2, RefusalCause.AUDIENCE: 1}}
    assert found.causes == [(RefusalCause.LIMIT, 2, 0), (RefusalCause.AUDIENCE, 1, 0)]
    assert [(each.label, each.demand.refusals) for each in found.establishments] == [
        (str(people.establishment()), 2)
    ]


def test_whom_a_rule_kept_from_a_free_seat_is_counted_once():
    term = courses.term(seats_per_person=1)
    session = open_session(term=term, capacity=1)
    holder, waiter = enrolled(session), enrolled(session)
    enrolled(
        open_session(term=term, starts_at=NOON + timedelta(days=1)), waiter.person
    )  # now at the limit
    cancel_enrolment(enrolment=holder, by=holder.person, at=AT)
    for _n in range(2):
        fill_session(session_id=session.pk, at=AT)

    found = report(term)

    assert found.passed_over == {RefusalCause.LIMIT: 1}
    assert [line.demand.passed_over for line in found.sessions] == [1, 0]
    assert found.causes == [(RefusalCause.LIMIT, 0, 1)]


def pooled(term, *pools, capacity=4):
    """A session with those pools; the smallest numbers first."""
    session = open_session(term=term, capacity=capacity)
    save_session(
        session=session,
        meetings=None,
        breaks=None,
        trainers=None,
        pools=list(pools),
        by=None,
        at=AT,
    )
    return session


def by_pool(found):
    return [
        (line.label, line.capacity, line.held, line.unmet, line.refused)
        for line in found.sessions[0].pools
    ]


def test_seats_waits_and_refusals_are_told_by_pool():
    translation.activate("en")
    term, place = courses.term(), people.establishment()
    session = pooled(
        term, Pool(kind=PoolKind.ESTABLISHMENT, establishment=place, capacity=2), capacity=3
    )
    for member in [people.verified_member(place) for _n in range(4)]:
        enrolled(session, member)  # two kept seats, a general one, the last waits
    enrolled(session), enrolled(session)
    refused = people.verified_member(place)
    for person in (refused, people.person(), people.person()):
        record_refusal(session=session, person=person, refusal=TermLimitReached("Non"), at=AT)

    assert by_pool(report(term)) == [(str(place), 2, 2, 1, 1), ("Everybody", 1, 1, 2, 2)]
    assert by_pool(report(term, False)) == [
        (str(place), 2, 2, None, None), ("Everybody", 1, 1, None, None),
    ]  # fmt: skip


def test_somebody_of_two_pools_is_counted_in_both_a_refusal_in_the_smallest():
    term, place = courses.term(), people.establishment()
    profession = Profession.objects.first()
    session = pooled(
        term,
        Pool(kind=PoolKind.PROFESSION, profession=profession, capacity=1),
        Pool(kind=PoolKind.ESTABLISHMENT, establishment=place, capacity=2),
        Pool(kind=PoolKind.GUESTS, capacity=1),
    )
    for _n in range(4):
        enrolled(session, both(place, profession))
    guest = people.person("invitee@exemple.test")
    invite_guests(session=session, addresses=["Invitee@exemple.test"], by=None, at=AT)
    stranger = both(None, profession)  # of that profession, but of no verified membership
    for person in (both(place, profession), guest, stranger):
        record_refusal(session=session, person=person, refusal=TermLimitReached("Non"), at=AT)

    waiting = {line.label: line.unmet for line in report(term).sessions[0].pools}
    refused = {line.label: line.refused for line in report(term).sessions[0].pools}

    general = list(waiting)[-1]
    guests = str(PoolKind.GUESTS.label)
    assert waiting == {str(profession): 1, str(place): 1, guests: 0, general: 0}
    assert refused == {str(profession): 1, str(place): 0, guests: 1, general: 1}


def both(place, profession):
    person = people.verified_member(place) if place else people.person()
    person.profile.profession = profession
    person.profile.save()
    return person


def test_courses_add_up_their_sessions_and_a_course_without_limit_has_no_capacity():
    term = courses.term()
    one, other = (published_course(title_fr=title) for title in ("Alpha", "Bêta"))
    for day, capacity in enumerate((3, 5)):
        enrolled(
            open_session(
                term=term, course=one, capacity=capacity, starts_at=NOON + timedelta(days=day)
            )
        )
    open_session(term=term, course=other, capacity=None)

    assert [(each.label, each.capacity, each.demand.seated) for each in report(term).courses] == [
        ("Alpha", 8, 2),
        ("Bêta", None, 0),
    ]


# ------------------------------------------------------------------ small numbers
def test_few_people_of_an_establishment_are_one_line_together_for_those_who_do_not_manage():
    translation.activate("en")
    term, [big, small, tiny] = courses.term(), Establishment.objects.order_by("pk")[:3]
    session = open_session(term=term, capacity=50)
    for place, n in ((big, 5), (small, 4), (tiny, 1)):
        for _n in range(n):
            enrolled(session, people.verified_member(place))

    def lines(sees_all):
        return [
            (each.label, each.demand.asked, each.is_merged)
            for each in report(term, sees_all).establishments
        ]

    assert lines(True) == [(str(big), 5, False), (str(small), 4, False), (str(tiny), 1, False)]
    assert lines(False) == [(str(big), 5, False), ("Fewer than five people each", 5, True)]
    assert report(term, False).total.asked == 10


def test_communities_are_counted_and_somebody_of_two_places_in_both():
    term = courses.term()
    session = open_session(term=term)
    person = people.verified_member(people.establishment())
    community = Community.objects.first()
    membership = join_community(user=person, community=community, at=AT)
    membership.verified_at = AT
    membership.save()
    enrolled(session, person)

    found = report(term)

    assert [each.label for each in found.establishments] == [str(people.establishment())]
    assert [(each.label, each.demand.seated) for each in found.communities] == [(str(community), 1)]
    assert found.total.asked == 1


# ------------------------------------------------------------------ cost and tables
def test_the_report_costs_the_same_whatever_the_number_of_sessions_and_people():
    term, course = courses.term(), published_course()

    def cost():
        with CaptureQueriesContext(connection) as queries:
            report(term)
        return len(queries)

    enrolled(open_session(term=term, course=course), people.verified_member())
    one = cost()
    for day in range(1, 10):
        session = open_session(term=term, course=course, starts_at=NOON + timedelta(days=day))
        for _n in range(3):
            enrolled(session, people.verified_member())
    assert cost() == one
    assert one <= 12
    pools = [
        pooled(term, Pool(kind=PoolKind.ESTABLISHMENT, establishment=each, capacity=1))
        for each in Establishment.objects.order_by("pk")[:2]
    ]
    with_pools = cost()
    for session in pools:
        for _n in range(4):
            enrolled(session, people.verified_member(people.establishment()))
    assert cost() == with_pools <= one + 4


def test_each_table_has_as_many_cells_in_a_row_as_in_its_header():
    term = courses.term()
    place = people.establishment()
    session = pooled(term, Pool(kind=PoolKind.ESTABLISHMENT, establishment=place, capacity=2))
    enrolled(session, people.verified_member(place))

    tables = tables_of(report(term))

    assert list(tables) == ["sessions", "pools", "establishments", "communities"]
    assert [len(row) == len(table.header) for table in tables.values() for row in table.rows] == [
        True
    ] * 4
