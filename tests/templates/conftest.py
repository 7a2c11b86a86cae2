"""Draw templates without a server or a database, and look at them in Chromium."""

import mimetypes
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

import pytest
from playwright.sync_api import Browser, Page, Route

mimetypes.add_type("font/woff2", ".woff2")
ADDRESS = "http://localhost/"


class Signed(SimpleNamespace):
    """A reader with an account, as templates see one."""

    is_authenticated = True

    def __str__(self) -> str:
        return "Marie-Ève Tremblay"


@pytest.fixture
def signed_in() -> dict[str, Any]:
    """Context of a reader with an account who may see the dashboard."""
    return {
        "user": Signed(),
        "may": {"academy": {"dashboard": True}, "cms": {"edit": True}},
        "demo": True,
    }


@pytest.fixture
def draw(rf: RequestFactory) -> Callable[..., str]:
    """draw("404.html", {…}, path=…, language=…) gives the page as a visitor would get it."""

    def drawn(
        template: str,
        context: dict[str, Any] | None = None,
        *,
        path: str = "/",
        language: str = "fr",
    ) -> str:
        request: HttpRequest = rf.get(path)
        request.user = AnonymousUser()
        with translation.override(language):
            return engines["django"].get_template(template).render(context or {}, request)

    return drawn


def _serve(page: Page, html: str) -> None:
    def answer(route: Route) -> None:
        path = route.request.url.split("?")[0]
        if "/static/" not in path:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
            return
        found = finders.find(path.split("/static/", 1)[1])
        if found is None:
            route.fulfill(status=404)
            return
        kind = mimetypes.guess_type(str(found))[0]
        route.fulfill(body=Path(str(found)).read_bytes(), content_type=kind)

    page.route("**/*", answer)


@pytest.fixture
def show(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """show(html, width=360, scheme="dark") opens it; SCREENSHOTS=folder keeps what is seen.

    What the browser complains about (a missing file, a refused script) fails the test.
    """
    contexts, complaints = [], []

    def shown(html: str, *, width: int = 1280, scheme: str = "light", name: str = "") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, locale="fr-CA"
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda line: complaints.append(line.text) if line.type == "error" else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        _serve(page, html)
        page.goto(ADDRESS)
        page.evaluate("document.fonts.ready")
        folder = os.environ.get("SCREENSHOTS")
        if folder and name:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png", full_page=True)
        return page

    yield shown
    for context in contexts:
        context.close()
    assert complaints == []
