import logging

from django.utils import timezone

from celery import shared_task

from certificates.models import Certificate
from certificates.pdf import Unprintable
from certificates.selectors.files import without_files
from certificates.services import files, issuing

logger = logging.getLogger(__name__)


@shared_task
def draw(certificate_id: int) -> None:
    """Draws and signs the files of one certificate; what cannot be printed waits for staff."""
    certificate = Certificate.objects.filter(pk=certificate_id).first()
    if certificate is None:
        return
    try:
        files.store_files(certificate=certificate, at=timezone.now())
    except Unprintable:
        logger.exception("attestation %s cannot be printed", certificate.number)


@shared_task
def issue_due() -> None:
    """The sweep: issues what is due, and draws what a lost task left undrawn."""
    issuing.issue_due(at=timezone.now())
    for certificate_id in without_files():
        draw(certificate_id)
