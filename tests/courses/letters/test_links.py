"""« Ajouter » links, read back as a browser would."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from django.urls import reverse

import pytest

from courses.letters import add_links
from courses.selectors.sessions import public_sessions
from courses.services.sessions import cancel_session, postpone_session
from tests.factories.courses import AT, NOON, meeting, open_session, published_course

pytestmark = pytest.mark.django_db

LINK = "https://reunion.example/j/secret"
TITLE = "Titre & suite=1#fin + « cité »\r\nATTENDEE:x"


def links_of(row):
    return add_links(session=public_sessions().get(pk=row.pk))


def parts(link: str) -> tuple[str, dict[str, str]]:
    """Address without its question, and the question."""
    address = urlsplit(link)
    said = {name: value for name, (value,) in parse_qs(address.query, strict_parsing=True).items()}
    assert not address.fragment
    return f"{address.scheme}://{address.netloc}{address.path}", said


def test_google_is_given_the_session_in_utc(settings):
    settings.PUBLIC_BASE_URL = "https://academie.example"
    row = open_session(
        course=published_course(title_fr=TITLE), meetings=[meeting(hours=1.5, place="Salle 3")]
    )

    (link,) = links_of(row)
    address, said = parts(link.google)

    page = reverse("courses:session", kwargs={"key": row.key})
    assert address == "https://calendar.google.com/calendar/render"
    assert f"https://academie.example{page}" in said.pop("details")
    assert said == {
        "action": "TEMPLATE",
        "text": "Titre & suite=1#fin + « cité » ATTENDEE:x",
        "dates": "20261117T170000Z/20261117T183000Z",
        "location": "Salle 3",
        "ctz": "America/Toronto",
    }


def test_outlook_is_given_the_session_in_utc_and_spaces_it_understands(settings):
    settings.PUBLIC_BASE_URL = "https://academie.example"
    row = open_session(
        course=published_course(title_fr=TITLE), meetings=[meeting(hours=1.5, place="Salle 3")]
    )

    (link,) = links_of(row)
    address, said = parts(link.outlook)

    page = reverse("courses:session", kwargs={"key": row.key})
    assert address == "https://outlook.office.com/calendar/0/deeplink/compose"
    assert f"https://academie.example{page}" in said.pop("body")
    assert said == {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": "Titre & suite=1#fin + « cité » ATTENDEE:x",
        "startdt": "2026-11-17T17:00:00Z",
        "enddt": "2026-11-17T18:30:00Z",
        "location": "Salle 3",
    }
    assert "+" not in link.outlook
    assert "Salle%203" in link.outlook


def test_each_meeting_has_its_links_in_order():
    row = open_session(meetings=[meeting(NOON + timedelta(days=7)), meeting()])

    links = links_of(row)

    assert [link.meeting.starts_at for link in links] == [NOON, NOON + timedelta(days=7)]
    assert len({link.google for link in links} | {link.outlook for link in links}) == 4


def test_the_address_of_the_meeting_is_in_no_link():
    (link,) = links_of(open_session(join_url=LINK))

    for each in (link.google, link.outlook):
        assert "reunion.example" not in each
        assert "secret" not in each


@pytest.mark.parametrize("step", [postpone_session, cancel_session])
def test_a_session_without_a_date_has_none(step):
    row = open_session()
    step(session=row, by=None, at=AT, motive="Verglas")

    assert links_of(row) == []
