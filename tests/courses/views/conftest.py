from django.utils.translation import gettext

import pytest
import time_machine

from tests.factories import people
from tests.factories.courses import AT


@pytest.fixture
def both_languages():
    """A message as the page shows it, in the active language."""
    return gettext


@pytest.fixture
def clock():
    """The day people enrol; a test may travel further."""
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def person(client):
    user = people.person()
    client.force_login(user)
    return user


@pytest.fixture
def later(client, clock, person):
    """The same person on another day: a sign-in lasts two weeks."""

    def travel(moment) -> None:
        clock.move_to(moment)
        client.force_login(person)

    return travel
