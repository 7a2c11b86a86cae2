"""The gate as one would explain it on paper: no database, no locks, no cleverness.

Lists that are walked from the start each time, every way of sitting tried one by one. It imports
nothing of the product but the windows of offers, which have a specification of their own
(tests/courses/letters/test_windows.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from courses.letters.windows import offer_ends_at, seats_by_itself
from tests.courses.gate.paper import GENERAL, HELD, LIVE, Class, Floor, Refused, Row

TO_COME = {"announced", "open", "paused", "postponed"}
DATED = {"announced", "open", "paused", "held", "closed"}
SERVED = {"announced", "open"}
STEPS = {  # of a session: from → to, by staff
    "open": {"paused", "postponed", "cancelled"},
    "paused": {"open", "postponed", "cancelled"},
    "postponed": {"open", "cancelled"},
}


@dataclass
class Academy:
    """Everything, at one moment. Each verb changes it or raises Refused, as the gate must."""

    now: datetime
    limit: int
    members: dict[str, set[str]]  # person → those whose reserves are theirs
    sessions: list[Class]
    rows: list[Row] = field(default_factory=list)

    # -------------------------------------------------------------- looking
    def live(self, person: str, session: Class) -> Row | None:
        for row in self.rows:
            if row.person == person and row.session is session and row.state in LIVE:
                return row
        return None

    def held(self, session: Class) -> list[Row]:
        return [r for r in self.rows if r.session is session and r.state in HELD and not r.is_extra]

    def line(self, session: Class) -> list[Row]:
        waiting = [r for r in self.rows if r.session is session and r.state == "waiting"]
        return sorted(waiting, key=lambda row: row.rank or 0)

    def servable(self, session: Class) -> list[Row]:
        return [r for r in self.line(session) if not r.is_paused and r.passed != session.release]

    def floor(self, session: Class) -> Floor:
        return Floor(session, self.held(session), self.members, self.now)

    def left(self, session: Class) -> timedelta:
        return session.begins - self.now

    def leaves(self, row: Row) -> Row | None:
        """What would be given up when this row becomes a seat."""
        other = row.instead_of
        if other is None or not self.may_be_left(other.session):
            return None
        if other.state == "expired":
            return self.live(other.person, other.session)
        return other if other.state in LIVE else None

    def may_be_left(self, session: Class) -> bool:
        if session.state not in TO_COME:
            return False
        return session.state == "postponed" or self.now < session.begins

    def turning_points(self) -> list[datetime]:
        """The moments to come at which something changes by itself."""
        hours = [timedelta(hours=each) for each in (48, 12, 2, 0)]
        found = [each.begins - left for each in self.sessions for left in hours]
        found += [each.ends for each in self.sessions]
        found += [kept.until for each in self.sessions for kept in each.reserves]
        found += [row.ends for row in self.rows if row.state == "offered" and row.ends]
        return [each for each in found if self.now < each]

    # -------------------------------------------------------------- rules
    def check_open(self, session: Class) -> None:
        if session.state in {"paused", "postponed"}:
            raise Refused("EnrolmentClosed")
        if session.state != "open" or self.now >= session.begins:
            raise Refused("SessionOver")

    def check(
        self, person: str, session: Class, *, given: Iterable[Class] = (), dated: bool = True
    ) -> None:
        """The limit of the term, then the hours."""
        others = [
            r.session
            for r in self.rows
            if r.person == person
            and r.state in HELD
            and r.session is not session
            and all(r.session is not each for each in given)
        ]
        in_term = [each for each in others if each.in_term and each.state != "cancelled"]
        if session.in_term and len(in_term) >= self.limit:
            raise Refused("TermLimitReached")
        for other in others:
            meets = session.begins < other.ends and other.begins < session.ends
            if dated and meets and other.state in DATED:
                raise Refused("ScheduleConflict")

    # -------------------------------------------------------------- seats
    def has_seat(self, person: str, session: Class, *, walk_up: bool) -> bool:
        free = session.seats - len(self.held(session))
        if free < 1:
            return False
        yields = walk_up and self.left(session) > timedelta(hours=2)
        ahead = self.servable(session) if yields else []
        if not session.kept(self.now):
            return free > len(ahead)
        floor = self.floor(session)
        if not floor.has_room(person):
            return False
        for row in ahead:
            if floor.has_room(row.person):
                floor.sit(row.person)
        return floor.has_room(person)

    def seat(self, row: Row, state: str) -> None:
        row.state = state
        if all(row is not each for each in self.rows):
            self.rows.append(row)

    def seat_or_line(self, row: Row) -> Row:
        ranks = [r.rank for r in self.rows if r.session is row.session and r.rank is not None]
        if self.has_seat(row.person, row.session, walk_up=True):
            self.seat(row, "confirmed")
        else:
            row.rank = max(ranks, default=0) + 1
            self.seat(row, "waiting")
        return row

    def give_up(self, row: Row) -> None:
        if row.state in HELD and not row.is_extra:
            row.session.release += 1
        row.state = "cancelled"

    # -------------------------------------------------------------- verbs of a person
    def enrol(self, person: str, session: Class, *, asks_first: bool) -> None:
        row = self.live(person, session)
        if row is not None:
            self.take(row, self.leaves(row))
            return
        self.check_open(session)
        self.check(person, session)
        self.seat_or_line(Row(person, session, "", asks_first))

    def take(self, row: Row, leaving: Row | None) -> bool:
        """A free seat in the last hours, for who waits and asks."""
        left, session = self.left(row.session), row.session
        if row.state != "waiting" or session.state not in SERVED:
            return False
        if not timedelta(0) < left <= timedelta(hours=12):
            return False
        if left > timedelta(hours=2) and session.release not in row.called:
            return False
        self.check(row.person, session, given=[leaving.session] if leaving else [])
        if not self.has_seat(row.person, session, walk_up=False):
            return False
        row.state = "confirmed"
        if leaving is not None:
            self.give_up(leaving)
        return True

    def cancel(self, row: Row) -> None:
        session = row.session
        if row.state == "cancelled":
            return
        if row.state not in LIVE:
            raise Refused("EnrolmentEnded")
        if session.state in {"cancelled", "held", "closed"}:
            raise Refused("SessionOver")
        if session.state != "postponed" and self.now >= session.begins:
            raise Refused("SessionOver")
        self.give_up(row)

    def pause(self, row: Row, *, paused: bool) -> None:
        if row.state != "waiting":
            raise Refused("EnrolmentEnded")
        row.is_paused = paused

    def check_answer(self, row: Row) -> None:
        if row.session.state not in TO_COME:
            raise Refused("OfferOver")
        if row.state == "offered" and row.session.state == "postponed":
            return
        if row.state != "offered" or row.ends is None or self.now >= row.ends:
            raise Refused("OfferOver")

    def accept(self, row: Row) -> None:
        if row.state == "confirmed":
            return
        self.check_answer(row)
        is_dated = row.session.state != "postponed"
        if is_dated and self.now >= row.session.begins:
            raise Refused("OfferOver")
        leaving = self.leaves(row)
        given = [leaving.session] if leaving else []
        self.check(row.person, row.session, given=given, dated=is_dated)
        row.state = "confirmed"
        if leaving is not None:
            self.give_up(leaving)

    def decline(self, row: Row) -> None:
        if row.state != "declined":
            self.check_answer(row)
            row.state = "declined"

    def exchange(self, old: Row, session: Class) -> None:
        row = self.live(old.person, session)
        if row is not None and row.state != "waiting":
            return
        if old.state != "confirmed" or old.session is session:
            raise Refused("NothingToExchange")
        if not self.may_be_left(old.session):
            raise Refused("NothingToExchange")
        if row is not None:
            if not self.take(row, old):
                row.instead_of = old
            return
        self.check_open(session)
        self.check(old.person, session, given=[old.session])
        row = self.seat_or_line(Row(old.person, session, "", instead_of=old))
        if row.state == "confirmed":
            self.give_up(old)

    def pass_on(self, row: Row, to: str) -> None:
        session = row.session
        if row.state != "confirmed":
            raise Refused("EnrolmentEnded")
        ends = offer_ends_at(at=self.now, starts_at=session.begins)
        if session.state not in SERVED or ends is None or to == row.person:
            raise Refused("PassingOver")
        if self.live(to, session) is not None:
            raise Refused("AlreadyEnrolled")
        kept = {each.people for each in session.kept(self.now)}
        if row.pool in kept and row.pool not in self.members[to]:
            raise Refused("PassingOver")
        self.check(to, session)
        row.state = "cancelled"
        self.rows.append(
            Row(to, session, "offered", pool=row.pool, is_extra=row.is_extra, ends=ends)
        )

    # -------------------------------------------------------------- verbs of staff
    def seat_beyond(self, person: str, session: Class) -> None:
        if session.state == "postponed":
            raise Refused("EnrolmentClosed")
        if session.state in {"cancelled", "held"} or self.now >= session.ends:
            raise Refused("SessionOver")
        row = self.live(person, session) or Row(person, session, "")
        if row.state in HELD:
            return
        self.check(person, session)
        row.is_extra, row.pool = True, GENERAL
        self.seat(row, "confirmed")

    def move(self, row: Row, place: int) -> None:
        line = self.line(row.session)
        if all(row is not each for each in line):
            raise Refused("EnrolmentEnded")
        if not 1 <= place <= len(line):
            raise Refused("SeatRefusal")
        ranks = [each.rank for each in line]
        line.remove(row)
        line.insert(place - 1, row)
        for each, rank in zip(line, ranks, strict=True):
            each.rank = rank

    def resize(self, session: Class, seats: int, reserves: dict[str, int]) -> None:
        """Another number of seats, and of seats kept."""
        if sum(reserves.values()) > seats:
            raise Refused("PoolsTooLarge")
        was = {each.people: each.seats for each in session.reserves}
        if (session.seats, was) == (seats, reserves):
            return
        if session.state == "cancelled":
            raise Refused("SettledSession")
        if session.state in TO_COME and (seats > session.seats or was != reserves):
            session.release += 1
        session.seats = seats
        for each in session.reserves:
            each.seats = reserves[each.people]

    def step(self, session: Class, to: str) -> None:
        was = session.state
        if was == to:
            return
        if to not in STEPS.get(was, set()):
            raise Refused("NotThisStep")
        if to == "open" and was == "postponed" and session.begins <= self.now:
            raise Refused("DatePast")
        session.state = to
        ends = offer_ends_at(at=self.now, starts_at=session.begins)
        if was == "postponed" and to == "open" and ends is not None:
            for row in self.rows:
                if row.session is session and row.state == "offered":
                    row.ends = ends

    # -------------------------------------------------------------- the clock
    def sweep(self) -> None:
        self.expire()
        for session in self.sessions:
            for each in session.reserves:
                if session.state in TO_COME and each.until <= self.now and not each.is_seen:
                    each.is_seen = True
                    session.release += 1
        for session in self.sessions:
            if session.state in TO_COME - {"postponed"} and session.begins <= self.now:
                for row in self.rows:
                    if row.session is session and row.state in LIVE - {"confirmed"}:
                        row.state = "lapsed"
                if session.ends <= self.now:
                    session.state = "held"
        for session in self.sessions:
            self.fill(session)

    def expire(self) -> None:
        due = [r for r in self.rows if r.state == "offered" and r.ends and r.ends <= self.now]
        due = [r for r in due if r.session.state in TO_COME - {"postponed"}]
        for row in sorted(due, key=lambda each: (each.ends, self.rows.index(each))):
            row.state = "expired"
            if row.rank is None:
                continue
            ranks = [r.rank for r in self.rows if r.session is row.session and r.rank is not None]
            again = Row(row.person, row.session, "waiting", row.asks_first)
            again.silences = row.silences + 1
            again.rank = row.rank if again.silences == 1 else max(ranks) + 1
            again.passed, again.instead_of = row.session.release, row.instead_of
            self.rows.append(again)

    def fill(self, session: Class) -> None:
        for row in self._turns(session):
            if self.left(session) <= timedelta(hours=12):
                for each in self._placeable(session):
                    each.called.add(session.release)
                return
            by_itself = seats_by_itself(
                asks_first=row.asks_first, at=self.now, starts_at=session.begins
            )
            leaving = self.leaves(row) if by_itself else None
            try:
                self.check(row.person, session, given=[leaving.session] if leaving else [])
            except Refused:
                continue
            row.state = "confirmed" if by_itself else "offered"
            if not by_itself:
                row.ends = offer_ends_at(at=self.now, starts_at=session.begins)
            if leaving is not None:
                self.give_up(leaving)

    def _turns(self, session: Class) -> Iterator[Row]:
        """Whose turn it is, each once, as long as seats are free."""
        looked_at: list[Row] = []
        while session.state in SERVED and self.now < session.begins:
            found = [
                r for r in self._placeable(session) if all(r is not each for each in looked_at)
            ]
            if not found:
                return
            looked_at.append(found[0])
            yield found[0]

    def _placeable(self, session: Class) -> list[Row]:
        if len(self.held(session)) >= session.seats:
            return []
        if not session.kept(self.now):
            return self.servable(session)
        return [r for r in self.servable(session) if self.floor(session).has_room(r.person)]
