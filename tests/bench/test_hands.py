"""The negative control reaches what it takes away: the locks of the gate, and its count."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

import pytest

from tests.bench.hands import COUNTING, LOCKING
from tests.factories.courses import enrolled, open_session

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def test_the_gate_locks_a_person_and_a_session_then_counts_once():
    session = open_session(capacity=1)

    with CaptureQueriesContext(connection) as asked:
        enrolled(session)

    statements = [each["sql"] for each in asked]
    locked = [sql for sql in statements if LOCKING.search(sql)]
    assert [sql.partition(" FROM ")[2].split()[0] for sql in locked] == [
        '"people_user"',
        '"courses_session"',
    ]
    assert sum(bool(COUNTING.search(sql)) for sql in statements) == 1


@pytest.mark.parametrize(
    "clause",
    [
        "FOR UPDATE",
        "FOR NO KEY UPDATE",
        'FOR NO KEY UPDATE OF "people_user"',
        'FOR UPDATE OF "notices_notice" SKIP LOCKED',
        "FOR UPDATE NOWAIT",
    ],
)
def test_a_statement_without_its_lock_is_otherwise_the_same(clause):
    plain = 'SELECT "id" FROM "people_user" WHERE "id" = %s ORDER BY "id" ASC'

    assert LOCKING.sub("", f"{plain} {clause}") == plain
