"""The bare claim of a seat: what the database, and Django's ORM, can do at most.

One transaction: a conditional UPDATE of a counter and an INSERT. No rule, no history, no message;
there are always seats left, so every claim is accepted. Our gate is measured against this.
"""

import itertools
import time
from collections.abc import Callable, Iterator
from functools import cache

from django.db import connection, models, transaction
from django.db.models import F

import psycopg

from tests.bench.figures import Shift

TABLES = """
CREATE TABLE bare_session (
    id int PRIMARY KEY, capacity int NOT NULL, taken int NOT NULL DEFAULT 0,
    CHECK (taken <= capacity)
);
CREATE TABLE bare_enrolment (
    id bigserial PRIMARY KEY,
    session_id int NOT NULL REFERENCES bare_session (id),
    person_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'confirmed',
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (session_id, person_id)
);
"""
CLAIM = "UPDATE bare_session SET taken = taken + 1 WHERE id = %s AND taken < capacity RETURNING id"
WRITE = "INSERT INTO bare_enrolment (session_id, person_id) VALUES (%s, %s)"


class BareSession(models.Model):
    """A session as the bare claim sees it: a number of seats, a number taken.

    pii: none
    """

    capacity = models.IntegerField()
    taken = models.IntegerField(default=0)

    class Meta:
        app_label, db_table, managed = "bench", "bare_session", False

    def __str__(self) -> str:
        return f"{self.taken} of {self.capacity}"


class BareEnrolment(models.Model):
    """A seat taken by a number that stands for a person.

    pii: none
    """

    session = models.ForeignKey(BareSession, on_delete=models.CASCADE)
    person_id = models.BigIntegerField()
    state = models.TextField(default="confirmed")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label, db_table, managed = "bench", "bare_enrolment", False

    def __str__(self) -> str:
        return f"{self.person_id} · {self.session_id}"


def lay_tables(sessions: int) -> None:
    """Make the bare tables anew, with so many sessions of endless seats, keys from 1."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare_enrolment, bare_session")
        cursor.execute(TABLES)
    BareSession.objects.bulk_create(
        BareSession(pk=number + 1, capacity=10**9) for number in range(sessions)
    )


def claim_with_psycopg(session_id: int, person_id: int) -> None:
    """One claim, with the driver alone."""
    database = _driver()
    with database.transaction():
        if database.execute(CLAIM, (session_id,)).fetchone() is None:
            raise RuntimeError("no seat left")
        database.execute(WRITE, (session_id, person_id))


@cache
def _driver() -> psycopg.Connection:
    """This process's own connection, beside Django's."""
    given = connection.get_connection_params()
    wanted = {key: given[key] for key in ("dbname", "user", "host") if key in given}
    return psycopg.connect(autocommit=True, **wanted)


def claim_with_django(session_id: int, person_id: int) -> None:
    """The same claim, through the ORM."""
    with transaction.atomic():
        seats = BareSession.objects.filter(pk=session_id, taken__lt=F("capacity"))
        if not seats.update(taken=F("taken") + 1):
            raise RuntimeError("no seat left")
        BareEnrolment.objects.create(session_id=session_id, person_id=person_id)


CLAIMS: dict[str, Callable[[int, int], None]] = {
    "psycopg": claim_with_psycopg,
    "django": claim_with_django,
}
_people: Iterator[int] = itertools.count(1)


def claim_for(seconds: float, kind: str, number: int, sessions: int) -> Shift:
    """Claims one after the other for so long, in process `number`, on each session in turn."""
    claim, waits = CLAIMS[kind], []
    began = before = time.monotonic()
    while before < began + seconds:
        person = next(_people)
        claim(1 + (number + person) % sessions, number * 10**9 + person)
        after = time.monotonic()
        waits.append(after - before)
        before = after
    return Shift(began, before, waits)
