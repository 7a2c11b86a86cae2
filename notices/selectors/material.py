"""What a session leaves behind, its slides and its recording: what the message says, and to whom it
has gone.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from cms.selectors.pages import find_course_page
from courses.choices import EnrolmentState, SessionState
from courses.models import Enrolment, Session
from notices.choices import MATERIAL_STATES, NoticeKind
from notices.models import Notice
from notices.selectors.enrolments import about, find_enrolment, untold
from notices.selectors.words import Facts, address


@dataclass(frozen=True)
class Material:
    """One kind of material of a session. `told`: people who were told or are being told; `left`:
    those with a seat who were not; is_announceable: the session is in a state to announce it."""

    kind: NoticeKind
    told: int
    left: int
    is_announceable: bool


def material_of(session: Session) -> list[Material]:
    """The slides, then the recording. Two questions each."""
    seated = Enrolment.objects.confirmed().filter(session=session)
    return [
        Material(
            kind=kind,
            told=Notice.objects.filter(
                kind=kind, context__enrolment__in=list(seated.values_list("pk", flat=True))
            ).count(),
            left=untold(seated, kind.value).count(),
            is_announceable=session.state in states,
        )
        for kind, states in MATERIAL_STATES.items()
    ]


def material_ready(notice: Notice, at: datetime) -> Facts | None:
    """Leads to the page of the training, where files stand. None for whoever gave the seat back,
    and of a session that did not take place."""
    enrolment = find_enrolment(notice)
    if enrolment is None or enrolment.state != EnrolmentState.CONFIRMED:
        return None
    session = enrolment.session
    if session.state in {SessionState.CANCELLED, SessionState.POSTPONED}:
        return None
    words = about(enrolment)
    if find_course_page(session.course.key, get_language() or "") is not None:
        words["action_url"] = address("cms:course", key=session.course.key)
    return Facts(words)
