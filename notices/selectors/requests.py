"""Messages about a seat asked for where staff or a draw decide."""

from datetime import datetime

from courses.choices import EnrolmentState, OpeningMode
from notices.letters import one_line
from notices.models import Notice
from notices.selectors.enrolments import about, find_enrolment, find_in_state
from notices.selectors.words import Facts, address

MOTIVE_LENGTH = 400


def seat_requested(notice: Notice, at: datetime) -> Facts | None:
    enrolment = find_in_state(notice, EnrolmentState.REQUESTED)
    if enrolment is None:
        return None
    is_draw = enrolment.session.opening_mode == OpeningMode.DRAW
    closes_at = enrolment.session.requests_close_at if is_draw else None
    return Facts(about(enrolment, is_draw=is_draw, requests_close_at=closes_at))


def request_refused(notice: Notice, at: datetime) -> Facts | None:
    """With the reason staff gave, read where it is kept: the history of the request."""
    enrolment = find_enrolment(notice)
    if enrolment is None or enrolment.state != EnrolmentState.REFUSED:
        return None
    step = enrolment.events.filter(to_state=EnrolmentState.REFUSED).order_by("-at", "-pk").first()
    motive = one_line(step.reason, MOTIVE_LENGTH) if step else ""
    return Facts(about(enrolment, motive=motive, action_url=address("cms:catalogue")))
