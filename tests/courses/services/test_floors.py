"""Where a seat is found, in thought: people and places, without a database."""

import itertools
from collections.abc import Iterator

from courses.services.pools import GENERAL, Floor, Spot

A, B = 1, 2
NOBODY: frozenset[int] = frozenset()


def floor(room: dict, seated: dict, capacity: int | None) -> Floor:
    """Pools in the order of their keys; `seated`: place → {holder: pools open to them}."""
    full = {place: dict(seated.get(place, {})) for place in room}
    return Floor(room, full, sorted(key for key in room if key is not None), capacity)


def test_the_most_restrictive_pool_with_room_comes_first():
    empty = floor({GENERAL: 5, A: 1, B: 2}, {}, 8)

    assert empty.seat(9, frozenset({A, B})) == Spot(A)
    assert empty.seat(8, frozenset({A, B})) == Spot(B)
    assert empty.seat(7, NOBODY) == Spot(GENERAL)


def test_a_holder_who_may_sit_elsewhere_makes_room():
    """The one seat of A is taken by somebody who may sit in B too."""
    seats = floor({GENERAL: 0, A: 1, B: 1}, {A: {5: frozenset({A, B})}}, 2)

    assert seats.seat(9, frozenset({A})) == Spot(A, ((5, B),))


def test_nobody_is_moved_where_there_is_no_way():
    seats = floor({GENERAL: 0, A: 1, B: 1}, {A: {5: frozenset({A})}}, 2)

    assert seats.seat(9, frozenset({A})) is None
    assert seats.seated == {GENERAL: {}, A: {5: frozenset({A})}, B: {}}


def test_two_holders_never_change_seats_to_make_room_for_a_third():
    """A seat being left is for whoever asked first: it is not given to the next one in the chain.
    The free seat is B's, and nobody here is of B."""
    seats = floor(
        {GENERAL: 1, A: 1, B: 1}, {A: {5: frozenset({A})}, GENERAL: {6: frozenset({A})}}, 3
    )

    assert seats.seat(9, frozenset({A})) is None


def every_way(seats: Floor, pools: frozenset[int], *, general: bool) -> bool:
    """Whether some way of sitting has a seat for everybody: all of them tried, one by one."""
    if seats.is_full:
        return False
    holders = {
        holder: {place} | open_to | ({GENERAL} if general else set())
        for place, there in seats.seated.items()
        for holder, open_to in there.items()
    }
    most = {
        place: max(room if room is not None else 99, len(seats.seated[place]))
        for place, room in seats.room.items()
    }
    choices = [sorted(each, key=str) for each in holders.values()]
    choices.append([*sorted(pools), *([GENERAL] if general else [])])
    return any(
        all(way.count(place) <= most[place] for place in most)
        for way in itertools.product(*choices)
    )


def small_floors() -> Iterator[Floor]:
    """Every floor of at most one seat a place and three holders, sitting as they may."""
    eligible = [NOBODY, frozenset({A}), frozenset({B}), frozenset({A, B})]
    sitting = [(open_to, place) for open_to in eligible for place in (GENERAL, *sorted(open_to))]
    for rooms in itertools.product((0, 1), repeat=3):
        for several in range(4):
            for there in itertools.product(sitting, repeat=several):
                seats = floor(dict(zip((GENERAL, A, B), rooms, strict=True)), {}, sum(rooms))
                for holder, (open_to, place) in enumerate(there, start=1):
                    seats.seated[place][holder] = open_to
                if all(len(seats.seated[place]) <= seats.room[place] for place in seats.room):
                    yield seats


def places_of(seats: Floor) -> dict:
    return {who: place for place, there in seats.seated.items() for who in there}


def test_a_seat_is_found_exactly_when_there_is_a_way():
    """Against every way of sitting; and what is found keeps every place within its seats."""
    looked_at = found = 0
    for before in small_floors():
        for pools in (NOBODY, frozenset({A}), frozenset({B}), frozenset({A, B})):
            for general in (True, False):
                seats = before.copy()
                spot = seats.seat(99, pools, general=general)
                looked_at += 1
                assert (spot is not None) == every_way(before, pools, general=general)
                if spot is None:
                    assert seats.seated == before.seated
                    continue
                found += 1
                where, was = places_of(seats), places_of(before)
                assert where == was | dict(spot.moves) | {99: spot.pool_id}
                assert all(len(seats.seated[place]) <= seats.room[place] for place in seats.room)
    assert looked_at > 1000
    assert found > 100
