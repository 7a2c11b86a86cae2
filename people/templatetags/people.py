"""Texts kept in two languages, in the reader's."""

from typing import Any

from django import template

from people.choices import in_language

register = template.Library()


@register.filter
def said(row: Any, name: str = "text") -> str:
    """{{ text|said }} reads text_fr or text_en; {{ course|said:"title" }} its title."""
    return in_language(row, name) if row else ""
