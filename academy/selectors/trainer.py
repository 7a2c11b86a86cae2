"""The sessions a trainer teaches, as their desk lists them."""

from django.db.models import F

from courses.choices import SessionState
from courses.models import Session
from courses.selectors.sessions import with_counts
from people.models import User
from people.policies import Scope


def sessions_taught(person: User) -> list[Session]:
    """The person's sessions with their dates and counts, the last first. One query."""
    rows = with_counts(Session.objects.visible_to(person, Scope.OWN_SESSIONS))
    return list(
        rows.exclude(state__in={SessionState.DRAFT, SessionState.CANCELLED})
        .select_related("course")
        .order_by(F("starts_at").desc(nulls_first=True), "pk")
    )
