"""Who wanted a seat of a term and what became of it: to size the next one.

One ask is one person in one session, whatever the number of rows; its outcome is that of the last
row. What the Academy offers of a second session is an ask once the person says yes: until then they
are counted where they asked. A constant number of queries, whatever the number of sessions and of
people.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from courses.choices import (
    LIVE_ENROLMENT_STATES,
    PASSED_OVER,
    REFUSAL_CAUSES,
    EnrolmentOrigin,
    EnrolmentState,
    RefusalCause,
    SessionState,
)
from courses.models import Enrolment, EnrolmentEvent, Refusal, Term
from courses.selectors.demand_pools import (
    FEW,
    WAITING,
    PoolLine,
    count_by_pool,
    hide_few,
    pool_lines,
)
from courses.selectors.seats import with_counts, with_pools
from people.letters import folded
from people.models import Community, Establishment, Membership


@dataclass
class Demand:
    """Asks and what became of them. `refused`: cause → refusals of the gate, which made no ask."""

    asked: int = 0
    seated: int = 0
    extra: int = 0  # seated beyond the capacity
    waiting: int = 0  # still on the list, requested or offered
    not_obtained: int = 0  # still waiting when the session began, or it was cancelled
    refused_by_staff: int = 0
    declined: int = 0  # offers, not people
    expired: int = 0
    withdrawn: int = 0
    withdrawn_late: int = 0
    passed_over: int = 0  # asks that a rule kept from a free seat while they waited
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def unmet(self) -> int:
        """People who wanted a seat to the end and did not get one."""
        return self.waiting + self.not_obtained + self.refused_by_staff

    @property
    def refusals(self) -> int:
        return self.refused.total()

    def add(self, other: "Demand") -> None:
        for name, value in vars(other).items():
            if name == "refused":
                self.refused.update(value)
            else:
                setattr(self, name, getattr(self, name) + value)


@dataclass(frozen=True)
class SessionLine:
    session: Any  # with starts_at
    demand: Demand
    pools: list[PoolLine]  # empty for a session without pools

    @property
    def asks_per_seat(self) -> int | None:
        """Out of a hundred seats; None without a limit."""
        capacity = self.session.capacity
        return round(100 * self.demand.asked / capacity) if capacity else None


@dataclass(frozen=True)
class GroupLine:
    """Everything asked by the people of one establishment, or one community, or for one course."""

    label: str
    demand: Demand
    capacity: int | None = None
    is_merged: bool = False


@dataclass(frozen=True)
class TermDemand:
    term: Term
    sessions: list[SessionLine]
    courses: list[GroupLine]
    establishments: list[GroupLine]
    communities: list[GroupLine]
    total: Demand
    passed_over: Counter[str]  # cause → asks kept from a free seat while they waited

    @property
    def has_pools(self) -> bool:
        return any(line.pools for line in self.sessions)

    @property
    def causes(self) -> list[tuple[RefusalCause, int, int]]:
        """(cause, refused at the gate, passed over on the list), the most frequent first."""
        found = [
            (cause, self.total.refused[cause], self.passed_over[cause]) for cause in RefusalCause
        ]
        return sorted(
            (row for row in found if row[1] or row[2]), key=lambda row: -(row[1] + row[2])
        )


def term_demand(term: Term, *, sees_all: bool) -> TermDemand:
    """The report of one term. Without `sees_all`, establishments and communities of fewer than five
    people are one line together, and what fewer than five people of a pool asked for is not said: a
    small number could name somebody.
    """
    sessions = list(
        with_pools(with_counts(term.sessions.all()))
        .select_related("course")
        .order_by("starts_at", "pk")
    )
    by_session: dict[int, Demand] = {row.pk: Demand() for row in sessions}
    cancelled = {row.pk for row in sessions if row.state == SessionState.CANCELLED}
    asks = _asks(term, by_session, cancelled)
    places = _places_of(term)
    by_place: dict[tuple[str, int], Demand] = defaultdict(Demand)
    for (_session_id, person_id), state in asks.items():
        for place in places.get(person_id, ()):
            _count(by_place[place], state)
    _refusals(term, by_session, by_place)
    passed_over = _passed_over(term, by_session)
    by_pool = {row.pk: pool_lines(row) for row in sessions}
    if any(by_pool.values()):
        count_by_pool(term, by_pool, asks, places)
    if not sees_all:
        hide_few(by_pool)
    lines = [SessionLine(row, by_session[row.pk], by_pool[row.pk]) for row in sessions]
    total = Demand()
    for line in lines:
        total.add(line.demand)
    return TermDemand(
        term=term,
        sessions=lines,
        courses=_by_course(lines),
        establishments=_named(by_place, "establishment", Establishment.objects.all(), sees_all),
        communities=_named(by_place, "community", Community.objects.all(), sees_all),
        total=total,
        passed_over=passed_over,
    )


def _asks(
    term: Term, by_session: dict[int, Demand], cancelled: set[int]
) -> dict[tuple[int, int], str]:
    """(session, person) → the state of the last row; counts what only single rows tell. Of a
    cancelled session nobody obtains a place, though seats keep their state there.
    """
    found: dict[tuple[int, int], str] = {}
    late: set[tuple[int, int]] = set()
    rows = Enrolment.objects.filter(session__term=term).order_by("pk")
    for session_id, person_id, state, is_late, is_extra, origin, confirmed_at in rows.values_list(
        "session_id", "person_id", "state", "is_late", "is_extra", "origin", "confirmed_at"
    ):
        ask, demand = (session_id, person_id), by_session[session_id]
        demand.declined += state == EnrolmentState.DECLINED
        demand.expired += state == EnrolmentState.EXPIRED
        if origin == EnrolmentOrigin.TWIN and confirmed_at is None:
            continue
        is_void = session_id in cancelled and state in LIVE_ENROLMENT_STATES
        state = EnrolmentState.LAPSED if is_void else state
        found[ask] = state
        demand.extra += is_extra and state == EnrolmentState.CONFIRMED
        (late.add if is_late else late.discard)(ask)
    for ask, state in found.items():
        _count(by_session[ask[0]], state)
        by_session[ask[0]].withdrawn_late += ask in late
    return found


def _count(demand: Demand, state: str) -> None:
    """One ask and its outcome."""
    demand.asked += 1
    demand.seated += state == EnrolmentState.CONFIRMED
    demand.waiting += state in WAITING
    demand.not_obtained += state == EnrolmentState.LAPSED
    demand.refused_by_staff += state == EnrolmentState.REFUSED
    demand.withdrawn += state == EnrolmentState.CANCELLED


def _places_of(term: Term) -> dict[int, set[tuple[str, int]]]:
    """Person → verified establishments and communities that stood in the term or since.

    Somebody of two establishments is counted in both.
    """
    stood = Q(ends_on__isnull=True) | Q(ends_on__gte=term.starts_on)
    asking = Enrolment.objects.filter(session__term=term).values("person")
    rows = Membership.objects.verified().filter(stood, user__in=asking)
    places: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for person_id, establishment_id, community_id in rows.values_list(
        "user_id", "establishment_id", "community_id"
    ):
        if establishment_id is not None:
            places[person_id].add(("establishment", establishment_id))
        if community_id is not None:
            places[person_id].add(("community", community_id))
    return places


def _refusals(
    term: Term, by_session: dict[int, Demand], by_place: dict[tuple[str, int], Demand]
) -> None:
    rows = (
        Refusal.objects.filter(session__term=term)
        .order_by()
        .values_list("session_id", "cause", "establishment_id")
        .annotate(n=Count("pk"))
    )
    for session_id, cause, establishment_id, n in rows:
        by_session[session_id].refused[cause] += n
        if establishment_id is not None:
            by_place["establishment", establishment_id].refused[cause] += n


def _passed_over(term: Term, by_session: dict[int, Demand]) -> Counter[str]:
    """Cause → asks that a rule kept from a free seat while they waited; once an ask and cause."""
    events = EnrolmentEvent.objects.filter(
        enrolment__session__term=term, reason__startswith=PASSED_OVER
    )
    asks = set(events.values_list("enrolment__session_id", "enrolment__person_id", "reason"))
    for session_id, _person_id in {(each[0], each[1]) for each in asks}:
        by_session[session_id].passed_over += 1
    return Counter(
        REFUSAL_CAUSES.get(reason.removeprefix(PASSED_OVER), RefusalCause.OTHER)
        for _session_id, _person_id, reason in asks
    )


def _by_course(lines: Sequence[SessionLine]) -> list[GroupLine]:
    """Courses in the order of their titles; capacity None when a session has no limit. The seats of
    a cancelled session were none.
    """
    found: dict[str, tuple[Demand, list[int | None]]] = {}
    for line in sorted(lines, key=lambda each: folded(str(each.session.course))):
        demand, capacities = found.setdefault(str(line.session.course), (Demand(), []))
        demand.add(line.demand)
        is_void = line.session.state == SessionState.CANCELLED
        capacities.append(0 if is_void else line.session.capacity)
    return [
        GroupLine(label, demand, None if None in capacities else sum(filter(None, capacities)))
        for label, (demand, capacities) in found.items()
    ]


def _named(
    by_place: dict[tuple[str, int], Demand],
    kind: str,
    rows: Iterable[Any],
    sees_all: bool,
) -> list[GroupLine]:
    lines, merged = [], Demand()
    for row in rows:
        demand = by_place.get((kind, row.pk))
        if demand is None:
            continue
        if sees_all or demand.asked + demand.refusals >= FEW:
            lines.append(GroupLine(str(row), demand))
        else:
            merged.add(demand)
    lines.sort(key=lambda line: (-line.demand.asked, folded(line.label)))
    if merged.asked or merged.refusals:
        lines.append(GroupLine(_("Fewer than five people each"), merged, is_merged=True))
    return lines


# ------------------------------------------------------------------ as tables to hand out
@dataclass(frozen=True)
class Table:
    title: str
    header: list[str]
    rows: list[list[object]]


def tables_of(report: TermDemand) -> dict[str, Table]:
    """The report as the tables one may download, by name."""
    return {
        "sessions": _session_table(report),
        "pools": _pool_table(report),
        "establishments": _group_table(_("Establishments"), report.establishments),
        "communities": _group_table(_("Communities of practice"), report.communities),
    }


def _session_table(report: TermDemand) -> Table:
    causes = list(RefusalCause)
    header = [
        _("Training"), _("First meeting"), _("State"), _("Capacity"), _("Asked"), _("Seated"),
        _("Beyond the capacity"), _("Waiting now"), _("Not obtained"), _("Refused by staff"),
        _("Offers declined"), _("Offers expired"), _("Withdrawn"), _("Withdrawn late"),
        _("Passed over by a rule"), *(str(cause.label) for cause in causes),
    ]  # fmt: skip
    rows = [
        [
            str(line.session.course), line.session.starts_at, line.session.get_state_display(),
            line.session.capacity, line.demand.asked, line.demand.seated, line.demand.extra,
            line.demand.waiting, line.demand.not_obtained, line.demand.refused_by_staff,
            line.demand.declined, line.demand.expired, line.demand.withdrawn,
            line.demand.withdrawn_late, line.demand.passed_over,
            *(line.demand.refused[cause] for cause in causes),
        ]
        for line in report.sessions
    ]  # fmt: skip
    return Table(_("Sessions"), header, rows)


def _pool_table(report: TermDemand) -> Table:
    header = [
        _("Training"), _("First meeting"), _("Kept for"), _("Seats kept"), _("Seats held"),
        _("Without a seat"), _("Refused"),
    ]  # fmt: skip
    rows = [
        [
            str(line.session.course), line.session.starts_at, pool.label, pool.capacity, pool.held,
            pool.unmet, pool.refused,
        ]
        for line in report.sessions
        for pool in line.pools
    ]  # fmt: skip
    return Table(_("Pools of seats"), header, rows)


def _group_table(title: str, lines: Sequence[GroupLine]) -> Table:
    header = [title, _("Asked"), _("Seated"), _("Without a seat"), _("Withdrawn"), _("Refused")]
    rows = [
        [
            line.label,
            line.demand.asked,
            line.demand.seated,
            line.demand.unmet,
            line.demand.withdrawn,
            line.demand.refusals,
        ]
        for line in lines
    ]
    return Table(title, header, rows)
