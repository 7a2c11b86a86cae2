"""Second sessions of a full one: how many were asked, and who is left to ask."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from courses.choices import LIVE_ENROLMENT_STATES, EnrolmentOrigin
from courses.models import Enrolment, Session


@dataclass(frozen=True)
class Asked:
    """People of the first list: `asked`, offered the second session or put in line for it;
    `to_ask`, waiting, not on a pause, and neither asked nor in the second session already.
    """

    asked: int
    to_ask: int


def asked_of(first: Session, twins: Sequence[Session]) -> dict[int, Asked]:
    """Second session → whom offering it would still reach. Two queries, however many."""
    unpaused = Enrolment.objects.filter(session=first, paused_at__isnull=True).waiting()
    waiting = set(unpaused.order_by().values_list("person_id", flat=True))
    rows = Enrolment.objects.filter(
        Q(origin=EnrolmentOrigin.TWIN) | Q(state__in=LIVE_ENROLMENT_STATES), session__in=twins
    )
    asked, known = defaultdict(set), defaultdict(set)
    for session_id, person_id, origin in rows.order_by().values_list(
        "session_id", "person_id", "origin"
    ):
        known[session_id].add(person_id)
        if origin == EnrolmentOrigin.TWIN:
            asked[session_id].add(person_id)
    return {one.pk: Asked(len(asked[one.pk]), len(waiting - known[one.pk])) for one in twins}
