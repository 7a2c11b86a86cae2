"""Seats in figures and in words: what is held, kept, waited for, and open to whoever comes."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.choices import HELD_ENROLMENT_STATES, PROMOTING_STATES, EnrolmentState
from courses.letters.windows import OPEN_TO_ALL
from courses.models import Enrolment, Meeting, Pool, Session
from courses.selectors.standing import eligibility
from people.models import User

COUNTS = ("held_count", "extra_count", "waiting_count", "passing_count", "kept_count")


@dataclass(frozen=True)
class SeatSummary:
    """Seats of a session at one instant. `free` None: no limit; never below zero.

    extra: seats beyond the capacity, given by staff; they take none of it. kept: free seats that
    only the people of its pools may use for now. passing: of those who wait, who are not served for
    now (they paused, or let this release of seats pass).
    """

    capacity: int | None
    held: int
    waiting: int
    extra: int = 0
    kept: int = 0
    passing: int = 0

    @property
    def free(self) -> int | None:
        return None if self.capacity is None else max(0, self.capacity - self.held)

    @property
    def open_to_walk_ups(self) -> int | None:
        """Free seats neither kept for others nor promised to those who wait."""
        if self.free is None:
            return None
        return max(0, self.free - self.kept - (self.waiting - self.passing))

    @property
    def is_full(self) -> bool:
        return self.open_to_walk_ups == 0

    @property
    def beyond(self) -> int:
        """Seats held over a capacity that was lowered since: none is given until it is zero."""
        return 0 if self.capacity is None else max(0, self.held - self.capacity)

    @property
    def words(self) -> str:
        """« 4 places », « Complet, 6 personnes en attente », « Places illimitées »."""
        seats = self.open_to_walk_ups
        if seats is None:
            return _("No limit of seats")
        if seats:
            return ngettext("%(count)d seat", "%(count)d seats", seats) % {"count": seats}
        if self.waiting:
            return ngettext(
                "Full, %(count)d person waiting", "Full, %(count)d people waiting", self.waiting
            ) % {"count": self.waiting}
        return _("Reserved seats only") if self.kept else _("Full")

    @property
    def fill(self) -> str:
        """For staff: « 12 / 20 », « 20 / 20 + 1 » with a seat beyond the capacity, « 12 »."""
        words = f"{self.held}" if self.capacity is None else f"{self.held} / {self.capacity}"
        return f"{words} + {self.extra}" if self.extra else words


def _count_of(rows: QuerySet[Enrolment]) -> Coalesce:
    found = rows.filter(session=OuterRef("pk")).order_by().values("session")
    return Coalesce(Subquery(found.annotate(n=Count("pk")).values("n")), 0)


def _held() -> QuerySet[Enrolment]:
    """Rows that take a seat of the capacity."""
    return Enrolment.objects.filter(state__in=HELD_ENROLMENT_STATES, is_extra=False)


def pools_with_use() -> QuerySet[Any]:
    """Pools with their people's names and `used`, the seats held in each; for a prefetch."""
    held = _held().filter(pool=OuterRef("pk")).order_by().values("pool")
    used = Coalesce(Subquery(held.annotate(n=Count("pk")).values("n")), 0)
    return Pool.objects.annotate(used=used).select_related(
        "establishment", "community", "profession"
    )


def with_pools(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Sessions read with their pools, in one question more."""
    return sessions.prefetch_related(Prefetch("pools", queryset=pools_with_use()))


def _kept(at: datetime | None) -> Coalesce:
    """Free seats of the pools that are still kept, over all pools of a session."""
    stands = (
        Q(seen_released_at__isnull=True)
        if at is None
        else Q(release_at__isnull=True) | Q(release_at__gt=at)
    )
    pools = pools_with_use().filter(stands, session=OuterRef("pk")).select_related(None)
    left = pools.annotate(left=Greatest(F("capacity") - F("used"), 0)).order_by()
    return Coalesce(Subquery(left.values("session").annotate(n=Sum("left")).values("n")), 0)


def with_counts(sessions: QuerySet[Session], *, at: datetime | None = None) -> QuerySet[Session]:
    """Adds starts_at, ends_at, held_count, extra_count, waiting_count, passing_count and
    kept_count, each one subquery (no joined rows).

    `at` says which pools are still kept; without it, they are those that the sweep, which passes
    each minute, has not yet seen released.
    """
    meetings = Meeting.objects.filter(session=OuterRef("pk"))
    waiting = Enrolment.objects.filter(state=EnrolmentState.WAITING)
    passed = Q(paused_at__isnull=False) | Q(passed_release=OuterRef("release"))
    return sessions.annotate(
        starts_at=Subquery(meetings.order_by("starts_at").values("starts_at")[:1]),
        ends_at=Subquery(meetings.order_by("-ends_at").values("ends_at")[:1]),
        held_count=_count_of(_held()),
        extra_count=_count_of(
            Enrolment.objects.filter(state__in=HELD_ENROLMENT_STATES, is_extra=True)
        ),
        waiting_count=_count_of(waiting),
        passing_count=_count_of(waiting.filter(passed)),
        kept_count=_kept(at),
    )


def with_offers(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Adds offered_count, the seats held by an offer not answered yet; they are in held_count."""
    return sessions.annotate(
        offered_count=_count_of(Enrolment.objects.filter(state=EnrolmentState.OFFERED))
    )


def count_now(session: Session, *, at: datetime) -> None:
    """Sets on one session what `with_counts` adds, by one question on one table.

    The session was read with its meetings and `with_pools`.
    """
    release = Session.objects.filter(pk=OuterRef("session")).values("release")
    held, waiting = Q(state__in=HELD_ENROLMENT_STATES), Q(state=EnrolmentState.WAITING)
    passed = Q(paused_at__isnull=False) | Q(passed_release=Subquery(release))
    counts = Enrolment.objects.filter(session=session).aggregate(
        held_count=Count("pk", filter=held & Q(is_extra=False)),
        extra_count=Count("pk", filter=held & Q(is_extra=True)),
        waiting_count=Count("pk", filter=waiting),
        passing_count=Count("pk", filter=waiting & passed),
    )
    counts["kept_count"] = sum(each.left for each in pool_seats(session, at=at))
    meetings = session.meetings.all()
    counts["starts_at"] = min((each.starts_at for each in meetings), default=None)
    counts["ends_at"] = max((each.ends_at for each in meetings), default=None)
    session.__dict__.update(counts)


def seat_summary(session: Session, *, at: datetime | None = None) -> SeatSummary:
    """Seats of one session; reads the annotations of `with_counts` when they are there.

    With `at`, a session that begins in less than two hours is open to all: nobody is served before
    whoever comes.
    """
    counts: Any = session
    if not hasattr(session, COUNTS[-1]):
        counts = with_counts(Session.objects.filter(pk=session.pk), at=at).get()
    held, extra, waiting, passing, kept = (getattr(counts, name) for name in COUNTS)
    if at is not None and counts.starts_at is not None and counts.starts_at - at <= OPEN_TO_ALL:
        passing = waiting
    return SeatSummary(session.capacity, held, waiting, extra, kept, passing)


@dataclass(frozen=True)
class PoolSeats:
    """A pool that is still kept, with its free seats; `is_mine`: the reader may use them."""

    pool: Pool
    left: int
    is_mine: bool = False


def pool_seats(session: Session, *, at: datetime, person: User | None = None) -> list[PoolSeats]:
    """The pools of a session still kept at that moment, those of no seat left out.

    Uses what `with_pools` read; with a person, at most three questions more where there are pools.
    """
    rows = getattr(session, "_prefetched_objects_cache", {}).get("pools")
    if rows is None:
        rows = pools_with_use().filter(session=session)
    pools = [pool for pool in rows if pool.is_kept(at) and pool.capacity]
    mine: frozenset[int] = frozenset()
    if person is not None and pools:
        mine = eligibility([person.pk], pools, at=at)[person.pk]
    return [PoolSeats(pool, max(0, pool.capacity - pool.used), pool.pk in mine) for pool in pools]


def summary_for(
    summary: SeatSummary, pools: list[PoolSeats], session: Session, *, at: datetime
) -> SeatSummary:
    """The same seats as the reader of those pools finds them: what is kept for them is open."""
    opens_at = session.enrolment_opens_at
    everybody = opens_at is None or at >= opens_at
    mine = sum(
        each.left
        for each in pools
        if each.is_mine and (each.pool.is_open(at) if each.pool.opens_at else everybody)
    )
    return replace(summary, kept=max(0, summary.kept - mine))


def beyond_words(session: Session) -> list[str]:
    """What a lowered capacity or pool leaves standing, in sentences; empty when nothing is."""
    words = []
    beyond = seat_summary(session).beyond
    if beyond:
        words.append(
            ngettext(
                "%(count)d seat is held beyond the capacity of %(capacity)d: nobody loses a "
                "place, and no seat is given until fewer than %(capacity)d are held.",
                "%(count)d seats are held beyond the capacity of %(capacity)d: nobody loses a "
                "place, and no seat is given until fewer than %(capacity)d are held.",
                beyond,
            )
            % {"count": beyond, "capacity": session.capacity}
        )
    crowded = pools_with_use().filter(session=session, used__gt=F("capacity"))
    return words + [
        ngettext(
            "%(people)s: %(count)d person more than there are reserved seats holds one; "
            "nobody loses a place.",
            "%(people)s: %(count)d people more than there are reserved seats hold one; "
            "nobody loses a place.",
            pool.used - pool.capacity,
        )
        % {"people": pool, "count": pool.used - pool.capacity}
        for pool in crowded
    ]


def sessions_to_fill(*, at: datetime) -> QuerySet[Session]:
    """Sessions to come where somebody who may be served waits while a seat is free: what the sweep
    picks up. Whose seat it is, in a session with pools, the gate says."""
    rows = with_counts(Session.objects.filter(state__in=PROMOTING_STATES), at=at)
    return rows.filter(waiting_count__gt=F("passing_count"), starts_at__gt=at).filter(
        Q(capacity__isnull=True) | Q(capacity__gt=F("held_count"))
    )
