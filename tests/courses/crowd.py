"""Many processes that do one thing at the same instant, each on a connection of its own.

Forked, so that whatever the test has replaced (a lock, a pause) is replaced in every process, and
kept over the rounds, so that fifty rounds cost one start.
"""

import contextlib
import multiprocessing
import traceback
from collections.abc import Callable
from typing import Any, Self

from django.db import connections

SECONDS = 60.0  # after which a round that hangs is a failure, not a wait


class Crowd:
    """`act(number, *arguments)` in `size` processes; `rush(*arguments)` runs one round of it."""

    def __init__(self, size: int, act: Callable[..., Any], *, seconds: float = SECONDS) -> None:
        self.size, self.act, self.seconds = size, act, seconds
        context = multiprocessing.get_context("fork")
        self._start = context.Barrier(size + 1)
        self._answers = context.Queue()
        self._orders = [context.SimpleQueue() for _ in range(size)]
        self._processes = [
            context.Process(target=self._live, args=(number,), daemon=True)
            for number in range(size)
        ]

    def __enter__(self) -> Self:
        connections.close_all()  # a connection shared over a fork belongs to nobody
        for process in self._processes:
            process.start()
        return self

    def __exit__(self, *_: object) -> None:
        for orders in self._orders:
            orders.put(None)
        for process in self._processes:
            process.join(10)
            if process.is_alive():
                process.kill()
                process.join(5)

    def rush(self, *arguments: Any) -> list[Any]:
        """What each process answered; an exception is its text."""
        for orders in self._orders:
            orders.put(arguments)
        self._start.wait(self.seconds)
        return [self._answers.get(timeout=self.seconds) for _ in range(self.size)]

    def _live(self, number: int) -> None:
        # Beside a browser's event loop a thread has connections in several contexts, and closing
        # all closes one: what was inherited over the fork is forgotten, never used.
        for alias in connections:
            with contextlib.suppress(AttributeError):
                del connections[alias]
        while (arguments := self._orders[number].get()) is not None:
            self._start.wait(self.seconds)
            try:
                answer = self.act(number, *arguments)
            except Exception:  # noqa: BLE001 - told to the test, which judges it
                answer = traceback.format_exc()
            self._answers.put(answer)
        connections.close_all()
