"""The clock of the register; may run twice without harm."""

from django.utils import timezone

from celery import shared_task

from attendance.services.retention import forget_reports


@shared_task
def forget_old_reports() -> int:
    """Erases meeting reports five years after the session."""
    return forget_reports(at=timezone.now())
