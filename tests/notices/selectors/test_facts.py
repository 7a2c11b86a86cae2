"""What is no longer true does not leave; what leaves is as true as the minute it leaves."""

from datetime import timedelta

import pytest

from certificates.models import Certificate
from certificates.services.files import store_files
from certificates.services.issuing import (
    issue_for_session,
    revoke_certificate,
    supersede_certificate,
)
from courses.choices import SessionChange
from courses.services.enrolments import cancel_enrolment, lapse_waiting
from courses.services.offers import fill_session
from courses.services.sessions import (
    cancel_session,
    open_enrolment,
    postpone_session,
    replace_trainer,
    save_session,
)
from notices.choices import NoticeKind, NoticeState
from notices.models import Notice
from notices.selectors.facts import FACTS, facts_of
from people.services.accounts import close_account
from surveys.services.answers import submit_response
from surveys.services.surveys import close_survey, open_survey
from tests.factories import attendance, courses, notices, people

pytestmark = pytest.mark.django_db
AT = courses.AT
DAY = timedelta(days=1)
LATER = courses.NOON + DAY


def the_notice(person, kind) -> Notice:
    (notice,) = notices.of(person, kind)
    return notice


def move(session, days=1, at=AT):
    meeting = session.meetings.get()
    meeting.starts_at += days * DAY
    meeting.ends_at += days * DAY
    save_session(session=session, meetings=[meeting], breaks=None, trainers=None, by=None, at=at)


def test_every_kind_has_its_facts():
    assert set(FACTS) == set(NoticeKind)


# ------------------------------------------------------------------ seats
def test_a_confirmation_is_true_while_the_seat_is_held():
    enrolment = courses.enrolled(courses.open_session())
    notice = the_notice(enrolment.person, NoticeKind.SEAT_CONFIRMED)
    assert facts_of(notice, at=AT) is not None
    cancel_enrolment(enrolment=enrolment, by=enrolment.person, at=AT)
    assert facts_of(notice, at=AT) is None


@pytest.mark.parametrize("act", [cancel_session, postpone_session])
def test_a_confirmation_is_not_sent_of_a_session_called_off(act):
    session = courses.open_session()
    person = courses.enrolled(session).person
    act(session=session, by=None, at=AT, motive="Maladie.")
    assert facts_of(the_notice(person, NoticeKind.SEAT_CONFIRMED), at=AT) is None


def test_a_confirmation_that_waited_tells_todays_date():
    session = courses.open_session()
    person = courses.enrolled(session).person
    move(session)
    facts = facts_of(the_notice(person, NoticeKind.SEAT_CONFIRMED), at=AT)
    assert b"SEQUENCE:1" in facts.calendar
    assert b"20261118T120000" in facts.calendar


def test_a_free_withdrawal_is_told_until_its_moment():
    session = courses.open_session(cancel_until=AT + DAY)
    person = courses.enrolled(session).person
    notice = the_notice(person, NoticeKind.SEAT_CONFIRMED)
    assert facts_of(notice, at=AT).words["cancel_until"] == AT + DAY
    assert facts_of(notice, at=AT + DAY).words["cancel_until"] is None


def test_a_rank_is_that_of_the_minute_it_is_told():
    session = courses.open_session(capacity=1)
    seated = courses.enrolled(session)
    first, second = courses.enrolled(session), courses.enrolled(session)
    notice = the_notice(second.person, NoticeKind.PUT_ON_WAITING_LIST)
    assert facts_of(notice, at=AT).words["rank"].startswith("2")
    cancel_enrolment(enrolment=first, by=first.person, at=AT)
    assert facts_of(notice, at=AT).words["rank"].startswith("1")
    cancel_enrolment(enrolment=seated, by=seated.person, at=AT)
    fill_session(session_id=session.pk, at=AT)
    assert facts_of(notice, at=AT) is None
    promoted = the_notice(second.person, NoticeKind.SEAT_CONFIRMED)
    assert facts_of(promoted, at=AT).words["was_waiting"] is True


@pytest.mark.parametrize(("capacity", "method"), [(1, "CANCEL"), (0, "")])
def test_a_withdrawal_calls_off_only_what_was_in_a_calendar(capacity, method):
    enrolment = courses.enrolled(courses.open_session(capacity=capacity))
    cancel_enrolment(enrolment=enrolment, by=enrolment.person, at=AT)
    notice = the_notice(enrolment.person, NoticeKind.ENROLMENT_CANCELLED)
    facts = facts_of(notice, at=AT)
    assert (facts.words["held"], facts.calendar_method) == (bool(capacity), method)


def test_who_waited_to_the_end_is_told():
    session = courses.open_session(capacity=0)
    person = courses.enrolled(session).person
    lapse_waiting(session=session, at=courses.NOON)
    assert facts_of(the_notice(person, NoticeKind.PLACE_NOT_OBTAINED), at=courses.NOON)
    assert facts_of(the_notice(person, NoticeKind.PUT_ON_WAITING_LIST), at=courses.NOON) is None


def test_a_closed_account_hears_nothing_more():
    enrolment = courses.enrolled(courses.open_session())
    notice = the_notice(enrolment.person, NoticeKind.SEAT_CONFIRMED)
    person = close_account(user=enrolment.person, by=enrolment.person, at=AT)
    notice.recipient = person
    assert facts_of(notice, at=AT) is None
    assert facts_of(the_notice(person, NoticeKind.ACCOUNT_CLOSED), at=AT) is not None


# ------------------------------------------------------------------ sessions
def test_a_late_change_with_an_old_sequence_is_dropped_and_told_by_the_next():
    trainer, other = people.trainer(), people.trainer()
    session = courses.open_session(trainers=[trainer])
    person = courses.enrolled(session).person
    replace_trainer(session=session, old=trainer, new=other, by=None, at=AT, motive="Maladie.")
    move(session, at=AT + timedelta(minutes=1))
    first, second = notices.of(person, NoticeKind.SESSION_CHANGED)
    assert facts_of(first, at=AT) is None
    facts = facts_of(second, at=AT)
    assert b"SEQUENCE:1" in facts.calendar
    labels = [str(SessionChange(name).label).lower() for name in ("time", "trainers")]
    assert facts.words["changes"] == labels
    assert facts.words["motive"] == "Maladie."


def test_a_change_told_is_not_told_again():
    session = courses.open_session()
    person = courses.enrolled(session).person
    move(session)
    Notice.objects.filter(kind=NoticeKind.SESSION_CHANGED).update(state=NoticeState.SENT)
    trainer = people.trainer()
    save_session(
        session=session, meetings=None, breaks=None, trainers=[trainer], by=None,
        at=AT + DAY, motive="Renfort.",
    )  # fmt: skip
    _first, second = notices.of(person, NoticeKind.SESSION_CHANGED)
    facts = facts_of(second, at=AT + DAY)
    assert facts.words["changes"] == [str(SessionChange.TRAINERS.label).lower()]


def test_a_session_postponed_and_set_again_tells_only_what_holds():
    session = courses.open_session()
    person = courses.enrolled(session).person
    postpone_session(session=session, by=None, at=AT, motive="Tempête.")
    postponed = the_notice(person, NoticeKind.SESSION_POSTPONED)
    assert facts_of(postponed, at=AT).calendar_method == "CANCEL"

    move(session, days=7, at=AT + DAY)
    assert notices.of(person, NoticeKind.SESSION_CHANGED) == []
    open_enrolment(session=session, by=None, at=AT + 2 * DAY)
    assert facts_of(postponed, at=AT + 2 * DAY) is None
    again = the_notice(person, NoticeKind.SESSION_CHANGED)
    facts = facts_of(again, at=AT + 2 * DAY)
    assert facts.calendar_method == "REQUEST"
    assert b"20261124T120000" in facts.calendar


def test_a_cancelled_session_concerns_whoever_is_still_there():
    session = courses.open_session()
    stays, leaves = courses.enrolled(session), courses.enrolled(session)
    cancel_enrolment(enrolment=leaves, by=leaves.person, at=AT)
    cancel_session(session=session, by=None, at=AT, motive="Maladie.")
    assert notices.of(leaves.person, NoticeKind.SESSION_CANCELLED) == []
    facts = facts_of(the_notice(stays.person, NoticeKind.SESSION_CANCELLED), at=AT)
    assert (facts.words["motive"], facts.calendar_method) == ("Maladie.", "CANCEL")


# ------------------------------------------------------------------ afterwards
@pytest.fixture
def surveyed():
    """A held session's survey and the invitation of its one person."""
    session = courses.open_session(course=courses.published_course(), survey_required=True)
    courses.enrolled(session)
    session = courses.held(session)
    survey = open_survey(session=session, at=LATER)
    return survey, survey.invitations.get()


def test_an_invitation_to_answer_hides_its_link_in_what_is_kept(surveyed):
    _survey, invitation = surveyed
    facts = facts_of(the_notice(invitation.person, NoticeKind.SURVEY_OPENED), at=LATER)
    assert invitation.token in facts.words["action_url"]
    assert facts.secrets == (invitation.token,)
    assert (facts.words["is_anonymous"], facts.words["is_required"]) == (True, True)


def test_nobody_is_asked_twice_nor_too_late(surveyed):
    survey, invitation = surveyed
    notice = the_notice(invitation.person, NoticeKind.SURVEY_OPENED)
    assert facts_of(notice, at=survey.closes_at) is None
    submit_response(invitation=invitation, answers={"overall": "5"}, at=LATER)
    assert facts_of(notice, at=LATER) is None


def test_nobody_is_asked_once_the_survey_is_closed(surveyed):
    survey, invitation = surveyed
    close_survey(survey=survey, at=LATER)
    assert facts_of(the_notice(invitation.person, NoticeKind.SURVEY_OPENED), at=LATER) is None


@pytest.fixture
def certificate() -> Certificate:
    """An issued attestation whose files are stored."""
    session, _everyone = attendance.closed_session(
        [60], course=courses.published_course(), survey_required=False
    )
    (row,) = issue_for_session(session=session, by=None, at=LATER)
    store_files(certificate=row, at=LATER)
    return row


def test_an_attestation_comes_with_its_stored_file(certificate):
    notice = the_notice(certificate.person, NoticeKind.CERTIFICATE_READY)
    facts = facts_of(notice, at=LATER)
    ((name, content, media_type),) = facts.files
    assert (name, media_type) == (f"attestation-{certificate.number}.pdf", "application/pdf")
    with certificate.files.get(language="fr").file.open("rb") as stored:
        assert content == stored.read()
    assert facts.words["verify_url"].endswith(f"/v/{certificate.token}/")


def test_a_revoked_attestation_is_not_sent_and_its_end_is_told(certificate):
    ready = the_notice(certificate.person, NoticeKind.CERTIFICATE_READY)
    revoke_certificate(certificate=certificate, by=None, at=LATER, reason="Erreur.")
    assert facts_of(ready, at=LATER) is None
    ended = the_notice(certificate.person, NoticeKind.CERTIFICATE_ENDED)
    assert facts_of(ended, at=LATER).words["is_replaced"] is False


def test_a_replaced_attestation_names_its_successor(certificate):
    successor = supersede_certificate(
        certificate=certificate, by=None, at=LATER, reason="Nom corrigé."
    )
    ended = the_notice(certificate.person, NoticeKind.CERTIFICATE_ENDED)
    words = facts_of(ended, at=LATER).words
    assert (words["is_replaced"], words["successor"]) == (True, successor.number)
