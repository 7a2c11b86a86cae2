"""Sessions whose enrolment opens on a day, and the hour it opens for one person."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from courses.choices import Audience, SessionState
from courses.models import Enrolment, Pool, Session
from courses.selectors.sessions import with_counts
from courses.selectors.standing import eligibility
from notices.models import Follow
from notices.selectors.follows import follows_about
from people.models import User

# Announced to the public, with an hour of opening to come.
OPENING_STATES = frozenset({SessionState.ANNOUNCED, SessionState.OPEN})


def told_sessions() -> QuerySet[Session]:
    """Sessions of which people may be told unasked, with all that messages say of them.

    Seats given by invitation are announced to nobody.
    """
    return (
        with_counts(Session.objects.exclude(audience=Audience.INVITATION))
        .select_related("course__theme", "version", "term")
        .prefetch_related("meetings", Prefetch("pools", Pool.objects.order_by("capacity", "pk")))
        .order_by("starts_at", "pk")
    )


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moments of that local day and of the next one."""
    zone = timezone.get_default_timezone()
    return (
        datetime.combine(day, time.min, zone),
        datetime.combine(day + timedelta(days=1), time.min, zone),
    )


def sessions_opening_on(day: date) -> list[Session]:
    """Sessions that open on that local day, to everybody or to the people of a pool."""
    first, after = day_bounds(day)
    here = Q(enrolment_opens_at__gte=first, enrolment_opens_at__lt=after)
    in_pool = Pool.objects.filter(opens_at__gte=first, opens_at__lt=after)
    rows = told_sessions().filter(state__in=OPENING_STATES)
    return list(rows.filter(here | Q(pk__in=in_pool.values("session"))))


def hour_for(person: User, session: Session, *, at: datetime) -> datetime | None:
    """The earliest hour at which enrolment opens for this person: everybody's, or that of a pool
    whose verified members they are. None when it opened long ago or has no hour.
    """
    early = [pool for pool in session.pools.all() if pool.opens_at is not None]
    mine = eligibility([person.pk], early, at=at)[person.pk] if early else frozenset()
    hours = [pool.opens_at for pool in early if pool.pk in mine and pool.opens_at]
    return min([*hours, *filter(None, [session.enrolment_opens_at])], default=None)


def without_own(person: User, sessions: Iterable[Session]) -> list[Session]:
    """The sessions in which the person has no live enrolment: elsewhere nothing is new to them."""
    rows = list(sessions)
    mine = Enrolment.objects.live().filter(person=person, session__in=rows)
    taken = set(mine.values_list("session", flat=True))
    return [row for row in rows if row.pk not in taken]


def concerning(follows: Iterable[Follow], sessions: Iterable[Session]) -> list[Session]:
    """The sessions that these follows of one person are about."""
    kept = list(follows)
    courses = {follow.course_id for follow in kept if follow.course_id}
    themes = {follow.theme_id for follow in kept if follow.theme_id}
    communities = {follow.community_id for follow in kept if follow.community_id}
    return [
        row
        for row in sessions
        if row.course_id in courses
        or row.course.theme_id in themes
        or any(pool.community_id in communities for pool in row.pools.all() if pool.community_id)
    ]


def own_follows(person: User, sessions: Iterable[Session]) -> list[Follow]:
    """What the person follows that one of these sessions concerns."""
    return list(follows_about(sessions).filter(person=person))
