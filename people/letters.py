"""Dates, hours and numbers as they are written in Québec, in French and in English. Pure text.

Every screen, mail and PDF writes them through these functions, so that the same moment reads the
same everywhere. Source: Office québécois de la langue française (hours « 13 h 30 », « 9 h »;
« 1er novembre »; « 12 345,5 »). Spaces that must not break are no-break spaces (U+00A0). An aware
datetime is shown in the current time zone (America/Toronto); a language other than English is
written in French.
"""

import re
import unicodedata
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

NBSP = "\N{NO-BREAK SPACE}"

# fmt: off
WEEKDAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
           "octobre", "novembre", "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December"),
}
SHORT_MONTHS = {
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.",
           "nov.", "déc."),
    "en": ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.",
           "Nov.", "Dec."),
}
# fmt: on


def folded(text: str) -> str:
    """`text` for comparing: no accents, no capitals, single spaces (« St-Luc »: "st luc")."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", bare.casefold()))


def _tongue(language: str | None) -> str:
    return "en" if (language or "").startswith("en") else "fr"


def _here(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _day(value: date) -> date:
    return _here(value).date() if isinstance(value, datetime) else value


def _hour(value: time | datetime) -> time:
    return _here(value).time() if isinstance(value, datetime) else value


def date_words(
    value: date, language: str | None, *, with_weekday: bool = True, with_year: bool = True
) -> str:
    """« mardi 17 novembre 2026 », « dimanche 1er novembre 2026 »; "Tuesday, November 17, 2026"."""
    day, tongue = _day(value), _tongue(language)
    month, weekday = MONTHS[tongue][day.month - 1], WEEKDAYS[tongue][day.weekday()]
    if tongue == "en":
        words = f"{month}{NBSP}{day.day}" + (f", {day.year}" if with_year else "")
        return f"{weekday}, {words}" if with_weekday else words
    number = ordinal_words(1, "fr") if day.day == 1 else str(day.day)
    words = f"{number}{NBSP}{month}" + (f" {day.year}" if with_year else "")
    return f"{weekday} {words}" if with_weekday else words


def short_date_words(value: date, language: str | None) -> str:
    """« 17 nov. 2026 », « 1er nov. 2026 »; "Nov. 17, 2026"."""
    day, tongue = _day(value), _tongue(language)
    month = SHORT_MONTHS[tongue][day.month - 1]
    if tongue == "en":
        return f"{month}{NBSP}{day.day}, {day.year}"
    number = ordinal_words(1, "fr") if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{month}{NBSP}{day.year}"


def hour_words(value: time | datetime, language: str | None) -> str:
    """« 9 h », « 8 h 05 », « 13 h 30 »; "9 a.m.", "8:05 a.m.", "1:30 p.m.", "noon"."""
    hour = _hour(value)
    if _tongue(language) == "fr":
        return f"{hour.hour}{NBSP}h" + (f"{NBSP}{hour.minute:02d}" if hour.minute else "")
    if (hour.hour, hour.minute) in {(0, 0), (12, 0)}:
        return "noon" if hour.hour else "midnight"
    number = f"{hour.hour % 12 or 12}" + (f":{hour.minute:02d}" if hour.minute else "")
    return f"{number}{NBSP}{'p.m.' if hour.hour >= 12 else 'a.m.'}"


def hours_words(start: time | datetime, end: time | datetime, language: str | None) -> str:
    """« 12 h à 13 h 30 »; "noon to 1:30 p.m." - hours alone, whatever the days."""
    link = "to" if _tongue(language) == "en" else "à"
    return f"{hour_words(start, language)} {link} {hour_words(end, language)}"


def interval_words(start: datetime, end: datetime, language: str | None) -> str:
    """« mardi 17 novembre 2026, 12 h à 13 h »; over several days both ends are written whole."""
    if _day(start) == _day(end):
        return f"{date_words(start, language)}, {hours_words(start, end, language)}"
    first, last = (
        f"{date_words(moment, language)}, {hour_words(moment, language)}" for moment in (start, end)
    )
    if _tongue(language) == "en":
        return f"{first} to {last}"
    return f"du {first} au {last}"


def ordinal_words(n: int, language: str | None, feminine: bool = False) -> str:
    """« 1er », « 1re », « 2e »; "1st", "2nd", "3rd", "11th"."""
    if _tongue(language) == "fr":
        return f"{n}{('re' if feminine else 'er') if n == 1 else 'e'}"
    if n % 100 in {11, 12, 13}:
        return f"{n}th"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def number_words(
    value: int | float | Decimal, language: str | None, places: int | None = None
) -> str:
    """« 12 345,5 »; "12,345.5". `places` rounds half up; without it, every given digit is kept."""
    number = Decimal(str(value))
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    elif number == number.to_integral_value():
        number = number.quantize(Decimal(1))
    words = f"{number:,f}"
    if _tongue(language) == "fr":
        return words.replace(",", NBSP).replace(".", ",")
    return words


def percent_words(
    value: int | float | Decimal, language: str | None, places: int | None = 0
) -> str:
    """« 90 % »; "90%". `value` is already out of a hundred."""
    gap = "" if _tongue(language) == "en" else NBSP
    return f"{number_words(value, language, places)}{gap}%"


def duration_words(minutes: int, language: str | None) -> str:
    """« 45 min », « 1 h », « 1 h 30 min »; the same signs in English."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours}{NBSP}h"] if hours else []
    if rest or not hours:
        parts.append(f"{rest}{NBSP}min")
    return NBSP.join(parts)
