"""What the proof hears. Each line: when X, call Y."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from certificates.models import Certificate
from certificates.signals import certificate_issued
from certificates.tasks import draw


@receiver(certificate_issued)
def wake_the_drawing(sender: Any, certificate: Certificate, **_: Any) -> None:
    transaction.on_commit(lambda: draw.delay(certificate.pk), robust=True)
