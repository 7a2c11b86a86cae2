"""How much is asked of somebody who wants a seat, counted in a real browser: three clicks from the
catalogue for whoever is signed in; four fields and no password for a newcomer.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.product import Product

KNOWN, NEWCOMER = "camille@hopital.example", "nouvelle@hopital.example"
CLICKS, FIELDS = 3, 4

pytestmark = pytest.mark.timeout(300)

BUILD = """
from datetime import timedelta
from zoneinfo import ZoneInfo
from django.utils import timezone
from cms.services.site import ensure_site
from tests.factories import cms, courses, people

now = timezone.now()
ensure_site(at=now)
soon = (now + timedelta(days=20)).astimezone(ZoneInfo("America/Toronto")).replace(
    hour=12, minute=0, second=0, microsecond=0)
for number, capacity in enumerate((20, 0)):
    title = ("Consentement éclairé", "Inspections")[number]
    page = cms.course_page(courses.course(title_fr=title, title_en=title), title=title,
                           slug=f"formation-{number}", title_en=title, slug_en=f"course-{number}",
                           at=now)
    courses.open_session(course=page.course, starts_at=soon + timedelta(days=number),
                         capacity=capacity, at=now)
people.person(known, printed_name="Camille Bergeron", at=now)
answer = True
"""


@pytest.fixture(scope="module")
def product(start_product: Any) -> Product:
    return start_product("sqlite", prepare=lambda house: house.python(BUILD, known=KNOWN))


class Hand:
    """A person at a browser. `clicks` made, and the `fields` met in the forms that were sent."""

    def __init__(self, product: Product, browser: Browser) -> None:
        context = browser.new_context(locale="fr-CA", timezone_id="America/Toronto")
        self.product, self.page = product, context.new_page()
        self.clicks = 0
        self.fields: list[str] = []
        self.passwords = 0

    def goto(self, path: str) -> None:
        self.page.goto(self.product.url + path)

    def click(self, target: Locator) -> None:
        self.passwords += self.page.locator("input[type=password]").count()
        target.click()
        self.page.wait_for_load_state()
        self.clicks += 1

    def send(self, button: Locator) -> None:
        """Press the button of a form, and count what that form shows to be filled in."""
        form = button.locator("xpath=ancestor::form")
        fields = form.locator("input:not([type=hidden], [type=submit]), select, textarea")
        shown = [each for each in fields.all() if each.is_visible()]
        self.fields += [each.get_attribute("name") or "" for each in shown]
        self.click(button)

    def code(self, address: str) -> str:
        letter = self.product.mails.wait_for(address, "code")
        self.product.mails.letters.remove(letter)
        found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", letter.text, re.MULTILINE)
        assert found, letter.text
        return found[1]


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


@pytest.fixture
def hand(product: Product, browser: Browser) -> Any:
    one = Hand(product, browser)
    yield one
    one.page.context.close()


def sign_in(hand: Hand, address: str) -> None:
    hand.page.get_by_label("Adresse courriel").fill(address)
    hand.send(button(hand.page, "Recevoir un code"))
    hand.page.locator("input[name=code]").fill(hand.code(address))
    hand.send(button(hand.page, "Continuer"))


@pytest.fixture
def known(hand: Hand) -> Hand:
    """Somebody signed in, on the catalogue, whose clicks are counted from there."""
    hand.goto("/compte/connexion/?next=/formations/")
    sign_in(hand, KNOWN)
    hand.goto("/formations/")
    hand.clicks, hand.fields = 0, []
    return hand


def test_whoever_is_signed_in_needs_three_clicks_for_a_seat(known: Hand) -> None:
    page = known.page

    known.click(page.get_by_role("link", name=re.compile("Réserver ma place")).first)
    known.send(button(page, "Réserver ma place"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Votre place est réservée.")
    assert known.clicks <= CLICKS
    assert known.fields == []


def test_and_no_more_for_a_rank(known: Hand) -> None:
    page = known.page

    known.click(page.get_by_role("link", name=re.compile("liste d’attente")).first)
    known.send(button(page, "M’inscrire à la liste d’attente"))

    expect(page.get_by_role("heading", level=1)).to_contain_text("1er sur 1")
    assert known.clicks <= CLICKS
    assert known.fields == ["asking", "asking"]  # chosen beforehand: nothing to fill in


def test_a_newcomer_fills_in_four_fields_and_no_password(hand: Hand) -> None:
    hand.goto("/formations/")
    page = hand.page
    hand.click(page.get_by_role("link", name=re.compile("Réserver ma place")).first)

    sign_in(hand, NEWCOMER)
    page.get_by_label("Votre prénom et votre nom").fill("Ana Beaulieu")
    page.get_by_label("établissement", exact=False).first.fill("CHUM")
    hand.send(button(page, "J’accepte et je continue"))
    hand.send(button(page, "Réserver ma place"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Votre place est réservée.")
    assert hand.fields == ["email", "code", "printed_name", "establishment"]
    assert len(hand.fields) <= FIELDS
    assert hand.passwords == 0
