"""What the steps of a coordinator's term share: sessions, readers, links of mails."""

import re
from pathlib import Path

from django.urls import reverse
from django.utils.translation import override

from playwright.sync_api import Browser

from tests.journeys import desk
from tests.journeys.desk import Reader
from tests.journeys.product import Product

FULL, DAY, OFF = "Consentement éclairé", "Protection des données", "Éthique de la recherche"
SECOND = "the second session of the first"
TERM = "Hiver 2026"
SUBJECT = f"La programmation {TERM} est prête"


class Story:
    """What one step leaves to the next: the coordinator's browser and the sessions by title."""

    def __init__(self, product: Product, browser: Browser, folder: Path) -> None:
        self.product, self.browser, self.folder = product, browser, folder
        self.mails = product.mails
        self.staff = self.reader(desk.STAFF)
        self.ana, self.david = self.reader(desk.ANA), self.reader(desk.DAVID)
        self.keys: dict[str, str] = {}
        self.admin: dict[str, str] = {}  # the address of each session's form

    def reader(self, address: str) -> Reader:
        return Reader(self.product, self.browser, address, self.folder)

    def at(self, title: str, view: str = "academy:control_room") -> str:
        """The French address of one of a session's screens."""
        with override("fr"):
            return reverse(view, args=[self.keys[title]])


def link_in(text: str, part: str) -> str:
    found = re.search(rf"http://\S+/{part}/\S+", text)
    assert found, text
    return found[0]
