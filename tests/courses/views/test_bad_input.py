"""Bad input, each answered by a plain sentence, one row at most, nothing lost.

A closed, cancelled, past or unknown session, a double click, the back button, an expired or foreign
offer link, a forged pool, a cap lowered under the seats held. Those of other screens stand beside
them: test_offers (links), test_exchanges (forged seats), test_seats (drafts, other sites).
"""

import uuid
from datetime import timedelta

from django.core.cache import cache
from django.db import DatabaseError

import pytest

from courses.choices import EnrolmentState, RefusalCause
from courses.models import Enrolment, Refusal, Session
from courses.services.sessions import cancel_session, pause_enrolment
from tests.courses.views.screens import buttons, notice, title, url, words
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, held, open_session, pool

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SCREENS = ["enrol", "waiting", "exchange", "pass_on", "coming", "cancel", "draw", "join"]


# ------------------------------------------------------------------ sessions
@pytest.mark.parametrize("name", SCREENS)
def test_an_unknown_session_is_not_found_anywhere(client, person, name):
    row = Session(key=uuid.uuid4())

    assert client.get(url(name, row)).status_code == 404
    assert client.post(url(name, row)).status_code in {404, 405}


@pytest.mark.parametrize(
    "end",
    [
        lambda row: pause_enrolment(session=row, by=None, at=AT),
        lambda row: cancel_session(session=row, by=None, at=AT, motive="Verglas"),
        held,
    ],
    ids=["closed", "cancelled", "past"],
)
def test_a_session_that_is_shut_gives_one_sentence_and_no_row(client, person, end):
    row = open_session()
    end(row)

    read, pressed = client.get(url("enrol", row)), client.post(url("enrol", row))

    assert (read.status_code, pressed.status_code) == (200, 409)
    assert notice(read) == notice(pressed)
    assert buttons(read) == buttons(pressed) == []
    assert Enrolment.objects.count() == 0


def test_a_seat_of_a_cancelled_session_is_not_called_reserved(client, person, both_languages):
    seat = enrolled(open_session(), person)
    cancel_session(session=seat.session, by=None, at=AT, motive="Verglas")

    response = client.get(url("enrol", seat.session))

    assert both_languages("This session is cancelled.") in notice(response)
    assert both_languages("Your seat is reserved.") not in words(response)


# ------------------------------------------------------------------ presses
def test_ten_presses_make_one_row(client, person):
    row = open_session()

    answers = [client.post(url("enrol", row)) for _ in range(10)]

    assert {each.status_code for each in answers} == {302}
    assert Enrolment.objects.count() == 1
    assert Enrolment.objects.get().events.count() == 1


def test_the_page_left_behind_presses_nothing_twice(client, person, both_languages):
    """Back after a withdrawal: the old page's button asks for a seat anew, and says so."""
    row = open_session()
    client.post(url("enrol", row))
    client.post(url("cancel", row))

    back = client.post(url("cancel", row), follow=True)

    assert title(back) == both_languages("Your seat is given back.")
    assert [each.state for each in Enrolment.objects.all()] == [EnrolmentState.CANCELLED]


# ------------------------------------------------------------------ seats
def test_a_forged_pool_opens_no_seat(client, person):
    """The pool is found by the gate from verified memberships; nothing that is posted is read."""
    row = open_session(capacity=1, pools=[pool(people.establishment("chum"), seats=1)])
    kept = row.pools.get()

    client.post(url("enrol", row), {"pool": str(kept.pk), "pool_id": kept.pk, "state": "confirmed"})

    mine = Enrolment.objects.get()
    assert (mine.state, mine.pool, mine.rank) == (EnrolmentState.WAITING, None, 1)


def test_a_cap_lowered_under_the_seats_held_gives_a_rank_and_takes_no_seat(client, person):
    row = open_session(capacity=3)
    seats = [enrolled(row) for _ in range(3)]
    row.capacity = 1
    row.save(update_fields=["capacity"])

    response = client.post(url("enrol", row), follow=True)

    assert "1er sur 1" in title(response)
    states = set(Enrolment.objects.filter(pk__in=[each.pk for each in seats]).values_list("state"))
    assert states == {(EnrolmentState.CONFIRMED,)}


def test_a_question_too_long_is_kept_on_the_page(client, person):
    row = open_session(takes_questions=True)

    response = client.post(url("enrol", row), {"question": "à" * 501})

    assert response.status_code == 422
    assert "à" * 501 in response.content.decode()
    assert Enrolment.objects.count() == 0


def test_a_question_that_is_not_taken_is_not_kept(client, person):
    client.post(url("enrol", open_session()), {"question": "Une question?"})

    assert Enrolment.objects.get().question == ""


def test_a_question_reaches_the_row(client, person):
    client.post(url("enrol", open_session(takes_questions=True)), {"question": " Une question? "})

    assert Enrolment.objects.get().question == "Une question?"


# ------------------------------------------------------------------ what refusals leave
def test_a_refusal_is_counted_once_a_day_without_the_person(client, person):
    row = open_session(audience="network")

    for _ in range(3):
        assert client.post(url("enrol", row)).status_code == 409

    refusal = Refusal.objects.get()
    assert (refusal.session, refusal.cause) == (row, RefusalCause.AUDIENCE)
    assert not any(field.name == "person" for field in Refusal._meta.get_fields())


@pytest.mark.parametrize("broken", ["cache", "table"])
def test_a_refusal_that_cannot_be_counted_fails_no_page(client, person, monkeypatch, broken):
    def fail(*_args, **_more):
        raise DatabaseError("no room")

    if broken == "cache":
        monkeypatch.setattr(cache, "add", fail)
    else:
        monkeypatch.setattr(Refusal.objects, "create", fail)
    row = open_session(audience="network")

    response = client.post(url("enrol", row))

    assert response.status_code == 409
    assert notice(response)
    assert Refusal.objects.count() == 0


def test_looking_counts_no_refusal(client, person):
    client.get(url("enrol", open_session(audience="network")))

    assert Refusal.objects.count() == 0


def test_the_deadline_may_pass_while_one_reads_the_exchange(client, person, later):
    row = open_session(enrolment_closes_at=AT + timedelta(minutes=5))
    seat = enrolled(open_session(starts_at=NOON + timedelta(days=7)), person)
    later(AT + timedelta(minutes=5))

    response = client.post(url("exchange", row), {"seat": str(seat.key)})

    seat.refresh_from_db()
    assert (response.status_code, seat.state) == (409, EnrolmentState.CONFIRMED)
