"""Filters that write dates, hours and numbers in the reader's language, the way Québec writes them.

{% load quebec %} {{ meeting.starts_at|date_long }}, {{ meeting.starts_at|hours:meeting.ends_at }}
An empty or missing value gives an empty text, as Django's own filters do.
"""

from collections.abc import Callable
from typing import Any

from django import template
from django.utils.translation import get_language

from people import letters

register = template.Library()


def _written(words: Callable[..., str], value: Any, *more: Any, **options: Any) -> str:
    if value in (None, "") or any(each in (None, "") for each in more):
        return ""
    return words(value, *more, get_language(), **options)


@register.filter
def date_long(value: Any) -> str:
    """« mardi 17 novembre 2026 »."""
    return _written(letters.date_words, value)


@register.filter
def date_plain(value: Any) -> str:
    """« 17 novembre 2026 »."""
    return _written(letters.date_words, value, with_weekday=False)


@register.filter
def date_short(value: Any) -> str:
    """« 17 nov. 2026 »."""
    return _written(letters.short_date_words, value)


@register.filter
def hour(value: Any) -> str:
    """« 13 h 30 »."""
    return _written(letters.hour_words, value)


@register.filter
def hours(start: Any, end: Any) -> str:
    """{{ start|hours:end }}: « 12 h à 13 h »."""
    return _written(letters.hours_words, start, end)


@register.filter
def interval(start: Any, end: Any) -> str:
    """{{ start|interval:end }}: « mardi 17 novembre 2026, 12 h à 13 h »."""
    return _written(letters.interval_words, start, end)


@register.filter
def ordinal(value: Any, gender: str = "") -> str:
    """« 3e »; {{ 1|ordinal:"f" }} gives « 1re »."""
    return _written(letters.ordinal_words, value, feminine=gender == "f")


@register.filter
def number(value: Any, places: int | None = None) -> str:
    """« 12 345,5 »; {{ value|number:1 }} rounds to one decimal."""
    return _written(letters.number_words, value, places=places)


@register.filter
def percent(value: Any, places: int = 0) -> str:
    """« 90 % » of a value out of a hundred."""
    return _written(letters.percent_words, value, places=places)


@register.filter
def duration(minutes: Any) -> str:
    """« 1 h 30 min »."""
    return _written(letters.duration_words, minutes)
