"""What the tests of the face share: a site whose pages stand, on a day of the term."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.test import Client

import pytest
import time_machine

from cms.models import HomePage
from tests.factories import cms, people

TODAY = datetime(2026, 11, 2, 9, 0, tzinfo=ZoneInfo("America/Toronto"))


@pytest.fixture(autouse=True)
def today() -> Iterator[datetime]:
    """Pages read the clock: it stands at TODAY."""
    with time_machine.travel(TODAY, tick=True):
        yield TODAY


@pytest.fixture(scope="module")
def _standing_site(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """The site, written once for all the tests of a module, in a transaction around theirs."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(TODAY, tick=True),
        transaction.atomic(),
    ):
        yield cms.site().pk
        transaction.set_rollback(True)


@pytest.fixture
def site(_standing_site: int, db: None) -> HomePage:
    return HomePage.objects.get(pk=_standing_site)


@pytest.fixture
def coordinator(site: HomePage) -> Client:
    """A browser in which a coordinator is signed in."""
    client = Client()
    client.force_login(
        people.coordinator(), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client
