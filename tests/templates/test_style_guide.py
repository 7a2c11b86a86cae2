"""The whole look, measured in a browser: accessibility, small screens, targets, focus, print."""

from collections.abc import Callable
from typing import Any

from django.contrib.messages import SUCCESS
from django.contrib.messages.storage.base import Message

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.templates.examples import style_guide_context

WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")
# The text spacing a reader may ask for (WCAG 1.4.12).
TEXT_SPACING = """*{line-height:1.5!important;letter-spacing:.12em!important;
word-spacing:.16em!important} p{margin-block-end:2em!important}"""


@pytest.fixture
def guide(draw: Callable[..., str], signed_in: dict[str, Any]) -> str:
    context = style_guide_context() | signed_in
    return draw("pages/style_guide.html", context, path="/formations/")


def violations(page: Page) -> list[str]:
    """What axe finds, as sentences that say where."""
    found = Axe().run(page).response
    assert len(found["passes"]) > 10, "axe looked at nothing"
    return [
        f"{rule['id']}: {rule['help']} ({node['target']})"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_style_guide_has_no_accessibility_violation(guide, show, width, scheme):
    page = show(guide, width=width, scheme=scheme, name="style-guide")

    assert violations(page) == []
    assert overflow(page) == 0


def test_axe_sees_a_fault_when_there_is_one(guide, show):
    page = show(guide)
    page.evaluate("document.querySelector('label[for=q]').remove()")

    assert any(found.startswith("label:") for found in violations(page))


def test_style_guide_at_four_hundred_percent_does_not_scroll_sideways(guide, show):
    assert overflow(show(guide, width=320)) == 0


def test_style_guide_bears_the_reader_s_text_spacing(guide, show):
    page = show(guide, width=360)
    page.add_style_tag(content=TEXT_SPACING)

    assert overflow(page) == 0


def test_both_families_of_letters_are_ours(guide, show):
    page = show(guide)

    for family in ("Inter", "Source Serif 4"):
        assert page.evaluate("(family) => document.fonts.check(`16px '${family}'`)", family)
    assert "Inter" in page.evaluate("getComputedStyle(document.body).fontFamily")


@pytest.mark.parametrize("width", WIDTHS)
def test_targets_are_forty_four_pixels_high(guide, show, width):
    """Everything to press, but links inside sentences and headings, which WCAG leaves out."""
    small = show(guide, width=width).evaluate(
        """() => [...document.querySelectorAll(
             ".button, summary, select, textarea, input:not([type=radio], [type=checkbox]), "
             + ".choice, .choices label, .scale__choice, nav a, .masthead a, .demo-banner a, "
             + ".error-summary a, .footer li a")]
           .filter((target) => target.offsetParent)
           .filter((target) => target.getBoundingClientRect().height < 43.9)
           .map((target) => target.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_lines_of_text_are_seventy_characters_at_most(guide, show):
    """Counted on a long paragraph set in the page's own text."""
    longest = show(guide).evaluate(
        """() => {
          const words = "les équipes de recherche clinique accueillent chaque personne avec soin ";
          const paragraph = document.createElement("p");
          paragraph.textContent = words.repeat(12);
          document.querySelector(".prose").append(paragraph);
          const range = document.createRange();
          const text = paragraph.firstChild;
          const lines = new Map();
          for (let at = 0; at < text.length; at++) {
            range.setStart(text, at); range.setEnd(text, at + 1);
            const top = Math.round(range.getBoundingClientRect().top);
            lines.set(top, (lines.get(top) || 0) + 1);
          }
          return Math.max(...lines.values());
        }"""
    )
    assert 55 <= longest <= 71  # the space that ends a line counts for one


def test_focus_is_a_ring_of_three_pixels_everywhere(draw, show, signed_in):
    page = show(draw("404.html", signed_in, path="/rien/"))
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => {
                  const at = document.activeElement, style = getComputedStyle(at);
                  return [at.tagName, style.outlineStyle, style.outlineWidth];
                }"""
            )
        )
    assert {tag for tag, *_ in seen} >= {"A", "SUMMARY"}
    assert {(style, size) for _, style, size in seen} == {("solid", "3px")}


def test_skip_link_comes_first_and_leads_to_the_content(draw, show):
    page = show(draw("404.html"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"

    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_error_summary_takes_the_focus_and_leads_to_the_field(guide, show):
    page = show(guide)
    assert page.evaluate("document.activeElement.className") == "error-summary"

    page.locator(".error-summary a").nth(1).click()
    assert page.evaluate("document.activeElement.name") == "email"
    page.locator(".error-summary a").nth(3).click()
    assert page.evaluate("document.activeElement.name") == "language"


def test_account_menu_closes_on_escape_and_gives_the_focus_back(draw, show, signed_in):
    page = show(draw("404.html", signed_in))
    menu = page.locator("details.menu")
    menu.locator("summary").click()
    assert menu.get_attribute("open") is not None

    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_second_press_sends_nothing(draw, show):
    page = show(draw("404.html"))
    sent = page.evaluate(
        """() => {
          let sent = 0;
          const form = document.createElement("form");
          form.method = "post";
          document.body.append(form);
          window.addEventListener("submit", (event) => {
            if (!event.defaultPrevented) sent++;
            event.preventDefault();
          });
          form.requestSubmit(); form.requestSubmit();
          return sent;
        }"""
    )
    assert sent == 1


def test_motion_stops_for_those_who_ask(guide, show):
    page = show(guide)
    page.emulate_media(reduced_motion="reduce")

    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert page.evaluate(
        "getComputedStyle(document.querySelector('.button')).transitionDuration"
    ) in {"0s", ""}


def test_paper_is_white_and_bears_no_menus(guide, show):
    page = show(guide, scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")

    assert page.locator(".masthead").is_hidden()
    assert page.locator(".footer").is_hidden()
    assert page.evaluate("getComputedStyle(document.querySelector('.panel')).backgroundColor") == (
        "rgb(255, 255, 255)"
    )


PAGES = ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html", "503.html"]


@pytest.mark.parametrize("template", PAGES)
def test_page_of_refusal_has_no_accessibility_violation(draw, show, signed_in, template):
    context = signed_in | {"messages": [Message(SUCCESS, "Votre nom a été corrigé.")]}
    page = show(draw(template, context), width=320, scheme="dark", name=template[:-5])

    assert violations(page) == []
    assert overflow(page) == 0
