"""What an offered seat and a pool of seats give people to know."""

from datetime import datetime, timedelta

from django.utils import timezone

from courses.models import Enrolment, Pool
from notices.choices import NoticeKind, Priority
from notices.selectors.pools import keepers_of
from notices.selectors.reminders import offer_reminder_at
from notices.services.outbox import Draft, post_all

SHORT = timedelta(hours=6)  # an offer that ends this soon goes before every other message


def tell_seat_offered(*, enrolment: Enrolment, at: datetime) -> int:
    """Writes the offer, and its reminder due at two thirds of the time to answer, in waking hours
    (selectors.reminders.offer_reminder_at).

    The reminder is dropped when it is due and the offer was answered. Returns how many rows.
    """
    ends_at = enrolment.offer_expires_at
    if ends_at is None:
        return 0
    priority = Priority.URGENT if ends_at - at <= SHORT else Priority.NORMAL
    context = {"enrolment": enrolment.pk, "until": ends_at.isoformat()}
    until = f"{ends_at:%Y%m%dT%H%M}"  # an offer renewed because the session was moved is told again
    drafts = [
        Draft(
            NoticeKind.SEAT_OFFERED,
            f"enrolment:{enrolment.pk}:offered:{until}",
            enrolment.person,
            context,
            priority,
        )
    ]
    reminder_at = offer_reminder_at(at=at, ends_at=ends_at)
    if reminder_at is not None:
        drafts.append(
            Draft(
                NoticeKind.OFFER_REMINDER,
                f"enrolment:{enrolment.pk}:offer-reminder:{until}",
                enrolment.person,
                context,
                priority,
                reminder_at,
            )
        )
    return post_all(drafts=drafts, at=at)


def tell_pool_release_near(*, pool: Pool, at: datetime) -> int:
    """Tells whoever looks after the pool, once for each hour of release. Returns how many."""
    if pool.release_at is None:
        return 0
    release_at = pool.release_at.isoformat()
    drafts = [
        Draft(
            NoticeKind.POOL_RELEASE_NEAR,
            f"pool:{pool.pk}:release:{pool.release_at:%Y%m%dT%H%M}:{person.pk}",
            person,
            {"pool": pool.pk, "release_at": release_at},
        )
        for person in keepers_of(pool, timezone.localdate(at))
    ]
    return post_all(drafts=drafts, at=at)
