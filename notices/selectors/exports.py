from typing import Any

from notices.models import Notice
from people.models import User


def export_person(user: User) -> dict[str, Any]:
    """Every message kept about a person: what it was, when it left, and its words while we keep
    them (thirty days).
    """
    return {
        "notices": [
            {
                "kind": notice.kind,
                "state": notice.state,
                "language": notice.language,
                "queued_at": notice.queued_at.isoformat(),
                "sent_at": notice.sent_at.isoformat() if notice.sent_at else None,
                "subject": notice.subject,
                "text": notice.text,
            }
            for notice in Notice.objects.filter(recipient=user).order_by("queued_at", "id")
        ]
    }
