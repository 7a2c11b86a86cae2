"""Fail at start, not at noon: what a production site may not lack.

`manage.py check --deploy` runs them. The embedded default (DEMO, or DEBUG) is allowed to be small;
production is not.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Caution


def _is_production() -> bool:
    return not (settings.DEMO or settings.DEBUG)


@register()
def secret_key(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.SECRET_KEY:
        return []
    return [
        Error(
            "SECRET_KEY is empty.",
            id="academy.E001",
            hint="Set SECRET_KEY to fifty random characters or more.",
        )
    ]


@register(deploy=True)
def database(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql") or not _is_production():
        return []
    return [
        Error(
            "Production runs on SQLite.",
            id="academy.E002",
            hint="Set DATABASE_URL=postgres://…; SQLite is for one machine and the demo.",
        )
    ]


@register(deploy=True)
def broker(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.CELERY_BROKER_URL.startswith("filesystem") or not _is_production():
        return []
    return [
        Error(
            "No broker: the worker would be woken through files.",
            id="academy.E003",
            hint="Set CELERY_BROKER_URL=redis://…",
        )
    ]


@register(deploy=True)
def cache(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if "locmem" not in settings.CACHES["default"]["BACKEND"].lower() or not _is_production():
        return []
    return [
        Error(
            "The cache is not shared, so rate limits multiply by processes.",
            id="academy.E004",
            hint="Set CACHE_URL=rediscache://…",
        )
    ]


@register(deploy=True)
def sender(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not _is_production():
        return []
    found: list[CheckMessage] = []
    if "filebased" in settings.EMAIL_TRANSPORT or "console" in settings.EMAIL_TRANSPORT:
        found.append(
            Error(
                "Mail is written to a folder instead of being sent.",
                id="academy.E005",
                hint="Set EMAIL_URL=smtp+tls://user:password@host:587 or EMAIL_TRANSPORT.",
            )
        )
    if settings.DEFAULT_FROM_EMAIL.endswith(".example>") or settings.DEFAULT_FROM_EMAIL.endswith(
        ".example"
    ):
        found.append(
            Error(
                "The sender of mails is an example.",
                id="academy.E006",
                hint="Set DEFAULT_FROM_EMAIL to a monitored address of yours.",
            )
        )
    return found


@register(deploy=True)
def signing_key(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    files = {
        "SIGNING_KEY_FILE": settings.SIGNING_KEY_FILE,
        "SIGNING_CERTIFICATE_FILE": settings.SIGNING_CERTIFICATE_FILE,
    }
    missing = [name for name, value in files.items() if not value or not Path(value).is_file()]
    if not missing or not _is_production():
        return []
    return [
        Caution(
            f"Attestations will not be signed: {', '.join(missing)}.",
            id="academy.W007",
            hint="Give a P-256 key and its certificate chain as PEM files.",
        )
    ]


@register(deploy=True)
def public_address(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.PUBLIC_BASE_URL.startswith("https://") or not _is_production():
        return []
    return [
        Error(
            "PUBLIC_BASE_URL is not an https:// address.",
            id="academy.E008",
            hint="It is printed on attestations for fifteen years: set the final address.",
        )
    ]


@register(deploy=True)
def demonstration(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not (settings.DEMO and settings.PUBLIC_BASE_URL.startswith("https://")):
        return []
    return [
        Error(
            "DEMO is on at a public address: anyone may sign in as anyone.",
            id="academy.E009",
            hint="Unset DEMO.",
        )
    ]
