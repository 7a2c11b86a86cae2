"""The second session of a course whose first one is full."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from courses.choices import DATED_SESSION_STATES, LIVE_SESSION_STATES, SessionState
from courses.models import Session
from courses.selectors.copies import twin_of
from courses.services.copies import keep_copy
from people.models import User
from people.services import Refusal


class TwinRefusal(Refusal):
    """A second session that cannot be made so; the text says why."""


class TwinStands(TwinRefusal):
    """One at that date stands already."""


class TwinPast(TwinRefusal):
    pass


def make_second_session(
    *, session: Session, starts_at: datetime, by: User | None, at: datetime
) -> Session:
    """A draft after `session`, its first meeting at `starts_at`, the others as far apart as there.

    Nobody is told: who waits is offered it once it is open (services.exchanges). Locks the session
    copied, so that of two presses one is refused (TwinStands).
    """
    with transaction.atomic():
        row = (
            Session.objects.select_for_update(no_key=True, of=("self",))
            .select_related("course", "term", "prerequisite")
            .get(pk=session.pk)
        )
        if row.state not in LIVE_SESSION_STATES & DATED_SESSION_STATES:
            raise TwinRefusal(
                _("A session that is announced and still to come may have a second one.")
            )
        if starts_at <= at:
            raise TwinPast(_("Choose a date to come."))
        copy = twin_of(row, starts_at, at=at)
        if copy is None:
            raise TwinRefusal(_("Give the session at least one meeting first."))
        standing = row.twins.exclude(state=SessionState.CANCELLED)
        if standing.filter(meetings__starts_at=starts_at).exists():
            raise TwinStands(_("A second session at that date stands already."))
        return keep_copy(copy=copy, by=by, at=at)
