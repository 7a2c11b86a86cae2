"""A session's people for those who look after them: filtered, and exported."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.choices import (
    LIVE_ENROLMENT_STATES,
    LIVE_SESSION_STATES,
    EnrolmentState,
)
from courses.models import Enrolment, Session
from courses.selectors.enrolments import roster, waiting_places
from courses.selectors.seats import with_counts
from courses.selectors.sessions import sessions_for
from people.models import Establishment, Membership, User
from people.policies import Scope


@dataclass(frozen=True)
class Filters:
    """What the reader asked to see. Empty: everything."""

    state: str = ""
    pool: str = ""  # key of a pool, « general », « extra »
    establishment: str = ""
    words: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filters":
        return cls(
            query.get("state", ""),
            query.get("pool", ""),
            query.get("establishment", ""),
            query.get("words", "").strip()[:80],
        )

    @property
    def is_by_state_alone(self) -> bool:
        return not (self.pool or self.establishment or self.words)


def with_places_of_work(rows: QuerySet[Enrolment], *, at: datetime) -> QuerySet[Enrolment]:
    """Adds to each person `current_memberships`: verified, current, with establishment."""
    current = (
        Membership.objects.verified()
        .current(timezone.localdate(at))
        .filter(establishment__isnull=False)
        .select_related("establishment")
        .order_by("pk")
    )
    return rows.prefetch_related(
        Prefetch("person__memberships", queryset=current, to_attr="current_memberships")
    )


def filtered_roster(
    session: Session, user: User, scopes: Iterable[Scope], filters: Filters, *, at: datetime
) -> QuerySet[Enrolment]:
    """Live enrolments the reader may see, with pool and place of work; a constant number of
    queries. Ended ones only when their state is asked for.
    """
    rows = roster(session, user, scopes)
    if filters.state:
        if filters.state not in LIVE_ENROLMENT_STATES:
            rows = roster(session, user, scopes, states=[filters.state])
        rows = rows.filter(state=filters.state)
    if filters.pool == "general":
        rows = rows.filter(pool__isnull=True, is_extra=False)
    elif filters.pool == "extra":
        rows = rows.filter(is_extra=True)
    elif filters.pool.isdigit():
        rows = rows.filter(pool_id=int(filters.pool))
    if filters.establishment.isdigit():
        current = Membership.objects.verified().current(timezone.localdate(at))
        rows = rows.filter(
            person__in=current.filter(establishment_id=int(filters.establishment)).values("user")
        )
    if filters.words:
        rows = rows.filter(
            Q(person__profile__printed_name__icontains=filters.words)
            | Q(person__email__icontains=filters.words)
        )
    return with_places_of_work(
        rows.select_related("pool__establishment", "pool__community", "pool__profession", "ticket"),
        at=at,
    )


def establishments_in(session: Session, *, at: datetime) -> QuerySet[Establishment]:
    """Those whose people are enrolled here: what the filter offers."""
    current = Membership.objects.verified().current(timezone.localdate(at))
    people = Enrolment.objects.filter(session=session).values("person")
    return Establishment.objects.filter(
        pk__in=current.filter(user__in=people).values("establishment")
    ).order_by("short_name")


def other_sessions(session: Session, user: User) -> list[Session]:
    """Where people of this session may be moved: sessions to come with their counts, of the same
    course first.
    """
    rows = sessions_for(user, "courses.manage").filter(state__in=LIVE_SESSION_STATES)
    rows = with_counts(rows.exclude(pk=session.pk).select_related("course"))
    same = list(rows.filter(course=session.course_id).order_by("starts_at"))
    return same + list(rows.exclude(course=session.course_id).order_by("starts_at"))


def place_of_work(row: Enrolment) -> str:
    """Short names of the person's verified establishments, as `with_places_of_work` read them."""
    members: list[Any] = getattr(row.person, "current_memberships", [])
    return ", ".join(each.establishment.short_name for each in members)


def roster_table(rows: Iterable[Enrolment], session: Session) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of the export: one line a person."""
    places = waiting_places(session)
    header = [
        _("Name"),
        _("Email address"),
        _("Profession"),
        _("Establishment"),
        _("State"),
        _("Rank"),
        _("Pool of seats"),
        _("Beyond the capacity"),
        _("Origin"),
        _("Enrolled on"),
        _("Seat confirmed on"),
        _("Offer ends"),
        _("Ended on"),
        pgettext("enrolment", "Withdrawn late"),
        _("Question to the trainer"),
    ]
    return header, [
        [
            str(row.person),
            row.person.email or "",
            str(row.person.profile.profession or ""),
            place_of_work(row),
            str(row.get_state_display()),
            places.get(row.pk, ""),
            str(row.pool or ""),
            row.is_extra,
            str(row.get_origin_display()),
            row.created_at,
            row.confirmed_at,
            row.offer_expires_at if row.state == EnrolmentState.OFFERED else None,
            row.ended_at,
            row.is_late,
            row.question,
        ]
        for row in rows
    ]
