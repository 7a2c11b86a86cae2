"""What keeps a person from a seat, or counts against one: written and lifted here, on behalf of
higher floors too. The gate reads these rows and nothing else of what those floors know.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from courses.choices import (
    PAST_SESSION_STATES,
    STRIKE_FREE_HOURS,
    STRIKE_POINTS,
    EnrolmentState,
    HoldReason,
    SessionChange,
    SessionState,
    StrikeCause,
)
from courses.models import Course, Enrolment, EnrolmentHold, Equivalence, Session, Strike
from courses.selectors.standing import dates_of
from courses.signals import strike_given
from people.models import User
from people.services import Refusal

CORRECTED = "presence corrected"  # the motive of an excuse that nobody typed
ATTENDED = "attended:"  # a completion that staff did not grant: the key of the session follows


class HoldRefusal(Refusal):
    """A hold, a strike or an equivalence that cannot be written; the text says why."""


# ------------------------------------------------------------------ holds
def hold_person(
    *,
    person: User,
    reason: HoldReason,
    cause: str,
    since: date,
    until: date | None = None,
) -> EnrolmentHold:
    """Keeps a person from seats from that day on, before `until` if it is known. Idempotent on
    reason and cause. Days, never hours: an hour would tell whose answer lifted it.
    """
    hold, _made = EnrolmentHold.objects.get_or_create(
        person=person, reason=reason, cause=cause, defaults={"since": since, "until": until}
    )
    return hold


def lift_hold(*, person: User, reason: HoldReason, cause: str, on: date) -> bool:
    """Ends that hold from that day on; returns whether one stood. Idempotent."""
    standing = EnrolmentHold.objects.filter(person=person, reason=reason, cause=cause)
    return bool(standing.filter(Q(until__isnull=True) | Q(until__gt=on)).update(until=on))


# ------------------------------------------------------------------ strikes
def give_late_strikes(*, at: datetime) -> int:
    """Strikes for seats given back after the deadline, once STRIKE_GRACE_HOURS have passed, in
    sessions that count them. Idempotent; returns how many.
    """
    grace = at - timedelta(hours=settings.STRIKE_GRACE_HOURS)
    oldest = at - timedelta(days=settings.STRIKE_DAYS + 1)  # give_strike counts in whole days
    late = Enrolment.objects.filter(
        session__counts_strikes=True,
        state=EnrolmentState.CANCELLED,
        is_late=True,
        ended_at__lte=grace,
        ended_at__gte=oldest,
        strike__isnull=True,
        person__closed_at__isnull=True,
    )
    return sum(
        give_strike(enrolment=row, cause=StrikeCause.LATE, at=at) is not None for row in late
    )


def give_absence_strikes(*, session: Session, absent: Iterable[User], at: datetime) -> int:
    """Strikes for those who held a seat and did not come. Called when presence is settled.

    Nothing in a session that does not count them. Whoever is absent no more, once presence is
    corrected, is excused. Idempotent; returns how many are new.
    """
    if not session.counts_strikes:
        return 0
    missing = [person.pk for person in absent]
    Strike.objects.filter(
        enrolment__session=session, cause=StrikeCause.ABSENT, excused_at=None
    ).exclude(person__in=missing).update(excused_at=at, excuse=CORRECTED)
    rows = Enrolment.objects.filter(session=session, person__in=missing).confirmed()
    return sum(
        give_strike(enrolment=row, cause=StrikeCause.ABSENT, at=at) is not None for row in rows
    )


def give_strike(*, enrolment: Enrolment, cause: StrikeCause, at: datetime) -> Strike | None:
    """One strike for one seat, once; None when the seat is one of those never counted.

    Never counted: a rank, an offer, a seat given back in time or passed on, one that staff gave
    back for the person, a seat received fewer than 48 h before the start, a session that was moved,
    postponed or cancelled, a seat lost two terms ago (its strike may have been forgotten since), a
    closed account. It expires two terms later. Takes no lock (see grant_equivalence). Sends
    strike_given.
    """
    with transaction.atomic():
        row = Enrolment.objects.select_related("session__term", "person").get(pk=enrolment.pk)
        is_seat = row.state == EnrolmentState.CONFIRMED
        is_lost = row.is_late if cause == StrikeCause.LATE else is_seat
        if not (is_lost and would_count(row)) or _is_past_counting(row, cause, at=at):
            return None
        strike, is_new = Strike.objects.get_or_create(
            enrolment=row,
            defaults={
                "person": row.person,
                "cause": cause,
                "points": STRIKE_POINTS[cause],
                "given_at": at,
                "expires_on": localdate(at) + timedelta(days=settings.STRIKE_DAYS),
            },
        )
        if not is_new:
            return None
        strike_given.send(sender=Strike, strike=strike, at=at)
    return strike


def _is_past_counting(row: Enrolment, cause: StrikeCause, *, at: datetime) -> bool:
    lost_at = row.ended_at if cause == StrikeCause.LATE else dates_of(row.session).ends_at
    first_day = localdate(at) - timedelta(days=settings.STRIKE_DAYS)
    is_old = lost_at is not None and localdate(lost_at) <= first_day
    return is_old or row.person.closed_at is not None


def would_count(row: Enrolment) -> bool:
    """Whether losing this seat (late, or by an absence) is held against the person, or would be."""
    session = row.session
    if not session.counts_strikes or row.is_extra or row.confirmed_at is None:
        return False
    if session.state in {SessionState.CANCELLED, SessionState.POSTPONED, SessionState.DRAFT}:
        return False
    if row.state == EnrolmentState.CANCELLED and not _was_left_by_its_person(row):
        return False
    starts_at = dates_of(session).starts_at
    if starts_at is None or starts_at - row.confirmed_at < timedelta(hours=STRIKE_FREE_HOURS):
        return False
    # Moved after the seat was taken, or postponed in between: nobody is held to another date. An
    # agenda corrected once the session is over moves nothing.
    later = session.events.filter(at__gt=row.confirmed_at).exclude(
        from_state__in=PAST_SESSION_STATES
    )
    moved = any(SessionChange.TIME.value in event.changes for event in later)
    return not moved and not later.filter(to_state=SessionState.POSTPONED).exists()


def _was_left_by_its_person(row: Enrolment) -> bool:
    """Not by staff, whom the person had told."""
    left = row.events.filter(to_state=EnrolmentState.CANCELLED).order_by("-at", "-pk").first()
    return left is not None and left.by_id == row.person_id


def contest_strike(*, strike: Strike, words: str, at: datetime) -> Strike:
    """Keeps what the person says about a strike, for staff to read. Once; later words replace."""
    words = words.strip()[:2000]
    if not words:
        raise HoldRefusal(_("Say in a few words what happened."))
    with transaction.atomic():
        row = Strike.objects.select_for_update(no_key=True).get(pk=strike.pk)
        if row.excused_at is not None:
            raise HoldRefusal(_("This one is excused already: it counts no more."))
        row.contest, row.contested_at = words, at
        row.save(update_fields=["contest", "contested_at"])
    return row


def excuse_strike(*, strike: Strike, by: User, at: datetime, motive: str) -> Strike:
    """Staff excuse a strike, with a motive: it counts no more. Idempotent."""
    motive = " ".join(motive.split())[:400]
    if not motive:
        raise HoldRefusal(_("Say why this strike is excused."))
    with transaction.atomic():
        row = Strike.objects.select_for_update(no_key=True).get(pk=strike.pk)
        if row.excused_at is None:
            row.excused_at, row.excused_by, row.excuse = at, by, motive
            row.save(update_fields=["excused_at", "excused_by", "excuse"])
    return row


# ------------------------------------------------------------------ what is already known
def grant_equivalence(
    *, person: User, course: Course, motive: str, by: User | None, at: datetime
) -> Equivalence:
    """The course counts as completed by that person where a session asks for it. Idempotent.

    Takes no lock (presence is settled under the session's, after which no person may be locked):
    one row that stands is the table's own rule.
    """
    motive = " ".join(motive.split())[:400]
    if not motive:
        raise HoldRefusal(_("Say what the equivalence rests on."))
    row, _made = Equivalence.objects.get_or_create(
        person=person,
        course=course,
        ended_at=None,
        defaults={"motive": motive, "granted_by": by, "granted_at": at},
    )
    return row


def end_equivalence(*, equivalence: Equivalence, at: datetime) -> Equivalence:
    """The equivalence counts no more. Seats already held stay. Idempotent."""
    Equivalence.objects.filter(pk=equivalence.pk, ended_at=None).update(ended_at=at)
    equivalence.refresh_from_db()
    return equivalence


def record_completions(*, session: Session, people: Iterable[User], at: datetime) -> int:
    """Those who attended enough have completed the course; those who, once presence is corrected,
    did not, have not. Called when presence is settled; idempotent. Returns how many are new.
    """
    motive, present = f"{ATTENDED}{session.key}", list(people)
    Equivalence.objects.filter(motive=motive, ended_at=None).exclude(person__in=present).update(
        ended_at=at
    )
    course = Course.objects.get(pk=session.course_id)
    return sum(
        grant_equivalence(person=person, course=course, motive=motive, by=None, at=at).granted_at
        == at
        for person in present
    )
