from collections.abc import Iterable
from datetime import datetime

from courses.models import Session
from people.models import User
from surveys.choices import InvitationState
from surveys.models import Invitation


def answered_person_ids(session: Session, *, person_id: int | None = None) -> set[int]:
    """Everyone (or that person, or nobody) whose invitation is done, in one query."""
    done = Invitation.objects.filter(survey__session=session, state=InvitationState.DONE)
    if person_id is not None:
        done = done.filter(person_id=person_id)
    return set(done.values_list("person_id", flat=True))


def find_invitation(token: str) -> Invitation | None:
    """The invitation a link belongs to, with what its page needs; None for an unknown link."""
    return (
        Invitation.objects.filter(token=token)
        .select_related(
            "survey__session__course",
            "survey__session__version",
            "survey__version",
            "person__profile",
        )
        .first()
    )


def open_invitations(person: User, at: datetime) -> Iterable[Invitation]:
    """What this person may still answer at `at`, the soonest to close first."""
    return (
        Invitation.objects.filter(
            person=person,
            state=InvitationState.SENT,
            survey__closed_at__isnull=True,
            survey__opens_at__lte=at,
            survey__closes_at__gt=at,
        )
        .select_related("survey__session__course", "survey__session__version")
        .order_by("survey__closes_at")
    )
