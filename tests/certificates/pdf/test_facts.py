import pytest

from certificates.pdf import AttestationFacts, IncompleteFacts
from tests.certificates.pdf.paper import drawn_image, facts, snapshot


def test_a_snapshot_becomes_facts_of_strings():
    made = facts(course_version=2, trainers=["A", "B"])

    assert made.course_version == "2"
    assert made.trainers == ("A", "B")
    assert made.accreditations[0].hours == "2.50"
    assert made.signatories[0].image == drawn_image()
    assert made.said("course_title", "en") == "Good clinical practice: essentials"


def test_a_key_of_another_schema_is_not_printed():
    assert facts() == facts(seconds_attended=9000, invented="x")


def test_an_image_without_bytes_leaves_the_signatory():
    made = AttestationFacts.from_snapshot(snapshot(), images={})

    assert made.signatories[0].name == "Sophie Lavoie"
    assert made.signatories[0].image is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("holder_name", "  "),
        ("course_title_en", ""),
        ("number", ""),
        ("issuer_fr", ""),
        ("kind", "diploma"),
        ("started_on", "12 novembre"),
        ("issued_on", "2026-02-30"),
        ("ended_on", "2026-11-11"),
        ("hours_attended", "trois"),
        ("hours_attended", "NaN"),
        ("hours_maximum", "-1"),
        ("verify_url", "javascript:alert(1)"),
        ("verify_url", "https://académie.example/v/1"),
        ("verify_url", "https://academie.example/v/1 2"),
        ("verify_url", "https://academie.example/" + "v" * 120),
    ],
)
def test_a_fact_that_is_missing_or_malformed_is_named(field, value):
    with pytest.raises(IncompleteFacts) as refusal:
        facts(**{field: value})

    assert refusal.value.field == field


def test_an_absent_key_is_named():
    frozen = snapshot()
    del frozen["verify_url"]

    with pytest.raises(IncompleteFacts, match="verify_url"):
        AttestationFacts.from_snapshot(frozen)
