"""What the gate reads about a person and a session: one query each, under the gate's locks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone

from courses.choices import (
    DATED_SESSION_STATES,
    HELD_ENROLMENT_STATES,
    LIVE_ENROLMENT_STATES,
    EnrolmentState,
    OpeningMode,
    PoolKind,
    SessionFormat,
    SessionState,
)
from courses.letters.windows import NO_OFFERS, OPEN_TO_ALL
from courses.models import Enrolment, EnrolmentHold, Meeting, Pool, Session, SessionEvent, Strike
from courses.models.pools import SessionGuest
from people.choices import EstablishmentKind
from people.models import Membership, Profile, User


@dataclass(frozen=True)
class Slot:
    """An interval of a session, in real time; `in_person` asks for the time of a walk."""

    starts_at: datetime
    ends_at: datetime
    in_person: bool
    enrolment_id: int = 0
    session_id: int = 0


@dataclass(frozen=True)
class Dates:
    """The meetings of one session, in order."""

    slots: tuple[Slot, ...]

    @property
    def starts_at(self) -> datetime | None:
        return self.slots[0].starts_at if self.slots else None

    @property
    def ends_at(self) -> datetime | None:
        return max((slot.ends_at for slot in self.slots), default=None)


def dates_of(session: Session) -> Dates:
    """When a session takes place. One query."""
    walks = session.format != SessionFormat.ONLINE
    rows = Meeting.objects.filter(session=session).order_by("starts_at")
    return Dates(tuple(Slot(*pair, walks) for pair in rows.values_list("starts_at", "ends_at")))


@dataclass(frozen=True)
class Standing:
    """Every live enrolment of a person, with the meetings of its session."""

    rows: tuple[dict[str, Any], ...]

    @cached_property
    def by_session(self) -> dict[int, dict[str, Any]]:
        return {row["session_id"]: row for row in self.rows}

    def row_in(self, session: Session) -> int | None:
        """Key of the live row in that session, if any."""
        row = self.by_session.get(session.pk)
        return row["pk"] if row else None

    def seats_in_term(self, term_id: int, *, without: Iterable[int]) -> int:
        """Seats held in the term, past ones included, those of cancelled sessions not."""
        left_out = set(without)
        return sum(
            row["state"] in HELD_ENROLMENT_STATES
            and row["session__term_id"] == term_id
            and row["session__state"] != SessionState.CANCELLED
            and session_id not in left_out
            for session_id, row in self.by_session.items()
        )

    def held_slots(self, *, without: Iterable[int]) -> list[Slot]:
        """Intervals of the sessions where a seat is held, earliest first."""
        left_out = set(without)
        return sorted(
            (
                Slot(
                    row["session__meetings__starts_at"],
                    row["session__meetings__ends_at"],
                    row["session__format"] != SessionFormat.ONLINE,
                    row["pk"],
                    row["session_id"],
                )
                for row in self.rows
                if row["state"] in HELD_ENROLMENT_STATES
                and row["session__state"] in DATED_SESSION_STATES
                and row["session_id"] not in left_out
                and row["session__meetings__starts_at"] is not None
            ),
            key=lambda slot: slot.starts_at,
        )


def standing_of(person: User) -> Standing:
    """What a person holds, asks and waits for. One query."""
    rows = Enrolment.objects.filter(person=person, state__in=LIVE_ENROLMENT_STATES).order_by()
    return Standing(
        tuple(
            dict(row)
            for row in rows.values(
                "pk",
                "session_id",
                "state",
                "session__term_id",
                "session__state",
                "session__format",
                "session__meetings__starts_at",
                "session__meetings__ends_at",
            )
        )
    )


def is_of_network(person: User, *, on: date) -> bool:
    """Whether a verified membership of the network's establishments or communities stands."""
    in_network = Q(establishment__kind=EstablishmentKind.NETWORK) | Q(community__isnull=False)
    return person.memberships.verified().current(on).filter(in_network).exists()


def is_guest(person: User, session: Session) -> bool:
    """Whether the person was named among the session's guests."""
    address = (person.email or "").casefold()
    return SessionGuest.objects.filter(session=session, address=address).exists()


def kept_pools(session: Session, *, at: datetime) -> list[Pool]:
    """The pools whose seats are still reserved at that moment, the smallest first. One query, none
    for a session that the gate's lock found without pools."""
    if not getattr(session, "has_pools", True):
        return []
    pools = [pool for pool in Pool.objects.filter(session=session) if pool.is_kept(at)]
    return sorted(pools, key=lambda pool: (pool.capacity, pool.pk))


def eligibility(
    person_ids: Iterable[int], pools: Iterable[Pool], *, at: datetime
) -> dict[int, frozenset[int]]:
    """Person → pools whose people they are, by verified membership. At most three queries.

    A profession counts for whoever has any verified membership; guests are named one by one.
    """
    ids, pools = set(person_ids), list(pools)
    found: dict[int, set[int]] = {pk: set() for pk in ids}
    if not ids or not pools:
        return {pk: frozenset() for pk in ids}
    on = timezone.localdate(at)
    verified = Membership.objects.filter(user_id__in=ids).verified().current(on)
    members = list(verified.values_list("user_id", "establishment_id", "community_id"))
    for person_id, establishment_id, community_id in members:
        for pool in pools:
            if pool.establishment_id and pool.establishment_id == establishment_id:
                found[person_id].add(pool.pk)
            if pool.community_id and pool.community_id == community_id:
                found[person_id].add(pool.pk)
    by_profession = {pool.profession_id: pool.pk for pool in pools if pool.profession_id}
    if by_profession:
        known = {person_id for person_id, *_places in members}
        profiles = Profile.objects.filter(user_id__in=known, profession_id__in=by_profession)
        for person_id, profession_id in profiles.values_list("user_id", "profession_id"):
            found[person_id].add(by_profession[profession_id])
    guests = [pool for pool in pools if pool.kind == PoolKind.GUESTS]
    if guests:
        addresses = set(
            SessionGuest.objects.filter(session_id=guests[0].session_id).values_list(
                "address", flat=True
            )
        )
        for person_id, email in User.objects.filter(pk__in=ids).values_list("pk", "email"):
            if (email or "").casefold() in addresses:
                found[person_id].update(pool.pk for pool in guests)
    return {pk: frozenset(pools_of) for pk, pools_of in found.items()}


def blocking_hold(person: User, *, on: date, reasons: Iterable[str]) -> EnrolmentHold | None:
    """The hold that stands on that day for one of those reasons; the oldest when several do. No
    question about somebody whom the gate's lock found without any."""
    if not getattr(person, "has_holds", True):
        return None
    standing = Q(until__isnull=True) | Q(until__gt=on)
    return person.enrolment_holds.filter(standing, reason__in=list(reasons), since__lte=on).first()


def strike_points(person: User, *, on: date) -> int:
    """Points that count on that day: not expired, not excused."""
    standing = Strike.objects.filter(person=person, excused_at__isnull=True, expires_on__gt=on)
    return standing.aggregate(points=Sum("points"))["points"] or 0


def opened_at(session: Session) -> datetime | None:
    """When enrolment opened to everybody: the hour announced, else the moment staff opened it."""
    if session.enrolment_opens_at is not None:
        return session.enrolment_opens_at
    opened = SessionEvent.objects.filter(session=session, to_state=SessionState.OPEN)
    return opened.order_by("at").values_list("at", flat=True).first()


def lots_are_due(session: Session, *, at: datetime) -> bool:
    """Whether requests of a draw whose window has closed are not answered yet: whoever comes now
    would overtake them. Asks nothing where there is no draw."""
    closes_at = session.requests_close_at
    if session.opening_mode != OpeningMode.DRAW or closes_at is None or at < closes_at:
        return False
    left = Enrolment.objects.filter(session=session, state=EnrolmentState.REQUESTED)
    return left.filter(ticket__isnull=False).exists()


def waiting_in_order(
    session: Session, *, without: Iterable[int] = (), limit: int | None = None
) -> list[tuple[int, int]]:
    """(enrolment, person) of those who may be served now, first in line first.

    Left out: who asked for a pause, and who let the present release of seats pass.
    """
    rows = Enrolment.objects.filter(session=session).servable(session.release)
    return list(rows.exclude(pk__in=list(without)).values_list("pk", "person_id")[:limit])


def held_by_pool(session: Session) -> list[tuple[int, int, int | None]]:
    """(enrolment, person, pool) of every seat held within the capacity, oldest first."""
    rows = Enrolment.objects.filter(
        session=session, state__in=HELD_ENROLMENT_STATES, is_extra=False
    )
    return list(rows.order_by("pk").values_list("pk", "person_id", "pool_id"))


def may_take_a_free_seat(
    enrolment_id: int, release: int, *, starts_at: datetime, at: datetime
) -> bool:
    """Whether somebody who waits has a free seat by asking for it: whoever was called in the last
    12 hours before the start, anybody in the last 2."""
    left = starts_at - at
    if not timedelta(0) < left <= NO_OFFERS:
        return False
    return left <= OPEN_TO_ALL or is_called(enrolment_id, release)


def is_called(enrolment_id: int, release: int) -> bool:
    """Whether the person was told, for this release, that the first to ask has the seat."""
    return Enrolment.objects.filter(
        pk=enrolment_id,
        events__to_state=EnrolmentState.WAITING,
        events__reason=called_reason(release),
    ).exists()


def called_reason(release: int) -> str:
    """What the history of an enrolment says when its person was called."""
    return f"called:{release}"
