"""The signed words of the link that ends messages."""

import re

from django.core.signing import Signer

import pytest

from courses.models import Theme
from notices.models import Follow
from notices.selectors.unsubscribing import (
    find_subject,
    name_of,
    read_token,
    unsubscribe_token,
)
from notices.services.follows import follow
from people.models import Community
from tests.factories import courses, people

pytestmark = pytest.mark.django_db
AT = courses.AT


def test_the_token_is_the_same_each_time_and_fits_an_address():
    person = people.person()
    rows = [follow(person=person, subject=courses.course(), at=AT)]
    token = unsubscribe_token(person, news=True, follows=rows)
    assert token == unsubscribe_token(person, news=True, follows=rows)
    assert re.fullmatch(r"[A-Za-z0-9_.=-]+", token)
    assert person.email not in token


def test_what_is_signed_is_read_back():
    person, course = people.person(), courses.course()
    theme = Theme.objects.create(code="ethique", title_fr="Éthique")
    community = Community.objects.order_by("pk")[0]
    rows = [follow(person=person, subject=each, at=AT) for each in (course, theme, community)]
    read = read_token(unsubscribe_token(person, news=True, follows=rows))
    assert (read.person, read.news, read.subjects) == (person, True, [course, theme, community])


def test_many_subjects_are_all_of_them_and_the_address_stays_short():
    person = people.person()
    rows = [
        follow(person=person, subject=Theme.objects.create(code=f"t{n:049d}"), at=AT)
        for n in range(7)
    ]
    short = unsubscribe_token(person, news=True, follows=rows[:6])
    assert read_token(short).subjects == [row.subject for row in rows[:6]]
    assert len(short) < 700
    every = unsubscribe_token(person, news=True, follows=rows)
    assert len(every) < len(short)
    assert sorted(row.pk for row in read_token(every).subjects) == [row.theme_id for row in rows]


def test_a_subject_that_is_gone_is_left_out():
    person = people.person()
    theme = Theme.objects.create(code="passager", title_fr="Passager")
    token = unsubscribe_token(
        person, news=False, follows=[follow(person=person, subject=theme, at=AT)]
    )
    theme.delete()
    assert Follow.objects.count() == 0
    assert read_token(token).subjects == []


def test_words_signed_for_another_purpose_are_refused():
    person = people.person()
    stolen = Signer(salt="another", sep=".").sign_object({"p": person.key.hex, "w": ["news"]})
    assert read_token(stolen) is None


def test_the_link_of_an_erased_account_is_unknown():
    person = people.person()
    token = unsubscribe_token(person, news=True, follows=[])
    person.delete()
    assert read_token(token) is None


def test_links_outlive_a_change_of_key(settings):
    person = people.person()
    token = unsubscribe_token(person, news=True, follows=[])
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    assert read_token(token).person == person
    settings.SECRET_KEY_FALLBACKS = []
    assert read_token(token) is None


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("course", "x"),
        ("course", "3004e4a226db4284b3798b570b81c7f3"),
        ("community", ""),
        ("theme", "rien"),
        ("session", "1"),
    ],
)
def test_unknown_words_name_nothing(kind, name):
    assert find_subject(kind, name) is None


def test_a_subject_is_found_by_its_name():
    for subject in (courses.course(), Community.objects.order_by("pk")[0]):
        assert find_subject(*name_of(subject)) == subject
