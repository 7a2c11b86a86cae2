"""What every page shares: language, title, ways on, and no script or style of its own."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from people.policies import POLICIES

TEMPLATES = Path("templates")
EVERY_TEMPLATE = sorted(TEMPLATES.rglob("*.html"))
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def title(html: str) -> str:
    """The title as a browser shows it: spaces and line ends are one space."""
    return " ".join(soup(html).title.string.split())


@pytest.mark.parametrize(("language", "code"), [("fr", "fr-CA"), ("en", "en-CA")])
def test_page_says_its_language(draw, language, code):
    assert soup(draw("404.html", language=language)).html["lang"] == code


def test_page_without_any_context_still_stands(draw):
    page = soup(draw("base.html"))

    assert page.main["id"] == "main"
    assert page.find("a", class_="skip-link")["href"] == "#main"


def test_title_ends_with_the_site_and_begins_with_the_error(draw):
    class Wrong:
        errors = {"name": ["…"]}

        def __iter__(self):
            return iter(())

    right = draw("404.html", language="en")
    wrong = draw("404.html", {"form": Wrong()}, language="en")

    assert title(right) == "Page not found · Académie Q-CROC"
    assert title(wrong) == "Error: Page not found · Académie Q-CROC"


def test_switcher_leads_to_the_same_page_in_the_other_language(draw):
    page = soup(draw("404.html", path="/connexion/?next=/formations/"))
    link = page.find("a", hreflang="en-CA")

    assert (link.get_text(), link["lang"]) == ("English", "en-CA")


def test_switcher_says_when_the_other_page_is_missing(draw):
    links = [{"code": "en", "name": "English", "url": "/en/", "missing": True}]
    page = soup(draw("404.html", {"language_links": links}))

    assert page.find("a", hreflang="en-CA").get_text(strip=True) == "English(home page)"


def test_header_marks_where_one_is(draw, signed_in):
    from django.urls import reverse

    path = reverse("academy:my_courses")
    page = soup(draw("404.html", signed_in, path=path))

    assert [link["href"] for link in page.select(".masthead__nav a[aria-current=page]")] == [path]


def test_header_shows_a_reader_without_rights_no_desk(draw, signed_in):
    nothing = {"academy": {"dashboard": False}, "cms": {"edit": False}}
    with_rights = soup(draw("404.html", signed_in)).select(".masthead__nav a")
    without = soup(draw("404.html", signed_in | {"may": nothing})).select(".masthead__nav a")

    assert len(with_rights) - len(without) == 2


def test_anonymous_page_holds_no_form_and_no_token(draw):
    page = draw("404.html")

    assert "<form" not in page
    assert "csrf" not in page


@pytest.mark.parametrize("path", EVERY_TEMPLATE, ids=str)
def test_template_has_no_script_or_style_of_its_own(path):
    text = path.read_text()
    inline = re.findall(
        r"<style|\son\w+=\"|javascript:|<script(?![^>]*(?:src=|application/json))", text
    )
    if not {"emails", "email"} & set(path.parts):  # mail programs know nothing else
        inline += re.findall(r"\sstyle=", text)

    assert inline == []


@pytest.mark.parametrize("path", EVERY_TEMPLATE, ids=str)
def test_template_asks_only_for_rights_that_exist(path):
    asked = re.findall(r"\bmay\.(\w+)\.(\w+)", path.read_text())

    assert [f"{app}.{verb}" for app, verb in asked if f"{app}.{verb}" not in POLICIES] == []


@pytest.mark.parametrize("path", COMPONENTS, ids=str)
def test_component_says_what_it_takes(path):
    assert path.read_text().startswith("{% comment %}")


@pytest.mark.parametrize("path", EVERY_TEMPLATE, ids=str)
def test_component_is_included_with_nothing_but_what_it_names(path):
    loose = [
        tag
        for tag in re.findall(r"{% include \"components/[^%]+%}", path.read_text())
        if not tag.endswith(" only %}")
    ]
    assert loose == []


def test_icons_asked_for_are_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', Path("static/img/icons.svg").read_text()))
    asked = {
        name
        for path in EVERY_TEMPLATE
        for name in re.findall(r'icon\.html" with name="([\w-]+)"', path.read_text())
    }
    assert asked - drawn == set()


def test_style_sheet_names_every_component_once():
    sheet = Path("static/css/site.css").read_text()
    named = re.findall(r'url\("([^"]+)"\)', sheet)
    written = {str(path.relative_to("static/css")) for path in Path("static/css").rglob("*.css")}

    assert sorted(named) == sorted(written - {"site.css"})


def test_constellation_has_the_eighteen_establishments(draw):
    assert len(soup(draw("components/constellation.html")).select("circle title")) == 18
