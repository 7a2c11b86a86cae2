from attendance.choices import MarkKind, PresenceStatus
from attendance.models import Attendance, Mark
from courses.models import Session


def known_absent_ids(session: Session) -> set[int]:
    """People of whom it is known that they were not there: settled as absent, or last marked so.

    Before the session is closed only marks can tell; silence is not absence.
    """
    settled = set(
        Attendance.objects.standing()
        .filter(closing__session=session, status=PresenceStatus.ABSENT)
        .values_list("person_id", flat=True)
    )
    marks = Mark.objects.filter(session=session).order_by("at", "id")
    last = dict(marks.values_list("person_id", "kind"))  # the newest mark wins
    marked = {
        person_id for person_id, kind in last.items() if kind in (MarkKind.ABSENT, MarkKind.EXCUSED)
    }
    return settled | marked
