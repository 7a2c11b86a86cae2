import io
import json
import zipfile

from django.urls import reverse

import pytest

from courses.services.sessions import cancel_session, save_session
from tests.factories import attendance, courses, people

pytestmark = pytest.mark.django_db


def test_my_trainings_shows_what_comes_and_what_is_over(client):
    session, [person] = attendance.closed_session(
        [60], course=courses.published_course(), survey_required=False
    )
    client.force_login(person)

    answer = client.get(reverse("academy:my_courses"))

    desk = answer.context["desk"]
    assert answer.status_code == 200
    assert [one.enrolment.session for one in desk.past] == [session]
    assert desk.past[0].eligibility.is_eligible


def test_an_empty_desk_leads_to_the_catalogue(client):
    client.force_login(people.person())

    assert client.get(reverse("academy:my_courses")).status_code == 200


@pytest.mark.parametrize(
    ("role", "code"),
    [(None, 403), ("trainer", 403), ("coordinator", 200), ("direction", 200), ("inspector", 200)],
)
def test_the_dashboard_is_for_staff(client, role, code):
    client.force_login(people.person(roles=(role,) if role else ()))

    assert client.get(reverse("academy:dashboard")).status_code == code


def test_figures_of_the_dashboard(client):
    attendance.closed_session([60, 60, 10], capacity=4)
    client.force_login(people.coordinator())

    desk = client.get(reverse("academy:dashboard")).context["desk"]

    assert (desk.fill.part, desk.fill.whole) == (3, 4)
    assert (desk.attendance.part, desk.attendance.whole) == (2, 3)


def test_the_dashboard_costs_the_same_for_one_and_for_six_sessions(client):
    client.force_login(people.coordinator())
    url = reverse("academy:dashboard")

    def cost():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    attendance.closed_session([60])
    cost()
    one = cost()
    for _n in range(5):
        attendance.closed_session([60])

    assert cost() == one
    assert one <= 20


def test_the_control_room_opens(client):
    session, _everyone = attendance.closed_session([60])
    client.force_login(people.coordinator())

    assert client.get(reverse("academy:control_room", args=[session.key])).status_code == 200


def test_the_export_holds_what_every_room_knows_and_nothing_of_others(client):
    session, [person, other] = attendance.closed_session([60, 30])
    client.force_login(person)

    answer = client.post(reverse("academy:export"))

    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    text = archive.read("donnees.json").decode()
    data = json.loads(text)
    assert data["attendance"][0]["seconds"] == 3600
    assert person.email in text
    assert other.email not in text
    assert str(session.course.title_fr) in text


def test_the_export_is_a_post(client):
    client.force_login(people.person())

    assert client.get(reverse("academy:export")).status_code == 405


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_answers(client, path):
    assert client.get(path).content == b"ok"


def test_a_trainer_finds_the_sessions_they_teach_and_no_others(client):
    trainer = people.trainer()
    mine = courses.open_session(trainers=[trainer])
    other = courses.open_session(trainers=[people.trainer()])
    client.force_login(trainer)

    answer = client.get(reverse("academy:my_courses"))

    text = answer.content.decode()
    assert answer.context["teaching"] == [mine]
    assert reverse("attendance:roster", args=[mine.key]) in text
    assert reverse("attendance:roster", args=[other.key]) not in text


def test_the_control_room_leads_a_coordinator_to_the_session_in_the_admin(client):
    session = courses.open_session()
    room = reverse("academy:control_room", args=[session.key])
    doors = [
        reverse("session:edit", args=[session.pk]),
        reverse("sessions_admin:step", args=[session.pk, "pause"]),
    ]

    client.force_login(people.coordinator())
    shown = client.get(room).content.decode()
    client.force_login(people.person(roles=("inspector",)))
    read_only = client.get(room).content.decode()

    assert [door in shown for door in doors] == [True, True]
    assert [door in read_only for door in doors] == [False, False]


def test_only_a_coordinator_is_told_what_needs_a_hand(client):
    session = courses.held(courses.open_session())
    url = reverse("academy:dashboard")

    client.force_login(people.coordinator())
    assert [(item.kind, item.session) for item in client.get(url).context["desk"].to_do] == [
        ("close", session)
    ]
    client.force_login(people.person(roles=("direction",)))
    assert client.get(url).context["desk"].to_do == []


def test_a_cancelled_session_leaves_the_fill_alone(client):
    attendance.closed_session([60, 60], capacity=4)
    cancelled = courses.open_session(capacity=100)
    cancel_session(session=cancelled, by=None, at=courses.AT, motive="Formatrice malade")
    client.force_login(people.coordinator())

    desk = client.get(reverse("academy:dashboard")).context["desk"]

    assert (desk.fill.part, desk.fill.whole) == (2, 4)


def test_the_history_says_what_changed(client):
    session = courses.open_session(capacity=4)
    session.capacity = 6
    save_session(session=session, meetings=None, breaks=None, trainers=None, by=None, at=courses.AT)
    client.force_login(people.coordinator())

    page = client.get(reverse("academy:control_room", args=[session.key]))

    assert [line.words for line in page.context["history"]] == [
        "Nombre de places",
        "Inscriptions ouvertes",
        "Ébauche",
    ]
