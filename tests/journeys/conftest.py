"""The running product for journeys: `start_product(…)` for one, `product` for one on each database.

def test_newcomer_takes_a_seat(product, page):
    page.goto(product.url)
    code = product.mails.wait_for("ana@hopital.example").text
    product.python("from people.models import User; answer = User.objects.count()")
"""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.journeys.product import Product
from tests.mailbox import Mailbox

RUNNING = pytest.StashKey[list[Product]]()
REDIS_NUMBERS = itertools.count()
LOG_END = 6000  # characters of each log shown when a journey fails


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[pytest.TestReport]:
    """A journey that fails shows what the processes said."""
    report = yield
    if report.failed:
        for product in item.session.stash.get(RUNNING, []):
            for name in ("web", "worker", "inside"):
                report.sections.append((f"{name} at {product.url}", product.log(name)[-LOG_END:]))
    return report


@pytest.fixture(scope="module")
def start_product(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Product]]:
    """Start the product on a fresh database: start_product("sqlite" or "postgresql").

    `prepare` is called with the product before its processes start (to build content),
    `environment` adds variables, `workers` counts gunicorn's processes. All stop with the module.
    """
    running = request.session.stash.setdefault(RUNNING, [])
    ends: list[Callable[[], None]] = []

    def start(
        database: str = "sqlite",
        *,
        workers: int = 2,
        environment: dict[str, str] | None = None,
        prepare: Callable[[Product], None] | None = None,
    ) -> Product:
        data_dir = tmp_path_factory.mktemp("product")
        mails = Mailbox()
        mails.__enter__()
        ends.append(lambda: mails.__exit__())
        product = Product(
            data_dir=data_dir,
            mails=mails,
            workers=workers,
            environment=environment,
            **_backing(request, database, data_dir, ends),
        )
        running.append(product)
        ends.append(product.stop)
        if prepare is not None:
            prepare(product)
        product.start()
        return product

    yield start
    for end in reversed(ends):
        end()
    running.clear()


def _backing(
    request: pytest.FixtureRequest, database: str, data_dir: Path, ends: list[Callable[[], None]]
) -> dict[str, Any]:
    """What one product stands on: SQLite and a folder, or PostgreSQL and Redis."""
    if database == "sqlite":
        url = databases.copy_sqlite(data_dir / "db.sqlite3")
        return {"database_url": url, "broker_url": "filesystem://", "cache_url": "locmemcache://"}
    server = request.getfixturevalue("postgres_server")
    name = f"product_{os.getpid()}_{len(ends)}"
    ends.append(lambda: databases.drop_postgres(server, name))
    redis = request.getfixturevalue("redis_server").removesuffix("/0")
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    number = (worker * 32 + next(REDIS_NUMBERS) % 32) * 2  # two of Redis's 256 databases each
    return {
        "database_url": databases.copy_postgres(server, name),
        "broker_url": f"{redis}/{number}",
        "cache_url": f"{redis}/{number + 1}",
    }


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def product(request: pytest.FixtureRequest, start_product: Callable[..., Product]) -> Product:
    """The running product, once on SQLite and once on PostgreSQL."""
    return start_product(request.param)


@pytest.fixture(scope="session")
def screenshot_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where photographs of pages go: SCREENSHOTS (make screenshots), or nowhere that lasts."""
    folder = os.environ.get("SCREENSHOTS")
    path = Path(folder) if folder else tmp_path_factory.mktemp("screenshots")
    path.mkdir(parents=True, exist_ok=True)
    return path
