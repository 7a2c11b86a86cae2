"""Sentences are compared as written in the code: English, whatever the catalogue says."""

from collections.abc import Iterator

from django.utils import translation

import pytest


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield
