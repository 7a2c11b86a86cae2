import re
from datetime import timedelta

from django.core.cache import cache
from django.urls import reverse

import pytest

from certificates.services.files import store_files
from certificates.services.issuing import issue_for_session, revoke_certificate
from tests.factories import attendance, courses, people

pytestmark = pytest.mark.django_db

LATER = courses.NOON + timedelta(days=1)


@pytest.fixture
def issued():
    session, _everyone = attendance.closed_session(
        [60], course=courses.published_course(), survey_required=False
    )
    row = issue_for_session(session=session, by=None, at=LATER)[0]
    store_files(certificate=row, at=LATER)
    return row


def _verify(client, row, data=None):
    url = reverse("certificates:verify", args=[row.token])
    return client.post(url, data) if data else client.get(url)


def test_the_public_page_shows_facts_and_no_name(client, issued):
    answer = _verify(client, issued)
    page = answer.content.decode()

    assert answer.status_code == 200
    assert str(issued.person) not in page
    assert issued.number in page
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(("typed", "corresponds"), [("{name}", True), ("Une Autre", False)])
def test_the_name_typed_is_compared_and_never_enters_an_address(client, issued, typed, corresponds):
    answer = _verify(client, issued, {"name": typed.format(name=issued.person)})

    assert answer.status_code == 200
    assert answer.context["corresponds"] is corresponds


def test_a_revoked_attestation_says_so_at_once(client, issued):
    revoke_certificate(certificate=issued, by=None, at=LATER, reason="Erreur")

    page = _verify(client, issued)

    assert page.context["found"].status == "revoked"
    assert "notice--error" in page.content.decode()


def test_every_unknown_answers_alike(client, issued):
    tokens = ["x" * 22, issued.token[:-1] + "_", "zzzzz"]
    pages = set()
    for token in tokens:
        answer = client.get(reverse("certificates:verify", args=[token]))
        words = re.sub(
            r'csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"', "", answer.content.decode()
        )
        pages.add((answer.status_code, words.replace(token, "…")))

    assert len(pages) == 1
    assert pages.pop()[0] == 404


@pytest.mark.parametrize("spelling", [str.lower, str.upper, lambda n: n.replace("-", " ")])
def test_a_number_is_found_in_any_spelling(client, issued, spelling):
    answer = client.post(reverse("certificates:verify_form"), {"number": spelling(issued.number)})

    assert answer.context["found"].number == issued.number
    assert issued.token not in answer.content.decode()


def test_guessing_is_slowed(client, issued):
    cache.clear()
    codes = [
        client.post(
            reverse("certificates:verify_form"), {"number": f"QC-2026-{n:06d}-A"}
        ).status_code
        for n in range(61)
    ]

    assert set(codes[:60]) == {404}
    assert codes[60] == 429


def test_the_pdf_is_for_its_holder_and_for_staff(client, issued):
    url = reverse("certificates:pdf", args=[issued.number, "fr"])
    codes = {"anonymous": client.get(url).status_code}
    for name, person in (
        ("holder", issued.person),
        ("other", people.person()),
        ("staff", people.coordinator()),
    ):
        client.force_login(person)
        answer = client.get(url)
        codes[name] = answer.status_code
        if answer.status_code == 200:
            assert b"".join(answer.streaming_content).startswith(b"%PDF-")

    assert codes == {"anonymous": 302, "holder": 200, "other": 404, "staff": 200}


def test_staff_see_each_person_with_reasons_and_issue(client):
    session, _everyone = attendance.closed_session(
        [60, 10], course=courses.published_course(), survey_required=False
    )
    client.force_login(people.coordinator())

    page = client.get(reverse("certificates:session", args=[session.key]))
    client.post(reverse("certificates:issue", args=[session.key]))

    assert page.context["ready"] == 1
    assert session.certificates.count() == 1


def test_revoking_without_a_reason_changes_nothing(client, issued):
    client.force_login(people.coordinator())

    client.post(reverse("certificates:revoke", args=[issued.number]), {"reason": ""})

    assert issued.events.count() == 1


def test_staff_revoke_from_the_list_and_it_says_so(client, issued):
    client.force_login(people.coordinator())
    page = reverse("certificates:session", args=[issued.session.key])
    url = reverse("certificates:revoke", args=[issued.number])
    before = client.get(page).content.decode()

    client.post(url, {"reason": "Délivrée par erreur"})

    after = client.get(page).content.decode()
    assert (url in before, url in after) == (True, False)
    assert "Révoquée" in after


def test_an_inspector_reads_the_list_without_its_buttons(client, issued):
    client.force_login(people.person(roles=("inspector",)))

    text = client.get(reverse("certificates:session", args=[issued.session.key])).content.decode()

    assert issued.number in text
    assert reverse("certificates:revoke", args=[issued.number]) not in text
