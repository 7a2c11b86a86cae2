"""Was anybody wronged? Reads what a race left in the database, and says it in plain sentences."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from courses.choices import HELD_ENROLMENT_STATES, LIVE_ENROLMENT_STATES, EnrolmentState
from courses.models import Enrolment, EnrolmentEvent, Session
from notices.models import Notice


@dataclass
class Verdict:
    """Totals over the sessions judged. `faults` is empty when all is well."""

    confirmed: int = 0
    waiting: int = 0
    oversold: int = 0
    duplicates: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Verdict") -> None:
        """The totals of several rounds."""
        self.confirmed += other.confirmed
        self.waiting += other.waiting
        self.oversold += other.oversold
        self.duplicates += other.duplicates
        self.faults += other.faults


def judge(session: Session, *, people: int, churn: bool = False) -> Verdict:
    """What became of one session that `people` asked for, each once.

    Oversold is the largest number of seats beyond the capacity that were ever held at the same
    time, by the history, or are held now, by the rows. Without churn, who came first is seated, and
    the ranks go from 1 without a gap in the order of their history rows.
    """
    rows = list(Enrolment.objects.filter(session=session).order_by("pk"))
    live = [row for row in rows if row.state in LIVE_ENROLMENT_STATES]
    held = sum(row.state in HELD_ENROLMENT_STATES for row in live)
    waiting = sum(row.state == EnrolmentState.WAITING for row in live)
    events = list(EnrolmentEvent.objects.filter(enrolment__session=session).order_by("pk"))
    capacity = len(rows) if session.capacity is None else session.capacity
    found = Verdict(
        confirmed=sum(row.state == EnrolmentState.CONFIRMED for row in live),
        waiting=waiting,
        oversold=max(held, _most_held(events)) - min(capacity, max(held, _most_held(events))),
        duplicates=len(live) - len({row.person_id for row in live}),
    )
    say = found.faults.append
    if found.oversold:
        say(f"{found.oversold} seats were given beyond the {capacity} of session {session.pk}.")
    if found.duplicates:
        say(f"{found.duplicates} people stand twice in session {session.pk}.")
    if len(rows) != people:
        say(f"{people} people asked for session {session.pk}, and {len(rows)} have a row.")
    if waiting and held < capacity:
        say(f"Session {session.pk} has {capacity - held} seats free while {waiting} people wait.")
    told = Notice.objects.filter(context__enrolment__in=[row.pk for row in rows])
    untold = len(rows) - told.values("context__enrolment").distinct().count()
    if untold:
        say(f"{untold} people of session {session.pk} were never told.")
    found.faults += _faults_of_history(session, rows, events, churn=churn)
    return found


def _most_held(events: Sequence[EnrolmentEvent]) -> int:
    """The largest number of seats held at once, replaying the history."""
    now = most = 0
    for event in events:
        now += event.to_state in HELD_ENROLMENT_STATES
        now -= event.from_state in HELD_ENROLMENT_STATES
        most = max(most, now)
    return most


def _faults_of_history(
    session: Session, rows: Sequence[Enrolment], events: Sequence[EnrolmentEvent], *, churn: bool
) -> list[str]:
    faults = []
    last = {event.enrolment_id: event.to_state for event in events}
    if any(last.get(row.pk) != row.state for row in rows):
        faults.append(f"The history of session {session.pk} does not end as its rows do.")
    rank_of = {row.pk: row.rank for row in rows}
    in_line = [
        rank_of[event.enrolment_id]
        for event in events
        if event.to_state == EnrolmentState.WAITING and not event.from_state
    ]
    ranks = sorted(rank for rank in in_line if rank is not None)
    in_order = in_line == ranks and len(set(ranks)) == len(ranks)
    if not in_order or (not churn and ranks != list(range(1, len(ranks) + 1))):
        faults.append(f"The ranks of session {session.pk} do not follow the order of its history.")
    return faults
