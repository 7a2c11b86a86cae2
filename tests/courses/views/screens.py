"""What a test reads of a screen: its address, its words, its title, its way out."""

from typing import Any

from django.urls import reverse

from bs4 import BeautifulSoup


def url(name: str, row: Any, **more: Any) -> str:
    return reverse(f"courses:{name}", kwargs={"key": row.key, **more})


def page_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def words(response: Any) -> str:
    return page_of(response).main.get_text(" ", strip=True)


def title(response: Any) -> str:
    return page_of(response).h1.get_text(" ", strip=True)


def notice(response: Any) -> str:
    """The first sentence that a page says about what was or was not done."""
    return page_of(response).main.select_one(".notice").get_text(" ", strip=True)


def links(response: Any) -> set[str]:
    return {link["href"] for link in page_of(response).main.find_all("a", href=True)}


def buttons(response: Any) -> list[tuple[str, str]]:
    """(address, value) of every button that posts."""
    return [
        (form.get("action") or response.request["PATH_INFO"], button.get("value", ""))
        for form in page_of(response).main.find_all("form", method="post")
        for button in form.find_all("button")
    ]
