"""The draw: published before, recomputed by anybody, fair by weight, gone on with after a stop."""

import hashlib
import math
from collections import Counter
from datetime import date, timedelta

import pytest

from courses.choices import EnrolmentOrigin, OpeningMode
from courses.models import Draw, DrawTicket, Enrolment, Session
from courses.services import requests
from courses.services.draws import DrawRefusal, draw_key, publish_draw, weight_of
from courses.services.enrolments import (
    cancel_enrolment,
    enrol,
)
from courses.services.exchanges import exchange, offer_to
from courses.services.offers import fill_session
from courses.services.requests import draw_due, draw_lots
from courses.services.sessions import (
    announce_session,
    cancel_session,
    open_enrolment,
    pause_enrolment,
    postpone_session,
    save_session,
)
from tests.courses.lines import SECOND, refused, states
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, open_session, session, term

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

CLOSES = AT + timedelta(days=3)


def raffle(requests_made: int = 0, **fields) -> tuple[Session, list[Enrolment]]:
    """A session whose seats are drawn among those requests."""
    given = {"opening_mode": OpeningMode.DRAW, "requests_close_at": CLOSES, "capacity": 3}
    row = open_session(**(given | fields))
    return row, [enrolled(row) for _ in range(requests_made)]


def drawn(row: Session) -> list[DrawTicket]:
    return list(row.draw.tickets.select_related("enrolment").order_by("position"))


# ------------------------------------------------------------------ before
def test_the_hash_is_published_with_the_session_and_the_seed_is_not_drawn_yet(heard):
    row = session(opening_mode=OpeningMode.DRAW, requests_close_at=CLOSES)
    assert not Draw.objects.exists()

    announce_session(session=row, by=None, at=AT)

    draw = Draw.objects.get(session=row)
    assert (draw.published_at, draw.closes_at, draw.drawn_at) == (AT, CLOSES, None)
    assert draw.seed_hash == hashlib.sha256(draw.seed.encode()).hexdigest()
    open_enrolment(session=row, by=None, at=AT + timedelta(days=1))
    assert Draw.objects.get(session=row).seed == draw.seed


def test_seeds_and_tickets_are_never_the_same_twice():
    draws = [raffle(3)[0].draw for _ in range(3)]

    assert len({draw.seed for draw in draws}) == 3
    assert len(set(DrawTicket.objects.values_list("number", flat=True))) == 9


def test_only_a_session_with_a_draw_publishes_one():
    assert refused(publish_draw, session=open_session(), at=AT) == (
        "Choose the draw and the hour at which requests close first."
    )


def test_a_seed_is_never_made_once_requests_are_known():
    """Nobody could choose it to suit them."""
    row = open_session(needs_approval=True)
    enrolled(row)
    Session.objects.filter(pk=row.pk).update(
        opening_mode=OpeningMode.DRAW, requests_close_at=CLOSES
    )

    assert refused(publish_draw, session=row, at=AT) == (
        "Requests were made already: the draw had to be published before."
    )


def as_a_draw(row: Session) -> Session:
    row.opening_mode, row.requests_close_at = OpeningMode.DRAW, CLOSES
    return save_session(
        session=row, meetings=None, breaks=None, trainers=None, by=None, at=AT + SECOND
    )


def test_a_session_that_becomes_a_draw_publishes_it_before_anybody_asks():
    row = as_a_draw(open_session())

    draw = Draw.objects.get(session=row)
    assert (draw.published_at, draw.closes_at) == (AT + SECOND, CLOSES)
    assert not Draw.objects.filter(session=as_a_draw(session())).exists()  # nobody sees a draft


def test_a_session_with_requests_already_made_becomes_no_draw():
    row = open_session(needs_approval=True)
    enrolled(row)

    with pytest.raises(DrawRefusal):
        as_a_draw(Session.objects.get(pk=row.pk))
    assert Session.objects.get(pk=row.pk).opening_mode == OpeningMode.FIRST_COME


def test_asking_in_the_window_gives_a_ticket_and_no_advantage_to_the_early():
    row, (first, second) = raffle(2)

    tickets = [DrawTicket.objects.get(enrolment=each) for each in (first, second)]
    assert [each.state for each in (first, second)] == ["requested", "requested"]
    assert [(ticket.position, ticket.is_seated) for ticket in tickets] == [(None, False)] * 2
    assert enrolled(row, at=CLOSES - SECOND).state == "requested"


def test_the_lots_are_drawn_after_the_window_and_not_before():
    row, _requests = raffle(1)

    assert refused(draw_lots, session=row, at=CLOSES - SECOND) == (
        "Requests are still open: the draw follows."
    )
    assert draw_due(at=CLOSES - SECOND) == 0
    assert draw_due(at=CLOSES) == 1
    assert refused(draw_lots, session=open_session(), at=CLOSES) == (
        "This session has no published draw."
    )


# ------------------------------------------------------------------ the draw
def test_anybody_recomputes_the_draw_from_what_is_published():
    """A few lines of Python that know nothing of ours: seed, hash, and (number, weight, result)."""
    row, _requests = raffle(12)
    published_hash = row.draw.seed_hash
    draw_lots(session=row, at=CLOSES)
    seed = Draw.objects.get(session=row).seed
    published = [(each.number, each.weight, each.is_seated) for each in drawn(row)]

    assert hashlib.sha256(seed.encode("ascii")).hexdigest() == published_hash

    def luck(number: str, weight: int) -> float:
        digest = hashlib.sha256((seed + ":" + number).encode("ascii")).hexdigest()
        return -math.log((int(digest[:13], 16) + 1) / 16**13) / weight

    order = sorted(published, key=lambda line: luck(line[0], line[1]))
    assert published == order
    assert [seated for _number, _weight, seated in order] == [True] * 3 + [False] * 9


def test_seats_and_ranks_follow_the_order_of_the_draw(heard):
    row, _requests = raffle(6)
    heard.clear()

    assert draw_lots(session=row, at=CLOSES) == 3

    rows = [ticket.enrolment for ticket in drawn(row)]
    assert [(each.state, each.rank) for each in rows] == [
        ("confirmed", None), ("confirmed", None), ("confirmed", None),
        ("waiting", 1), ("waiting", 2), ("waiting", 3),
    ]  # fmt: skip
    assert [name for name, _ in heard] == ["seat_confirmed"] * 3 + ["put_on_waiting_list"] * 3
    assert [ticket.position for ticket in drawn(row)] == [1, 2, 3, 4, 5, 6]


def test_a_draw_is_drawn_once():
    row, _requests = raffle(5)
    draw_lots(session=row, at=CLOSES)
    before = [(each.pk, each.position, each.weight) for each in drawn(row)]

    assert draw_lots(session=row, at=CLOSES + timedelta(days=1)) == 0

    assert [(each.pk, each.position, each.weight) for each in drawn(row)] == before
    assert Draw.objects.get(session=row).drawn_at == CLOSES
    assert draw_due(at=CLOSES + timedelta(days=1)) == 0


class StoppedError(Exception):
    """The worker was killed."""


def test_a_draw_that_was_stopped_goes_on_where_it_was(monkeypatch):
    row, _requests = raffle(6)
    give, done = requests.approve_request, []

    def stop_after_two(**named):
        done.append(give(**named))
        if len(done) == 2:
            raise StoppedError
        return done[-1]

    monkeypatch.setattr(requests, "approve_request", stop_after_two)
    with pytest.raises(StoppedError):
        draw_lots(session=row, at=CLOSES)
    order = [each.pk for each in drawn(row)]
    assert [each.is_seated for each in drawn(row)] == [True] + [False] * 5
    monkeypatch.undo()

    assert draw_lots(session=row, at=CLOSES + timedelta(hours=1)) == 2

    assert [each.pk for each in drawn(row)] == order
    assert [each.is_seated for each in drawn(row)] == [True] * 3 + [False] * 3
    for ticket in drawn(row):
        assert ticket.is_seated == (ticket.enrolment.state == "confirmed")


def test_nobody_overtakes_the_requests_between_the_window_and_the_draw():
    """I6: until the lots are drawn, whoever comes waits for them, by whatever way."""
    row, _requests = raffle(2)
    words = "The draw of this session is under way. Come back in a few minutes."
    seat = enrolled(open_session(starts_at=NOON + timedelta(days=1)))
    agent = people.liaison_agent()

    assert refused(enrolled, row, at=CLOSES) == words
    assert refused(exchange, leaving=seat, session=row, by=seat.person, at=CLOSES) == words
    assert refused(offer_to, person=people.person(), session=row, by=agent, at=CLOSES) == words
    draw_lots(session=row, at=CLOSES)
    assert enrolled(row, at=CLOSES).state == "confirmed"  # the seat left over: first come
    assert enrolled(row, at=CLOSES).state == "waiting"


def test_staff_seat_people_beside_the_draw():
    row, _requests = raffle(3)

    seated = [enrolled(row, origin=EnrolmentOrigin.STAFF).state for _ in range(2)]

    assert seated == ["confirmed", "confirmed"]
    assert draw_lots(session=row, at=CLOSES) == 1


def test_a_withdrawn_request_keeps_its_number_and_gets_nothing():
    row, (gone, *_others) = raffle(5)
    cancel_enrolment(enrolment=gone, by=gone.person, at=AT)

    assert draw_lots(session=row, at=CLOSES) == 3

    assert states(gone) == ["cancelled"]
    assert DrawTicket.objects.get(enrolment=gone).is_seated is False
    assert len(drawn(row)) == 5


def test_who_may_not_hold_the_seat_any_more_gets_none_and_is_told(heard):
    """I3 in one draw after another: the limit of the term holds."""
    autumn = term(seats_per_person=1)
    row, (at_limit, other) = raffle(2, term=autumn)
    enrolled(open_session(term=autumn, starts_at=NOON + timedelta(days=1)), at_limit.person)
    heard.clear()

    assert draw_lots(session=row, at=CLOSES) == 1

    assert states(at_limit, other) == ["lapsed", "confirmed"]
    assert ("place_not_obtained", {"enrolment": at_limit, "at": CLOSES}) in heard


@pytest.mark.parametrize("act", [pause_enrolment, postpone_session, cancel_session])
def test_a_session_that_stands_still_draws_nothing_and_loses_no_request(act):
    row, line = raffle(3)
    act(session=row, by=None, at=AT, motive="Verglas")

    assert refused(draw_lots, session=row, at=CLOSES) == (
        "Enrolment in this session is paused, over, or has no date yet."
    )
    assert draw_due(at=CLOSES) == 0
    assert states(*line) == ["requested"] * 3


def test_requests_left_by_a_session_paused_in_the_middle_wait_for_it(monkeypatch):
    row, line = raffle(3)
    give = requests.approve_request

    def pause_after_one(**named):
        found = give(**named)
        pause_enrolment(session=Session.objects.get(pk=row.pk), by=None, at=CLOSES)
        Session.objects.filter(pk=row.pk).update(state="postponed")
        return found

    monkeypatch.setattr(requests, "approve_request", pause_after_one)
    assert draw_lots(session=row, at=CLOSES) == 1
    assert Counter(states(*line)) == Counter(confirmed=1, requested=2)
    monkeypatch.undo()
    Session.objects.filter(pk=row.pk).update(state="open")

    assert draw_due(at=CLOSES) == 1
    assert states(*line) == ["confirmed"] * 3


def test_one_draw_that_cannot_be_does_not_stop_the_others(monkeypatch):
    first, line = raffle(1)
    second, other = raffle(1, starts_at=NOON + timedelta(days=1))
    positions = requests._positions

    def refuse_the_first(session, *, at):
        if session.pk == first.pk:
            Session.objects.filter(pk=first.pk).update(state="paused")
        return positions(session, at=at)

    monkeypatch.setattr(requests, "_positions", refuse_the_first)

    assert draw_due(at=CLOSES) == 2
    assert states(*line, *other) == ["requested", "confirmed"]
    assert Enrolment.objects.filter(session=second).held().count() == 1


def test_the_line_of_a_draw_is_served_like_any_other():
    row, _requests = raffle(5)
    draw_lots(session=row, at=CLOSES)
    seated, next_one = drawn(row)[0].enrolment, drawn(row)[3].enrolment

    cancel_enrolment(enrolment=seated, by=seated.person, at=CLOSES)
    fill_session(session_id=row.pk, at=CLOSES)

    assert states(next_one) == ["confirmed"]


# ------------------------------------------------------------------ fair by weight
def test_a_request_weighs_nine_and_one_less_for_each_seat_of_two_terms():
    spring = term(starts_on=date(2026, 1, 5), ends_on=date(2026, 5, 31))
    winter = term(starts_on=date(2025, 9, 1), ends_on=date(2025, 12, 31))
    autumn = term(seats_per_person=20)
    row, person = raffle(0, term=autumn)[0], people.person()
    request = enrol(person=person, session=row, by=person, at=AT)
    assert weight_of(request, autumn) == 9

    def seat(of, day: int) -> Enrolment:
        return enrolled(open_session(term=of, starts_at=NOON + timedelta(days=day)), person)

    seat(autumn, 1), seat(spring, 2), seat(winter, 3)
    assert weight_of(request, autumn) == 7
    cancel_session(session=seat(autumn, 4).session, by=None, at=AT, motive="Verglas")
    assert weight_of(request, autumn) == 7
    for day in range(5, 15):
        seat(autumn, day)
    assert weight_of(request, autumn) == 1
    assert weight_of(request, None) == 9


def test_the_weight_is_counted_when_the_lots_are_drawn():
    autumn = term(seats_per_person=4)
    row, (request, _other) = raffle(2, term=autumn)
    enrolled(open_session(term=autumn, starts_at=NOON + timedelta(days=1)), request.person)

    draw_lots(session=row, at=CLOSES)

    assert DrawTicket.objects.get(enrolment=request).weight == 8


@pytest.mark.parametrize(
    ("weights", "chances"),
    [
        ([9, 9], [0.5, 0.5]),
        ([9, 1], [0.9, 0.1]),
        ([6, 3, 1], [0.6, 0.3, 0.1]),
        ([9] * 10, [0.1] * 10),
    ],
)
def test_chances_are_proportional_to_the_weights(weights, chances):
    """Who comes out first, over 20,000 seeds that are always the same: within 4 deviations."""
    draws = 20_000
    tickets = [(f"{number:016x}", weight) for number, weight in enumerate(weights)]
    first = Counter(
        min(range(len(tickets)), key=lambda each: draw_key(f"seed-{n}", *tickets[each]))
        for n in range(draws)
    )

    for each, chance in enumerate(chances):
        deviation = math.sqrt(draws * chance * (1 - chance))
        assert abs(first[each] - draws * chance) < 4 * deviation


def test_after_the_deadline_of_the_session_the_ordinary_sentence_is_said():
    row, _requests = raffle(1, enrolment_closes_at=CLOSES)

    assert refused(enrolled, row, at=CLOSES).startswith("Enrolment closed at 9")
