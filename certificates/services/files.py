"""Drawing and signing: once for each language, from the frozen facts, and those bytes are kept.

Lock: the certificate's row, so that two workers never draw one file twice. A worker killed half way
leaves a language without a row, and the sweep draws it.
"""

import json
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from certificates.letters import sha256_of
from certificates.models import Certificate, CertificateFile
from certificates.models.accreditations import private_storage
from certificates.pdf import render_attestation
from certificates.pdf.facts import AttestationFacts
from certificates.pdf.signing import sign
from certificates.signals import certificate_ready
from people.choices import Language


def store_files(*, certificate: Certificate, at: datetime) -> list[CertificateFile]:
    """The stored PDF of each language, drawn and signed now if it is missing. Idempotent.

    Sends certificate_ready when the last language is stored. Raises certificates.pdf.MissingGlyph
    when a character cannot be printed: then nothing of that language is stored.
    """
    with transaction.atomic():
        certificate = (
            Certificate.objects.select_for_update(of=("self",))
            .select_related("content")
            .get(pk=certificate.pk)
        )
        stored = {row.language: row for row in certificate.files.all()}
        missing = [language for language in Language.values if language not in stored]
        if not missing:
            return list(stored.values())
        snapshot = json.loads(certificate.content.snapshot)
        facts = AttestationFacts.from_snapshot(snapshot, images=_images(snapshot))
        for language in missing:
            stored[language] = _store(certificate, facts, language, at)
        certificate_ready.send(sender=Certificate, certificate=certificate, at=at)
        return list(stored.values())


def _store(
    certificate: Certificate, facts: AttestationFacts, language: str, at: datetime
) -> CertificateFile:
    unsigned = render_attestation(facts, language="en" if language == Language.ENGLISH else "fr")
    keys = _keys()
    final = (
        sign(
            unsigned,
            key_pem=keys[0],
            certificate_pem=keys[1],
            chain_pem=keys[1],
            reason=facts.number,
        )
        if keys
        else unsigned
    )
    row = CertificateFile(
        certificate=certificate,
        language=language,
        unsigned_sha256=sha256_of(unsigned),
        sha256=sha256_of(final),
        is_signed=keys is not None,
        stored_at=at,
    )
    row.file.save(f"{certificate.number}-{language}.pdf", ContentFile(final), save=False)
    row.save(force_insert=True)
    return row


def _keys() -> tuple[bytes, bytes] | None:
    """Private key and certificate chain, from files outside the database; None: unsigned."""
    key, chain = settings.SIGNING_KEY_FILE, settings.SIGNING_CERTIFICATE_FILE
    if not key or not chain:
        return None
    return Path(key).read_bytes(), Path(chain).read_bytes()


def _images(snapshot: dict[str, object]) -> dict[str, bytes]:
    """The signature images the snapshot names, read from private storage; a missing one is left
    out.
    """
    storage = private_storage()
    found = {}
    signatories = snapshot.get("signatories")
    for signatory in signatories if isinstance(signatories, list) else []:
        name = signatory.get("image")
        if name and storage.exists(name):
            with storage.open(name) as file:
                found[name] = file.read()
    return found
