"""No line of a log holds the secret part of an address."""

import io
import logging
import sys

from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import translation

import pytest
import structlog

from academy.settings.logs import MASK, DiscreetFormatter, masked
from tests.architecture.test_urls import addresses

TOKEN = "Zm9v-YmFy_0123456789abc"


def with_token() -> list[tuple[str, dict[str, str]]]:
    """Names of the addresses that hold a token."""
    return sorted(
        {each.name for each in addresses(get_resolver().url_patterns) if ":token>" in each.route}
    )


@pytest.fixture
def lines():
    """What the console's own formatter writes, of everything logged during the test."""
    root, written = logging.getLogger(), io.StringIO()
    (console,) = [each for each in root.handlers if isinstance(each.formatter, DiscreetFormatter)]
    beside = logging.StreamHandler(written)
    beside.setFormatter(console.formatter)
    root.addHandler(beside)
    yield written.getvalue
    root.removeHandler(beside)


def test_there_are_addresses_with_a_token():
    assert {"certificates:verify", "surveys:answer", "courses:feed"} <= set(with_token())


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", with_token())
def test_every_address_with_a_token_is_known(name, language):
    """A new one is added to CAPABILITIES, in both languages."""
    with translation.override(language):
        path = reverse(name, kwargs={"token": TOKEN})

    assert TOKEN in path
    for text in (path, f"GET {path}?a=1", f"/account/?next={path.replace('/', '%2F')}&b=2"):
        assert TOKEN not in masked(text)
        assert MASK in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "GET /seances/4f0c3a0e-7a53-4f7c-9f3e-2f1c5d6b7a80/calendrier.ics",
        "/formations/bonnes-pratiques-cliniques-e6r3/",
        "Not Found: /en/calendars/abc",
    ],
)
def test_other_addresses_are_left_as_they_are(text):
    assert masked(text) == text


def test_the_rest_of_the_line_stays():
    assert masked(f"WARNING Not Found: /v/{TOKEN}/?x=1 (user 3)") == (
        f"WARNING Not Found: /v/{MASK}/?x=1 (user 3)"
    )


def test_a_traceback_is_masked_too():
    try:
        raise ValueError(f"/en/surveys/{TOKEN}/")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "failed", None, sys.exc_info())

    said = DiscreetFormatter("{message}", style="{").format(record)

    assert "ValueError" in said
    assert TOKEN not in said


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["certificates:verify", "surveys:answer", "courses:feed"])
def test_a_refused_request_leaves_no_token_behind(name, lines):
    response = Client().get(reverse(name, kwargs={"token": TOKEN}), {"q": "1"})

    assert response.status_code == 404
    assert "Not Found: " in lines()  # Django's own line
    assert "request_finished" in lines()  # django-structlog's
    assert TOKEN not in lines()


def test_lines_of_structlog_pass_the_same_way(lines):
    structlog.get_logger("django_structlog.tests").warning("failed", request=f"GET /v/{TOKEN}/")

    assert f"GET /v/{MASK}/" in lines()
    assert TOKEN not in lines()


def test_without_the_formatter_the_token_would_be_written():
    """The negative control: what the lines above would hold."""
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, f"/v/{TOKEN}/", None, None)

    assert TOKEN in logging.Formatter("{message}", style="{").format(record)
