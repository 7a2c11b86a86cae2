import json
from datetime import timedelta

from django.db import DatabaseError, connection, transaction

import pytest

from certificates.choices import CertificateEventKind, CertificateStatus
from certificates.letters import sha256_of
from certificates.models import (
    Certificate,
    CertificateContent,
    CertificateEvent,
    CertificateFile,
)
from certificates.selectors.eligibility import eligibilities
from certificates.selectors.verification import find_by_number, find_by_token
from certificates.services.files import store_files
from certificates.services.issuing import (
    IssuingRefused,
    issue_certificate,
    issue_due,
    issue_for_session,
    revoke_certificate,
    supersede_certificate,
)
from courses.models import Enrolment
from people.services.accounts import update_profile
from surveys.services.answers import submit_response
from surveys.services.surveys import open_survey
from tests.factories import attendance, courses, people

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LATER = courses.NOON + timedelta(days=1)


@pytest.fixture
def settled():
    """A settled session: one present, one partly present, neither has answered the form."""
    return attendance.closed_session(
        [60, 20], course=courses.published_course(), survey_required=True
    )


def _answer(session, person):
    survey = open_survey(session=session, at=LATER)
    submit_response(
        invitation=survey.invitations.get(person=person), answers={"overall": "5"}, at=LATER
    )


@pytest.fixture
def issued(settled):
    session, everyone = settled
    _answer(session, everyone[0])
    return issue_for_session(session=session, by=None, at=LATER)[0]


def test_presence_and_survey_decide_and_say_why_not(settled):
    session, [present, partly] = settled

    before = eligibilities(session)
    _answer(session, present)
    after = eligibilities(session)

    missing = [result.condition.value for result in before[partly.pk].missing]
    assert missing == ["attendance", "survey"]
    assert [result.condition.value for result in before[present.pk].missing] == ["survey"]
    assert after[present.pk].is_eligible
    assert all(result.sentence for result in before[partly.pk].conditions)


def test_one_person_is_judged_as_in_the_whole_session_and_without_reading_the_others(settled):
    session, [present, partly] = settled
    _answer(session, present)
    whole = eligibilities(session)

    for person in (present, partly):
        assert eligibilities(session, person_id=person.pk) == {person.pk: whole[person.pk]}
    assert eligibilities(session, person_id=people.person().pk) == {}


def test_nobody_is_issued_anything_before_the_conditions_hold(settled):
    session, [present, _partly] = settled

    assert issue_due(at=LATER) == 0
    with pytest.raises(IssuingRefused):
        issue_certificate(
            enrolment=Enrolment.objects.get(session=session, person=present), by=None, at=LATER
        )

    assert Certificate.objects.count() == 0


def test_the_sweep_issues_once(settled):
    session, [present, _partly] = settled
    _answer(session, present)

    assert (issue_due(at=LATER), issue_due(at=LATER)) == (1, 0)

    row = Certificate.objects.get()
    assert (row.person, row.session, row.version) == (present, session, 1)


def test_numbers_follow_one_another_without_a_gap():
    numbers = []
    for _n in range(2):
        session, _everyone = attendance.closed_session(
            [60, 60], course=courses.published_course(), survey_required=False
        )
        numbers += [row.number for row in issue_for_session(session=session, by=None, at=LATER)]

    serials = [int(number.split("-")[2]) for number in numbers]
    assert serials == list(range(serials[0], serials[0] + 4))


def test_what_is_frozen_does_not_follow_a_later_edit(issued):
    before = issued.content.snapshot

    update_profile(
        user=issued.person,
        printed_name="Un Autre Nom",
        language="fr",
        profession=None,
        permit_number="",
        at=LATER,
    )

    content = CertificateContent.objects.get(certificate=issued)
    assert content.snapshot == before
    assert content.sha256 == sha256_of(before)
    assert json.loads(before)["holder_name"] != "Un Autre Nom"


@pytest.mark.parametrize(
    "table",
    [
        "certificates_certificate",
        "certificates_certificatecontent",
        "certificates_certificatefile",
        "certificates_certificateevent",
    ],
)
@pytest.mark.parametrize("act", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"])
def test_sql_cannot_change_or_delete_what_was_issued(issued, table, act):
    store_files(certificate=issued, at=LATER)
    column = {"certificates_certificate": "number", "certificates_certificateevent": "reason"}.get(
        table, "sha256"
    )

    with (
        pytest.raises(DatabaseError, match="never changed or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(act.format(table=table, column=column))


@pytest.mark.parametrize("model", [Certificate, CertificateContent, CertificateEvent])
def test_the_orm_cannot_either(issued, model):
    row = model.objects.first()

    for act in (row.save, row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_files_are_drawn_once_and_those_bytes_are_kept(issued):
    first = {row.language: row.sha256 for row in store_files(certificate=issued, at=LATER)}

    again = {
        row.language: row.sha256
        for row in store_files(certificate=issued, at=LATER + timedelta(days=400))
    }

    assert set(first) == {"fr", "en"}
    assert again == first
    for row in CertificateFile.objects.filter(certificate=issued):
        with row.file.open("rb") as file:
            assert sha256_of(file.read()) == row.sha256


def test_the_public_page_finds_by_token_and_by_any_spelling_of_the_number(issued):
    by_token = find_by_token(issued.token)
    by_number = find_by_number(issued.number.lower().replace("-", " "))

    assert by_token == by_number
    assert by_token.status == CertificateStatus.VALID
    assert by_token.corresponds(str(issued.person))
    assert not by_token.corresponds("Quelqu’un d’autre")
    assert str(issued.person) not in by_token.name


def test_a_revoked_attestation_says_so_and_is_not_revoked_twice(issued):
    staff = people.coordinator()

    revoke_certificate(certificate=issued, by=staff, at=LATER, reason="Présence contestée")

    assert find_by_token(issued.token).status == CertificateStatus.REVOKED
    with pytest.raises(IssuingRefused):
        revoke_certificate(certificate=issued, by=staff, at=LATER, reason="Encore")
    with pytest.raises(IssuingRefused):
        supersede_certificate(certificate=issued, by=staff, at=LATER, reason="Encore")


def test_a_revocation_needs_a_reason(issued):
    with pytest.raises(IssuingRefused):
        revoke_certificate(certificate=issued, by=None, at=LATER, reason="  ")


def test_a_correction_replaces_and_never_edits(issued):
    update_profile(
        user=issued.person,
        printed_name="Nom Corrigé",
        language="fr",
        profession=None,
        permit_number="",
        at=LATER,
    )

    new = supersede_certificate(certificate=issued, by=None, at=LATER, reason="Nom mal écrit")

    old_page, new_page = find_by_token(issued.token), find_by_token(new.token)
    assert (old_page.status, old_page.successor_token) == (CertificateStatus.SUPERSEDED, new.token)
    assert new_page.facts["holder_name"] == "Nom Corrigé"
    assert new.number != issued.number


def test_events_are_one_chain_of_hashes(issued):
    supersede_certificate(certificate=issued, by=None, at=LATER, reason="Nom mal écrit")
    events = list(CertificateEvent.objects.order_by("id"))

    assert [event.previous_sha256 for event in events] == [
        "",
        *(event.sha256 for event in events[:-1]),
    ]
    assert [event.kind for event in events] == [
        CertificateEventKind.ISSUED,
        CertificateEventKind.ISSUED,
        CertificateEventKind.SUPERSEDED,
    ]


def test_both_languages_come_from_one_set_of_facts(issued):
    facts = json.loads(issued.content.snapshot)

    assert facts["hours_attended"] == "1.00"
    assert "hours_attended_fr" not in facts
    assert facts["course_title_en"]
