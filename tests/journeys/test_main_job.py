"""One person through the whole house, in a browser, on the real report; on SQLite and PostgreSQL.

Catalogue → seat → presence → survey → attestation → public verification.
"""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.journeys.product import Product

REPORT = "attendance/zoom_webinar_attendee_report_2020_anonymized.csv"
EXPECTED = "attendance/zoom_webinar_attendee_report_2020_EXPECTED.json"
STAFF = "coordination@reseau.example"
FIRST, SECOND = "ana@hopital.example", "benoit@hopital.example"

pytestmark = [pytest.mark.samples(REPORT, EXPECTED), pytest.mark.timeout(600)]

BUILD = """
import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo
from django.utils import timezone
from cms.services.site import ensure_site
from courses.choices import EnrolmentOrigin
from people.choices import Role
from tests.factories import cms, courses, people

montreal = ZoneInfo("America/Toronto")
now = timezone.now()
ensure_site(at=now)
people.coordinator(email=staff, printed_name="Claire Coordination")

page = cms.course_page(courses.course(title_fr="Consentement éclairé", title_en="Informed consent"),
                       title="Consentement éclairé", slug="consentement-eclaire",
                       title_en="Informed consent", slug_en="informed-consent", at=now)
soon = (now + timedelta(days=10)).astimezone(montreal).replace(
    hour=12, minute=0, second=0, microsecond=0)
small = courses.open_session(course=page.course, starts_at=soon, capacity=1, at=now)

begun = datetime(2020, 3, 28, 9, 0, tzinfo=montreal)
before = begun - timedelta(days=30)
webinar = courses.course(title_fr="Journée des données", title_en="Data day", hours=Decimal("8.00"),
                         at=before)
cms.course_page(webinar, title="Journée des données", slug="journee-des-donnees",
                title_en="Data day", slug_en="data-day", at=now)
big = courses.open_session(course=webinar, meetings=[courses.meeting(begun, 8)],
                           capacity=None, survey_required=True, at=before)
roster = json.loads((Path(samples) / expected).read_text())["people"]
for address in roster:
    person = people.person(address, has_consented=False, at=before,
                           printed_name=f"Personne {address.split('@')[0]}")
    courses.enrolled(big, person, at=before, origin=EnrolmentOrigin.STAFF)
answer = {"small": str(small.key), "big": str(big.key)}
"""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, start_product: Any, samples: Path) -> Any:
    """The running product with a one-seat session to come and the webinar of 477 people."""
    keys: dict[str, str] = {}

    def prepare(product: Product) -> None:
        keys.update(product.python(BUILD, staff=STAFF, samples=str(samples), expected=EXPECTED))

    product = start_product(request.param, prepare=prepare)
    return product, keys


def _context(browser: Browser) -> Page:
    return browser.new_context(
        locale="fr-CA", timezone_id="America/Toronto", accept_downloads=True
    ).new_page()


def _code(product: Product, address: str) -> str:
    letter = product.mails.wait_for(address, "code")
    product.mails.letters.remove(letter)
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", letter.text, re.MULTILINE)
    assert found, letter.text
    return found[1]


def _sign_in(product: Product, page: Page, address: str) -> None:
    page.locator("input[type=email], input[name=login], input[name=email]").first.fill(address)
    page.get_by_role("button", name="Recevoir un code").click()
    page.locator("input[name=code]").fill(_code(product, address))
    page.get_by_role("button", name="Continuer").click()


def _newcomer(product: Product, page: Page, address: str, name: str) -> None:
    _sign_in(product, page, address)
    page.get_by_label("Nom", exact=False).first.fill(name)
    page.get_by_label("établissement", exact=False).first.fill("CHUM")
    page.get_by_role("button", name="J’accepte et je continue").click()


def test_one_person_through_the_whole_house(
    house: Any, browser: Browser, samples: Path, tmp_path: Path
) -> None:
    """The steps are one story: each begins where the one before ended."""
    newcomer_takes_the_last_seat_from_the_catalogue(house, browser)
    second_person_waits_and_is_promoted_when_the_first_withdraws(house, browser)
    staff_import_the_report_and_exactly_seventy_pass(house, browser, samples)
    a_person_present_answers_and_the_attestation_verifies(house, browser, tmp_path)


def newcomer_takes_the_last_seat_from_the_catalogue(house: Any, browser: Browser) -> None:
    product, keys = house
    page = _context(browser)
    page.goto(product.url)
    page.get_by_role("navigation", name="Menu principal").get_by_role("link").first.click()
    page.get_by_role("link", name="Consentement éclairé").first.click()
    page.locator(f"a[href*='{keys['small']}/inscription']").first.click()

    _newcomer(product, page, FIRST, "Ana Beaulieu")

    # The session chosen before signing in is the one asked about after it.
    expect(page).to_have_url(re.compile(f"{keys['small']}/inscription"))
    page.get_by_role("button", name="Réserver ma place").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre place est réservée.")
    letter = product.mails.wait_for(FIRST, "Votre place est réservée")
    assert b"METHOD:REQUEST" in letter.attachment("text/calendar")
    assert "reunion.example" not in letter.message.as_string()
    page.context.close()


def second_person_waits_and_is_promoted_when_the_first_withdraws(
    house: Any, browser: Browser
) -> None:
    product, keys = house
    page = _context(browser)
    page.goto(f"{product.url}/seances/{keys['small']}/inscription/")
    _newcomer(product, page, SECOND, "Benoît Caron")
    page.get_by_role("button", name="liste d’attente").click()
    expect(page.locator("main")).to_contain_text("1er sur 1")
    page.context.close()

    first = _context(browser)
    first.goto(f"{product.url}/seances/{keys['small']}/annulation/")
    _sign_in(product, first, FIRST)
    first.locator("main form button[type=submit]").first.click()
    first.context.close()

    letter = product.mails.wait_for(SECOND, "Votre place est réservée")
    assert "liste d’attente" in letter.text or "attendiez" in letter.text
    held = product.python(
        """
from courses.models import Enrolment
answer = sorted(Enrolment.objects.filter(session__key=key).values_list("person__email", "state"))
""",
        key=keys["small"],
    )
    assert held == [[FIRST, "cancelled"], [SECOND, "confirmed"]]


def staff_import_the_report_and_exactly_seventy_pass(
    house: Any, browser: Browser, samples: Path
) -> None:
    product, keys = house
    _wait_until_held(product, keys["big"])
    page = _context(browser)
    page.goto(f"{product.url}/seances/{keys['big']}/presence/")
    _sign_in(product, page, STAFF)
    page.locator("input[type=file]").set_input_files(samples / REPORT)
    page.get_by_role("button", name="Lire le rapport").click()
    expect(page.locator("main")).to_contain_text("477")
    assert _passing(product, keys["big"]) == 0

    page.get_by_role("button", name="Appliquer").click()
    assert _passing(product, keys["big"]) == 70

    page.locator("table a").first.click()
    page.get_by_role("button", name="Annuler cet import").click()
    assert _passing(product, keys["big"]) == 0

    page.locator("input[type=file]").set_input_files(samples / REPORT)
    page.get_by_role("button", name="Lire le rapport").click()
    page.get_by_role("button", name="Appliquer").click()
    # Four connections without an address stay unknown: closing asks to be told so.
    page.get_by_label("Je clos la séance quand même.").check()
    page.get_by_role("button", name="Clore la séance").click()
    expect(page.locator("main")).to_contain_text("Présence close")
    assert _passing(product, keys["big"]) == 70
    page.context.close()


def _wait_until_held(product: Product, key: str) -> None:
    """The clock of the worker moves a session that is over; a busy machine takes its time."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if product.python(STATE, key=key) == "held":
            return
        time.sleep(1)
    raise AssertionError("the clock never moved the session")


STATE = """
from courses.models import Session
answer = Session.objects.get(key=key).state
"""


def _passing(product: Product, key: str) -> int:
    return product.python(
        """
from attendance.selectors.presence import presence_of
from courses.models import Session
answer = sum(one.status == "present" for one in presence_of(Session.objects.get(key=key)))
""",
        key=key,
    )


def a_person_present_answers_and_the_attestation_verifies(
    house: Any, browser: Browser, tmp_path: Path
) -> None:
    product, keys = house
    address = product.python(
        """
from attendance.models import Attendance
answer = Attendance.objects.standing().filter(
    closing__session__key=key, status="present").order_by("person__email")[0].person.email
""",
        key=keys["big"],
    )
    invitation = product.mails.wait_for(address, "pensé", seconds=120)
    link = re.search(r"http://\S+/sondages/\S+", invitation.text)
    assert link, invitation.text

    page = _context(browser)
    page.goto(link[0].split("#")[0] + "#5")
    expect(page.locator("input[name=q-overall][value='5']")).to_be_checked()
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci")
    page.context.close()

    letter = product.mails.wait_for(address, "attestation", seconds=120)
    data = letter.attachment("application/pdf")
    path = tmp_path / "attestation.pdf"
    path.write_bytes(data)
    _check_pdf(path)

    url = re.search(r"http://\S+/v/[\w-]+/", letter.text)
    assert url, letter.text
    reader = _context(browser)
    reader.goto(url[0])
    expect(reader.locator("main")).to_contain_text("Attestation valide")
    name = f"Personne {address.split('@')[0]}"
    assert name not in reader.content()
    reader.get_by_label("Nom écrit sur l’attestation").fill(name.upper())
    reader.get_by_role("button", name="Comparer").click()
    expect(reader.get_by_role("status").first).to_contain_text("correspond")
    assert name not in reader.url

    reader.locator("input[type=file]").set_input_files(path)
    expect(reader.locator("[data-verify-result=same]")).to_be_visible()
    changed = bytearray(data)
    changed[len(changed) // 2] ^= 1
    other = tmp_path / "changee.pdf"
    other.write_bytes(bytes(changed))
    reader.locator("input[type=file]").set_input_files(other)
    expect(reader.locator("[data-verify-result=other]")).to_be_visible()
    expect(reader.locator("[data-verify-result=same]")).to_be_hidden()
    reader.context.close()


def _check_pdf(path: Path) -> None:
    reader = PdfReader(path)
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert re.search(r"QC-\d{4}-\d{6}-\w", text)
    assert "Journée des données" in text
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert catalog["/Lang"].lower().startswith("fr")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/seances/00000000-0000-4000-8000-000000000000/inscription/", ""),
        ("/v/forge-forge-forge-forge-1/", "Nous ne connaissons pas cette attestation"),
        ("/sondages/forge-forge-forge-forge-1/", "Ce lien ne mène pas à un sondage"),
        ("/inconnu/", ""),
    ],
)
def test_what_does_not_exist_gets_a_plain_french_page(
    house: Any, browser: Browser, path: str, words: str
) -> None:
    product, _keys = house
    page = _context(browser)

    answer = page.goto(product.url + path)

    assert answer is not None
    assert answer.status in (200, 404)
    assert "Traceback" not in page.content()
    assert page.locator("html").get_attribute("lang") == "fr-CA"
    expect(page.locator("main")).to_contain_text(words or re.compile(r"\w"))
    page.context.close()


def test_a_forged_number_is_refused_in_words(house: Any, browser: Browser) -> None:
    product, _keys = house
    page = _context(browser)
    page.goto(f"{product.url}/verifier/")

    page.get_by_label("Numéro de l’attestation").fill("QC-2026-000001-Z")
    page.get_by_role("button", name="Vérifier").click()

    expect(page.locator("main")).to_contain_text("Nous ne connaissons pas cette attestation")
    page.context.close()
