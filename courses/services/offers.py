"""Free seats find their people: given by themselves, or offered and held for some hours.

Always after the freeing transaction has committed, each candidate a transaction of its own: the
next in line is read without a lock, then person and session are locked, and seat, rank and limits
are checked again. Until then the seat is safe, because a walk-up counts those who wait.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import Enum, auto

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.choices import (
    LIVE_SESSION_STATES,
    PASSED_OVER,
    PROMOTING_STATES,
    STRIKES_LAST,
    EnrolmentState,
    SessionState,
)
from courses.letters.windows import NO_OFFERS, offer_ends_at, seats_by_itself
from courses.models import Enrolment, Pool, Session
from courses.selectors.standing import (
    Dates,
    dates_of,
    kept_pools,
    standing_of,
    strike_points,
    waiting_in_order,
)
from courses.selectors.twins import is_needless
from courses.services.calls import call_everybody
from courses.services.enrolments import is_before_last_days
from courses.services.gate import (
    begin_release,
    count_seats,
    give_up,
    is_late,
    lock_sessions,
    note,
    spot_for,
    step,
    take,
)
from courses.services.pairs import lock_pair, lock_with_proposals
from courses.services.pools import placeable
from courses.services.seat_rules import SeatRefusal, check_person
from courses.signals import (
    offer_declined,
    offer_expired,
    pool_release_near,
    seat_confirmed,
    seat_freed,
    seat_offered,
)
from people.letters import date_words, hour_words
from people.models import User

# The offers of a postponed session stand still.
EXPIRING_STATES = LIVE_SESSION_STATES - {SessionState.POSTPONED}
WARNING = timedelta(days=4)  # how long before its release those who look after a pool are told
SERVED_LAST = f"{PASSED_OVER}strikes"
SEATED_ELSEWHERE = "seated in another session of the course"  # why such a wait ends, in history


class OfferOver(SeatRefusal):
    """The offer has ended: it can no longer be accepted."""


# ------------------------------------------------------------------ giving free seats
def promote_next(*, session_id: int, at: datetime) -> Enrolment | None:
    """Gives or offers one free seat to the first in line who may hold it; None when nobody gets it.

    One who reached a limit is passed over, keeps the rank, and history says why; one who came from
    the offer of a second session and has a seat of the course by now leaves the list. Sends
    seat_confirmed(was_waiting=True) or seat_offered; in the last 12 h seat_called to all who wait.
    """
    return next(_promotions(session_id, at), None)


def fill_session(*, session_id: int, at: datetime) -> int:
    """Gives or offers every free seat, in order; returns how many. Idempotent."""
    return sum(1 for _promoted in _promotions(session_id, at))


class _Next(Enum):
    """What a candidate without a seat means for those behind. Returned, never raised: what was
    written about the candidate is kept."""

    PASSED_OVER = auto()
    LOOK_AGAIN = auto()  # the list changed between reading and locking
    STOP = auto()


def _promotions(session_id: int, at: datetime) -> Iterator[Enrolment]:
    passed_over: set[int] = set()
    while (candidate := _next_in_line(session_id, passed_over, at)) is not None:
        outcome = _promote(candidate, session_id, passed_over, at)
        if isinstance(outcome, Enrolment):
            yield outcome
        elif outcome == _Next.PASSED_OVER:
            passed_over.add(candidate)
        elif outcome == _Next.STOP:
            return


def _next_in_line(session_id: int, passed_over: set[int], at: datetime) -> int | None:
    """The enrolment of the next to be served; read without a lock, then again under it."""
    session = Session.objects.get(pk=session_id)
    pools = kept_pools(session, at=at)
    if not pools:
        rows = waiting_in_order(session, without=passed_over, limit=1)
    else:
        rows = [row for row in placeable(session, pools, at=at) if row[0] not in passed_over]
    return rows[0][0] if rows else None


def _promote(pk: int, session_id: int, passed_over: set[int], at: datetime) -> Enrolment | _Next:
    with transaction.atomic():
        row, other = lock_pair(pk=pk, at=at)
        session = row.session
        dates = dates_of(session)
        starts_at = dates.starts_at
        if session.state not in PROMOTING_STATES or starts_at is None or at >= starts_at:
            return _Next.STOP
        seats = count_seats(session)
        if seats.free < 1:
            return _Next.STOP
        if _next_in_line(session_id, passed_over, at) != pk:
            return _Next.LOOK_AGAIN
        if is_needless(row):
            give_up(row, by=None, at=at, reason=SEATED_ELSEWHERE)
            return _Next.LOOK_AGAIN
        if starts_at - at <= NO_OFFERS:
            call_everybody(session, at=at)
            return _Next.STOP
        by_itself = seats_by_itself(asks_first=row.asks_first, at=at, starts_at=starts_at)
        if other is not None and is_late(other.session, at=at):
            by_itself = False  # to give the other seat back late is the person's own decision
        leaving = other if by_itself else None
        if not _may_hold(row, dates, leaving, at=at):
            return _Next.PASSED_OVER
        spot = spot_for(
            row.person,
            session,
            seats,
            origin=row.origin,
            at=at,
            starts_at=starts_at,
            is_walk_up=False,
        )
        if spot is None:
            return _Next.PASSED_OVER
        if by_itself:
            take(row, EnrolmentState.CONFIRMED, spot, by=None, at=at)
            seat_confirmed.send(sender=Enrolment, enrolment=row, was_waiting=True, at=at)
            if leaving is not None:
                give_up(leaving, by=None, at=at, reason="exchanged")
        else:
            row.offer_expires_at = offer_ends_at(at=at, starts_at=starts_at)
            take(row, EnrolmentState.OFFERED, spot, by=None, at=at)
            seat_offered.send(sender=Enrolment, enrolment=row, at=at)
    return row


def _may_hold(row: Enrolment, dates: Dates, leaving: Enrolment | None, *, at: datetime) -> bool:
    """Whether the rules of a person let this one be served now; else history says why not."""
    session, person = row.session, row.person
    counts = session.counts_strikes and is_before_last_days(dates, at=at)
    if counts and strike_points(person, on=localdate(at)) >= STRIKES_LAST:
        note(row, SERVED_LAST, by=None, at=at)
        return False
    try:
        check_person(
            person,
            session,
            dates,
            standing_of(person),
            origin=row.origin,
            at=at,
            given_up=[leaving.session_id] if leaving else [],
        )
    except SeatRefusal as refusal:
        note(row, f"{PASSED_OVER}{type(refusal).__name__}", by=None, at=at)
        return False
    return True


# ------------------------------------------------------------------ answering
def accept_offer(*, enrolment: Enrolment, by: User | None, at: datetime) -> Enrolment:
    """Says yes: the seat held becomes confirmed. Idempotent. Checks the person's limits again.

    At the very second of its end an offer is over. What stands instead of another row (a second
    session) ends that one in the same transaction, and what other sessions of the course hold or
    keep in line for the person since they were offered a second one. Sends seat_confirmed.
    """
    with transaction.atomic():
        row, other, proposed = lock_with_proposals(pk=enrolment.pk, at=at)
        if row.state == EnrolmentState.CONFIRMED:
            return row
        _check_answerable(row, at=at)
        dates = dates_of(row.session) if _is_dated(row.session) else Dates(())
        if dates.starts_at is not None and at >= dates.starts_at:
            raise OfferOver(_("This session has begun: the offer is over."))
        leaving = [*([other] if other else []), *proposed]
        check_person(
            row.person,
            row.session,
            dates,
            standing_of(row.person),
            origin=row.origin,
            at=at,
            given_up=[each.session_id for each in leaving],
        )
        row.confirmed_at = at
        step(row, EnrolmentState.CONFIRMED, by=by, at=at)
        seat_confirmed.send(
            sender=Enrolment, enrolment=row, was_waiting=row.rank is not None, at=at
        )
        for each in leaving:
            give_up(each, by=by, at=at, reason="another session instead")
    return row


def decline_offer(*, enrolment: Enrolment, by: User | None, at: datetime) -> Enrolment:
    """Says no: the seat goes to the next in line, the person leaves the list. Idempotent.

    Sends offer_declined and wakes the list.
    """
    with transaction.atomic():
        row, _other = lock_pair(pk=enrolment.pk, at=at)
        if row.state == EnrolmentState.DECLINED:
            return row
        _check_answerable(row, at=at)
        step(row, EnrolmentState.DECLINED, by=by, at=at)
        offer_declined.send(sender=Enrolment, enrolment=row, at=at)
        seat_freed.send(sender=Enrolment, session_id=row.session_id)
    return row


def _is_dated(session: Session) -> bool:
    """Whether its clock runs: the date of a postponed session is not known, its offers hold."""
    return session.state != SessionState.POSTPONED


def _check_answerable(row: Enrolment, *, at: datetime) -> None:
    if row.session.state not in LIVE_SESSION_STATES:
        raise OfferOver(_("This session is over or cancelled: the offer is over."))
    if row.state == EnrolmentState.OFFERED and not _is_dated(row.session):
        return
    ends_at = row.offer_expires_at
    if row.state == EnrolmentState.OFFERED and ends_at is not None and at < ends_at:
        return
    if row.state in {EnrolmentState.OFFERED, EnrolmentState.EXPIRED} and ends_at is not None:
        language = get_language()
        raise OfferOver(
            _("This offer ended at %(hour)s on %(date)s. The seat went to the next person.")
            % {"date": date_words(ends_at, language), "hour": hour_words(ends_at, language)}
        )
    raise OfferOver(_("This offer is over: it was already answered."))


# ------------------------------------------------------------------ the clock
def expire_offers(*, at: datetime) -> int:
    """Ends the offers whose time has come, a transaction each; returns how many. Idempotent.

    First silence: back in line with the same rank, passed over in this release of seats. Second:
    back at the end. Somebody who never waited leaves, and whoever has a seat in another session of
    the course by now. Offers of a postponed session stand still.
    Sends offer_expired and wakes the list.
    """
    due = Enrolment.objects.filter(
        state=EnrolmentState.OFFERED,
        offer_expires_at__lte=at,
        session__state__in=EXPIRING_STATES,
    ).order_by("offer_expires_at", "pk")
    return sum(_expire(row, at) for row in list(due))


def _expire(enrolment: Enrolment, at: datetime) -> bool:
    with transaction.atomic():
        row, _other = lock_pair(pk=enrolment.pk, at=at)
        ends_at = row.offer_expires_at
        if row.state != EnrolmentState.OFFERED or ends_at is None or at < ends_at:
            return False
        if row.session.state not in EXPIRING_STATES:
            return False
        step(row, EnrolmentState.EXPIRED, by=None, at=at)
        may_wait = row.rank is not None and not is_needless(row)
        again = _back_in_line(row, at=at) if may_wait else None
        offer_expired.send(sender=Enrolment, enrolment=row, again=again, at=at)
        seat_freed.send(sender=Enrolment, session_id=row.session_id)
    return True


def _back_in_line(row: Enrolment, *, at: datetime) -> Enrolment | None:
    silences = row.silences + 1
    last = Enrolment.objects.filter(session=row.session).aggregate(last=Max("rank"))["last"] or 0
    again = Enrolment(
        person=row.person,
        session=row.session,
        origin=row.origin,
        created_at=at,
        rank=row.rank if silences == 1 else last + 1,
        asks_first=row.asks_first,
        question=row.question,
        silences=silences,
        passed_release=row.session.release,
        instead_of_id=row.instead_of_id,
    )
    step(again, EnrolmentState.WAITING, by=None, at=at, reason="offer expired")
    return again


def renew_offers(*, session: Session, at: datetime) -> int:
    """The dates of the session are new: each offer holds as if it were made now. Returns how many.

    Under the session's lock, which the caller holds. Sends seat_offered for each. Fewer than twelve
    hours before the new start, offers keep the end they had.
    """
    starts_at = dates_of(session).starts_at
    ends_at = offer_ends_at(at=at, starts_at=starts_at) if starts_at is not None else None
    if ends_at is None:
        return 0
    rows = Enrolment.objects.filter(session=session, state=EnrolmentState.OFFERED)
    offers = list(rows.select_related("person").order_by("pk"))
    for row in offers:
        row.session = session
        row.offer_expires_at = ends_at
        row.save(update_fields=["offer_expires_at"])
        note(row, f"offer renewed until {ends_at.isoformat()}", by=None, at=at)
        seat_offered.send(sender=Enrolment, enrolment=row, at=at)
    return len(offers)


def release_pools(*, at: datetime) -> int:
    """Begins a release of seats in each session where the hour of a pool has come, once; tells
    those who look after a pool some days before. Returns how many pools were released.

    Whether a pool is still kept is read from the clock: run late or twice, no seat is lost or made.
    """
    coming = Pool.objects.filter(session__state__in=LIVE_SESSION_STATES, release_at__isnull=False)
    near = coming.filter(warned_at__isnull=True, release_at__lte=at + WARNING, release_at__gt=at)
    near = near.exclude(session__state=SessionState.POSTPONED)  # told once it has a date again
    for pk, session_id in list(near.values_list("pk", "session_id")):
        _warn(pk, session_id, at)
    due = coming.filter(seen_released_at__isnull=True, release_at__lte=at)
    return sum(_release(*pair, at) for pair in list(due.values_list("pk", "session_id")))


def _warn(pk: int, session_id: int, at: datetime) -> None:
    with transaction.atomic():
        lock_sessions([session_id])
        pool = Pool.objects.select_related("session").filter(pk=pk, warned_at=None).first()
        if pool is not None:
            pool.warned_at = at
            pool.save(update_fields=["warned_at"])
            pool_release_near.send(sender=Pool, pool=pool, at=at)


def _release(pk: int, session_id: int, at: datetime) -> bool:
    with transaction.atomic():
        session = lock_sessions([session_id])[session_id]
        if not Pool.objects.filter(pk=pk, seen_released_at=None).update(seen_released_at=at):
            return False
        begin_release(session)
    return True
