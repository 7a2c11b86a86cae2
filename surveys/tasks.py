from django.utils import timezone

from celery import shared_task

from surveys.services import surveys


@shared_task
def open_due_surveys() -> None:
    surveys.open_due_surveys(at=timezone.now())


@shared_task
def close_due_surveys() -> None:
    surveys.close_due_surveys(at=timezone.now())
