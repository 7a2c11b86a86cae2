import pytest

from notices.selectors.exports import export_person
from surveys.services.surveys import open_survey
from tests.factories import courses, notices, people

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AT = courses.AT


def test_a_person_gets_every_message_kept_about_them_and_no_other(smtp):
    person = people.person()
    courses.enrolled(courses.open_session(), person)
    notices.notice()
    notices.send_all(AT)
    (row,) = export_person(person)["notices"]
    assert (row["kind"], row["state"], row["language"]) == ("seat_confirmed", "sent", "fr")
    assert (row["queued_at"], row["sent_at"]) == (AT.isoformat(), AT.isoformat())
    assert row["subject"] == smtp.to(person.email)[0].subject
    assert "12\xa0h à 13\xa0h" in row["text"]


def test_the_export_holds_no_capability(smtp):
    """The link of a survey is masked in the text that is kept."""
    session = courses.open_session(course=courses.published_course())
    person = courses.enrolled(session).person
    at = session.meetings.get().ends_at
    token = open_survey(session=courses.held(session), at=at).invitations.get().token
    notices.send_all(at)
    assert token in smtp.letters[-1].text
    assert token not in str(export_person(person))


def test_somebody_without_messages_gets_an_empty_list():
    assert export_person(people.person()) == {"notices": [], "follows": []}
