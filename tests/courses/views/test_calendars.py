"""Calendars as programs read them over HTTP, and the page where one's own address is made."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

import pytest
import time_machine
from bs4 import BeautifulSoup
from icalendar import Calendar

from courses.letters import place_uid
from courses.models import CalendarFeed
from courses.services.enrolments import cancel_enrolment
from courses.services.feeds import end_feed, renew_feed
from courses.services.sessions import save_session
from people.services.accounts import close_account
from tests.factories import people
from tests.factories.courses import (
    AT,
    NOON,
    enrolled,
    meeting,
    open_session,
    published_course,
    session,
    term,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LINK = "https://reunion.example/j/secret"
MINE = "courses:my_calendar"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


def feed_url(token: str) -> str:
    return reverse("courses:feed", kwargs={"token": token})


def term_url(row) -> str:
    return reverse("courses:term_feed", kwargs={"key": row.key})


def events(response) -> list:
    return Calendar.from_ical(response.content).walk("VEVENT")


@pytest.fixture
def reader():
    """A person with an address, and a program that reads it without signing in."""
    person = people.person()
    return person, Client(), feed_url(renew_feed(person=person, at=AT))


# ------------------------------------------------------------------ one's own feed
def test_a_program_reads_one_s_seats_without_signing_in(reader):
    person, program, url = reader
    row = open_session(
        course=published_course(title_fr="Les bonnes pratiques", title_en="Les bonnes pratiques"),
        meetings=[meeting(join_url=LINK), meeting(NOON + 7 * DAY, join_url=LINK)],
    )
    enrolment = enrolled(row, person)
    enrolled(row)

    response = program.get(url)

    assert (response.status_code, response["Content-Type"]) == (
        200, "text/calendar; charset=utf-8"
    )  # fmt: skip
    found = events(response)
    assert [each["UID"] for each in found] == [
        place_uid(enrolment, each) for each in row.meetings.all()
    ]
    assert [each["DTSTART"].dt for each in found] == [NOON, NOON + 7 * DAY]
    assert {str(each["SUMMARY"]) for each in found} == {"Les bonnes pratiques"}
    plain = response.content.replace(b"\r\n ", b"").decode()
    for secret in ("reunion.example", person.email, str(person)):
        assert secret not in plain


def test_an_address_is_kept_by_no_shared_cache_and_leaves_by_no_link(reader):
    _person, program, url = reader

    response = program.get(url)

    assert response["Cache-Control"] == "private, no-cache"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert not response.cookies


def test_what_did_not_change_is_not_sent_again(reader, clock):
    person, program, url = reader
    row = open_session()
    enrolled(row, person)
    first = program.get(url)
    clock.shift(2 * DAY)

    assert program.get(url).content == first.content
    for header, value in (
        ("If-None-Match", first["ETag"]),
        ("If-Modified-Since", first["Last-Modified"]),
    ):
        again = program.get(url, headers={header: value})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
        assert again["Cache-Control"] == "private, no-cache"

    room = row.meetings.get()
    room.place = "Salle 3"
    save_session(session=row, meetings=[room], breaks=None, trainers=None, by=None, at=AT + DAY)
    for header, value in (
        ("If-None-Match", first["ETag"]),
        ("If-Modified-Since", first["Last-Modified"]),
    ):
        assert program.get(url, headers={header: value}).status_code == 200


def test_a_seat_given_up_is_read_as_cancelled(reader):
    person, program, url = reader
    enrolment = enrolled(open_session(), person)
    before = events(program.get(url))
    cancel_enrolment(enrolment=enrolment, by=person, at=AT)

    (after,) = events(program.get(url))

    assert [(each["UID"], each["STATUS"], each["SEQUENCE"]) for each in [*before, after]] == [
        (after["UID"], "CONFIRMED", 0),
        (after["UID"], "CANCELLED", 1),
    ]


def test_head_answers_like_get_and_nothing_may_be_posted(reader):
    _person, program, url = reader

    assert program.head(url)["ETag"] == program.get(url)["ETag"]
    assert program.post(url).status_code == 405


def test_unknown_withdrawn_renewed_and_closed_answer_alike(reader):
    """To the octet, headers included: nothing tells that an address was one."""
    person, program, url = reader
    renew_feed(person=person, at=AT)
    withdrawn, leaving = people.person(), people.person()
    tokens = [renew_feed(person=each, at=AT) for each in (withdrawn, leaving)]
    end_feed(person=withdrawn, at=AT)
    close_account(user=leaving, by=leaving, at=AT)

    answers = [program.get(each) for each in (url, *map(feed_url, [*tokens, "x" * 43, "é"]))]

    assert {each.status_code for each in answers} == {404}
    assert len({each.content for each in answers}) == 1
    assert len({str(sorted(each.headers.items())) for each in answers}) == 1
    assert "Last-Modified" not in answers[0].headers


def test_a_foreign_token_reads_its_own_person_only(reader):
    person, program, url = reader
    enrolled(open_session(), person)
    other = people.person()
    foreign = feed_url(renew_feed(person=other, at=AT))

    assert len(events(program.get(url))) == 1
    assert events(program.get(foreign)) == []


def test_being_signed_in_as_somebody_opens_nobody_s_calendar(reader):
    person, _program, _url = reader
    enrolled(open_session(), person)
    client = Client()
    client.force_login(person)

    assert client.get(feed_url("x" * 43)).status_code == 404


def test_reading_keeps_the_day_alone(reader):
    person, program, url = reader
    before = list(CalendarFeed.objects.values_list("pk", "token_hash", "created_at"))

    program.get(url)

    assert list(CalendarFeed.objects.values_list("pk", "token_hash", "created_at")) == before
    assert CalendarFeed.objects.get(person=person).read_on == AT.date()


@pytest.mark.parametrize("count", [10, 100])
def test_reading_takes_as_many_questions_for_ten_seats_as_for_a_hundred(reader, count):
    person, program, url = reader
    course = published_course()
    for n in range(count):
        enrolled(open_session(course=course, starts_at=NOON + n * DAY), person)
    program.get(url)  # the day is kept by the first

    with CaptureQueriesContext(connection) as queries:
        response = program.get(url)

    assert (len(events(response)), len(queries)) == (count, 4)


# ------------------------------------------------------------------ a term's feed
def test_anybody_reads_a_term_from_any_cache():
    autumn = term(title_fr="Automne 2026", title_en="Automne 2026")
    open_session(term=autumn, meetings=[meeting(join_url=LINK)])

    response = Client().get(term_url(autumn))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=900"
    assert "Cookie" not in response.get("Vary", "")
    calendar = Calendar.from_ical(response.content)
    assert "Automne 2026" in calendar["NAME"]
    assert [each["UID"][:8] for each in calendar.walk("VEVENT")] == ["session-"]
    assert b"reunion.example" not in response.content.replace(b"\r\n ", b"")


def test_a_term_that_did_not_change_is_not_sent_again(clock):
    autumn = term()
    open_session(term=autumn)
    first = Client().get(term_url(autumn))
    clock.shift(DAY)

    again = Client().get(term_url(autumn), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["Last-Modified"]) == (304, first["Last-Modified"])

    open_session(term=autumn, at=AT + DAY)
    for header, value in (
        ("If-None-Match", first["ETag"]),
        ("If-Modified-Since", first["Last-Modified"]),
    ):
        assert Client().get(term_url(autumn), headers={header: value}).status_code == 200


def test_a_term_nobody_has_seen_is_not_found():
    prepared = term()
    session(term=prepared)

    assert Client().get(term_url(prepared)).status_code == 404


@pytest.mark.parametrize("count", [10, 100])
def test_a_term_takes_as_many_questions_for_ten_sessions_as_for_a_hundred(count):
    autumn, course = term(), published_course()
    for n in range(count):
        open_session(term=autumn, course=course, starts_at=NOON + n * DAY)

    with CaptureQueriesContext(connection) as queries:
        response = Client().get(term_url(autumn))

    assert (len(events(response)), len(queries)) == (count, 3)


# ------------------------------------------------------------------ « Mon calendrier »
@pytest.fixture
def member(client):
    person = people.person()
    client.force_login(person)
    return person


def page_of(response) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def buttons(page) -> dict[str, str]:
    form = page.main.find("form", method="post")
    return {each["value"]: each["class"][1] for each in form.find_all("button", {"name": "act"})}


def shown_address(page) -> str:
    return page.find(id="address")["value"]


def test_the_page_asks_for_an_account():
    assert Client().get(reverse(MINE)).status_code == 302
    assert Client().post(reverse(MINE), {"act": "renew"}).status_code == 302
    assert not CalendarFeed.objects.exists()


def test_opening_the_page_makes_nothing(client, member):
    page = page_of(client.get(reverse(MINE)))

    assert buttons(page) == {"renew": "button--primary"}
    assert page.find(id="address") is None
    assert not CalendarFeed.objects.exists()


def test_the_address_is_shown_once_and_works(client, member, settings):
    settings.PUBLIC_BASE_URL = "https://academie.example"
    enrolled(open_session(), member)

    response = client.post(reverse(MINE), {"act": "renew"})
    page = page_of(response)
    address = shown_address(page)

    assert "no-store" in response["Cache-Control"]
    assert address.startswith("https://academie.example/")
    path = address.removeprefix("https://academie.example")
    assert len(events(Client().get(path))) == 1
    webcal = address.replace("https://", "webcal://")
    assert page.main.find("a", href=webcal) is not None
    assert page.find("label", {"for": "address"}) is not None
    token = path.rpartition("/")[2].removesuffix(".ics")
    assert token not in client.get(reverse(MINE)).content.decode()
    assert token not in str(dict(client.session))


def test_a_new_address_ends_the_old_one(client, member):
    first = shown_address(page_of(client.post(reverse(MINE), {"act": "renew"})))
    assert buttons(page_of(client.get(reverse(MINE)))) == {
        "renew": "button--secondary",
        "end": "button--quiet",
    }

    second = shown_address(page_of(client.post(reverse(MINE), {"act": "renew"})))

    paths = [each.partition("localhost:8000")[2] for each in (first, second)]
    assert [Client().get(path).status_code for path in paths] == [404, 200]


def test_withdrawing_asks_nothing_more_and_may_be_pressed_twice(client, member):
    client.post(reverse(MINE), {"act": "renew"})

    for _each in range(2):
        response = client.post(reverse(MINE), {"act": "end"})
        assert (response.status_code, response["Location"]) == (302, reverse(MINE))

    assert buttons(page_of(client.get(reverse(MINE)))) == {"renew": "button--primary"}


@pytest.mark.parametrize("act", ["", "other"])
def test_a_forged_act_does_nothing(client, member, act):
    assert client.post(reverse(MINE), {"act": act}).status_code == 302
    assert not CalendarFeed.objects.exists()


def test_the_page_says_whether_a_calendar_reads_the_address(client, member):
    path = shown_address(page_of(client.post(reverse(MINE), {"act": "renew"})))
    never = gettext("No calendar has read it yet.")
    assert never in page_of(client.get(reverse(MINE))).main.get_text()

    Client().get(path.partition("localhost:8000")[2])

    assert never not in page_of(client.get(reverse(MINE))).main.get_text()


def test_no_form_goes_without_its_token_of_the_page(member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)

    assert client.post(reverse(MINE), {"act": "renew"}).status_code == 403


# ------------------------------------------------------------------ links on the screens
@pytest.mark.parametrize("page", ["seated", "my courses"])
def test_a_seat_may_be_added_to_calendars_on_the_web(client, member, page):
    row = open_session(join_url=LINK)
    enrolled(row, member)
    urls = {
        "seated": reverse("courses:enrol", kwargs={"key": row.key}),
        "my courses": reverse("academy:my_courses"),
    }

    found = page_of(client.get(urls[page])).main.find_all("a", href=True)

    outside = [each for each in found if each["href"].startswith("https://")]
    assert [each["href"].split("/")[2] for each in outside] == [
        "outlook.office.com",
        "calendar.google.com",
    ]
    assert all("noreferrer" in each["rel"] for each in outside)
    assert not any("secret" in each["href"] for each in found)
    inside = {each["href"] for each in found}
    assert {reverse(MINE), reverse("courses:calendar", kwargs={"key": row.key})} <= inside


def test_a_session_that_lost_its_date_offers_none(client, member):
    row = open_session(capacity=1)
    enrolled(row)
    enrolled(row, member)  # waits

    page = page_of(client.get(reverse("academy:my_courses")))

    assert page.main.find("a", href=lambda href: href and "outlook" in href) is None
