"""Following and ending it: signed in, or by the link of a message."""

from datetime import timedelta

import pytest

from courses.models import Theme
from notices.models import Follow
from notices.selectors.exports import export_person
from notices.selectors.follows import follows_of, is_following
from notices.selectors.unsubscribing import unsubscribe_token
from notices.services.follows import FollowRefused, follow, unfollow, unsubscribe
from people.choices import ConsentPurpose
from people.models import Community, Consent
from people.selectors.consents import has_consented
from people.services.accounts import close_account
from tests.factories import courses, mailings, people

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AT = courses.AT
LATER = AT + timedelta(days=3)


@pytest.fixture
def person():
    return people.person()


@pytest.fixture(params=["course", "theme", "community"])
def subject(request):
    """One of each kind."""
    if request.param == "theme":
        return Theme.objects.create(code="ethique", title_fr="Éthique")
    return courses.course() if request.param == "course" else Community.objects.order_by("pk")[0]


def test_following_twice_is_one_row_with_its_first_date(person, subject):
    first = follow(person=person, subject=subject, at=AT)
    again = follow(person=person, subject=subject, at=LATER)
    assert (first, first.since, first.subject) == (again, AT, subject)
    assert list(follows_of(person)) == [first]
    assert is_following(person, subject)


def test_ending_keeps_the_dates_and_following_again_is_a_new_row(person, subject):
    follow(person=person, subject=subject, at=AT)
    assert unfollow(person=person, subject=subject, at=LATER)
    assert not unfollow(person=person, subject=subject, at=LATER)
    assert not is_following(person, subject)
    follow(person=person, subject=subject, at=LATER)
    rows = Follow.objects.order_by("pk").values_list("since", "ended_at", "ended_by_mail")
    assert list(rows) == [(AT, LATER, False), (LATER, None, False)]


def test_each_follows_for_themself(person, subject):
    other = people.person()
    follow(person=person, subject=subject, at=AT)
    assert not is_following(other, subject)
    unfollow(person=other, subject=subject, at=LATER)
    assert is_following(person, subject)


def test_the_database_itself_refuses_a_second_standing_row(person, subject):
    row = follow(person=person, subject=subject, at=AT)
    names = [each.name for each in Follow._meta.constraints]
    column = next(name for name in ("course", "theme", "community") if getattr(row, name))
    assert f"one_standing_follow_{column}" in names
    copy = Follow(person=person, since=LATER, **{column: subject})
    assert len(Follow.objects.bulk_create([copy], ignore_conflicts=True)) == 1
    assert Follow.objects.count() == 1


def test_a_closed_account_follows_nothing_and_leaves_nothing(person, subject):
    follow(person=person, subject=subject, at=AT)
    close_account(user=person, by=person, at=LATER)
    assert Follow.objects.count() == 0
    person.refresh_from_db()
    with pytest.raises(FollowRefused):
        follow(person=person, subject=subject, at=LATER)


# ------------------------------------------------------------------ the link of a message
def test_the_link_ends_what_it_names_and_nothing_else(subject):
    person = mailings.reader_of_news()
    other = courses.course()
    row = follow(person=person, subject=subject, at=AT)
    follow(person=person, subject=other, at=AT)
    token = unsubscribe_token(person, news=False, follows=[row])
    for _time in range(2):
        done = unsubscribe(token=token, at=LATER)
        assert (done.person, done.news, done.subjects) == (person, False, [subject])
    row.refresh_from_db()
    assert (row.ended_at, row.ended_by_mail) == (LATER, True)
    assert is_following(person, other)
    assert has_consented(person, ConsentPurpose.ANNOUNCEMENTS)


def test_the_link_of_an_announcement_writes_the_withdrawal_once(person):
    mailings.agree(person)
    token = unsubscribe_token(person, news=True, follows=[])
    for _time in range(2):
        unsubscribe(token=token, at=LATER)
    rows = Consent.objects.filter(user=person, text__purpose=ConsentPurpose.ANNOUNCEMENTS)
    assert list(rows.order_by("pk").values_list("is_given", "decided_at")) == [
        (True, AT), (False, LATER),
    ]  # fmt: skip


def test_a_link_of_somebody_who_left_changes_nothing(person):
    token = unsubscribe_token(person, news=True, follows=[])
    close_account(user=person, by=person, at=AT)
    before = Consent.objects.count()
    assert unsubscribe(token=token, at=LATER) is not None
    assert Consent.objects.count() == before


def test_a_forged_link_ends_nothing(person, subject):
    row = follow(person=person, subject=subject, at=AT)
    token = unsubscribe_token(person, news=True, follows=[row])
    for forged in (token[:-1], token.swapcase(), "", "a.b", token + "x"):
        assert unsubscribe(token=forged, at=LATER) is None
    assert is_following(person, subject)


# ------------------------------------------------------------------ one's own data
def test_the_export_says_what_was_followed_and_until_when(person, subject):
    follow(person=person, subject=subject, at=AT)
    unfollow(person=person, subject=subject, at=LATER)
    (row,) = export_person(person)["follows"]
    assert row.pop("kind") in {"course", "theme", "community"}
    assert row == {
        "subject": str(subject),
        "since": AT.isoformat(),
        "ended_at": LATER.isoformat(),
        "ended_by_mail": False,
    }
