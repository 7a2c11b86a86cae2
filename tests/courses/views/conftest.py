from django.utils.translation import gettext

import pytest


@pytest.fixture
def both_languages():
    """A message as the page shows it, in the active language."""
    return gettext
