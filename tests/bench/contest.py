"""The race: rounds of people who ask the gate at once, and its pace beside the bare loops."""

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from celery.app.task import Task

from tests.bench import bare, hands, stage
from tests.bench.figures import Shift, Stretch, ratio_of
from tests.bench.options import Options
from tests.bench.verdict import Verdict, judge
from tests.courses.crowd import Crowd

CONNECTIONS = 16  # on both sides of the two ratios, whatever PROCESSES is
PAIRINGS = 4  # how often the bare loops and the gate take turns
ENOUGH = 8.0  # seconds of the gate's turns after which two of them suffice
BARE_SECONDS = 0.4  # each bare loop, each turn
AT_LEAST = 300  # decisions of the gate, each turn
SENTENCES = 20  # what went wrong, at most
PATIENCE = 600.0  # seconds after which a round hangs


def act(number: int, verb: Callable[..., Any], *arguments: Any) -> Any:
    """One order to one process of a crowd."""
    return verb(number, *arguments)


def claim(number: int, kind: str, sessions: int) -> Shift:
    """One turn of a bare loop in one process."""
    return bare.claim_for(BARE_SECONDS, kind, number, sessions)


class Race:
    """Rounds of people who ask, each person once, and what became of them."""

    def __init__(self, options: Options, *, at: datetime) -> None:
        self.options, self.at = options, at
        self.programme = stage.Programme(at=at)
        self.verdict = Verdict()

    def warm_up(self, crowd: Crowd) -> None:
        """Every process of a crowd decides three times, unmeasured: first times are slower."""
        people = stage.crowd_of(3 * crowd.size, at=self.at)
        self._order(crowd, people, self.programme.sessions(1, seats=None), churn=False)

    def run(self, crowd: Crowd, stretch: Stretch, *, churn: bool = False) -> None:
        """One round with new people and new sessions, added to `stretch` and judged."""
        options = self.options
        people = stage.crowd_of(options.people * options.sessions, at=self.at)
        sessions = self.programme.sessions(options.sessions, seats=options.seats)
        stretch.add(self._order(crowd, people, sessions, churn=churn))
        for session in sessions:
            if churn:
                hands.serve(session.pk, at=self.at)
            self.verdict.add(judge(session, people=options.people, churn=churn))

    def _order(
        self, crowd: Crowd, people: Sequence[int], sessions: Sequence[Any], *, churn: bool
    ) -> list[Shift]:
        keys = [session.pk for session in sessions]
        _succeeded(crowd.rush(hands.prepare, crowd.size, people, keys))
        return _succeeded(crowd.rush(hands.ask, self.at, churn))


def _succeeded(answers: list[Any]) -> list[Any]:
    """What each process answered; a process that failed ends the run."""
    failures = [answer for answer in answers if isinstance(answer, str)]
    if failures:
        raise RuntimeError(failures[0])
    return answers


class Pace:
    """The gate and the bare loops, taking turns on as many connections."""

    def __init__(self) -> None:
        self.all = {"psycopg": Stretch(), "django": Stretch(), "gate": Stretch()}
        self.rates: dict[str, list[float]] = {name: [] for name in self.all}

    def measure(self, race: Race) -> None:
        """All turns. What the gate decides meanwhile is judged like the race itself."""
        sessions = race.options.sessions
        bare.lay_tables(sessions)
        with Crowd(CONNECTIONS, act, seconds=PATIENCE) as crowd:
            race.warm_up(crowd)
            for kind in bare.CLAIMS:
                _succeeded(crowd.rush(claim, kind, sessions))
            for pairing in range(PAIRINGS):
                if pairing >= 2 and self.all["gate"].seconds > ENOUGH:
                    break
                self.take_turn(crowd, sessions=sessions)
                turn = Stretch()
                while len(turn.waits) < AT_LEAST:
                    race.run(crowd, turn)
                self._note("gate", turn)

    def take_turn(self, crowd: Crowd, *, sessions: int) -> None:
        """One turn of each bare loop."""
        for kind in bare.CLAIMS:
            turn = Stretch()
            turn.add(_succeeded(crowd.rush(claim, kind, sessions)))
            self._note(kind, turn)

    def _note(self, name: str, turn: Stretch) -> None:
        self.rates[name].append(turn.rate)
        self.all[name].join(turn)

    def rate_of(self, name: str) -> float:
        """Decisions or claims a second, over all turns."""
        return self.all[name].rate

    def gate_to(self, other: str) -> float:
        """The gate's rate to that of a bare loop, turn by turn."""
        return ratio_of(self.rates["gate"], self.rates[other])


def without_worker() -> None:
    """Waking the worker comes after the decision: here nobody listens."""
    Task.apply_async = lambda *_args, **_options: None  # type: ignore[method-assign]


def run(options: Options) -> dict[str, Any]:
    """The whole benchmark on a database of its own; its figures."""
    at = timezone.now()
    without_worker()
    with stage.database("race"):
        if not options.locks:
            hands.take_locks_away()
        race, stretch = Race(options, at=at), Stretch()
        with Crowd(options.processes, act, seconds=PATIENCE) as crowd:
            race.warm_up(crowd)
            for _ in range(options.rounds):
                race.run(crowd, stretch, churn=options.churn)
        verdict, race.verdict = race.verdict, Verdict()
        pace = Pace()
        pace.measure(race)
    gate = pace.all["gate"]
    wrongs = verdict.faults + stretch.errors + race.verdict.faults + gate.errors
    for sentence in list(dict.fromkeys(wrongs))[:SENTENCES]:
        print(sentence, file=sys.stderr)
    return {
        "people": options.people * options.sessions * options.rounds,
        "seats": options.seats * options.sessions * options.rounds,
        "confirmed": verdict.confirmed,
        "waiting": verdict.waiting,
        "oversold": verdict.oversold,
        "duplicates": verdict.duplicates,
        "errors": len(stretch.errors),
        "per_second": round(stretch.rate, 1),
        "p50_ms": round(stretch.wait_ms(50), 2),
        "p95_ms": round(stretch.wait_ms(95), 2),
        "p99_ms": round(stretch.wait_ms(99), 2),
        "of_psycopg": round(pace.gate_to("psycopg"), 3),
        "of_django": round(pace.gate_to("django"), 3),
        # At 16 connections, like the two ratios.
        "p99_of_django": round(gate.wait_ms(99) / pace.all["django"].wait_ms(99), 2),
        "slowest_of_p99": round(gate.wait_ms(100) / gate.wait_ms(99), 2),
        "per_second_of_16": {name: round(pace.rate_of(name), 1) for name in pace.all},
        "faults": len(wrongs),  # those of the turns at 16 connections too
    }
