"""Attestations: issued as conditions are met, some drawn, one corrected, one revoked."""

from datetime import datetime, timedelta

from academy.services.demo.cast import Cast
from academy.services.demo.seats import Given
from certificates.models import Certificate
from certificates.services.files import store_files
from certificates.services.issuing import (
    issue_for_session,
    revoke_certificate,
    supersede_certificate,
)
from people.models import User
from people.services.accounts import update_profile

NAME_CORRECTED = "Nom corrigé à la demande de la personne."
ISSUED_BY_MISTAKE = "Présence inscrite par erreur; la personne avait quitté la séance avant la fin."


def issue(*, given: Given, by: User | None, at: datetime) -> list[Certificate]:
    """Issues to whoever meets the conditions at `at`; draws the files where the timetable says."""
    issued = issue_for_session(session=given.session, by=by, at=at)
    if given.delivery.is_drawn:
        for certificate in issued:
            store_files(certificate=certificate, at=at)
    return issued


def mend(*, issued: list[Certificate], cast: Cast, at: datetime) -> None:
    """Corrects the first of those just issued and revokes the second; never the learner's."""
    others = [certificate for certificate in issued if certificate.person != cast.learner]
    _correct(others[0], cast, at)
    _revoke(others[1], cast, at + timedelta(days=1))


def _correct(certificate: Certificate, cast: Cast, at: datetime) -> None:
    """A person adds a family name to theirs and asks for a new attestation."""
    person = certificate.person
    update_profile(
        user=person,
        printed_name=f"{person}-Lavigne",
        language=person.profile.language,
        profession=person.profile.profession,
        permit_number="",
        at=at,
    )
    successor = supersede_certificate(
        certificate=certificate,
        by=cast.coordinator,
        at=at + timedelta(hours=1),
        reason=NAME_CORRECTED,
    )
    store_files(certificate=successor, at=at + timedelta(hours=1))


def _revoke(certificate: Certificate, cast: Cast, at: datetime) -> None:
    """Staff find out that a presence was counted by mistake."""
    revoke_certificate(
        certificate=certificate, by=cast.coordinator, at=at, reason=ISSUED_BY_MISTAKE
    )
