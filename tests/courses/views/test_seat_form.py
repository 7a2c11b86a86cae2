"""The button of a seat on the session's own page, and what hundreds of readers a second cost it."""

from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

import pytest

from courses.choices import STRIKES_LAST, OpeningMode
from courses.models import Enrolment, Session, Strike
from courses.selectors.seats import seat_summary, with_counts
from courses.selectors.sessions import get_public_session
from courses.services.enrolments import pause_waiting
from courses.services.sessions import pause_enrolment
from tests.courses.views.screens import page_of, title, url, words
from tests.factories import people
from tests.factories.courses import AT, NOON, enrolled, open_session, pool, session, term

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def form_of(response: Any, row: Any) -> Any:
    """The form of the seat on the page of the session, if it holds one."""
    return page_of(response).main.find("form", action=url("enrol", row))


def fields_of(form: Any) -> set[str]:
    named = form.find_all(["input", "textarea", "select"], attrs={"name": True})
    return {each["name"] for each in named} - {"csrfmiddlewaretoken"}


def is_linked(response: Any, row: Any) -> bool:
    return page_of(response).main.find("a", href=url("enrol", row)) is not None


# ------------------------------------------------------------------ one press
def test_a_signed_in_reader_takes_the_seat_where_it_is_shown(client, person, both_languages):
    row = open_session()

    form = form_of(client.get(url("session", row)), row)
    pressed = client.post(form["action"], follow=True)

    assert form.button.get_text(strip=True) == both_languages("Reserve my seat")
    assert title(pressed) == both_languages("Your seat is reserved.")
    assert fields_of(form) == set()


def test_whoever_is_not_signed_in_follows_a_link_and_meets_no_form(client):
    row = open_session()

    page = client.get(url("session", row))

    assert (form_of(page, row), is_linked(page, row)) == (None, True)


def test_the_choice_of_the_waiting_list_stands_beside_its_button(client, person):
    row = open_session(capacity=1)
    enrolled(row)

    form = form_of(client.get(url("session", row)), row)
    client.post(form["action"], {"asking": "ask"})

    assert fields_of(form) == {"asking"}
    assert Enrolment.objects.get(person=person).asks_first is True


def test_the_question_to_the_trainer_stands_beside_the_button(client, person):
    row = open_session(takes_questions=True)

    form = form_of(client.get(url("session", row)), row)

    assert fields_of(form) == {"question"}


@pytest.mark.parametrize(
    "by_request",
    [
        {"needs_approval": True},
        {"opening_mode": OpeningMode.DRAW, "requests_close_at": AT + timedelta(days=3)},
    ],
    ids=["approval", "draw"],
)
def test_a_request_is_explained_before_it_is_sent(client, person, by_request):
    row = open_session(**by_request)

    page = client.get(url("session", row))

    assert (form_of(page, row), is_linked(page, row)) == (None, True)


def test_whoever_holds_all_the_seats_of_a_term_reads_so_before_anything_is_asked(client, person):
    autumn = term(seats_per_person=1)
    enrolled(open_session(term=autumn, starts_at=NOON + timedelta(days=7)), person)
    row = open_session(term=autumn, takes_questions=True)

    page = client.get(url("session", row))

    assert (form_of(page, row), is_linked(page, row)) == (None, True)


def test_whoever_is_served_last_is_not_promised_a_seat(client, person, later, both_languages):
    row = open_session(counts_strikes=True)
    before = form_of(client.get(url("session", row)), row).button.get_text(strip=True)
    seat = enrolled(open_session(starts_at=NOON + timedelta(days=9)), person)
    Strike.objects.create(
        person=person,
        enrolment=seat,
        cause="absent",
        points=STRIKES_LAST,
        given_at=AT,
        expires_on=NOON.date() + timedelta(days=300),
    )
    later(AT + timedelta(days=3))  # once the delay of strikes is over

    after = form_of(client.get(url("session", row)), row).button.get_text(strip=True)

    assert before == both_languages("Reserve my seat")
    assert after == both_languages("Join the waiting list")


@pytest.mark.parametrize("how", ["seated", "shut"])
def test_nothing_is_pressed_where_there_is_nothing_to_ask(client, person, how):
    row = open_session()
    if how == "seated":
        enrolled(row, person)
    else:
        pause_enrolment(session=row, by=None, at=AT)

    page = client.get(url("session", row))

    assert (form_of(page, row), is_linked(page, row)) == (None, False)


@pytest.mark.parametrize(("hours", "is_said"), [(1, True), (-1, False)])
def test_the_free_withdrawal_is_said_beside_the_button(
    client, person, both_languages, hours, is_said
):
    row = open_session(cancel_until=AT + timedelta(hours=hours))

    page = client.get(url("session", row))

    free = both_languages(
        "You may give your seat back freely until %(day)s, %(hour)s; later, it is recorded as late."
    ).partition("%")[0]
    assert free
    assert (free in words(page)) is is_said


# ------------------------------------------------------------------ many readers in one second
@pytest.fixture
def words_for_a_second(settings):
    settings.SESSION_WORDS_SECONDS = 1
    cache.clear()
    yield
    cache.clear()


@pytest.mark.usefixtures("words_for_a_second")
def test_within_a_second_words_are_shown_again_and_seats_are_counted_anew(client, clock):
    row = open_session(capacity=2)
    before = words(client.get(url("session", row)))
    enrolled(row)
    pause_enrolment(session=row, by=None, at=AT)

    meanwhile = words(client.get(url("session", row)))
    clock.shift(timedelta(seconds=1.1))
    afterwards = words(client.get(url("session", row)))

    assert ("2 places" in before, "1 place" in meanwhile, "2 places" in meanwhile) == (
        True,
        True,
        False,
    )
    assert str(row.get_state_display()) not in meanwhile
    row.refresh_from_db()
    assert str(row.get_state_display()) in afterwards


@pytest.mark.usefixtures("words_for_a_second")
def test_the_second_reader_of_a_second_asks_seven_questions_less(client):
    row = open_session(capacity=2, trainers=[people.trainer()])
    asked = []
    for _ in range(2):
        client.force_login(people.person())
        with CaptureQueriesContext(connection) as queries:
            client.get(url("session", row))
        asked.append(len(queries))

    assert asked[0] - asked[1] == 7


@pytest.mark.usefixtures("words_for_a_second")
def test_a_session_announced_a_moment_ago_is_found_at_once(client):
    draft = session()
    assert client.get(url("session", draft)).status_code == 404

    assert client.get(url("session", open_session())).status_code == 200


# ------------------------------------------------------------------ counting
def test_seats_counted_for_one_session_are_those_of_the_list():
    chum = people.establishment("chum")
    row = open_session(
        capacity=4, pools=[pool(chum, 2, release_at=NOON - timedelta(days=10)), pool(None, 1)]
    )
    for person in [people.verified_member(chum), *(people.person() for _ in range(5))]:
        last = enrolled(row, person)
    pause_waiting(enrolment=last, paused=True, by=last.person, at=AT)
    Enrolment.objects.filter(pk=last.pk - 1).update(
        state="confirmed", is_extra=True, rank=None, confirmed_at=AT
    )

    for at in (AT, NOON - timedelta(days=9), NOON - timedelta(hours=1)):
        one = get_public_session(row.key, at=at)
        listed = with_counts(Session.objects.filter(pk=row.pk), at=at).get()
        assert seat_summary(one, at=at) == seat_summary(listed, at=at)
        assert (one.starts_at, one.ends_at) == (listed.starts_at, listed.ends_at)
