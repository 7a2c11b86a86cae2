"""The invariant of messages, by its name: I12, each fact of a seat is told once, when it is one."""

from collections.abc import Callable
from functools import partial

from django.db import transaction

import pytest

from courses import signals
from courses.models import Enrolment
from courses.services.enrolments import cancel_enrolment
from courses.services.offers import accept_offer, expire_offers
from people.models import User
from tests.courses.gate.acts import END, asking, cancelling, held
from tests.courses.gate.freezing import Point, cross
from tests.courses.lines import fill, full_session, grow
from tests.factories import notices, people
from tests.factories.courses import AT, enrolled, open_session

pytestmark = pytest.mark.django_db


def sent(person: User) -> list[str]:
    """The facts that person was told, oldest first."""
    return [notice.kind for notice in notices.of(person) if notice.state == "sent"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i12_nothing_is_told_before_the_commit_and_one_thing_after_it(smtp):
    """The worker looks while the act is about to commit, and twice afterwards."""
    session, person = open_session(), people.person()

    crossing = cross(asking(session, person), lambda: notices.send_all(AT), at=Point.COMMITTING)
    assert (crossing.has_stopped, crossing.first, crossing.second) == (True, "confirmed", [])
    assert len(smtp) == 0

    assert (notices.send_all(AT), notices.send_all(AT)) == (["sent"], [])
    assert len(smtp.to(person.email)) == 1


@pytest.mark.both_databases
def test_i12_nothing_is_told_after_a_rollback(smtp):
    session = open_session()
    seat, person = enrolled(session), people.person()
    notices.send_all(AT)

    for act in (asking(session, person), cancelling(seat)):
        with transaction.atomic():
            act()
            transaction.set_rollback(True)

    assert (notices.send_all(AT), held(session)) == ([], 1)
    assert (sent(person), len(smtp.to(seat.person.email))) == ([], 1)


@pytest.mark.both_databases
def test_i12_each_fact_of_a_life_is_told_once_however_often_it_is_heard_and_swept(smtp, heard):
    row, (first, second) = full_session(2)
    acts: list[Callable[[], object]] = [
        lambda: None,
        lambda: (grow(row, 1), fill(row)),
        partial(expire_offers, at=END),
        partial(fill, row, END),
        lambda: accept_offer(enrolment=second, by=second.person, at=END),
        lambda: cancel_enrolment(enrolment=last, by=first.person, at=END),
    ]
    for act in acts:
        act()
        last = Enrolment.objects.filter(person=first.person).latest("pk")
        act()
        for name, carried in list(heard):
            getattr(signals, name).send(sender=Enrolment, **carried)
        heard.clear()
        for at in (AT, END, END):
            notices.send_all(at)

    told = {
        first: ["put_on_waiting_list", "seat_offered", "offer_expired", "enrolment_cancelled"],
        second: ["put_on_waiting_list", "seat_offered", "seat_confirmed"],
    }
    for each, facts in told.items():
        assert sent(each.person) == facts
        assert len(smtp.to(each.person.email)) == len(facts)
