from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from people.choices import in_language
from people.letters import number_words

register = template.Library()


@register.filter
def words(facts: dict[str, Any], name: str) -> str:
    """The text `name` of a snapshot in the active language."""
    return in_language(facts, name)


@register.filter
def iso_date(text: str) -> date:
    """The date a snapshot keeps as text."""
    return date.fromisoformat(text)


@register.filter
def hours(text: str) -> str:
    """A number of hours as people write it: « 1,5 h »."""
    value = Decimal(text)
    places = 0 if value == value.to_integral_value() else (1 if value * 10 % 1 == 0 else 2)
    return _("%(number)s h") % {"number": number_words(value, (get_language() or "fr")[:2], places)}
