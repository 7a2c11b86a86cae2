"""I18: whatever a crowd does to the same few people and sessions, everybody gets through.

Each process has lock_timeout at three seconds: a wait that is longer is an error, and so is every
deadlock that PostgreSQL finds. The control takes the order of the locks away.
"""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

from django.db import connection

import pytest

from courses.models import Enrolment, Session
from courses.services import exchanges
from courses.services.enrolments import cancel_enrolment, enrol, pause_waiting
from courses.services.exchanges import exchange, pass_on
from courses.services.offers import (
    accept_offer,
    decline_offer,
    expire_offers,
    fill_session,
    release_pools,
)
from courses.services.roster import move_in_line, move_to_session, seat_beyond
from courses.services.sessions import open_enrolment, pause_enrolment, save_session
from people.models import User
from people.services import Refusal
from tests.courses.crowd import Crowd
from tests.courses.gate.invariants import broken
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    open_session,
    pool,
    published_course,
    term,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PROCESSES, ACTS, ROUNDS = 6, 40, 2
MOST = 3  # seats of a session, however its capacity is edited
LONGEST = "3s"


def impatient() -> None:
    """From now on a wait for a lock ends as an error after three seconds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LONGEST])


def deadlocks() -> int:
    """How many PostgreSQL counted in this database."""
    time.sleep(1.1)  # it reports at most once a second
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


# ------------------------------------------------------------------ what a process does
def random_act(
    chance: random.Random, people_pks: list[int], session_pks: list[int]
) -> Callable[[], object]:
    """One act on some person and some session of those few, at random."""
    persons = User.objects.in_bulk(people_pks)
    person, colleague = (persons[pk] for pk in chance.sample(people_pks, 2))
    one, two = (Session.objects.get(pk=pk) for pk in chance.sample(session_pks, 2))
    row = Enrolment.objects.filter(person=person, session=one).order_by("-pk").first()
    at, by = AT + timedelta(minutes=chance.randint(0, 60 * 24 * 4)), {"by": person}
    acts: list[Callable[[], object]] = [
        partial(enrol, person=person, session=one, at=AT, **by),
        partial(enrol, person=person, session=two, at=AT, **by),
        partial(save, one, chance.randint(1, MOST)),
        partial(fill_session, session_id=one.pk, at=AT),
        partial(fill_session, session_id=two.pk, at=at),
        partial(expire_offers, at=at),
        partial(release_pools, at=at),
        partial(seat_beyond, person=person, session=one, at=AT, motive="Jury", **by),
        partial(stop_and_go, one),
    ]
    if row is not None:
        acts += [
            partial(cancel_enrolment, enrolment=row, at=AT, **by),
            partial(cancel_enrolment, enrolment=row, at=AT, **by),
            partial(exchange, leaving=row, session=two, at=AT, **by),
            partial(exchange, leaving=row, session=two, at=AT, **by),
            partial(pass_on, enrolment=row, to=colleague, at=AT, **by),
            partial(pass_on, enrolment=row, to=colleague, at=AT, **by),
            partial(accept_offer, enrolment=row, at=AT, **by),
            partial(decline_offer, enrolment=row, at=AT, **by),
            partial(pause_waiting, enrolment=row, paused=chance.random() < 0.5, at=AT, **by),
            partial(move_in_line, enrolment=row, place=1, at=AT, motive="Urgence", **by),
            partial(move_to_session, enrolment=row, session=two, at=AT, motive="Salle", **by),
        ]
    return chance.choice(acts)


def save(session: Session, capacity: int) -> None:
    session.capacity = capacity
    save_session(session=session, meetings=None, breaks=None, trainers=None, by=None, at=AT)


def stop_and_go(session: Session) -> None:
    pause_enrolment(session=session, by=None, at=AT)
    open_enrolment(session=session, by=None, at=AT)


def live(number: int, seed: int, people_pks: list[int], session_pks: list[int]) -> str:
    impatient()
    chance = random.Random(f"{seed} {number}")
    for _ in range(ACTS):
        act = random_act(chance, people_pks, session_pks)
        with suppress(Refusal):
            act()
    return "through"


def test_i18_everybody_gets_through_and_nobody_waits_long():
    chum, autumn = people.establishment("chum"), term(seats_per_person=2)
    pks = [people.verified_member(chum).pk for _ in range(3)] + [
        people.person().pk for _ in range(3)
    ]
    course = published_course()
    with Crowd(PROCESSES, live) as crowd:
        for seed in range(ROUNDS):
            starts_at = NOON + timedelta(days=7 * seed)
            release_at = AT + timedelta(days=2)
            sessions = [
                open_session(
                    course=course,
                    term=autumn,
                    capacity=MOST,
                    starts_at=starts_at + timedelta(days=day),
                    pools=[pool(chum, 1, release_at=release_at)],
                ).pk
                for day in range(3)
            ]
            assert crowd.rush(seed, pks, sessions) == ["through"] * PROCESSES
    most = dict.fromkeys(Session.objects.values_list("pk", flat=True), MOST)
    assert broken(most) == []
    assert deadlocks() == 0


# ------------------------------------------------------------------ the control
def in_any_order(ids: list[int]) -> dict[int, Session]:
    """What lock_sessions would be if it locked as it is told."""
    found = {}
    for pk in ids:
        found[pk] = Session.objects.select_for_update(no_key=True).get(pk=pk)
        time.sleep(0.3)
    return found


def swap(number: int, rows: list[int], sessions: list[int]) -> str:
    impatient()
    row = Enrolment.objects.get(pk=rows[number])
    return exchange(
        leaving=row, session=Session.objects.get(pk=sessions[number]), by=row.person, at=AT
    ).state


def exchanges_both_ways() -> list[str]:
    """Two people who hold each other's seat exchange at the same instant."""
    one, two = (
        open_session(capacity=1),
        open_session(capacity=1, starts_at=NOON + timedelta(days=1)),
    )
    rows = [enrolled(one).pk, enrolled(two).pk]
    with Crowd(2, swap) as crowd:
        return crowd.rush(rows, [two.pk, one.pk])


def test_exchanges_both_ways_at_once_both_end():
    assert exchanges_both_ways() == ["waiting", "waiting"]
    assert deadlocks() == 0


def test_without_the_order_of_the_locks_exchanges_both_ways_lock_each_other(monkeypatch):
    """Negative control: the hunt above can be lost."""
    monkeypatch.setattr(exchanges, "lock_sessions", in_any_order)

    answers = exchanges_both_ways()

    assert ["deadlock detected" in answer for answer in sorted(answers)] == [True, False]
    assert deadlocks() == 1
