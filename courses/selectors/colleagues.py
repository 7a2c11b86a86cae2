"""The people that somebody may enrol for: those of one's own establishment, or everybody's."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate

from courses.choices import SessionState
from courses.letters.conditions import is_by_request
from courses.letters.windows import NO_OFFERS
from courses.models import Session
from courses.selectors.sessions import catalogue_sessions
from people.models import Membership, User
from people.policies import Scope
from people.selectors.accounts import find_people


def colleagues_of(
    user: Any, scope: Scope | None, *, at: datetime, words: str = ""
) -> QuerySet[User]:
    """Open accounts with a verified membership of an establishment within that scope, by name;
    `words` narrows by name or address. The reader is left out: one enrols oneself."""
    memberships = Membership.objects.visible_to(user, scope, localdate(at))
    verified = memberships.verified().current(localdate(at)).filter(establishment__isnull=False)
    people = find_people(words[:80]).filter(is_active=True, pk__in=verified.values("user"))
    return people.exclude(pk=user.pk)


def sessions_to_delegate(*, at: datetime) -> list[Session]:
    """Sessions where a seat may be asked for on behalf of somebody: enrolment is open and a seat is
    taken rather than requested, and there is time to answer. Soonest first, a constant number of
    questions."""
    return [
        session
        for session in catalogue_sessions(at=at)
        if session.state == SessionState.OPEN
        and (session.enrolment_closes_at is None or at < session.enrolment_closes_at)
        and session.starts_at - at > NO_OFFERS
        and not is_by_request(session, at=at)
    ]
