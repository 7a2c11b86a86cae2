"""What the public may know of an attestation: its status first, then activity, hours, date, issuer.

The name stays masked; whoever holds the document types it and is told whether it corresponds.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from certificates.choices import STATUS_OF_EVENT, CertificateEventKind, CertificateStatus
from certificates.letters import masked_name, read_number, same_name, sha256_of
from certificates.models import Certificate
from people.choices import ConsentPurpose
from people.models import Consent


@dataclass(frozen=True)
class Verification:
    """One attestation as its public page shows it; hashes are SHA-256 in hexadecimal."""

    number: str
    status: CertificateStatus
    facts: dict[str, Any]
    issued_on: date
    ended_on: date | None
    successor_token: str
    hashes: dict[str, str]
    snapshot_is_intact: bool
    name: str
    name_is_public: bool

    @property
    def is_valid(self) -> bool:
        return self.status == CertificateStatus.VALID and self.snapshot_is_intact

    def corresponds(self, typed: str) -> bool:
        """Whether the name typed by the reader is the one printed."""
        return same_name(typed, str(self.facts.get("holder_name", "")))


def find_by_token(token: str) -> Verification | None:
    return _verification(_rows().filter(token=token).first())


def find_by_number(text: str) -> Verification | None:
    """Any spelling of a number; None when its check character or the register says no."""
    number = read_number(text)
    return _verification(_rows().filter(number=number).first()) if number else None


def status_of(events: list[Any]) -> CertificateStatus:
    """The status that a certificate's events add up to."""
    kinds = {event.kind for event in events}
    for kind, status in STATUS_OF_EVENT:
        if kind in kinds:
            return status
    return CertificateStatus.VALID


def _rows() -> Any:
    return Certificate.objects.select_related("content", "person").prefetch_related(
        "files", "events__successor"
    )


def _verification(certificate: Certificate | None) -> Verification | None:
    if certificate is None:
        return None
    events = list(certificate.events.all())
    status = status_of(events)
    facts = json.loads(certificate.content.snapshot)
    ending = next(
        (
            event
            for event in events
            if event.kind in (CertificateEventKind.REVOKED, CertificateEventKind.SUPERSEDED)
        ),
        None,
    )
    withdrawn = any(event.kind == CertificateEventKind.NAME_WITHDRAWN for event in events)
    public = not withdrawn and _name_is_public(certificate)
    name = str(facts.get("holder_name", ""))
    return Verification(
        number=certificate.number,
        status=status,
        facts=facts,
        issued_on=certificate.issued_on,
        ended_on=ending.at.date() if ending else None,
        successor_token=ending.successor.token if ending and ending.successor else "",
        hashes={row.language: row.sha256 for row in certificate.files.all()},
        snapshot_is_intact=sha256_of(certificate.content.snapshot) == certificate.content.sha256,
        name=name if public else masked_name(name),
        name_is_public=public,
    )


def _name_is_public(certificate: Certificate) -> bool:
    last = (
        Consent.objects.filter(user=certificate.person, text__purpose=ConsentPurpose.PUBLIC_NAME)
        .order_by("-decided_at", "-id")
        .first()
    )
    return bool(last and last.is_given)
