"""Every page of the path, photographed at 360 and 1280 px, in French and in English, over the
demonstration: each answers, none scrolls sideways, none breaks a rule that axe can see.

`make screenshots` keeps the pictures (SCREENSHOTS=folder); a plain run looks and forgets.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext

from tests.journeys.product import Product

pytestmark = pytest.mark.timeout(900)

WIDTHS = (360, 1280)
LANGUAGES = ("fr", "en")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

ADDRESSES = """
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from attendance.models import ReportImport
from certificates.models import Certificate
from courses.choices import EnrolmentState, SessionState
from courses.models import Course, Enrolment, Session
from people.choices import DEMO_ACCOUNTS
from people.models import User
from surveys.models import Invitation

person = {role: User.objects.get(email=email) for role, email in DEMO_ACCOUNTS.items()}
learner = person["learner"]
mine = Enrolment.objects.filter(person=learner)
seat = mine.filter(state=EnrolmentState.CONFIRMED, session__state=SessionState.OPEN).first()
free = (Session.objects.filter(state=SessionState.OPEN, format="hybrid")
        .exclude(enrolments__person=learner).first())
far = mine.filter(state=EnrolmentState.CONFIRMED, session__state=SessionState.OPEN).order_by(
    "session__meetings__starts_at").last()
queue = mine.filter(state=EnrolmentState.WAITING).first()
offer = mine.filter(state=EnrolmentState.OFFERED).first()
full = Session.objects.filter(state=SessionState.OPEN, enrolments__state=EnrolmentState.WAITING
    ).exclude(enrolments__person=learner).first()
own = Certificate.objects.filter(person=learner, files__isnull=False).first()
survey = Invitation.objects.filter(person=learner, answered_on__isnull=True).last()
closed = Session.objects.filter(state=SessionState.CLOSED, certificates__isnull=False).first()
held = Session.objects.filter(state=SessionState.HELD).first()
taught = Session.objects.filter(trainers__person=person["trainer"]).order_by(
    "meetings__starts_at").first()
report = ReportImport.objects.order_by("uploaded_at").last()

PAGES = {
    "anonymous": {
        "accueil": ("cms:home", []), "catalogue": ("cms:catalogue", []),
        "formation": ("cms:course", [Course.objects.first().key]),
        "seance": ("courses:session", [free.key]), "connexion": ("account_login", []),
        "verifier": ("certificates:verify_form", []),
        "verification": ("certificates:verify", [own.token]),
        "verification-inconnue": ("certificates:verify", ["inconnue-inconnue-1"]),
        "sondage": ("surveys:answer", [survey.token]),
        "confidentialite": ("cms:privacy", []), "accessibilite": ("cms:accessibility", []),
        "courriels": ("notices:demo_mailbox", []),
    },
    "learner": {
        "mes-formations": ("academy:my_courses", []), "mon-compte": ("people:account", []),
        "inscription": ("courses:enrol", [free.key]),
        "inscription-complete": ("courses:enrol", [full.key]),
        "place": ("courses:enrol", [far.session.key]),
        "attente": ("courses:waiting", [queue.session.key]),
        "offre": ("courses:offer", [offer.key]),
        "je-viens": ("courses:coming", [far.session.key]),
        "ceder": ("courses:pass_on", [far.session.key]),
        "echange": ("courses:exchange", [full.key]),
        "desistements": ("courses:strikes", []),
        "annulation": ("courses:cancel", [seat.session.key]),
        "rejoindre": ("courses:join", [seat.session.key]),
        "attestation": ("certificates:certificate", [own.number]),
        "fermer-compte": ("people:account_close", []),
    },
    "trainer": {
        "formatrice-liste": ("courses:roster", [taught.key]),
        "formatrice-feuille": ("attendance:roster", [taught.key]),
        "formatrice-resultats": ("surveys:results", [taught.key]),
    },
    "liaison": {
        "liaison-appartenances": ("people:memberships", []),
        "liaison-liste": ("courses:roster", [closed.key]),
        "liaison-seances": ("courses:delegate_sessions", []),
        "liaison-collegues": ("courses:delegate", [full.key]),
    },
    "coordinator": {
        "tableau-de-bord": ("academy:dashboard", []),
        "regie": ("academy:control_room", [closed.key]),
        "presence-a-clore": ("attendance:session", [held.key]),
        "presence-close": ("attendance:session", [closed.key]),
        "rapport": ("attendance:report", [report.key]),
        "attestations": ("certificates:session", [closed.key]),
        "resultats": ("surveys:results", [closed.key]),
        "liste": ("courses:roster", [closed.key]),
    },
}
answer = {}
for role, pages in PAGES.items():
    for language in ("fr", "en"):
        with override(language):
            for name, (view, args) in pages.items():
                answer.setdefault(role, []).append((name, language, reverse(view, args=args)))
"""


@pytest.fixture(scope="module")
def demonstration(start_product: Any) -> tuple[Product, dict[str, list[tuple[str, str, str]]]]:
    """The product with the fictional term, and every address by who reads it."""

    def prepare(product: Product) -> None:
        product.python("""
from django.utils import timezone
from academy.services.demo.build import build_demo
from cms.services.site import ensure_site
ensure_site(at=timezone.now())
answer = build_demo(at=timezone.now())
""")

    product = start_product("sqlite", environment={"DEMO": "1"}, prepare=prepare)
    return product, product.python(ADDRESSES)


@pytest.fixture(scope="module")
def readers(demonstration: Any, browser: Browser) -> Iterator[dict[tuple[str, int], Any]]:
    """A signed-in browser context for each role and width."""
    product, addresses = demonstration
    contexts: dict[tuple[str, int], BrowserContext] = {}
    for role in addresses:
        for width in WIDTHS:
            context = browser.new_context(
                locale="fr-CA",
                timezone_id="America/Toronto",
                viewport={"width": width, "height": 900},
            )
            if role != "anonymous":
                page = context.new_page()
                page.goto(f"{product.url}/compte/demonstration/")
                page.locator(f"form:has(input[value={role}]) button").click()
                page.wait_for_load_state()
                page.close()
            contexts[role, width] = context
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("role", ["anonymous", "learner", "trainer", "liaison", "coordinator"])
def test_every_page_stands_in_both_languages(
    demonstration: Any, readers: Any, screenshot_folder: Path, role: str, width: int
) -> None:
    product, addresses = demonstration
    page = readers[role, width].new_page()
    faults: list[str] = []
    others: set[str] = set()
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((product.url, "data:")) else others.add(request.url)
        ),
    )
    for name, language, path in addresses[role]:
        answer = page.goto(product.url + path)
        assert answer is not None
        expected = 404 if name == "verification-inconnue" else 200
        if answer.status != expected:
            faults.append(f"{name} {language}: {answer.status} at {path}")
        page.screenshot(path=screenshot_folder / f"{name}-{language}-{width}.png", full_page=True)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{name} {language} {width}: scrolls sideways")
        if not (page.locator("html").get_attribute("lang") or "").startswith(language):
            faults.append(f"{name} {language}: wrong lang")
        if re.search(r"%\(\w+\)s|\{\{|\{%", page.locator("body").inner_text()):
            faults.append(f"{name} {language}: a placeholder shows")
        faults += [
            f"{name} {language} {width}: {fault['id']} {fault['nodes'][0]['html'][:120]}"
            for fault in Axe().run(page, options=RULES).response["violations"]
        ]
    page.close()

    assert faults == []
    assert others == set()
