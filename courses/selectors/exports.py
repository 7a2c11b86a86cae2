"""The part of a person's export that this floor holds (Law 25: a copy of one's own data)."""

from typing import Any

from courses.models import Declaration, Enrolment, ModuleProgress, SessionTrainer
from people.models import User


def export_person(user: User) -> dict[str, Any]:
    """Everything of courses about this person, as JSON-ready text, numbers and lists."""
    enrolments = (
        Enrolment.objects.filter(person=user)
        .select_related("session__course")
        .prefetch_related("events", "join_clicks", "session__meetings")
        .order_by("created_at", "pk")
    )
    progress = ModuleProgress.objects.filter(person=user).select_related("version")
    teaching = SessionTrainer.objects.filter(person=user).select_related("session__course")
    declarations = Declaration.objects.filter(trainer=user).select_related("course")
    return {
        "enrolments": [_enrolment(row) for row in enrolments],
        "modules": [
            {
                "module": row.version.title_fr,
                "version": row.version.number,
                "started_at": row.started_at.isoformat(),
                "completed_at": row.completed_at and row.completed_at.isoformat(),
                "facts": row.facts,
            }
            for row in progress.order_by("started_at")
        ],
        "teaching": [
            {
                "session": str(row.session.key),
                "course": row.session.course.title_fr,
                "role": row.role,
            }
            for row in teaching.order_by("pk")
        ],
        "declarations": [
            {
                "course": row.course.title_fr,
                "has_interests": row.has_interests,
                "statement": row.statement,
                "signed_name": row.signed_name,
                "signed_at": row.signed_at and row.signed_at.isoformat(),
            }
            for row in declarations.order_by("asked_at")
        ],
    }


def _enrolment(row: Enrolment) -> dict[str, Any]:
    return {
        "key": str(row.key),
        "course": row.session.course.title_fr,
        "session": str(row.session.key),
        "meetings": [
            {"starts_at": each.starts_at.isoformat(), "ends_at": each.ends_at.isoformat()}
            for each in row.session.meetings.all()
        ],
        "state": row.state,
        "rank": row.rank,
        "is_late": row.is_late,
        "history": [
            {
                "from": each.from_state,
                "to": each.to_state,
                "at": each.at.isoformat(),
                "reason": each.reason,
            }
            for each in row.events.all()
        ],
        "join_clicks": [each.at.isoformat() for each in row.join_clicks.all()],
    }
