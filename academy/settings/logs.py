"""Which lines the log keeps, and what a line may hold of an address.

Whoever has certain addresses may do what they open: verify an attestation, answer a survey, read a
calendar. Django and django-structlog write the path of whatever was refused or failed, so the
secret part is taken out of every line, of its traceback too, as the line is written.
"""

import logging
import re
from typing import Any

import structlog

MASK = "…"
# First words of the addresses whose next part is a token, in both languages. A test compares them
# with the street map: an address with a token that is not here fails it.
CAPABILITIES = (
    "v",
    "sondages",
    "surveys",
    "calendrier",
    "calendar",
    "desabonnement",
    "unsubscribe",
)
# A slash, or what stands for one inside the question part of an address (?next=%2Fv%2F…).
_SLASH = r"(?:/|%2F)"
_TOKEN = re.compile(
    rf"""({_SLASH}(?:{"|".join(CAPABILITIES)}){_SLASH})(?:(?!%2F)[^\s/?#&"'<>])+""", re.IGNORECASE
)


def masked(text: str) -> str:
    """`text` without the tokens of the addresses in it."""
    return _TOKEN.sub(rf"\g<1>{MASK}", text)


class DiscreetFormatter(logging.Formatter):
    """The lines of the standard library, tracebacks included, without tokens."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


def logging_at(level: str) -> dict[str, Any]:
    """Django's LOGGING: every line of that level and above to the console."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"()": DiscreetFormatter, "fmt": "{levelname} {name} {message}", "style": "{"}
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django_structlog": {"level": "WARNING"},
            "django_tasks": {"level": "WARNING"},
            "kombu.connection": {"level": "ERROR"},  # a folder has no host name
            "wagtail": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            "pyhanko": {"level": "WARNING"},
        },
    }


STRUCTLOG: dict[str, Any] = {
    "processors": [
        structlog.stdlib.filter_by_level,
        structlog.contextvars.merge_contextvars,
        structlog.processors.KeyValueRenderer(key_order=["event"]),
    ],
    "logger_factory": structlog.stdlib.LoggerFactory(),
    "wrapper_class": structlog.stdlib.BoundLogger,
    "cache_logger_on_first_use": True,
}
