"""The running product itself: it answers, its worker works, it can be looked into, it stops."""

import contextlib
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.product import Product


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as answer:
        answer.close()
        return answer.code


def living(group: int) -> list[str]:
    """Names of the processes of a group that still run (a zombie only waits to be counted)."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            name, _, rest = status.read_text().rpartition(") ")
            state, _, its_group = rest.split()[:3]
            if int(its_group) == group and state != "Z":
                found.append(name)
    return found


def test_product_serves_hashed_static_files(product: Product) -> None:
    address = product.python(
        "from django.templatetags.static import static\n"
        "answer = static('wagtailadmin/css/core.css')"
    )

    assert status_of(product.url + address) == 200


def test_product_runs_on_the_database_it_was_given(product: Product) -> None:
    vendor = product.python("from django.db import connection\nanswer = connection.vendor")

    assert product.database_url.startswith(vendor)


def test_product_tells_what_went_wrong_inside(product: Product) -> None:
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        product.python("answer = 1 / nothing", nothing=0)


def test_product_worker_takes_work_again_after_a_power_cut(product: Product) -> None:
    product.stop_worker(signal.SIGKILL)
    product.start_worker()

    deadline = time.monotonic() + 60
    while product.log("worker").count(" ready.") < 2 and time.monotonic() < deadline:
        time.sleep(0.2)

    assert product.log("worker").count(" ready.") == 2


def test_product_leaves_no_process_behind(start_product: Callable[..., Product]) -> None:
    product = start_product("sqlite", workers=1)
    groups = [process.pid for process in product._processes.values()]
    assert all(living(group) for group in groups)

    product.stop()

    assert [living(group) for group in groups] == [[], []]
