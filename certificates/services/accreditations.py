"""What staff keep of accreditation: bodies, accreditations, signatories. One verb a noun."""

from collections.abc import Iterable
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from certificates.choices import AccreditationStatus
from certificates.letters import floor_to
from certificates.models import Accreditation, AccreditingBody, Signatory
from people.models import Profession, User
from people.services import Refusal

LARGEST_IMAGE = 1024 * 1024  # bytes
IMAGE_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


class AccreditationRefused(Refusal):
    """Something that cannot be kept as it stands; the text says what to change."""


def save_body(*, body: AccreditingBody, by: User | None, at: datetime) -> AccreditingBody:
    """Keeps the body."""
    body.save()
    return body


def save_accreditation(
    *,
    accreditation: Accreditation,
    professions: Iterable[Profession],
    by: User | None,
    at: datetime,
) -> Accreditation:
    """Keeps the accreditation with the professions it is printed for (none: everyone).

    Raises AccreditationRefused for a grant without number, hours that are no whole steps, or a
    period that ends before it begins. What was issued stays as it was.
    """
    if accreditation.status == AccreditationStatus.GRANTED and not accreditation.number.strip():
        raise AccreditationRefused(_("A granted accreditation has a number: type it."))
    if accreditation.valid_until < accreditation.valid_from:
        raise AccreditationRefused(_("The period ends before it begins."))
    if floor_to(accreditation.step, accreditation.hours) != accreditation.hours:
        raise AccreditationRefused(
            _("%(hours)s hours are not a whole number of steps of %(step)s.")
            % {"hours": accreditation.hours, "step": accreditation.step}
        )
    with transaction.atomic():
        accreditation.save()
        accreditation.professions.set(professions)
    return accreditation


def save_signatory(*, signatory: Signatory, by: User | None, at: datetime) -> Signatory:
    """Keeps the signatory. Raises AccreditationRefused for an image that is neither PNG nor JPEG,
    or over one megabyte. Attestations already issued keep the image they were issued with.
    """
    image = signatory.image
    if image and isinstance(image.file, UploadedFile):
        if image.size > LARGEST_IMAGE:
            raise AccreditationRefused(_("The image is over 1 MB: save a smaller one."))
        beginning = image.read(8)
        image.seek(0)
        if not beginning.startswith(IMAGE_BEGINNINGS):
            raise AccreditationRefused(_("The signature must be a PNG or JPEG image."))
    signatory.save()
    return signatory
