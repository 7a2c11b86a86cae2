"""The gate beside a naive model of it (tests/courses/gate/model.py), through random lives.

Six people, four sessions (two at the same hour, one with reserved seats, one outside the term), a
clock that moves. After each step both say the same refusal or none, every row is the same, and the
invariants hold in the database. The suite runs some lives, always the same; the whole hunt is

    make machine            # 20,000 steps and more on two processors, other lives each time
    HYPOTHESIS_STEPS=50000 make machine
"""

import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from django.db import transaction

import pytest
from hypothesis import HealthCheck, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from courses.models import Enrolment, EnrolmentEvent, Session, Term
from courses.services import exchanges, offers, roster
from courses.services import sessions as verbs
from courses.services.enrolments import cancel_enrolment, enrol, pause_waiting
from people.services import Refusal
from tests.courses.gate.invariants import broken
from tests.courses.gate.paper import GENERAL, HELD, Class, Refused, Row
from tests.courses.gate.stage import (
    MEMBERS,
    NET,
    OFTEN_SEEN,
    RARELY_SEEN,
    WEIGHTS,
    WHO,
    WHY,
    Cast,
    a_beginning,
    cast,
)

HUNT = int(os.environ.get("HYPOTHESIS_STEPS", "0"))
PARTS = 2 if HUNT else 1  # of the hunt, each on a database and a processor of its own
STEPS_OF_THE_SUITE = 1000
LIVES_OF_A_WORLD, STEPS_OF_A_LIFE = 10, 50
LOTS = st.integers(0, 2**24 - 1)
STATES = {
    "paused": verbs.pause_enrolment,
    "open": verbs.open_enrolment,
    "postponed": verbs.postpone_session,
    "cancelled": verbs.cancel_session,
}


class GateMachine(RuleBasedStateMachine):
    """Each rule does one thing on both sides; whatever differs is a defect of one of them."""

    cast: ClassVar[Cast]
    world: ClassVar[int] = 0  # every life of one world is another in the next
    steps: ClassVar[int] = 0
    seen: ClassVar[Counter[str]]  # refusals met, and what history says of the lives

    @initialize(salt=LOTS)
    def begin(self, salt: int) -> None:
        self.salt, self.drawn = f"{self.world} {salt}", Counter[int]()
        self.life = transaction.atomic()
        self.life.__enter__()
        self.model = a_beginning(random.Random(self.salt))
        note(repr(self.model))
        Term.objects.update(seats_per_person=self.model.limit)
        for session, key in zip(self.model.sessions, self.cast.keys, strict=True):
            Session.objects.filter(pk=key).update(capacity=session.seats)
        self.rows: list[int] = []

    def teardown(self) -> None:
        if hasattr(self, "life"):
            for state, reason in EnrolmentEvent.objects.values_list("to_state", "reason"):
                self.seen[state] += 1
                self.seen[re.sub(r":.*| \d+", "", reason)] += 1
            transaction.set_rollback(True)
            self.life.__exit__(None, None, None)

    # -------------------------------------------------------------- both sides
    def both(self, on_paper: Callable[[], Any], for_real: Callable[[], Any]) -> None:
        """`on_paper` of the model and `for_real` of the gate: the same refusal, the same rows."""
        type(self).steps += 1
        before = self.held()
        said = heard = ""
        try:
            on_paper()
        except Refused as refusal:
            said = str(refusal)
        try:
            for_real()
        except Refusal as refusal:
            heard = type(refusal).__name__
        assert heard == said
        self.seen[heard or "done"] += 1
        self.compare(*before)

    def held(self) -> tuple[dict[int, int], dict[int, int]]:
        """Seats held of each session and of each reserve, by key."""
        sessions = self.model.sessions
        of_sessions = [len(self.model.held(session)) for session in sessions]
        of_pools = [self.sitting(each, kept.people) for each in sessions for kept in each.reserves]
        return (
            dict(zip(self.cast.keys, of_sessions, strict=True)),
            dict(zip(self.cast.pools, of_pools, strict=True)),
        )

    def compare(self, most: dict[int, int], most_of_pools: dict[int, int]) -> None:
        """Row by row; where people sit in reserves is the gate's choice, checked for itself."""
        fields = (
            "pk", "person_id", "session_id", "state", "rank", "asks_first", "paused_at",
            "silences", "passed_release", "is_extra", "offer_expires_at", "instead_of_id",
            "pool__establishment__code", "pool__community__code",
        )  # fmt: skip
        stored = list(Enrolment.objects.order_by("pk").values_list(*fields))
        self.rows = [row[0] for row in stored]
        calls = EnrolmentEvent.objects.filter(reason__startswith="called:")
        called = {(pk, int(text[7:])) for pk, text in calls.values_list("enrolment_id", "reason")}
        names = {user.pk: name for name, user in self.cast.persons.items()}
        found, expected, seen_calls = [], [], set()
        for row in stored:
            pk, person, session, state, rank, asks, paused, silences, passed, extra, ends, other = (
                row[:12]
            )
            found.append((
                names[person], self.cast.keys.index(session), state, rank, asks, paused is not None,
                silences, passed, extra, ends if state == "offered" else None,
                self.rows.index(other) if other else None,
            ))  # fmt: skip
        for pk, row in zip(self.rows, self.model.rows, strict=False):
            expected.append((
                row.person, self.model.sessions.index(row.session), row.state, row.rank,
                row.asks_first, row.is_paused, row.silences, row.passed, row.is_extra,
                row.ends if row.state == "offered" else None,
                self.model.rows.index(row.instead_of) if row.instead_of else None,
            ))  # fmt: skip
            seen_calls |= {(pk, release) for release in row.called}
        assert found == expected
        assert len(stored) == len(self.model.rows)
        assert called == seen_calls
        lives = Session.objects.filter(pk__in=self.cast.keys).order_by("pk")
        assert list(lives.values_list("state", "release", "capacity")) == [
            (each.state, each.release, each.seats) for each in self.model.sessions
        ]
        self.adopt([row[12] or (NET if row[13] else GENERAL) for row in stored])
        assert broken(most, most_of_pools=most_of_pools) == []

    def adopt(self, pools: list[str]) -> None:
        """Who sits where: whoever sits down does so in a reserve that is kept and theirs."""
        for session in self.model.sessions:
            kept = {each.people for each in session.kept(self.model.now)}
            for row, place in zip(self.model.rows, pools, strict=True):
                if row.session is session and row.state in HELD and place != row.pool:
                    assert place == GENERAL or (place in kept and place in MEMBERS[row.person])
                if row.session is session:
                    row.pool = place

    def sitting(self, session: Class, pool_name: str) -> int:
        return sum(row.pool == pool_name for row in self.model.held(session))

    def real(self, row: Row) -> Enrolment:
        return Enrolment.objects.get(pk=self.rows[self.model.rows.index(row)])

    def session(self, of: Class) -> Session:
        return Session.objects.get(pk=self.cast.keys[self.model.sessions.index(of)])

    def pick(self, chance: random.Random, *states: str) -> Row | None:
        """A row in one of those states; now and then any row at all. None: somebody asks."""
        rows = [row for row in self.model.rows if row.state in states]
        if chance.random() < 0.1:
            rows = self.model.rows
        if not rows:
            self.asks(chance)
        return chance.choice(rows) if rows else None

    def do(self, row: Row | None, on_paper: Callable, verb: Callable, **named: Any) -> None:
        """A verb of the person of that row, or of staff, on both sides."""
        if row is None:
            return
        named = {"by": self.cast.persons[row.person]} | named
        self.both(
            lambda: on_paper(row),
            lambda: verb(enrolment=self.real(row), at=self.model.now, **named),
        )

    # One rule and one lot a step: hypothesis leaves whole rules out of whole lives and repeats
    # what it drew, and a life in which nobody asks, or no offer ends, shows nothing. It still
    # shrinks a life by taking steps away; what each step was stands in the notes.
    @rule(lot=LOTS)
    def something_happens(self, lot: int) -> None:
        self.drawn[lot] += 1
        chance = random.Random(f"{self.salt} {lot} {self.drawn[lot]}")
        what = chance.choice(WEIGHTS)
        note(what)
        getattr(self, what)(chance)

    # -------------------------------------------------------------- people
    def asks(self, chance: random.Random) -> None:
        """For a seat; now and then again, where one waits."""
        name, session = chance.choice(WHO), chance.choice(self.model.sessions)
        if chance.random() < 0.2:
            session = next(each for each in self.model.sessions if each.reserves)
        waiting = [row for row in self.model.rows if row.state == "waiting"]
        if waiting and chance.random() < 0.25:
            row = chance.choice(waiting)
            name, session = row.person, row.session
        asks_first = chance.random() < 0.5
        person = self.cast.persons[name]
        self.both(
            lambda: self.model.enrol(name, session, asks_first=asks_first),
            lambda: enrol(
                person=person,
                session=self.session(session),
                by=person,
                at=self.model.now,
                asks_first=asks_first,
            ),
        )

    def leaves(self, chance: random.Random) -> None:
        row = self.pick(chance, "confirmed", "waiting", "offered")
        self.do(row, self.model.cancel, cancel_enrolment)

    def pauses(self, chance: random.Random) -> None:
        paused = chance.random() < 0.5
        row = self.pick(chance, "waiting")
        self.do(row, lambda r: self.model.pause(r, paused=paused), pause_waiting, paused=paused)

    def accepts(self, chance: random.Random) -> None:
        self.do(self.pick(chance, "offered"), self.model.accept, offers.accept_offer)

    def declines(self, chance: random.Random) -> None:
        self.do(self.pick(chance, "offered"), self.model.decline, offers.decline_offer)

    def exchanges(self, chance: random.Random) -> None:
        row, session = self.pick(chance, "confirmed"), chance.choice(self.model.sessions)
        if row is None:
            return
        lines = [
            r.session for r in self.model.rows if (r.person, r.state) == (row.person, "waiting")
        ]
        if lines and chance.random() < 0.3:
            session = chance.choice(lines)
        self.both(
            lambda: self.model.exchange(row, session),
            lambda: exchanges.exchange(
                leaving=self.real(row),
                session=self.session(session),
                by=self.cast.persons[row.person],
                at=self.model.now,
            ),
        )

    def passes_on(self, chance: random.Random) -> None:
        row, to = self.pick(chance, "confirmed"), chance.choice(WHO)
        if row is None or (row.state == "cancelled" and self.model.live(to, row.session)):
            return  # pressed again: what was passed on is given back, specified elsewhere
        colleague = self.cast.persons[to]
        self.do(row, lambda r: self.model.pass_on(r, to), exchanges.pass_on, to=colleague)

    # -------------------------------------------------------------- staff
    def seats_beyond(self, chance: random.Random) -> None:
        name, session = chance.choice(WHO), chance.choice(self.model.sessions)
        self.both(
            lambda: self.model.seat_beyond(name, session),
            lambda: roster.seat_beyond(
                person=self.cast.persons[name],
                session=self.session(session),
                by=self.cast.staff,
                at=self.model.now,
                motive=WHY,
            ),
        )

    def moves_in_line(self, chance: random.Random) -> None:
        row, place = self.pick(chance, "waiting"), chance.randint(0, 4)
        named = {"place": place, "by": self.cast.staff, "motive": WHY}
        self.do(row, lambda r: self.model.move(r, place), roster.move_in_line, **named)

    def resizes(self, chance: random.Random) -> None:
        session = chance.choice(self.model.sessions)
        row = self.session(session)
        row.capacity = seats = chance.randint(0, 3)
        pools = list(row.pools.order_by("pk"))
        for each in pools:
            each.capacity = chance.randint(0, 2)
        reserves = {
            reserve.people: each.capacity
            for reserve, each in zip(session.reserves, pools, strict=True)
        }
        self.both(
            lambda: self.model.resize(session, seats, reserves),
            lambda: verbs.save_session(
                session=row,
                meetings=None,
                breaks=None,
                trainers=None,
                pools=pools or None,
                by=self.cast.staff,
                at=self.model.now,
            ),
        )

    def steps_on(self, chance: random.Random) -> None:
        to = chance.choice(["paused", "postponed", "postponed", "cancelled", "open"])
        self._step(chance.choice(self.model.sessions), to)

    def opens_again(self, chance: random.Random) -> None:
        """Else lives would end in sessions that stand still."""
        still = [each for each in self.model.sessions if each.state in {"paused", "postponed"}]
        if still:
            self._step(still[0], "open")

    def _step(self, session: Class, to: str) -> None:
        self.both(
            lambda: self.model.step(session, to),
            lambda: STATES[to](
                session=self.session(session), by=self.cast.staff, at=self.model.now, motive=WHY
            ),
        )

    # -------------------------------------------------------------- the clock
    def time_passes(self, chance: random.Random) -> None:
        """Some minutes or days; or until something changes by itself, to the second."""
        now, soon = self.model.now, self.model.turning_points()
        minutes = chance.choice([1, 60, 240, 600, 1440, 2880])
        waits = chance.random() < 0.5 and soon
        self.model.now = min(soon) if waits else now + timedelta(minutes=minutes)

    def sweeps(self, chance: random.Random) -> None:
        def everything() -> None:
            offers.expire_offers(at=self.model.now)
            offers.release_pools(at=self.model.now)
            verbs.hold_finished_sessions(at=self.model.now)
            for key in self.cast.keys:
                offers.fill_session(session_id=key, at=self.model.now)

        self.both(self.model.sweep, everything)

    def offers_expire(self, chance: random.Random) -> None:
        self.both(self.model.expire, lambda: offers.expire_offers(at=self.model.now))

    def a_line_is_served(self, chance: random.Random) -> None:
        session = chance.choice(self.model.sessions)
        key = self.cast.keys[self.model.sessions.index(session)]
        self.both(
            lambda: self.model.fill(session),
            lambda: offers.fill_session(session_id=key, at=self.model.now),
        )


@pytest.fixture
def machine(db: None) -> type[GateMachine]:
    return type("Life", (GateMachine,), {"cast": cast(), "steps": 0, "seen": Counter()})


@pytest.mark.both_databases
@pytest.mark.timeout(7200 if HUNT else 600)  # of which five minutes to shrink a life that fails
@pytest.mark.parametrize("part", range(PARTS))
def test_the_gate_is_the_naive_model(machine: type[GateMachine], part: int) -> None:
    wanted, began = -(-HUNT // PARTS) or STEPS_OF_THE_SUITE, time.monotonic()
    to_see = OFTEN_SEEN | RARELY_SEEN if HUNT else OFTEN_SEEN
    worlds = random.Random(None if HUNT else 1)
    while machine.steps < wanted or (to_see - set(machine.seen) and machine.steps < 2 * wanted):
        machine.world = worlds.getrandbits(32)
        run_state_machine_as_test(
            seed(machine.world)(machine),
            settings=settings(
                max_examples=LIVES_OF_A_WORLD,
                stateful_step_count=STEPS_OF_A_LIFE,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    print(f"{machine.steps} steps in {time.monotonic() - began:.0f} s: {dict(machine.seen)}")
    assert to_see - set(machine.seen) == set()
