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

SEAT = """
from datetime import timedelta
from django.utils import timezone
from tests.factories import courses, people

at = timezone.now()
session = courses.open_session(starts_at=at + timedelta(days=30), at=at)
courses.enrolled(session, people.person(address, at=at), at=at)
"""
MESSAGES = """
from notices.models import Notice
rows = Notice.objects.filter(recipient__email=address).order_by("pk")
answer = list(rows.values_list("state", "attempts"))
"""
TEN_MINUTES_LATER = """
from datetime import timedelta
from django.db.models import F
from notices.models import Notice
Notice.objects.filter(state="sending").update(taken_at=F("taken_at") - timedelta(minutes=10))
"""
SWEEP = "Task notices.tasks.deliver_due"


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"still not so after {seconds} s"
        time.sleep(0.2)


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
    """Killed between the commit of a seat and its mail, or gone before the commit: each seat is
    confirmed by mail once all the same. Ten minutes are made to pass by hand."""
    cut, later = "coupure@hopital.example", "ensuite@hopital.example"

    product.mails.delay = 15  # the worker stands in the middle of sending
    product.python(SEAT, address=cut)
    wait_until(lambda: product.python(MESSAGES, address=cut) == [["sending", 1]])
    product.stop_worker(signal.SIGKILL)
    product.mails.delay = 0
    product.python(SEAT, address=later)
    assert product.python(MESSAGES, address=cut) == [["sending", 1]]
    assert [product.mails.to(address) for address in (cut, later)] == [[], []]

    product.start_worker()
    wait_until(lambda: product.python(MESSAGES, address=later) == [["sent", 1]])
    product.python(TEN_MINUTES_LATER)
    product.mails.wait_for(cut)
    wait_until(lambda: product.python(MESSAGES, address=cut) == [["sent", 2]])
    sweeps = product.log("worker").count(SWEEP)
    wait_until(lambda: product.log("worker").count(SWEEP) >= sweeps + 2)

    assert product.python(MESSAGES, address=later) == [["sent", 1]]
    assert [len(product.mails.to(address)) for address in (cut, later)] == [1, 1]
    assert product.log("worker").count(" ready.") == 2


def test_product_leaves_no_process_behind(start_product: Callable[..., Product]) -> None:
    product = start_product("sqlite", workers=1)
    groups = [process.pid for process in product._processes.values()]
    assert all(living(group) for group in groups)

    product.stop()

    assert [living(group) for group in groups] == [[], []]
