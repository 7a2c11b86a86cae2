"""Texts kept in two languages, in the reader's."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from people.choices import in_language

register = template.Library()

# What a browser says of itself, the tell-tale word first looked for first: Edge also says Chrome,
# Chrome also says Safari, and a telephone also says Linux or Mac OS X.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@register.filter
def said(row: Any, name: str = "text") -> str:
    """{{ text|said }} reads text_fr or text_en; {{ course|said:"title" }} its title."""
    return in_language(row, name) if row else ""


@register.filter
def browser(user_agent: str) -> str:
    """« Firefox · Windows », as one would name one's own device; « Navigateur inconnu »."""
    said = [
        next((name for mark, name in names if mark in (user_agent or "")), "")
        for names in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(filter(None, said)) or _("Unknown browser")
