"""« Renvoyer mon lien »: the message about one's seat, once more."""

from datetime import datetime, timedelta

from django.db.models import Q

from courses.choices import EnrolmentState
from courses.models import Enrolment
from notices.choices import NoticeKind, NoticeState
from notices.models import Notice
from notices.services.outbox import Draft, post_all

AGAIN_AFTER = timedelta(minutes=10)
# What is sent again says what is true now: the seat, the offer, the rank.
KINDS = {
    EnrolmentState.CONFIRMED: NoticeKind.SEAT_CONFIRMED,
    EnrolmentState.OFFERED: NoticeKind.SEAT_OFFERED,
    EnrolmentState.WAITING: NoticeKind.PUT_ON_WAITING_LIST,
    EnrolmentState.REQUESTED: NoticeKind.SEAT_REQUESTED,
}


def send_seat_again(*, enrolment: Enrolment, at: datetime) -> bool:
    """Writes the message about this enrolment once more; at most one in ten minutes, and none while
    an earlier one still waits to leave. Returns whether it did: nobody should be told which.
    """
    kind = KINDS.get(EnrolmentState(enrolment.state))
    if kind is None:
        return False
    key = f"enrolment:{enrolment.pk}:again:"
    recent = Q(key__startswith=key, queued_at__gt=at - AGAIN_AFTER)
    leaving = Q(state__in=[NoticeState.QUEUED, NoticeState.SENDING], due_at__lte=at)
    mine = Notice.objects.filter(
        recipient=enrolment.person, kind=kind, context__enrolment=enrolment.pk
    )
    if mine.filter(recent | leaving).exists():
        return False
    # Pressed twice at once: the second row has the key of the first.
    slot = int(at.timestamp() // AGAIN_AFTER.total_seconds())
    draft = Draft(kind, f"{key}{slot}", enrolment.person, {"enrolment": enrolment.pk})
    return bool(post_all(drafts=[draft], at=at))
