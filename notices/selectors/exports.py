from typing import Any

from notices.models import Follow, Notice
from notices.selectors.unsubscribing import name_of
from people.models import User


def export_person(user: User) -> dict[str, Any]:
    """Every message kept about a person: what it was, when it left, and its words while we keep
    them (thirty days). What they follow and followed, with the dates.
    """
    follows = Follow.objects.filter(person=user).select_related("course", "theme", "community")
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
        ],
        "follows": [
            {
                "kind": name_of(row.subject)[0],
                "subject": str(row.subject),
                "since": row.since.isoformat(),
                "ended_at": row.ended_at.isoformat() if row.ended_at else None,
                "ended_by_mail": row.ended_by_mail,
            }
            for row in follows.order_by("since", "id")
        ],
    }
