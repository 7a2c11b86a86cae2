"""Two acts of the product crossed on purpose: one stops at a chosen point, the other tries.

Nothing of the product is replaced: the points are SQL (the locks taken, the seats counted) and the
commit, on the connection of the first act alone. The second is let go on until it ends or until
PostgreSQL says that it waits for a lock.
"""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import connection, connections

from people.services import Refusal

PATIENCE = 20.0  # seconds after which a crossing that hangs is a failure


class Point(Enum):
    """Where the first act stops."""

    LOCKED = re.compile(r'FROM "courses_session".* FOR NO KEY UPDATE', re.DOTALL)
    COUNTED = re.compile(r'COUNT\(.*FROM "?courses_enrolment\b', re.DOTALL)
    COMMITTING = None


LOCKING = re.compile(r"\s+FOR (?:NO KEY )?UPDATE(?: OF [\w\", .]+)?(?: SKIP LOCKED)?")


@dataclass(frozen=True)
class Crossing:
    """What each act answered (the name of a refusal instead), and how they met."""

    first: Any
    second: Any
    has_stopped: bool  # the first act reached its point
    has_waited: bool  # the second waited for a lock of the first


class _Act(threading.Thread):
    """One act on a connection of its own."""

    def __init__(self, act: Callable[[], Any], *, with_locks: bool) -> None:
        super().__init__(daemon=True)
        self.act, self.with_locks = act, with_locks
        self.point: Point | None = None
        self.reached, self.released = threading.Event(), threading.Event()
        self.pid: int | None = None
        self.answer: Any = None

    def run(self) -> None:
        try:
            connection.ensure_connection()
            self.pid = connection.connection.info.backend_pid
            connection.execute_wrappers.append(self._execute)
            commit = connection.commit

            def stop_and_commit() -> None:
                if self.point is Point.COMMITTING:
                    self._hold()
                commit()

            connection.commit = stop_and_commit
            self.answer = self.act()
        except Refusal as refusal:
            self.answer = type(refusal).__name__
        except Exception as error:  # noqa: BLE001 - the test compares it with what it expects
            self.answer = error
        finally:
            self.reached.set()
            connections.close_all()

    def _execute(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql if self.with_locks else LOCKING.sub("", sql), params, many, context)
        if self.point is not None and self.point.value and self.point.value.search(sql):
            self._hold()
        return found

    def _hold(self) -> None:
        if not self.released.is_set():
            self.reached.set()
            assert self.released.wait(PATIENCE)

    def is_waiting(self) -> bool:
        """Whether PostgreSQL makes it wait for a lock."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s", [self.pid]
            )
            row = cursor.fetchone()
        return row is not None and row[0] == "Lock"


def cross(
    first: Callable[[], Any],
    second: Callable[[], Any],
    *,
    at: Point,
    with_locks: bool = True,
) -> Crossing:
    """Runs `first` as far as that point, `second` as far as it goes, then `first` to its end."""
    one, two = _Act(first, with_locks=with_locks), _Act(second, with_locks=with_locks)
    one.point = at
    one.start()
    assert one.reached.wait(PATIENCE), "the first act neither stopped nor ended"
    has_stopped = one.is_alive()
    two.start()
    has_waited, end = False, time.monotonic() + PATIENCE
    while two.is_alive() and time.monotonic() < end:
        if two.pid is not None and two.is_waiting():
            has_waited = True
            break
        two.join(0.01)
    one.released.set()
    for each in (one, two):
        each.join(PATIENCE)
        assert not each.is_alive(), "an act hangs"
        if isinstance(each.answer, Exception):
            raise each.answer
    return Crossing(one.answer, two.answer, has_stopped, has_waited)
