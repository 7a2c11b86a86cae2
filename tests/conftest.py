"""What every test stands on: a real database, mail server and browser, and no outside network.

The whole suite runs on PostgreSQL; tests marked `sqlite` or `both_databases` run (again) on SQLite
when TEST_DATABASE=sqlite. `make test` does both passes. By hand, pytest starts its own server:

    .venv/bin/pytest -n 0 tests/courses
    TEST_DATABASE=sqlite .venv/bin/pytest -n 0 tests/courses
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase
from django.utils import translation

import hypothesis
import pytest
from environ import Env

from tests import databases, samples
from tests.browser import CHROMIUM_ARGUMENTS, find_chromium
from tests.mailbox import Mailbox
from tests.network import hold_to_loopback
from tests.samples import (  # noqa: F401 - hooks and a fixture that pytest finds here
    pytest_runtest_makereport,
    pytest_runtest_setup,
    pytest_terminal_summary,
    samples_fixture,
)
from tests.servers import PrivatePostgres, PrivateRedis

hypothesis.settings.register_profile("house", deadline=None)  # machines are shared
hypothesis.settings.load_profile("house")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop running beside the tests


# ------------------------------------------------------------------ which tests run
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of this pass; keep the journeys of one module on one worker."""
    samples.pytest_collection_modifyitems(items)
    on_sqlite = django_settings.TEST_DATABASE == "sqlite"
    kept, left = [], []
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        is_for_sqlite = bool(marks & {"sqlite", "both_databases"})
        runs_here = is_for_sqlite if on_sqlite else "sqlite" not in marks
        (kept if runs_here else left).append(item)
        if "journeys" in item.path.parts and "xdist_group" not in marks:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


def pytest_sessionfinish() -> None:
    """The settings made a folder for this process's files; nobody else owns it."""
    folder = Path(django_settings.DATA_DIR)
    if folder.name.startswith("academy-tests-") and folder.parent == Path(tempfile.gettempdir()):
        shutil.rmtree(folder, ignore_errors=True)


# ------------------------------------------------------------------ servers
@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a private PostgreSQL's maintenance database: the run's own, or one started now."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given
        return
    with PrivatePostgres() as server:
        yield server.url


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """URL of a private Redis: the run's own, or one started now."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield given
        return
    with PrivateRedis() as server:
        yield server.url


# ------------------------------------------------------------------ database
@pytest.fixture(scope="session")
def _database_copy(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Makes this worker's database anew from the template and returns its URL."""
    row = django_settings.DATABASES["default"]
    if django_settings.TEST_DATABASE == "sqlite":
        path = Path(django_settings.DATA_DIR) / "test.sqlite3"
        row["NAME"] = str(path)
        yield lambda: databases.copy_sqlite(path)
        return
    server = request.getfixturevalue("postgres_server")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_{worker}_{os.getpid()}"
    row.update(Env.db_url_config(databases.database_url(server, name)))
    yield lambda: databases.copy_postgres(server, name)
    databases.drop_postgres(server, name)


@pytest.fixture(scope="session")
def database_url(_database_copy: Callable[[], str]) -> str:
    """DATABASE_URL of this worker's database, for tests that start processes of their own."""
    return _database_copy()


@pytest.fixture
def child_environment(database_url: str) -> dict[str, str]:
    """Environment of a process of ours that works on this worker's database beside the test."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "academy.settings.base",
        "DATABASE_URL": database_url,
        "SECRET_KEY": django_settings.SECRET_KEY,
        "DATA_DIR": str(django_settings.DATA_DIR),
    }


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    database_url: str,
    _database_copy: Callable[[], str],
) -> Iterator[None]:
    """pytest-django's own, replaced: a copy of the migrated template instead of migrations."""

    def start_again(case: TransactionTestCase) -> None:
        """After a transactional test: a fresh copy, where Django would empty every table."""
        connections.close_all()
        _database_copy()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", start_again)
        yield
    with django_db_blocker.unblock():
        connections.close_all()


# ------------------------------------------------------------------ each test alone
@pytest.fixture(autouse=True, scope="session")
def _loopback_only() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        hold_to_loopback(patch)
        yield


@pytest.fixture(autouse=True)
def _nothing_left_over() -> Iterator[None]:
    """The cache (rate limits live there) and the language of a test end with it."""
    cache.clear()
    yield
    cache.clear()
    translation.deactivate()


# ------------------------------------------------------------------ mail
@pytest.fixture
def smtp(settings: Any) -> Iterator[Mailbox]:
    """A real SMTP server, and the settings that make our own door use it."""
    with Mailbox() as mailbox:
        settings.EMAIL_BACKEND = "notices.backends.DoorBackend"
        settings.EMAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = mailbox.host, mailbox.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield mailbox


# ------------------------------------------------------------------ browser
@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | {
        "executable_path": find_chromium(),
        "args": list(CHROMIUM_ARGUMENTS),
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"locale": "fr-CA", "timezone_id": "America/Toronto"}
