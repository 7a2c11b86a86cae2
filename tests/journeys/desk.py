"""What the story of a coordinator's term stands on: a term a year old to copy, people who wait for
its news, and readers in a browser whose every page is looked at.
"""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, expect

from courses.letters.shifts import holiday_name, is_weekend
from tests.journeys.product import Product

HERE = ZoneInfo("America/Toronto")
WIDTH, HEIGHT = 1280, 900
STAFF = "coordination@reseau.example"
ANA, BENOIT, CHLOE, DAVID, EMMA, FANNY = (
    f"{name}@hopital.example" for name in ("ana", "benoit", "chloe", "david", "emma", "fanny")
)
GILLES, HANA = "gilles@hopital.example", "hana@hopital.example"
READERS = [f"lectrice{number}@hopital.example" for number in range(1, 11)]
LOUISE, MARC = "louise@hopital.example", "marc@hopital.example"
OLD_TRAINER, NEW_TRAINER = "Louise Tremblay", "Marc Gagnon"

# Three trainings given a year ago (« before » the product starts); nobody ever enrolled in them.
BUILD = """
from datetime import datetime, time, timedelta
from django.utils import timezone
from cms.services.site import ensure_site
from tests.factories import cms, courses, mailings, people

now = timezone.now()
before = now - timedelta(weeks=56)
ensure_site(at=before)
people.coordinator(email=staff, printed_name="Claire Coordination", at=now)
people.trainer(email=louise, printed_name=old_trainer, at=now)
people.trainer(email=marc, printed_name=new_trainer, at=now)
for address in known:
    name = address.split("@")[0].capitalize() + " Côté"
    person = people.person(address, printed_name=name, at=now)
    if address in told:
        mailings.agree(person, at=now)
people.verified_member(email=member, printed_name="Chloé Côté", at=now)

monday = timezone.localdate(now) - timedelta(days=timezone.localdate(now).weekday())
old = courses.term(title_fr="Hiver 2025", title_en="Winter 2025", at=before,
                   starts_on=monday - timedelta(weeks=52), ends_on=monday - timedelta(weeks=36))
noon = timezone.make_aware(datetime.combine(monday - timedelta(weeks=52, days=-22), time(12)))
for slug, title, english, starts_at, capacity in (
    ("consentement", "Consentement éclairé", "Informed consent", noon, 20),
    ("donnees", "Protection des données", "Data protection", noon + timedelta(days=2), 30),
    ("ethique", "Éthique de la recherche", "Research ethics", noon, 25),
):
    page = cms.course_page(courses.course(title_fr=title, title_en=english, at=before),
                           title=title, slug=slug, title_en=english, slug_en=slug + "-en",
                           at=before)
    courses.open_session(course=page.course, term=old, starts_at=starts_at, capacity=capacity,
                         at=before)
"""


def build(product: Product) -> None:
    product.python(
        BUILD,
        staff=STAFF,
        known=[ANA, BENOIT, DAVID, EMMA, FANNY, GILLES, HANA, *READERS],
        told=[ANA, *READERS],
        member=CHLOE,
        louise=LOUISE,
        marc=MARC,
        old_trainer=OLD_TRAINER,
        new_trainer=NEW_TRAINER,
    )


def sessions_of(product: Product, term: str) -> dict[str, str]:
    """The keys of a term's sessions by the title of their course."""
    return dict(
        product.python(
            """
from courses.models import Session
answer = [[row.course.title_fr, str(row.key)]
          for row in Session.objects.filter(term__title_fr=term).order_by("pk")]
""",
            term=term,
        )
    )


def enrol(product: Product, key: str, *addresses: str) -> dict[str, str]:
    """Those people ask for a seat by themselves; what each got."""
    return product.python(
        """
from django.utils import timezone
from courses.models import Session
from courses.services.enrolments import enrol
from people.models import User
answer = {}
for address in addresses:
    person = User.objects.get(email=address)
    session = Session.objects.get(key=key)
    answer[address] = enrol(person=person, session=session, by=person, at=timezone.now()).state
""",
        key=key,
        addresses=addresses,
    )


def states(product: Product, key: str) -> dict[str, str]:
    """Who stands where in a session."""
    return dict(
        product.python(
            """
from courses.models import Enrolment
answer = list(Enrolment.objects.filter(session__key=key).order_by("pk")
              .values_list("person__email", "state"))
""",
            key=key,
        )
    )


class Reader:
    """One person in a browser of their own; every photograph also checks what can be checked."""

    def __init__(self, product: Product, browser: Browser, address: str, folder: Path) -> None:
        self.product, self.address, self._folder = product, address, folder
        context = browser.new_context(
            locale="fr-CA",
            timezone_id="America/Toronto",
            viewport={"width": WIDTH, "height": HEIGHT},
            accept_downloads=True,
        )
        self.page: Page = context.new_page()

    def sign_in(self, path: str) -> None:
        """Goes to a page that asks who one is, and says so."""
        self.go(path)
        self.page.locator("input[type=email], input[name=login]").first.fill(self.address)
        self.page.get_by_role("button", name="Recevoir un code").click()
        letter = self.product.mails.wait_for(self.address, "code")
        self.product.mails.letters.remove(letter)
        found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", letter.text, re.MULTILINE)
        assert found, letter.text
        self.page.locator("input[name=code]").fill(found[1])
        self.page.get_by_role("button", name="Continuer").click()

    def go(self, path: str) -> None:
        answer = self.page.goto(path if path.startswith("http") else self.product.url + path)
        assert answer is not None
        assert answer.status == 200, f"{answer.status} at {path}"

    def press(self, name: str, *, exact: bool = False) -> None:
        """A button of the page's own content."""
        self.page.locator("main").get_by_role("button", name=name, exact=exact).first.click()

    def follow(self, name: str) -> None:
        self.page.locator("main").get_by_role("link", name=name).first.click()

    def photograph(self, name: str) -> None:
        """Keeps the page; refuses a placeholder left, or a page wider than the screen."""
        self.page.locator("main").wait_for()
        tallest = self.page.evaluate(
            "Math.max(...[...document.querySelectorAll('html, main')]"
            ".map(each => each.scrollHeight))"
        )
        self.page.set_viewport_size({"width": WIDTH, "height": tallest})
        self.page.screenshot(path=self._folder / f"{name}-fr-{WIDTH}.png")
        self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        text = self.page.locator("body").inner_text()
        assert not re.search(r"%\(\w+\)s|\{\{|\{%", text), text
        assert not self.page.evaluate("document.documentElement.scrollWidth > innerWidth"), name

    def says(self, *words: str | re.Pattern[str]) -> None:
        for each in words:
            expect(self.page.locator("main")).to_contain_text(each)

    def close(self) -> None:
        self.page.context.close()


def working_day(moment: datetime) -> datetime:
    """The same hour on the first working day from then on."""
    while is_weekend(moment.date()) or holiday_name(moment.date(), "fr"):
        moment += timedelta(days=1)
    return moment


def clock(moment: datetime) -> str:
    """A moment as the admin's fields take it, on the local clock."""
    return f"{moment.astimezone(HERE):%Y-%m-%d %H:%M}"


def calendar_of(letter: Any) -> str:
    """The calendar file of a letter, its folded lines joined."""
    return letter.attachment("text/calendar").decode().replace("\r\n ", "")


def line_of(calendar: str, name: str) -> str:
    """The value of one property of a calendar file."""
    return re.findall(rf"^{name}:(.*?)\r?$", calendar, re.MULTILINE)[-1]
