"""What is true of seats at every moment, asked of the database itself: I1 to I4, I11.

Plain SQL, each rule one question: none of the product's own words stands between the rows and the
answer, and it is asked tens of thousands of times.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection

from courses.choices import DATED_SESSION_STATES, HELD_ENROLMENT_STATES, LIVE_ENROLMENT_STATES


def _among(states: frozenset[Any]) -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(states))


HELD, LIVE = _among(HELD_ENROLMENT_STATES), _among(LIVE_ENROLMENT_STATES)
SEATS = f"""
SELECT session.id, COUNT(*), session.capacity
FROM courses_session session
JOIN courses_enrolment row ON row.session_id = session.id
WHERE row.state IN ({HELD}) AND NOT row.is_extra
GROUP BY session.id, session.capacity
HAVING COUNT(*) > session.capacity
"""
POOLS = f"""
SELECT pool.id, COUNT(*), pool.capacity
FROM courses_pool pool
JOIN courses_enrolment row ON row.pool_id = pool.id
WHERE row.state IN ({HELD}) AND NOT row.is_extra
GROUP BY pool.id, pool.capacity
HAVING COUNT(*) > pool.capacity
"""
TWICE = f"""
SELECT session_id, person_id, COUNT(*)
FROM courses_enrolment
WHERE state IN ({LIVE})
GROUP BY session_id, person_id
HAVING COUNT(*) > 1
"""
LIMITS = f"""
SELECT row.person_id, term.id, COUNT(*), term.seats_per_person
FROM courses_enrolment row
JOIN courses_session session ON session.id = row.session_id
JOIN courses_term term ON term.id = session.term_id
WHERE row.state IN ({HELD}) AND session.state <> 'cancelled'
GROUP BY row.person_id, term.id, term.seats_per_person
HAVING COUNT(*) > term.seats_per_person
"""
OVERLAPS = f"""
WITH slot AS (
    SELECT row.person_id, row.session_id, meeting.starts_at, meeting.ends_at
    FROM courses_enrolment row
    JOIN courses_session session ON session.id = row.session_id
    JOIN courses_meeting meeting ON meeting.session_id = session.id
    WHERE row.state IN ({HELD}) AND session.state IN ({_among(DATED_SESSION_STATES)})
)
SELECT DISTINCT one.person_id, one.session_id, two.session_id
FROM slot one
JOIN slot two ON two.person_id = one.person_id AND two.session_id > one.session_id
WHERE one.starts_at < two.ends_at AND two.starts_at < one.ends_at
"""
TOLD = """
WITH told AS (
    SELECT
        enrolment_id, from_state, to_state, rank, pool_id,
        LAG(to_state, 1, '') OVER (PARTITION BY enrolment_id ORDER BY id) AS was,
        ROW_NUMBER() OVER (PARTITION BY enrolment_id ORDER BY id DESC) AS place
    FROM courses_enrolmentevent
)
"""
GAPS = f"{TOLD} SELECT enrolment_id, was, from_state FROM told WHERE from_state <> was"
REPLAYED = f"""
{TOLD}
SELECT row.id, row.state, row.rank, row.pool_id, told.to_state, told.rank, told.pool_id
FROM courses_enrolment row
LEFT JOIN told ON told.enrolment_id = row.id AND told.place = 1
WHERE told.to_state IS DISTINCT FROM row.state
    OR told.rank IS DISTINCT FROM row.rank
    OR told.pool_id IS DISTINCT FROM row.pool_id
"""


def broken(
    most: Mapping[int, int] | None = None, *, most_of_pools: Mapping[int, int] | None = None
) -> list[str]:
    """Every invariant that does not hold, in words; empty when all do.

    `most`: session → seats held at most where that is more than its capacity (lowered since); the
    same of pools.
    """
    return [
        *_oversold("session", SEATS, most or {}),
        *_oversold("pool", POOLS, most_of_pools or {}),
        *_twice(),
        *_beyond_the_limit(),
        *_overlaps(),
        *_history(),
    ]


def _ask(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _oversold(what: str, sql: str, most: Mapping[int, int]) -> Iterator[str]:
    """I1: seats of the session, and of each of its pools."""
    for pk, held, capacity in _ask(sql):
        if held > most.get(pk, 0):
            yield f"I1: {held} seats held of {capacity} in {what} {pk}"


def _twice() -> Iterator[str]:
    """I2."""
    for session_id, person_id, count in _ask(TWICE):
        yield f"I2: {count} live rows of person {person_id} in session {session_id}"


def _beyond_the_limit() -> Iterator[str]:
    """I3: seats and offers of a person in a term, those of cancelled sessions apart."""
    for person_id, term_id, count, limit in _ask(LIMITS):
        yield f"I3: person {person_id} holds {count} seats of {limit} in term {term_id}"


def _overlaps() -> Iterator[str]:
    """I4."""
    for person_id, one, two in _ask(OVERLAPS):
        yield f"I4: person {person_id} sits in sessions {one} and {two} at once"


def _history() -> Iterator[str]:
    """I11: replaying the events of a row gives the row."""
    for pk, was, said in _ask(GAPS):
        yield f"I11: enrolment {pk} went from {said!r} while it was {was!r}"
    for pk, *columns in _ask(REPLAYED):
        yield f"I11: enrolment {pk} is {columns[:3]}, history says {columns[3:]}"
