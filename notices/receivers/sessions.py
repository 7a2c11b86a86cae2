"""What befalls a whole session. Rows only."""

from typing import Any

from django.dispatch import receiver

from courses.signals import session_changed, session_moved
from notices.services.news import tell_session_changed, tell_session_moved


@receiver(session_moved)
def when_session_moved(*, session, from_state, to_state, at, **_: Any) -> None:
    tell_session_moved(session=session, from_state=from_state, to_state=to_state, at=at)


@receiver(session_changed)
def when_session_changed(*, session, changes, at, **_: Any) -> None:
    tell_session_changed(session=session, changes=changes, at=at)
