from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

import pytest

from people.models import User
from people.services.accounts import begin_account
from people.tasks import forget_sessions, forget_unconfirmed

pytestmark = pytest.mark.django_db


def test_sweep_takes_away_what_nobody_proved_and_may_run_twice():
    begin_account(email="old@exemple.test", at=timezone.now() - timedelta(days=2))
    recent = begin_account(email="recent@exemple.test", at=timezone.now())
    assert forget_unconfirmed.delay().get() == 1
    assert forget_unconfirmed.delay().get() == 0
    assert list(User.objects.all()) == [recent]


def test_ended_web_sessions_are_taken_away_and_live_ones_stay():
    now = timezone.now()
    Session.objects.create(session_key="ended", expire_date=now - timedelta(seconds=1))
    Session.objects.create(session_key="live", expire_date=now + timedelta(days=1))
    assert forget_sessions.delay().get() == 1
    assert [row.session_key for row in Session.objects.all()] == ["live"]
