"""Messages about what a session leaves behind: its slides, its recording."""

from datetime import datetime

from courses.choices import EnrolmentState, SessionState
from notices.models import Notice
from notices.selectors.enrolments import about, find_enrolment
from notices.selectors.words import Facts


def material_ready(notice: Notice, at: datetime) -> Facts | None:
    """None for whoever gave the seat back, and of a session that did not take place."""
    enrolment = find_enrolment(notice)
    if enrolment is None or enrolment.state != EnrolmentState.CONFIRMED:
        return None
    if enrolment.session.state in {SessionState.CANCELLED, SessionState.POSTPONED}:
        return None
    return Facts(about(enrolment))
