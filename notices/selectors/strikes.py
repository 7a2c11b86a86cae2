"""The message about a seat nobody could use."""

from datetime import datetime

from django.utils import timezone

from courses.choices import StrikeCause
from courses.models import Strike
from notices.models import Notice
from notices.selectors.enrolments import about
from notices.selectors.words import Facts


def strike_given(notice: Notice, at: datetime) -> Facts | None:
    """None once excused or no longer counted."""
    strike = (
        Strike.objects.select_related("enrolment__session__course", "enrolment__session__version")
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
            expires_on=strike.expires_on,
        )
    )
