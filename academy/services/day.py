"""A change on the day, rehearsed: done in a transaction, looked at, and undone.

What the preview says is what the change itself writes, so it can never promise something else: who
is told is counted from the notices, what the page will show is read from the session, and a refusal
is the refusal one would get.
"""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from courses.models import Enrolment, Session
from courses.selectors.day import Banner, banner_of
from courses.selectors.enrolments import ROSTER_ORDER
from courses.selectors.sessions import Agenda, agenda
from courses.services.day import DayChange, change_on_the_day
from notices.choices import Priority
from notices.models import Notice
from people.letters import folded
from people.models import User

TRAINER, OTHER = "trainer", "other"
ORDER = [*ROSTER_ORDER, TRAINER, OTHER]


@dataclass(frozen=True)
class Rehearsal:
    """What a change would do. `told`: (state of enrolment, TRAINER or OTHER) → people; `names`:
    theirs, in the same order.
    """

    told: dict[str, int]
    names: list[str]
    is_urgent: bool
    banner: Banner | None
    agenda: Agenda

    @property
    def total(self) -> int:
        return sum(self.told.values())


class _Undo(Exception):  # noqa: N818 - ends the rehearsal
    pass


def rehearse(
    *, session: Session, change: DayChange, by: User, at: datetime, motive: str
) -> Rehearsal:
    """Makes the change, looks, and rolls everything back: no row stays and nobody is woken.

    Locks the session meanwhile. Raises what change_on_the_day raises.
    """
    found: list[Rehearsal] = []
    with suppress(_Undo), transaction.atomic():
        states = dict(
            Enrolment.objects.filter(session=session).live().values_list("person_id", "state")
        )
        last = Notice.objects.aggregate(last=Max("pk"))["last"] or 0
        change_on_the_day(session=session, change=change, by=by, at=at, motive=motive)
        changed = Session.objects.prefetch_related("meetings", "breaks", "trainers__person").get(
            pk=session.pk
        )
        teaching = set(changed.trainers.values_list("person_id", flat=True))
        if change.leaving is not None:
            teaching.add(change.leaving.pk)
        told: defaultdict[str, list[str]] = defaultdict(list)
        new = Notice.objects.filter(pk__gt=last, recipient__isnull=False)
        people = User.objects.filter(pk__in=new.order_by().values("recipient"))
        for person in people.select_related("profile"):
            group = states.get(person.pk) or (TRAINER if person.pk in teaching else OTHER)
            told[group].append(str(person))
        is_urgent = new.filter(priority=Priority.URGENT).exists()
        found.append(
            Rehearsal(
                # Seats first, then who waits, then who teaches.
                told={group: len(told[group]) for group in ORDER if group in told},
                names=[name for group in ORDER for name in sorted(told[group], key=folded)],
                is_urgent=is_urgent,
                banner=banner_of(changed, at=at),
                agenda=agenda(changed),
            )
        )
        raise _Undo
    return found[0]
