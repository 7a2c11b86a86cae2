"""Each event, and the one row it writes to each person concerned."""

from datetime import timedelta

import pytest

from certificates.services.files import store_files
from certificates.services.issuing import issue_for_session, revoke_certificate
from courses.services.enrolments import cancel_enrolment, lapse_waiting
from courses.services.offers import fill_session
from courses.services.retention import detach_attempts
from notices.choices import NoticeKind as Kind
from notices.models import Notice
from people.services.accounts import close_account
from surveys.services.surveys import open_survey
from tests.factories import attendance, courses, notices, people

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AT = courses.AT
LATER = courses.NOON + timedelta(days=1)


def kinds(person) -> list[str]:
    return [notice.kind for notice in notices.of(person)]


def test_a_seat_its_waiting_list_and_its_end():
    session = courses.open_session(capacity=1)
    seated, first, second = (courses.enrolled(session) for _ in range(3))
    cancel_enrolment(enrolment=seated, by=seated.person, at=AT)
    fill_session(session_id=session.pk, at=AT)
    lapse_waiting(session=session, at=courses.NOON)

    assert kinds(seated.person) == [Kind.SEAT_CONFIRMED, Kind.ENROLMENT_CANCELLED]
    assert kinds(first.person) == [Kind.PUT_ON_WAITING_LIST, Kind.SEAT_CONFIRMED]
    assert kinds(second.person) == [Kind.PUT_ON_WAITING_LIST, Kind.PLACE_NOT_OBTAINED]
    assert Notice.objects.get(recipient=first.person, kind=Kind.SEAT_CONFIRMED).context == {
        "enrolment": first.pk, "was_waiting": True,
    }  # fmt: skip


def test_asking_twice_writes_once():
    session, person = courses.open_session(), people.person()
    courses.enrolled(session, person)
    courses.enrolled(session, person)
    assert kinds(person) == [Kind.SEAT_CONFIRMED]


def test_a_seat_taken_again_is_told_again():
    session, person = courses.open_session(), people.person()
    first = courses.enrolled(session, person)
    cancel_enrolment(enrolment=first, by=person, at=AT)
    courses.enrolled(session, person)
    assert kinds(person) == [Kind.SEAT_CONFIRMED, Kind.ENROLMENT_CANCELLED, Kind.SEAT_CONFIRMED]


def test_a_survey_and_an_attestation():
    session, [person] = attendance.closed_session(
        [60], course=courses.published_course(), survey_required=False
    )
    survey = open_survey(session=session, at=LATER)
    open_survey(session=session, at=LATER)
    (certificate,) = issue_for_session(session=session, by=None, at=LATER)
    assert Kind.CERTIFICATE_READY not in kinds(person)  # its files are not drawn yet
    store_files(certificate=certificate, at=LATER)
    revoke_certificate(certificate=certificate, by=None, at=LATER, reason="Erreur.")

    assert kinds(person) == [
        Kind.SEAT_CONFIRMED, Kind.SURVEY_OPENED, Kind.CERTIFICATE_READY, Kind.CERTIFICATE_ENDED,
    ]  # fmt: skip
    asked = Notice.objects.get(kind=Kind.SURVEY_OPENED)
    assert asked.context == {"invitation": survey.invitations.get().pk}


def test_an_account_closed_leaves_one_message_alone():
    person = courses.enrolled(courses.open_session()).person
    address = person.email
    close_account(user=person, by=person, at=AT)
    (last,) = notices.of(person)
    assert (last.kind, last.address) == (Kind.ACCOUNT_CLOSED, address)


def test_what_was_told_of_an_enrolment_that_is_nobodys_any_more_is_forgotten():
    """One of the same person whose key begins with the same figures stays, as does the seat's."""
    session = courses.open_session(capacity=0)
    row = courses.enrolled(session)
    other = courses.enrolled(courses.open_session(), row.person)
    Notice.objects.create(
        key=f"enrolment:{row.pk}0:confirmed", kind=Kind.SEAT_CONFIRMED, recipient=row.person,
        language="fr", context={"enrolment": row.pk * 10}, queued_at=AT, due_at=AT,
    )  # fmt: skip
    courses.held(session)

    detach_attempts(at=courses.NOON + timedelta(days=732))

    assert list(Notice.objects.order_by("pk").values_list("key", flat=True)) == [
        f"enrolment:{other.pk}:confirmed", f"enrolment:{row.pk}0:confirmed",
    ]  # fmt: skip


def test_contexts_hold_ids_and_names_of_changes_only():
    """What is personal is read when the message leaves, never stored with it."""
    session = courses.open_session(capacity=1)
    courses.enrolled(session, people.person(printed_name="Marie Tremblay"))
    courses.enrolled(session)
    for notice in Notice.objects.all():
        assert (notice.subject, notice.text, notice.address) == ("", "", "")
        for value in notice.context.values():
            assert isinstance(value, (int, bool, list))
