"""A production that lacks something is told so by name; one that lacks nothing hears nothing."""

from types import SimpleNamespace

import pytest

from academy import checks

COMPLETE = {
    "DEMO": False,
    "DEBUG": False,
    "SECRET_KEY": "x" * 60,
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
    "CELERY_BROKER_URL": "redis://broker/0",
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}},
    "EMAIL_TRANSPORT": "django.core.mail.backends.smtp.EmailBackend",
    "DEFAULT_FROM_EMAIL": "Académie <academie@reseau.quebec>",
    "PUBLIC_BASE_URL": "https://academie.quebec",
}
ALL = (
    checks.secret_key,
    checks.database,
    checks.broker,
    checks.cache,
    checks.sender,
    checks.signing_key,
    checks.public_address,
    checks.demonstration,
)


@pytest.fixture
def production(monkeypatch, tmp_path):
    """Settings of a whole production; the signing files exist."""
    settings = SimpleNamespace(**COMPLETE)
    for name in ("SIGNING_KEY_FILE", "SIGNING_CERTIFICATE_FILE"):
        path = tmp_path / name
        path.touch()
        setattr(settings, name, str(path))
    monkeypatch.setattr(checks, "settings", settings)
    return settings


def _ids():
    return [message.id for check in ALL for message in check(None)]


def test_a_whole_production_hears_nothing(production):
    assert _ids() == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SECRET_KEY", "", "academy.E001"),
        ("DATABASES", {"default": {"ENGINE": "django.db.backends.sqlite3"}}, "academy.E002"),
        ("CELERY_BROKER_URL", "filesystem://", "academy.E003"),
        ("CACHES", {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
         "academy.E004"),
        ("EMAIL_TRANSPORT", "django.core.mail.backends.filebased.EmailBackend", "academy.E005"),
        ("DEFAULT_FROM_EMAIL", "Académie <academie@academie.example>", "academy.E006"),
        ("SIGNING_KEY_FILE", "", "academy.W007"),
        ("PUBLIC_BASE_URL", "http://academie.quebec", "academy.E008"),
        ("DEMO", True, "academy.E009"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_with_a_hint(production, name, value, code):
    setattr(production, name, value)

    found = [message for check in ALL for message in check(None)]

    assert [message.id for message in found] == [code]
    assert found[0].hint


def test_the_demonstration_may_be_small(production):
    production.DEMO = True
    production.PUBLIC_BASE_URL = "http://localhost:8000"
    production.DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}
    production.CELERY_BROKER_URL = "filesystem://"

    assert _ids() == []
