from datetime import timedelta

from django.utils import timezone

import pytest

from people.models import User
from people.services.accounts import begin_account
from people.tasks import forget_unconfirmed

pytestmark = pytest.mark.django_db


def test_sweep_takes_away_what_nobody_proved_and_may_run_twice():
    begin_account(email="old@exemple.test", at=timezone.now() - timedelta(days=2))
    recent = begin_account(email="recent@exemple.test", at=timezone.now())
    assert forget_unconfirmed.delay().get() == 1
    assert forget_unconfirmed.delay().get() == 0
    assert list(User.objects.all()) == [recent]
