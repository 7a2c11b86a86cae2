from typing import Any

from people.models import User
from surveys.models import Invitation


def export_person(user: User) -> dict[str, Any]:
    """What this room holds of a person: invitations and the day answered, never answers."""
    rows = Invitation.objects.filter(person=user).select_related("survey__session__course")
    return {
        "survey_invitations": [
            {
                "course": row.survey.session.course.title_fr,
                "invited_at": row.invited_at.isoformat(),
                "answered_on": row.answered_on.isoformat() if row.answered_on else None,
            }
            for row in rows
        ]
    }
