"""Many hands on the last seat, on real PostgreSQL, in real processes.

Each race is run twice: as the product is, and with its lock taken away. The second must go wrong:
a race that cannot be lost proves nothing.
"""

import time
from collections import Counter
from datetime import timedelta

import pytest

from courses.models import Enrolment, Session
from courses.services import enrolments, gate
from courses.services.enrolments import SeatRefusal, cancel_enrolment, enrol
from courses.services.offers import fill_session
from people.models import User
from tests.courses.crowd import Crowd
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, open_session, published_course, term

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

HANDS = 40
ROUNDS = 50


def no_lock(*, person_id: int, session_id: int) -> tuple[User, Session]:
    """What lock_rows would be without its locks."""
    return User.objects.get(pk=person_id), Session.objects.get(pk=session_id)


def session_lock_alone(*, person_id: int, session_id: int) -> tuple[User, Session]:
    """What lock_rows would be if it forgot the person."""
    person = User.objects.get(pk=person_id)
    return person, Session.objects.select_for_update(no_key=True).get(pk=session_id)


@pytest.fixture(autouse=True)
def no_worker(monkeypatch) -> None:
    """Waking the worker is not part of the race: here it would do its work in the same process."""
    monkeypatch.setattr("celery.app.task.Task.apply_async", lambda *_args, **_options: None)


@pytest.fixture
def hesitation(monkeypatch) -> None:
    """A moment between counting and writing, the same with and without the lock."""
    count = gate.count_seats

    def count_slowly(session: Session) -> gate.Seats:
        seats = count(session)
        time.sleep(0.002)
        return seats

    monkeypatch.setattr(enrolments, "count_seats", count_slowly)


def take_a_seat(number: int, session_pk: int, person_pks: list[int]) -> str:
    """The state got, or the name of the refusal."""
    person = User.objects.get(pk=person_pks[number])
    session = Session.objects.get(pk=session_pk)
    try:
        return enrol(person=person, session=session, by=person, at=AT).state
    except SeatRefusal as refusal:
        return type(refusal).__name__


def last_seats(rounds: int) -> list[tuple[Counter, list[int]]]:
    """Each round: a session with one seat left, forty people who want it. What they were answered,
    and the ranks then on the list.
    """
    pks = [people.person().pk for _ in range(HANDS)]
    seated, course = people.person(), published_course()
    found = []
    with Crowd(HANDS, take_a_seat) as crowd:
        for day in range(rounds):
            row = open_session(course=course, capacity=2, starts_at=NOON + timedelta(days=day))
            enrolled(row, seated)
            answers = Counter(crowd.rush(row.pk, pks))
            assert answers["confirmed"] == Enrolment.objects.held().filter(session=row).count() - 1
            waiting = Enrolment.objects.filter(session=row).waiting()
            found.append((answers, list(waiting.values_list("rank", flat=True))))
    return found


def test_the_last_seat_has_one_winner(hesitation):
    rounds = last_seats(ROUNDS)

    one_seat = (Counter(confirmed=1, waiting=HANDS - 1), list(range(1, HANDS)))
    assert rounds == [one_seat] * ROUNDS


def test_without_its_lock_the_last_seat_has_several_winners(hesitation, monkeypatch):
    """Negative control: the race above is real."""
    monkeypatch.setattr(enrolments, "lock_rows", no_lock)

    rounds = last_seats(3)

    assert sum(answers["confirmed"] for answers, _ranks in rounds) > len(rounds)


def take_either(number: int, session_pks: list[int], person_pk: int) -> str:
    return take_a_seat(number, session_pks[number], [person_pk] * len(session_pks))


def two_tabs(rounds: int) -> list[Counter]:
    """Each round: one person, allowed one seat of the term, asks for two sessions at once."""
    course, found = published_course(), []
    with Crowd(2, take_either) as crowd:
        for day in range(rounds):
            autumn, person = term(seats_per_person=1), people.person()
            pks = [
                open_session(
                    course=course, term=autumn, starts_at=NOON + timedelta(days=day, hours=hour)
                ).pk
                for hour in (0, 3)
            ]
            found.append(Counter(crowd.rush(pks, person.pk)))
    return found


def test_two_tabs_do_not_pass_the_limit_of_a_term(hesitation):
    rounds = two_tabs(20)

    assert rounds == [Counter(confirmed=1, TermLimitReached=1)] * 20


def test_without_the_lock_on_the_person_two_tabs_pass_the_limit(hesitation, monkeypatch):
    """Negative control: the session's lock alone does not keep a person's rules."""
    monkeypatch.setattr(enrolments, "lock_rows", session_lock_alone)

    rounds = two_tabs(5)

    assert sum(answers["confirmed"] for answers in rounds) > len(rounds)


def leave_ask_or_fill(number: int, session_pk: int, person_pks: list[int]) -> str:
    """One third gives back, one third asks, one third serves the list: all at once."""
    match number % 3:
        case 0:
            row = Enrolment.objects.filter(session=session_pk, person=person_pks[number]).first()
            if row is not None:
                cancel_enrolment(enrolment=row, by=row.person, at=AT)
        case 1:
            return take_a_seat(number, session_pk, person_pks)
        case _:
            fill_session(session_id=session_pk, at=AT)
    return "done"


def test_giving_back_asking_and_serving_the_list_together_keep_the_cap_and_the_order(hesitation):
    """I1, I5, I6, I9: nothing oversold, nobody overtaken, no seat left once the list is served."""
    hands, seats = 12, 3
    pks = [people.person().pk for _ in range(hands)]
    course = published_course()
    with Crowd(hands, leave_ask_or_fill) as crowd:
        for day in range(10):
            row = open_session(course=course, capacity=seats, starts_at=NOON + timedelta(days=day))
            for number in range(0, hands, 3):
                enrolled(row, User.objects.get(pk=pks[number]))
            line = [enrolled(row) for _ in range(4)]
            answers = crowd.rush(row.pk, pks)
            assert {answer for answer in answers if len(answer) > 20} == set()
            fill_session(session_id=row.pk, at=AT)

            assert Enrolment.objects.held().filter(session=row).count() == seats
            by_rank = Enrolment.objects.filter(session=row, rank__isnull=False).order_by("rank")
            live = [each.state for each in by_rank if each.state != "cancelled"]
            assert live == sorted(live), f"somebody overtook: {live}"
            assert {each.pk for each in line} <= {each.pk for each in by_rank}
