from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

import pytest

from attendance.choices import ImportState
from attendance.models import Closing, Mark, ReportImport
from tests.factories import attendance, courses, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    found = courses.open_session()
    courses.enrolled(found, people.person(printed_name="Marie Tremblay"))
    return courses.held(found)


@pytest.fixture
def staff(client):
    person = people.coordinator()
    client.force_login(person)
    return person


def _file(session, minutes=60, name="rapport.csv"):
    person = session.enrolments.get().person
    start = session.meetings.get().starts_at
    data = attendance.webinar_report(
        [("Marie", person.email, start, start + timedelta(minutes=minutes))]
    )
    return SimpleUploadedFile(name, data)


def _upload(client, session, file):
    return client.post(reverse("attendance:upload", args=[session.key]), {"file": file})


def test_drop_review_apply_undo_close_reopen(client, session, staff):
    page = _upload(client, session, _file(session))
    report = ReportImport.objects.get()
    assert page.url == reverse("attendance:report", args=[report.key])
    assert client.get(page.url).status_code == 200

    states = []
    for name in ("apply", "undo"):
        client.post(reverse(f"attendance:{name}", args=[report.key]))
        report.refresh_from_db()
        states.append(report.state)
    assert states == [ImportState.APPLIED, ImportState.UNDONE]

    client.post(reverse("attendance:close", args=[session.key]), {"despite_doubts": "1"})
    closing = Closing.objects.get()
    client.post(reverse("attendance:reopen", args=[session.key]), {"motive": "Oubli"})
    closing.refresh_from_db()
    assert closing.reopen_motive == "Oubli"


def test_closing_with_something_open_asks_for_a_second_word(client, session, staff):
    url = reverse("attendance:close", args=[session.key])

    client.post(url)
    assert not Closing.objects.exists()
    assert (
        b"despite_doubts" in client.get(reverse("attendance:session", args=[session.key])).content
    )

    client.post(url, {"despite_doubts": "1"})
    assert len(Closing.objects.get().doubts) == 1


def test_closing_with_nothing_open_asks_nothing(client, session, staff):
    attendance.attended_by(session, {session.enrolments.get().person: 60}, by=staff)

    client.post(reverse("attendance:close", args=[session.key]))

    assert Closing.objects.get().doubts == []


def test_the_review_screen_opens_with_a_report_applied(client, session, staff):
    attendance.attended_by(session, {session.enrolments.get().person: 40}, by=staff)

    answer = client.get(reverse("attendance:session", args=[session.key]))

    assert answer.status_code == 200
    assert answer.context["counts"] == {"present": 0, "partial": 1, "absent": 0}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 50,
        b"PK\x03\x04pas un zip",
        b'"jamais ferm\xc3\xa9',
        "Nom;Courriel\nAna;ana@x.example\n".encode("cp1252"),
        b"<html></html>",
    ],
)
def test_a_wrong_file_gets_a_sentence_at_the_field_and_leaves_nothing(client, session, staff, data):
    answer = _upload(client, session, SimpleUploadedFile("x.csv", data))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["file"]
    assert not ReportImport.objects.exists()


def test_reopening_needs_a_motive(client, session, staff):
    attendance.settled(session, by=staff)

    client.post(reverse("attendance:reopen", args=[session.key]), {"motive": ""})

    assert Closing.objects.get().reopened_at is None


def test_nothing_changes_on_get(client, session, staff):
    attendance.attended_by(session, {session.enrolments.get().person: 40}, by=staff)
    report = ReportImport.objects.get()

    codes = [
        client.get(reverse(f"attendance:{name}", args=[key])).status_code
        for name, key in (
            ("apply", report.key),
            ("undo", report.key),
            ("close", session.key),
            ("reopen", session.key),
            ("upload", session.key),
        )
    ]

    assert codes == [405] * 4 + [302]
    report.refresh_from_db()
    assert report.state == ImportState.APPLIED
    assert not Closing.objects.exists()


def test_a_trainer_marks_own_sessions_only(client):
    hers, his = people.trainer(), people.trainer()
    session = courses.open_session(trainers=[hers])
    person = people.person()
    courses.enrolled(session, person)
    url = reverse("attendance:mark", args=[session.key])
    codes = []
    for trainer in (hers, his):
        client.force_login(trainer)
        codes.append(client.post(url, {"person": person.key, "kind": "present"}).status_code)

    assert codes == [302, 404]
    assert Mark.objects.count() == 1


def test_a_mark_sent_twice_by_a_device_is_one(client, session, staff):
    person = session.enrolments.get().person
    sent = {"person": person.key, "kind": "present", "key": "7d2f0d5e-6d8c-4a60-9c1e-5f4b4f3a2b10"}

    for _n in range(2):
        client.post(reverse("attendance:mark", args=[session.key]), sent)

    assert Mark.objects.count() == 1


@pytest.mark.parametrize("sent", [{}, {"person": "x"}, {"person": "x", "key": "y"}])
def test_a_broken_mark_gets_a_sentence(client, session, staff, sent):
    answer = client.post(reverse("attendance:mark", args=[session.key]), sent, follow=True)

    assert answer.status_code == 200
    assert [str(message) for message in answer.context["messages"]]
    assert not Mark.objects.exists()


def test_staff_decide_with_a_motive(client, session, staff):
    person = session.enrolments.get().person
    url = reverse("attendance:decide", args=[session.key, person.key])

    client.post(url, {"kind": "present", "motive": ""})
    without = Mark.objects.count()
    client.post(url, {"kind": "present", "motive": "Panne du son"})

    assert (without, Mark.objects.get().motive) == (0, "Panne du son")


def test_a_settled_sign_in_sheet_shows_no_button(client, session, staff):
    url = reverse("attendance:roster", args=[session.key])
    mark = reverse("attendance:mark", args=[session.key])
    before = client.get(url).content.decode()

    attendance.settled(session, by=staff)

    after = client.get(url).content.decode()
    assert (mark in before, mark in after) == (True, False)
