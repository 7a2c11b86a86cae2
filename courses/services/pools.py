"""Where a seat is found: the reserved seats a person may use, else a general one.

The most restrictive pool with room is used first. When the seats a newcomer may use are taken but a
holder could sit in another pool, that holder is moved there (nobody loses a seat): an augmenting
path in the bipartite graph of people and pools (Kuhn, “The Hungarian method”, 1955).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from courses.models import Pool, Session
from courses.selectors.standing import (
    eligibility,
    held_by_pool,
    waiting_in_order,
)

GENERAL = None


@dataclass(frozen=True)
class Spot:
    """A seat found: its pool (None: general), and the holders to move to make room for it."""

    pool_id: int | None
    moves: tuple[tuple[int, int | None], ...] = ()  # (enrolment, pool it moves to)


@dataclass
class Floor:
    """Who sits where. `room`: seats of each pool and of the general part (None: no limit)."""

    room: dict[int | None, int | None]
    seated: dict[int | None, dict[int, frozenset[int]]]  # pool → holder → pools open to them
    order: list[int]  # kept pools, the most restrictive first
    capacity: int | None
    moves: dict[int, int | None] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        held = sum(len(holders) for holders in self.seated.values())
        return self.capacity is not None and held >= self.capacity

    def copy(self) -> "Floor":
        """The same floor, to seat people on in thought."""
        seated = {place: dict(holders) for place, holders in self.seated.items()}
        return Floor(self.room, seated, self.order, self.capacity)

    def seat(self, who: int, pools: frozenset[int], *, general: bool = True) -> Spot | None:
        """Seats one more person, moving others if need be; None when there is no way.

        `general`: whether general seats are given at this moment; if not, nobody is moved there.
        """
        if self.is_full:
            return None
        self.moves = {}
        found = self._find(who, pools, general=general, tried=set())
        if not found:
            return None
        pool_id = self.moves.pop(who)
        return Spot(pool_id, tuple(sorted(self.moves.items())))

    def _find(self, who: int, pools: frozenset[int], *, general: bool, tried: set) -> bool:
        places: list[int | None] = [pk for pk in self.order if pk in pools]
        if general:
            places.append(GENERAL)
        for place in places:
            if place in tried:  # full: the seat being left there is for whoever asked for it first
                continue
            room = self.room[place]
            if room is None or len(self.seated[place]) < room:
                return self._sit(who, pools, place)
        for place in places:
            if place in tried:
                continue
            tried.add(place)
            for holder, open_to in list(self.seated[place].items()):
                del self.seated[place][holder]
                if self._find(holder, open_to, general=general, tried=tried):
                    return self._sit(who, pools, place)
                self.seated[place][holder] = open_to
        return False

    def _sit(self, who: int, pools: frozenset[int], place: int | None) -> bool:
        self.seated[place][who] = pools
        self.moves[who] = place
        return True


def general_is_open(session: Session, *, at: datetime) -> bool:
    """Whether the hour at which everybody may enrol has come."""
    return session.enrolment_opens_at is None or at >= session.enrolment_opens_at


def is_open(session: Session, pool: Pool, *, at: datetime) -> bool:
    """Whether the people of a pool may enrol now: from its own hour, else with everybody."""
    return pool.is_open(at) if pool.opens_at else general_is_open(session, at=at)


def find_spot(
    session: Session,
    pools: Sequence[Pool],
    *,
    person_id: int,
    at: datetime,
    after_waiting: bool,
    by_staff: bool = False,
) -> Spot | None:
    """The seat this person would get in a session with kept pools, under its lock.

    `after_waiting`: those who wait are seated first, in thought, as they would be. Staff may seat
    people before the hours of opening.
    """
    opened = frozenset(pool.pk for pool in pools if by_staff or is_open(session, pool, at=at))
    general = by_staff or general_is_open(session, at=at)
    floor, people = _floor(session, pools, opened, at=at, also=person_id)
    mine = people[person_id]
    if after_waiting:
        full = floor.copy()
        for waiting_id, waiting_person in waiting_in_order(session):
            if waiting_person != person_id:
                full.seat(-waiting_id, people[waiting_person], general=general)
        if full.seat(0, mine, general=general) is None:
            return None
    return floor.seat(0, mine, general=general)


def placeable(session: Session, pools: Sequence[Pool], *, at: datetime) -> list[tuple[int, int]]:
    """(enrolment, person) of those who wait and for whom a seat is free, first in line first."""
    opened = frozenset(pool.pk for pool in pools if is_open(session, pool, at=at))
    floor, people = _floor(session, pools, opened, at=at)
    if floor.is_full:
        return []
    general = general_is_open(session, at=at)
    return [
        (enrolment_id, person_id)
        for enrolment_id, person_id in waiting_in_order(session)
        if floor.copy().seat(0, people[person_id], general=general) is not None
    ]


def _floor(
    session: Session,
    pools: Sequence[Pool],
    opened: frozenset[int],
    *,
    at: datetime,
    also: int | None = None,
) -> tuple[Floor, dict[int, frozenset[int]]]:
    """Who sits where now, and which of the pools opened so far each person concerned may use."""
    held = held_by_pool(session)
    waiting = [person_id for _pk, person_id in waiting_in_order(session)]
    everybody = {*waiting, *(row[1] for row in held), *([also] if also else [])}
    eligible = eligibility(everybody, pools, at=at)
    people = {person_id: keys & opened for person_id, keys in eligible.items()}
    kept: dict[int | None, int | None] = {pool.pk: pool.capacity for pool in pools}
    general = (
        None
        if session.capacity is None
        else session.capacity - sum(pool.capacity for pool in pools)
    )
    seated: dict[int | None, dict[int, frozenset[int]]] = {
        GENERAL: {},
        **{pool.pk: {} for pool in pools},
    }
    for enrolment_id, person_id, pool_id in held:
        # Whoever sits in a pool that is released, or beyond its seats since they were lowered,
        # takes a general seat: never one that is kept for others.
        seats = kept.get(pool_id) if pool_id is not None else None
        sits_there = seats is not None and len(seated[pool_id]) < seats
        seated[pool_id if sits_there else GENERAL][enrolment_id] = people[person_id]
    floor = Floor({GENERAL: general, **kept}, seated, [pool.pk for pool in pools], session.capacity)
    return floor, people
