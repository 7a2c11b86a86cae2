"""What screens ask about enrolments: one's own, and a session's roster."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, IntegerField, Min, QuerySet, Value, When

from courses.choices import LIVE_ENROLMENT_STATES, LIVE_SESSION_STATES, EnrolmentState
from courses.models import Enrolment, Session
from people.models import User
from people.policies import Scope

# Seats first, then those who wait, in the order of the list.
ROSTER_ORDER = (
    EnrolmentState.CONFIRMED,
    EnrolmentState.OFFERED,
    EnrolmentState.REQUESTED,
    EnrolmentState.WAITING,
)


def roster(
    session: Session,
    user: User,
    scope: Scope | Iterable[Scope] | None,
    *,
    states: Iterable[str] = LIVE_ENROLMENT_STATES,
) -> QuerySet[Enrolment]:
    """Live enrolments of the session that those scopes reach: seats by name, then the waiting list.
    `states`: others than the live ones.

    A trainer who is also a liaison agent sees what either right reaches.
    """
    scopes = [scope] if isinstance(scope, Scope) or scope is None else list(scope)
    rows = Enrolment.objects.none()
    for each in scopes:
        rows = rows | Enrolment.objects.filter(
            pk__in=Enrolment.objects.visible_to(user, each).order_by().values("pk")
        )
    place = Case(
        *(When(state=state, then=Value(n)) for n, state in enumerate(ROSTER_ORDER)),
        default=Value(9),
        output_field=IntegerField(),
    )
    return (
        rows.filter(session=session, state__in=list(states))
        .annotate(place=place)
        .select_related("person__profile__profession")
        .order_by("place", "rank", "person__profile__printed_name", "pk")
    )


def waiting_places(session: Session) -> dict[int, int]:
    """Enrolment → place (1 is next) over the whole waiting list, whatever the reader may see."""
    waiting = Enrolment.objects.filter(session=session).waiting()
    return {pk: place for place, pk in enumerate(waiting.values_list("pk", flat=True), start=1)}


def my_enrolments(person: User) -> QuerySet[Enrolment]:
    """Every attempt of the person with its session and meetings, soonest session first."""
    return (
        Enrolment.objects.filter(person=person)
        .select_related("session__course", "session__term", "session__version")
        .prefetch_related("session__meetings")
        .annotate(starts_at=Min("session__meetings__starts_at"))
        .order_by("starts_at", "-created_at")
    )


def find_live_enrolment(person: Any, session: Session) -> Enrolment | None:
    """The person's live row in this session, if any; None for an anonymous visitor."""
    if not person.is_authenticated:
        return None
    return Enrolment.objects.live().filter(person=person, session=session).first()


def find_enrolment(person: User, session: Session) -> Enrolment | None:
    """The person's live row in this session, else the newest that ended."""
    rows = list(Enrolment.objects.filter(person=person, session=session).order_by("-pk"))
    live = [row for row in rows if row.state in LIVE_ENROLMENT_STATES]
    return next(iter(live or rows), None)


def enrolments_of_closed_accounts() -> QuerySet[Enrolment]:
    """Live rows of people whose account is closed, in sessions still to come: to be given back."""
    return Enrolment.objects.live().filter(
        person__closed_at__isnull=False, session__state__in=LIVE_SESSION_STATES
    )
