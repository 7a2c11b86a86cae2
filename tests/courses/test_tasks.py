"""The clock of the heart: what each sweep does by itself, and that it may run twice."""

from datetime import timedelta

import pytest
import time_machine

from courses.models import Enrolment, SessionGuest
from courses.services.second_sessions import offer_second_session
from courses.tasks import fill_free_seats, forget_old_rows
from tests.courses.lines import full_session, grow, states
from tests.factories.courses import AT, NOON, guest, held, open_session

pytestmark = pytest.mark.django_db


def test_the_sweep_seats_the_first_in_line_and_ends_what_that_makes_needless():
    first, (one,) = full_session(1, asks_first=False)
    second = open_session(starts_at=NOON + timedelta(days=7), capacity=0, course=first.course)
    offer_second_session(first=first, second=second, by=None, at=AT)
    row = Enrolment.objects.get(session=second)
    grow(first, 1)

    with time_machine.travel(AT, tick=False):
        fill_free_seats.delay().get()
        assert states(one, row) == ["confirmed", "waiting"]
        for _n in range(2):
            fill_free_seats.delay().get()
    assert states(one, row) == ["confirmed", "cancelled"]


def test_what_is_due_is_forgotten_by_the_clock_and_nothing_else():
    session, _line = full_session(1)
    guest(session, "invitee@exemple.test")
    held(session)
    guest(open_session(starts_at=NOON + timedelta(days=900)), "autre@exemple.test")

    with time_machine.travel(NOON + timedelta(days=700), tick=False):
        assert set(forget_old_rows.delay().get().values()) == {0}
    with time_machine.travel(NOON + timedelta(days=732), tick=False):
        found, again = (forget_old_rows.delay().get() for _n in range(2))
    assert {kind: n for kind, n in found.items() if n} == {"guests": 1, "attempts": 1}
    assert set(again.values()) == {0}
    assert SessionGuest.objects.get().address == "autre@exemple.test"
