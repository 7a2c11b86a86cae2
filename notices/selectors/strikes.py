"""The message about a seat nobody could use."""

from datetime import datetime

from django.utils import timezone

from courses.choices import STRIKE_DELAY_HOURS, STRIKES_DELAYED, STRIKES_LAST, StrikeCause
from courses.models import Strike
from courses.selectors.standing import strike_points
from notices.models import Notice
from notices.selectors.enrolments import about
from notices.selectors.words import Facts, address


def strike_given(notice: Notice, at: datetime) -> Facts | None:
    """None once excused or no longer counted."""
    strike = (
        Strike.objects.select_related(
            "person", "enrolment__session__course", "enrolment__session__version"
        )
        .prefetch_related("enrolment__session__meetings")
        .filter(pk=notice.context["strike"])
        .first()
    )
    if strike is None or strike.excused_at is not None:
        return None
    if strike.expires_on <= timezone.localdate(at):
        return None
    return Facts(
        about(
            strike.enrolment,
            is_absence=strike.cause == StrikeCause.ABSENT,
            action_url=address("courses:strikes"),
            points=strike.points,
            expires_on=strike.expires_on,
            effect=_effect(strike_points(strike.person, on=timezone.localdate(at))),
            delay_hours=STRIKE_DELAY_HOURS,
        )
    )


def _effect(points: int) -> str:
    """What those points change for the person, until some of them no longer count."""
    if points >= STRIKES_LAST:
        return "last"
    return "delayed" if points >= STRIKES_DELAYED else ""
