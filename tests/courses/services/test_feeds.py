"""The address of one's own calendar: one a person, kept as a digest, ended for good."""

import re
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import connection
from django.test.utils import CaptureQueriesContext

import pytest

from courses.models import CalendarFeed
from courses.selectors.feeds import feed_of, find_feed
from courses.services.feeds import FeedRefused, end_feed, mark_read, renew_feed
from people.services.accounts import close_account
from tests.factories import people
from tests.factories.courses import AT, HERE

pytestmark = pytest.mark.django_db


def test_only_a_digest_of_the_token_is_kept():
    person = people.person()

    token = renew_feed(person=person, at=AT)

    assert re.fullmatch(r"[\w-]{43}", token)  # 256 bits
    row = CalendarFeed.objects.get()
    assert (row.person, row.created_at, row.read_on) == (person, AT, None)
    assert row.token_hash == sha256(token.encode()).hexdigest()
    assert find_feed(token) == row


@pytest.mark.both_databases
def test_a_new_token_ends_the_old_address_and_begins_anew():
    person = people.person()
    old = renew_feed(person=person, at=AT)
    mark_read(feed=feed_of(person), at=AT)

    new = renew_feed(person=person, at=AT + timedelta(days=1))

    assert new != old
    assert find_feed(old) is None
    row = CalendarFeed.objects.get()
    assert (find_feed(new), row.created_at, row.read_on) == (row, AT + timedelta(days=1), None)


def test_an_address_withdrawn_is_gone_and_withdrawing_twice_says_so():
    person, other = people.person(), people.person()
    token, kept = renew_feed(person=person, at=AT), renew_feed(person=other, at=AT)

    assert end_feed(person=person, at=AT) is True
    assert end_feed(person=person, at=AT) is False

    assert (find_feed(token), feed_of(person)) == (None, None)
    assert find_feed(kept).person == other


def test_closing_the_account_ends_the_address():
    person = people.person()
    token = renew_feed(person=person, at=AT)

    close_account(user=person, by=person, at=AT)

    assert find_feed(token) is None
    assert not CalendarFeed.objects.exists()


def test_a_closed_account_gets_no_address():
    person = people.person()
    close_account(user=person, by=person, at=AT)

    with pytest.raises(FeedRefused):
        renew_feed(person=person, at=AT)

    assert not CalendarFeed.objects.exists()


def test_a_suspended_person_s_address_answers_no_more():
    person = people.person()
    token = renew_feed(person=person, at=AT)
    person.is_active = False
    person.save(update_fields=["is_active"])

    assert find_feed(token) is None


@pytest.mark.parametrize("token", ["", "é", "\x00", "a" * 5000, "' OR 1=1 --"])
def test_what_is_no_token_finds_nothing(token):
    renew_feed(person=people.person(), at=AT)

    assert find_feed(token) is None


@pytest.mark.both_databases
def test_a_reading_keeps_the_day_in_montreal_and_writes_once_a_day():
    person = people.person()
    token = renew_feed(person=person, at=AT)
    evening = datetime(2026, 9, 1, 23, 30, tzinfo=HERE)  # already September 2 in Greenwich

    mark_read(feed=find_feed(token), at=evening)
    assert feed_of(person).read_on == date(2026, 9, 1)
    with CaptureQueriesContext(connection) as queries:
        mark_read(feed=find_feed(token), at=evening + timedelta(minutes=20))
    assert [each for each in queries if "UPDATE" in each["sql"]] == []
    mark_read(feed=find_feed(token), at=evening + timedelta(hours=1))
    assert feed_of(person).read_on == date(2026, 9, 2)


def test_a_clock_that_goes_back_takes_no_day_away():
    feed = feed_of(_reader())
    mark_read(feed=feed, at=AT)
    stale = feed_of(feed.person)
    stale.read_on = None  # as another process read it before

    mark_read(feed=stale, at=AT - timedelta(days=2))

    assert feed_of(feed.person).read_on == date(2026, 9, 1)


def _reader():
    person = people.person()
    renew_feed(person=person, at=AT)
    return person
