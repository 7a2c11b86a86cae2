"""The invariants of seats, each by its name: I11, I13, I15 and I19, what an act leaves behind.

History has one line a change, an act pressed twice is one act, no path leads round the gate, and an
exchange is made whole or not at all.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from courses import signals
from courses.choices import EnrolmentOrigin, OpeningMode
from courses.models import Enrolment, EnrolmentEvent, Session
from courses.services.bulk import enrol_many
from courses.services.enrolments import (
    SeatRefusal,
    cancel_enrolment,
    enrol,
    pause_waiting,
    set_asking,
)
from courses.services.exchanges import exchange, offer_to, pass_on
from courses.services.offers import accept_offer, decline_offer, expire_offers
from courses.services.requests import approve_request, draw_due, refuse_request
from courses.services.roster import move_in_line, move_to_session, seat_beyond
from courses.services.second_sessions import offer_second_session
from courses.services.sessions import hold_finished_sessions, save_session
from notices.models import Notice
from people.models import User
from tests.courses.gate.acts import END, an_offer, held
from tests.courses.gate.invariants import broken
from tests.courses.lines import fill, fresh, full_session, grow, states
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, open_session, pool, published_course, term

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DAY = timedelta(days=1)


@pytest.fixture
def staff() -> User:
    return people.coordinator()


# ------------------------------------------------------------------ I11: history
def written_by(act: Callable[[], object]) -> list[tuple[int, str, str, int | None]]:
    """(enrolment, from, to, by whom) of each change of state that history says of that act, which
    must be what became of the rows."""
    before = dict(Enrolment.objects.values_list("pk", "state"))
    last = EnrolmentEvent.objects.count()
    act()
    after = dict(Enrolment.objects.values_list("pk", "state"))
    events = EnrolmentEvent.objects.order_by("pk").values_list(
        "enrolment", "from_state", "to_state", "by"
    )[last:]
    steps = [event for event in events if event[1] != event[2]]
    changed = {(pk, before.get(pk, ""), now) for pk, now in after.items() if before.get(pk) != now}
    assert sorted(step[:3] for step in steps) == sorted(changed)
    return sorted(steps)


def test_i11_every_change_has_one_line_with_who_made_it_and_replaying_them_gives_the_rows(staff):
    first = open_session(capacity=1, starts_at=NOON)
    second = open_session(capacity=1, starts_at=NOON + DAY)
    ann, bob, cat, dan = (people.person() for _ in range(4))

    def row_of(person: User, session: Session = first) -> Enrolment:
        return Enrolment.objects.live().get(person=person, session=session)

    def by(person: User, verb: Callable, session: Session = first, **named: object) -> Callable:
        return lambda: verb(enrolment=row_of(person, session), by=person, at=AT, **named)

    acts: list[tuple[Callable, User | None, list[tuple[str, str]]]] = [
        (partial(enrolled, first, ann), ann, [("", "confirmed")]),
        (partial(enrolled, first, bob), bob, [("", "waiting")]),
        (partial(enrolled, first, cat), cat, [("", "waiting")]),
        (partial(enrolled, first, cat), cat, []),
        (by(cat, set_asking, asks_first=True), cat, []),
        (by(bob, pause_waiting, paused=True), bob, []),
        (by(ann, cancel_enrolment), ann, [("confirmed", "cancelled")]),
        (partial(fill, first), None, [("waiting", "offered")]),
        (partial(expire_offers, at=END), None, [("offered", "expired"), ("", "waiting")]),
        (by(bob, pause_waiting, paused=False), bob, []),
        (partial(fill, first), None, [("waiting", "confirmed")]),
        (
            lambda: exchange(leaving=row_of(bob), session=second, by=bob, at=AT),
            bob,
            [("confirmed", "cancelled"), ("", "confirmed")],
        ),
        (by(bob, pass_on, second, to=dan), bob, [("confirmed", "cancelled"), ("", "offered")]),
        (by(dan, accept_offer, second), dan, [("offered", "confirmed")]),
        (
            partial(seat_beyond, person=cat, session=first, by=staff, at=AT, motive="Jury"),
            staff,
            [("waiting", "confirmed")],
        ),
        (
            lambda: move_to_session(
                enrolment=row_of(dan, second), session=first, by=staff, at=AT, motive="Salle"
            ),
            staff,
            [("confirmed", "cancelled"), ("", "confirmed")],
        ),
        (partial(enrolled, first, ann), ann, [("", "waiting")]),
        (partial(hold_finished_sessions, at=NOON), None, [("waiting", "lapsed")]),
    ]
    for act, who, steps in acts:
        found = written_by(act)
        assert [step[1:] for step in found] == [(*step, who and who.pk) for step in steps]
        assert broken() == []


# ------------------------------------------------------------------ I13: pressed twice
def a_seat() -> tuple[Callable[[], Enrolment], Enrolment]:
    seat = enrolled(open_session())
    return partial(enrol, person=seat.person, session=seat.session, by=seat.person, at=AT), seat


def a_rank() -> tuple[Callable[[], Enrolment], Enrolment]:
    _row, (waiting,) = full_session(1)
    return partial(enrol, person=waiting.person, session=waiting.session, by=None, at=AT), waiting


def pressed(verb: Callable[..., Enrolment], make: Callable[[], Enrolment], **named: object):
    def begin() -> tuple[Callable[[], Enrolment], Enrolment]:
        row = make()
        act = partial(verb, enrolment=row, by=row.person, at=AT, **named)
        return act, act()

    return begin


def an_exchange() -> tuple[Callable[[], Enrolment], Enrolment]:
    seat, other = enrolled(open_session()), open_session()
    act = partial(exchange, leaving=seat, session=other, by=seat.person, at=AT)
    return act, act()


def a_seat_passed_on() -> tuple[Callable[[], Enrolment], Enrolment]:
    seat, colleague = enrolled(open_session()), people.person()
    act = partial(pass_on, enrolment=seat, to=colleague, by=seat.person, at=AT)
    return act, act()


def a_seat_for_somebody() -> tuple[Callable[[], Enrolment], Enrolment]:
    agent = people.liaison_agent()
    act = partial(offer_to, person=people.person(), session=open_session(), by=agent, at=AT)
    return act, act()


def a_seat_beyond() -> tuple[Callable[[], Enrolment], Enrolment]:
    act = partial(
        seat_beyond,
        person=people.person(),
        session=open_session(capacity=0),
        by=people.coordinator(),
        at=AT,
        motive="Jury",
    )
    return act, act()


def a_move() -> tuple[Callable[[], Enrolment], Enrolment]:
    seat, other = enrolled(open_session()), open_session(starts_at=NOON + DAY)
    act = partial(
        move_to_session,
        enrolment=seat,
        session=other,
        by=people.coordinator(),
        at=AT,
        motive="Salle",
    )
    return act, act()


def a_request() -> Enrolment:
    return enrolled(open_session(needs_approval=True))


TWICE = {
    "asks for a seat": a_seat,
    "asks for a rank": a_rank,
    "gives a seat back": pressed(cancel_enrolment, lambda: enrolled(open_session())),
    "says yes": pressed(accept_offer, lambda: an_offer()[1]),
    "says no": pressed(decline_offer, lambda: an_offer()[1]),
    "exchanges": an_exchange,
    "passes on": a_seat_passed_on,
    "enrols somebody": a_seat_for_somebody,
    "approves": pressed(approve_request, a_request),
    "refuses": pressed(refuse_request, a_request, motive="Hors sujet"),
    "seats beyond the capacity": a_seat_beyond,
    "moves to another session": a_move,
}


@pytest.mark.parametrize("case", TWICE)
def test_i13_an_act_pressed_twice_is_one_act(case):
    """The same answer, and not one row more of anything."""
    act, first = TWICE[case]()
    tables = (Enrolment, EnrolmentEvent, Notice)
    counts = [table.objects.count() for table in tables]

    again = act()

    assert (again, again.state, again.rank) == (first, first.state, first.rank)
    assert [table.objects.count() for table in tables] == counts


# ------------------------------------------------------------------ I15: one gate
def restored(session: Session, person: User, staff: User) -> None:
    """Gave the seat back, and wants it again once it went to somebody else."""
    row = Enrolment.objects.held().get(session=session)
    cancel_enrolment(enrolment=row, by=row.person, at=AT)
    enrolled(session, people.person())
    enrolled(session, row.person)


def lifted(session: Session, person: User, staff: User) -> None:
    """The capacity goes up by one and down again before the list was served."""
    enrolled(session, person)
    grow(session, 2), grow(session, 1)


def moved_between_pools(session: Session, person: User, staff: User) -> None:
    """A pool for that very person, out of the one seat that is held."""
    enrolled(session, person)
    save_session(
        session=Session.objects.get(pk=session.pk),
        meetings=None,
        breaks=None,
        trainers=None,
        pools=[pool(people.establishment(), 1)],
        by=staff,
        at=AT,
    )


def approved(session: Session, person: User, staff: User) -> None:
    Session.objects.filter(pk=session.pk).update(needs_approval=True)
    request = enrolled(session, person)
    approve_request(enrolment=request, by=staff, at=AT)


def drawn(session: Session, person: User, staff: User) -> None:
    closes_at = AT + DAY
    Session.objects.filter(pk=session.pk).update(
        opening_mode=OpeningMode.DRAW, requests_close_at=closes_at
    )
    enrolled(session, person)
    draw_due(at=closes_at)


def exchanged(session: Session, person: User, staff: User) -> None:
    seat = enrolled(open_session(starts_at=NOON + DAY), person)
    exchange(leaving=seat, session=session, by=person, at=AT)


def moved(session: Session, person: User, staff: User) -> None:
    seat = enrolled(open_session(starts_at=NOON + DAY), person)
    move_to_session(enrolment=seat, session=session, by=staff, at=AT, motive="Salle")


def second_session(session: Session, person: User, staff: User) -> None:
    first = open_session(course=session.course, capacity=0, starts_at=NOON + DAY)
    enrolled(first, person)
    offer_second_session(first=first, second=session, by=staff, at=AT)


def offered(session: Session, person: User, staff: User) -> None:
    offer_to(person=person, session=session, by=people.liaison_agent(), at=AT)


def listed(origin: EnrolmentOrigin) -> Callable[[Session, User, User], None]:
    def enrol_by_hand(session: Session, person: User, staff: User) -> None:
        enrol_many(people=[person], session=session, by=staff, at=AT, origin=origin)

    return enrol_by_hand


def put_first(session: Session, person: User, staff: User) -> None:
    row = enrolled(session, person)
    move_in_line(enrolment=row, place=1, by=staff, at=AT, motive="Urgence")


PATHS = {
    "web": lambda session, person, staff: enrolled(session, person),
    "staff": listed(EnrolmentOrigin.STAFF),
    "import": listed(EnrolmentOrigin.IMPORT),
    "liaison agent": offered,
    "approval": approved,
    "draw": drawn,
    "restored": restored,
    "moved to the session": moved,
    "moved in line": put_first,
    "moved between pools": moved_between_pools,
    "capacity edited": lifted,
    "exchange": exchanged,
    "second session": second_session,
}


@pytest.mark.parametrize("path", PATHS)
def test_i15_whatever_the_path_a_full_session_gives_a_rank(path, staff):
    session, person = open_session(course=published_course(), capacity=1), people.verified_member()
    enrolled(session)

    PATHS[path](session, person, staff)
    fill(session)

    rows = Enrolment.objects.live().filter(session=session)
    assert sorted(rows.values_list("state", flat=True)) == ["confirmed", "waiting"]
    assert broken() == []


# ------------------------------------------------------------------ I19: all or nothing
class FailsError(Exception):
    pass


def fail(**_carried: object) -> None:
    raise FailsError


@pytest.mark.parametrize("signal", ["seat_confirmed", "enrolment_cancelled", "seat_freed"])
def test_i19_an_exchange_that_breaks_off_leaves_both_sessions_as_they_were(signal):
    """Wherever it breaks: the new seat is given, the old one is given back, the list is woken."""
    seat, other = enrolled(open_session()), open_session()
    history = EnrolmentEvent.objects.count()
    getattr(signals, signal).connect(fail)
    try:
        with pytest.raises(FailsError):
            exchange(leaving=seat, session=other, by=seat.person, at=AT)
    finally:
        getattr(signals, signal).disconnect(fail)

    assert (states(seat), held(other)) == (["confirmed"], 0)
    assert (EnrolmentEvent.objects.count(), broken()) == (history, [])


def test_i19_an_exchange_that_is_refused_gives_nothing_up():
    autumn = term(seats_per_person=1)
    seat = enrolled(open_session(starts_at=NOON - DAY))
    enrolled(open_session(term=autumn), seat.person)
    other = open_session(term=autumn, starts_at=NOON + DAY)

    with pytest.raises(SeatRefusal):
        exchange(leaving=seat, session=other, by=seat.person, at=AT)

    assert (states(seat), held(other)) == (["confirmed"], 0)


def test_i19_an_exchange_that_waits_keeps_the_seat_until_the_other_comes():
    seat = enrolled(open_session(starts_at=NOON - DAY))
    other = open_session(capacity=0)
    rank = exchange(leaving=seat, session=other, by=seat.person, at=AT)
    assert states(seat, rank) == ["confirmed", "waiting"]

    grow(other, 1), fill(other)

    assert states(seat, rank) == ["cancelled", "confirmed"]
    assert fresh(rank).instead_of == fresh(seat)
