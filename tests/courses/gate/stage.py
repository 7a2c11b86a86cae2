"""Who plays in the lives of the state machine, where, what may happen, and how often."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from courses.models import Pool
from people.models import Community, User
from people.services.memberships import join_community, verify_membership
from tests.courses.gate.model import Academy
from tests.courses.gate.paper import Class, Reserve
from tests.factories import people
from tests.factories.courses import AT, HERE, open_session, pool, published_course, term

DAY = timedelta(days=1)
FIRST = datetime(2026, 11, 17, 12, 0, tzinfo=HERE)
NET = "net"  # the one community
MEMBERS: dict[str, set[str]] = {
    "ana": set(),
    "bea": {"chum"},
    "cyr": {"chum", NET},
    "dan": {NET},
    "eve": {"cusm"},
    "fay": set(),
}
WHY = "Comité"
WHO = sorted(MEMBERS)
WEIGHTS = [
    *["asks"] * 9, *["leaves"] * 5, *["accepts"] * 3, "declines", "pauses", *["exchanges"] * 2,
    "passes_on", "seats_beyond", "moves_in_line", *["resizes"] * 3, "steps_on",
    *["opens_again"] * 2, *["time_passes"] * 4, *["sweeps"] * 5, "offers_expire",
    *["a_line_is_served"] * 3,
]  # fmt: skip
# Lives that meet none of one of these show little; a hunt meets all the others too.
OFTEN_SEEN = {
    "waiting", "offered", "confirmed", "expired", "lapsed", "cancelled", "called", "exchanged",
    "passed on", "extra", "TermLimitReached", "ScheduleConflict", "SessionOver", "OfferOver",
}  # fmt: skip
RARELY_SEEN = {
    "declined", "passed over", "called, came first", "moved to another pool", "offer expired",
    "paused", "resumed", "somebody else was moved", "instead of enrolment", "AlreadyEnrolled",
    "EnrolmentClosed", "EnrolmentEnded", "NothingToExchange", "PassingOver", "NotThisStep",
    "PoolsTooLarge", "SettledSession", "DatePast",
}  # fmt: skip


def plan() -> list[Class]:
    """The four sessions, before anything happened."""

    def hour(days: int, minutes: int = 0) -> tuple[datetime, datetime]:
        begins = FIRST + days * DAY + timedelta(minutes=minutes)
        return begins, begins + timedelta(hours=1)

    reserves = [Reserve("chum", 1, FIRST - DAY), Reserve(NET, 1, FIRST + DAY / 2)]
    return [
        Class("first", 2, *hour(0), in_term=True),
        Class("same hour", 1, *hour(0, 30), in_term=True),
        Class("reserved", 3, *hour(1), in_term=True, reserves=reserves),
        Class("apart", 1, *hour(2), in_term=False),
    ]


def a_beginning(chance: random.Random) -> Academy:
    """How much there is of everything, and how long before the first session a life begins."""
    sessions = plan()
    for session, seats in zip(sessions, [(0, 2), (0, 1), (2, 3), (0, 1)], strict=True):
        session.seats = chance.randint(*seats)
    hours = timedelta(hours=chance.choice([216, 120, 70, 50, 30, 14, 11]))
    return Academy(FIRST - hours, chance.choice([1, 1, 2, 2, 3]), MEMBERS, sessions)


@dataclass(frozen=True)
class Cast:
    """The people and the sessions of every life, made once; each life is undone at its end."""

    persons: dict[str, User]
    keys: list[int]  # of the sessions, in the order of `plan`
    pools: list[int]  # of their reserves, in the same order
    staff: User


def cast() -> Cast:
    course, autumn = published_course(), term()
    community = Community.objects.order_by("pk").first()
    assert community
    staff = people.coordinator()
    persons = {}
    for name, places in MEMBERS.items():
        codes = sorted(places - {NET})
        person = (
            people.verified_member(people.establishment(codes[0])) if codes else people.person()
        )
        if NET in places:
            membership = join_community(user=person, community=community, at=AT)
            verify_membership(membership=membership, by=staff, at=AT)
        persons[name] = person
    targets = {"chum": people.establishment("chum"), NET: community}
    keys = [
        open_session(
            course=course,
            term=autumn if each.in_term else None,
            starts_at=each.begins,
            capacity=5,
            pools=[pool(targets[r.people], r.seats, release_at=r.until) for r in each.reserves],
        ).pk
        for each in plan()
    ]
    pools = [
        key
        for pk in keys
        for key in Pool.objects.filter(session=pk).order_by("pk").values_list("pk", flat=True)
    ]
    return Cast(persons, keys, pools, staff)
