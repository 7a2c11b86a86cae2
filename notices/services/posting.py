"""Messages to many, written to their people: by the worker, some hundreds at a time, each batch a
transaction of its own; and those that come of themselves when enrolment opens.

Every row is of the lowest priority: whatever else waits leaves before it.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from courses.choices import Audience, SessionState
from courses.models import Session
from notices.choices import MailingKind, MailingState, NoticeKind, NoticeState, Priority
from notices.models import Mailing, MailingEvent, Notice
from notices.selectors.audiences import audience, ready
from notices.selectors.openings import sessions_opening_on
from notices.services.outbox import Draft, post_all
from notices.signals import mailing_started

BATCH = 500
TOLD_FROM_HOUR = 9  # local: the day before an opening, people are told from this hour on
WAITING = (NoticeState.QUEUED, NoticeState.SENDING)


# ------------------------------------------------------------------ writing to people
def write_batch(*, at: datetime, size: int = BATCH) -> bool:
    """Writes the next people of the oldest mailing that is being sent; False when none is left.

    Locks the mailing, so that stopping waits for the batch and nothing is written after it; a
    mailing in another worker's hands is passed over. Killed in between, it goes on where the last
    batch ended; written twice, a key stands once.
    """
    with transaction.atomic():
        mailing = (
            Mailing.objects.unwritten()
            .filter(ready(at))
            .select_for_update(no_key=True, skip_locked=True, of=("self",))
            .order_by("pk")
            .first()
        )
        if mailing is None:
            return False
        people = list(
            audience(mailing).filter(pk__gt=mailing.through).select_related("profile")[:size]
        )
        post_all(
            drafts=[
                Draft(
                    kind=NoticeKind(mailing.kind),
                    key=f"mailing:{mailing.pk}:{person.pk}",
                    recipient=person,
                    context={"mailing": mailing.pk},
                    priority=Priority.BULK,
                    mailing_id=mailing.pk,
                )
                for person in people
            ],
            at=at,
        )
        mailing.through = people[-1].pk if people else mailing.through
        mailing.written_at = at if len(people) < size else None
        mailing.save(update_fields=["through", "written_at"])
    return True


def settle_mailings(*, at: datetime) -> int:
    """Those written whole of which nothing waits any more are sent. Returns how many."""
    waiting = Notice.objects.filter(mailing=OuterRef("pk"), state__in=WAITING)
    done = Mailing.objects.filter(state=MailingState.SENDING, written_at__isnull=False)
    return sum(_settle(pk, at) for pk in done.exclude(Exists(waiting)).values_list("pk", flat=True))


def _settle(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        mailing = Mailing.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
        # Read again under the lock: staff may have stopped it, or sent what failed again.
        if mailing.state != MailingState.SENDING or mailing.written_at is None:
            return False
        if mailing.notices.filter(state__in=WAITING).exists():
            return False
        mailing.state, mailing.ended_at = MailingState.SENT, at
        mailing.save(update_fields=["state", "ended_at"])
        MailingEvent.objects.create(
            mailing=mailing, from_state=MailingState.SENDING, to_state=MailingState.SENT, at=at
        )
    return True


# ------------------------------------------------------------------ openings
def tell_opened(*, session: Session, to_state: str, at: datetime) -> Mailing | None:
    """A session that opens for the first time is told to those who follow it, once enrolment is
    open to everybody (its hour may be to come). One row; the worker writes to the people.

    None for any other step, for seats given by invitation, and the second time.
    """
    if to_state != SessionState.OPEN or session.audience == Audience.INVITATION:
        return None
    return _begin(MailingKind.ENROLMENT_OPENED, session=session, at=at)


def post_openings(*, at: datetime) -> int:
    """From 9 h on, one mailing that lists every session whose enrolment opens tomorrow: one message
    a person and a day. Returns how many began; idempotent: the next run finds it there.

    A session whose hour is set later that day is not told the day before.
    """
    here = timezone.localtime(at)
    tomorrow = here.date() + timedelta(days=1)
    if here.hour < TOLD_FROM_HOUR or not sessions_opening_on(tomorrow):
        return 0
    return int(_begin(MailingKind.ENROLMENT_OPENS, day=tomorrow, at=at) is not None)


def _begin(
    kind: MailingKind, *, at: datetime, session: Session | None = None, day: date | None = None
) -> Mailing | None:
    """Writes a mailing that nobody has to start; None when its like is there already."""
    with transaction.atomic():
        mailing, is_new = Mailing.objects.get_or_create(
            kind=kind,
            session=session,
            day=day,
            defaults={"state": MailingState.SENDING, "created_at": at},
        )
        if not is_new:
            return None
        MailingEvent.objects.create(mailing=mailing, to_state=mailing.state, at=at)
        mailing_started.send(sender=Mailing, mailing=mailing)
    return mailing
