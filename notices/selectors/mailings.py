"""Messages to many as staff see them: how far each is."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from courses.models import Enrolment, Session
from notices.choices import STAFF_MAILINGS, MailingKind, NoticeState
from notices.letters import filled
from notices.models import Mailing, Notice
from people.choices import in_language


@dataclass(frozen=True)
class MailingCounts:
    """The messages written so far, by what became of them. `dropped`: no longer concerned."""

    waiting: int = 0
    sent: int = 0
    failed: int = 0
    dropped: int = 0

    @property
    def written(self) -> int:
        return self.waiting + self.sent + self.failed + self.dropped


def counts_of(mailings: Iterable[Mailing]) -> dict[int, MailingCounts]:
    """Mailing → its counts. One query, however many."""
    rows = (
        Notice.objects.filter(mailing__in=[row.pk for row in mailings])
        .order_by()
        .values_list("mailing", "state")
        .annotate(n=Count("pk"))
    )
    found: dict[int, Counter[str]] = {}
    for pk, state, count in rows:
        found.setdefault(pk, Counter())[state] = count
    return {pk: _counts(states) for pk, states in found.items()}


def _counts(states: Counter[str]) -> MailingCounts:
    return MailingCounts(
        waiting=states[NoticeState.QUEUED] + states[NoticeState.SENDING],
        sent=states[NoticeState.SENT],
        failed=states[NoticeState.FAILED],
        dropped=states[NoticeState.DROPPED],
    )


def with_subjects(mailings: QuerySet[Mailing]) -> QuerySet[Mailing]:
    """With the term, or the session and its course, that each speaks of."""
    return mailings.select_related("term", "session__course", "created_by__profile")


def worth_showing(mailings: QuerySet[Mailing]) -> QuerySet[Mailing]:
    """Those that staff wrote, and of those that come of themselves the ones that reach somebody."""
    told = Notice.objects.filter(mailing=OuterRef("pk"))
    return mailings.filter(Q(kind__in=STAFF_MAILINGS) | Exists(told))


def title_of(mailing: Mailing) -> str:
    """Its subject as staff know it: without what is filled in for each person."""
    if not mailing.subject_fr:
        return str(MailingKind(mailing.kind).label)
    known = {}
    if mailing.term is not None:
        known["programmation"] = str(mailing.term)
    if mailing.session is not None:
        known["formation"] = str(mailing.session.course)
    return filled(in_language(mailing, "subject"), known)


def people_by_state(session: Session, among: Collection[int] = ()) -> dict[str, int]:
    """How many enrolments of the session are in each state; `among`, those alone, when some were
    picked. One query.
    """
    rows = Enrolment.objects.filter(session=session).order_by().values_list("state")
    rows = rows.filter(pk__in=among) if among else rows
    return dict(rows.annotate(n=Count("pk")))
