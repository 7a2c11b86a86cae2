from typing import Any

from attendance.models import Attendance, Mark
from people.models import User


def export_person(user: User) -> dict[str, Any]:
    """What the register holds of a person: settled presence and marks."""
    settled = (
        Attendance.objects.standing().filter(person=user).select_related("closing__session__course")
    )
    marks = Mark.objects.filter(person=user).select_related("session__course")
    return {
        "attendance": [
            {
                "course": row.closing.session.course.title_fr,
                "presence": row.status,
                "seconds": row.seconds,
                "of_seconds": row.closing.held_seconds,
                "intervals": row.intervals,
            }
            for row in settled
        ],
        "marks": [
            {
                "course": row.session.course.title_fr,
                "mark": row.kind,
                "at": row.at.isoformat(),
                "motive": row.motive,
            }
            for row in marks
        ],
    }
