"""What an attestation freezes reaches its paper."""

from datetime import timedelta

import pytest

from certificates.services.files import store_files
from certificates.services.issuing import issue_for_session
from courses.models import Partner
from courses.services.catalogue import save_partner
from tests.certificates.pdf.paper import text
from tests.factories import attendance, courses

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner():
    return save_partner(
        partner=Partner(code="sante-canada", name_fr="Santé Canada", name_en="Health Canada"),
        by=None,
        at=courses.AT,
    )


@pytest.mark.parametrize(
    ("language", "named", "not_named"),
    [("fr", "Santé Canada", "Health Canada"), ("en", "Health Canada", "Santé Canada")],
)
def test_partner_is_printed_in_the_language_of_the_page(partner, language, named, not_named):
    session, _everyone = attendance.closed_session(
        [60], course=courses.published_course(partners=[partner]), survey_required=False
    )
    at = courses.NOON + timedelta(days=1)
    certificate = issue_for_session(session=session, by=None, at=at)[0]
    files = {row.language: row for row in store_files(certificate=certificate, at=at)}

    with files[language].file.open("rb") as file:
        said = " ".join(text(file.read()).split())

    assert named in said
    assert not_named not in said
