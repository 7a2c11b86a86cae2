"""What the model of the gate is made of: sessions, rows, and a floor where people sit."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

HELD = {"confirmed", "offered"}
LIVE = {"requested", "waiting", *HELD}
GENERAL = ""


class Refused(Exception):  # noqa: N818 - not an error
    """The name of the refusal."""


@dataclass
class Reserve:
    """Seats kept for some people until an hour."""

    people: str
    seats: int
    until: datetime
    is_seen: bool = False


@dataclass
class Class:
    """A session: so many seats, at such an hour."""

    name: str
    seats: int
    begins: datetime
    ends: datetime
    in_term: bool
    reserves: list[Reserve] = field(default_factory=list)
    state: str = "open"
    release: int = 0

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(self.name)

    def kept(self, now: datetime) -> list[Reserve]:
        return [each for each in self.reserves if now < each.until]


@dataclass(eq=False)
class Row:
    """One attempt of one person at one session."""

    person: str
    session: Class
    state: str
    asks_first: bool = False
    rank: int | None = None
    pool: str = GENERAL
    is_extra: bool = False
    is_paused: bool = False
    silences: int = 0
    passed: int | None = None
    ends: datetime | None = None
    instead_of: "Row | None" = None
    called: set[int] = field(default_factory=set)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(f"{self.person} in “{self.session.name}”: {self.state} {self.rank or ''}")


class Floor:
    """Everybody who holds a seat of a session with reserves, and where each may sit."""

    def __init__(
        self, session: Class, holders: list[Row], members: dict[str, set[str]], now: datetime
    ) -> None:
        self.members, self.session = members, session
        kept = session.kept(now)
        self.names = {each.people for each in kept}
        self.most = {each.people: each.seats for each in kept}
        self.most[GENERAL] = session.seats - sum(each.seats for each in kept)
        self.ways: list[set[str]] = []
        taken = dict.fromkeys(self.most, 0)
        for row in holders:
            is_there = row.pool in self.names and taken[row.pool] < self.most[row.pool]
            place = row.pool if is_there else GENERAL
            taken[place] += 1
            self.ways.append({place} | self.open_to(row.person))
        # Nobody is asked to leave a place that is too full already.
        self.most = {place: max(most, taken[place]) for place, most in self.most.items()}

    def open_to(self, person: str) -> set[str]:
        return (self.members[person] & self.names) | {GENERAL}

    def has_room(self, person: str) -> bool:
        everybody = [*self.ways, self.open_to(person)]
        if len(everybody) > self.session.seats:
            return False
        return self._sits(everybody, dict.fromkeys(self.most, 0))

    def _sits(self, everybody: list[set[str]], taken: dict[str, int]) -> bool:
        if not everybody:
            return True
        for place in everybody[0]:
            if taken[place] < self.most[place]:
                with_one = taken | {place: taken[place] + 1}
                if self._sits(everybody[1:], with_one):
                    return True
        return False

    def sit(self, person: str) -> None:
        self.ways.append(self.open_to(person))
