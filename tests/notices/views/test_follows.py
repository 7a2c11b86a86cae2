"""The screens of following, and the one that ends messages without signing in."""

from django.test import Client
from django.urls import reverse

import pytest
from bs4 import BeautifulSoup

from courses.models import Theme
from notices.models import Follow
from notices.selectors.follows import is_following
from notices.selectors.unsubscribing import unsubscribe_token
from notices.services.follows import follow
from people.choices import ConsentPurpose
from people.models import Community, Consent
from people.selectors.consents import has_consented
from tests.factories import courses, mailings, people

pytestmark = pytest.mark.django_db
AT = courses.AT


def read(answer) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def address(name: str, kind: str, subject: str) -> str:
    return reverse(f"notices:{name}", kwargs={"kind": kind, "name": subject})


@pytest.fixture
def person(client):
    row = people.person()
    client.force_login(row)
    return row


# ------------------------------------------------------------------ following
def test_reading_changes_nothing_and_the_button_follows(client, person):
    course = courses.course(title_fr="Le consentement")
    url = address("follow", "course", course.key.hex)
    page = read(client.get(url))
    assert page.h1.get_text(strip=True) == "Suivre «\xa0Le consentement\xa0»?"
    assert Follow.objects.count() == 0
    answer = client.post(url, follow=True)
    assert answer.redirect_chain == [(reverse("notices:follows"), 302)]
    assert is_following(person, course)
    assert "Vous suivez «\xa0Le consentement\xa0»" in read(answer).get_text()


def test_the_button_leads_to_the_end_once_one_follows(client, person):
    theme = Theme.objects.create(code="ethique", title_fr="Éthique")
    follow(person=person, subject=theme, at=AT)
    page = read(client.get(address("follow", "theme", "ethique")))
    (form,) = page.find("main").find_all("form")
    assert form["action"] == address("unfollow", "theme", "ethique")
    client.post(form["action"])
    assert not is_following(person, theme)


def test_ending_asks_for_a_post(client, person):
    theme = Theme.objects.create(code="ethique", title_fr="Éthique")
    follow(person=person, subject=theme, at=AT)
    assert client.get(address("unfollow", "theme", "ethique")).status_code == 405
    assert is_following(person, theme)


@pytest.mark.parametrize(
    ("kind", "name"), [("course", "x"), ("theme", "rien"), ("session", "1"), ("community", "0")]
)
def test_unknown_subjects_are_not_found(client, person, kind, name):
    assert client.get(address("follow", kind, name)).status_code == 404
    assert client.post(address("follow", kind, name)).status_code == 404


def test_a_visitor_signs_in_first_and_comes_back(client):
    course = courses.course()
    url = address("follow", "course", course.key.hex)
    for answer in (client.get(url), client.post(url)):
        assert answer.status_code == 302
        assert reverse("account_login") in answer["Location"]
    assert Follow.objects.count() == 0


# ------------------------------------------------------------------ my alerts
def test_the_page_lists_ones_own_and_offers_the_rest(client, person):
    Theme.objects.create(code="ethique", title_fr="Éthique")
    other = Theme.objects.create(code="essais", title_fr="Essais")
    follow(person=person, subject=other, at=AT)
    follow(person=people.person(), subject=Community.objects.order_by("pk")[0], at=AT)
    page = read(client.get(reverse("notices:follows")))
    assert [cell.get_text(strip=True) for cell in page.select("tbody th")] == ["Essais"]
    options = [option.get_text() for option in page.select("select option")]
    assert "Éthique" in options
    assert "Essais" not in options
    assert len(options) == 2 + Community.objects.count()


def test_a_theme_is_added_from_the_page(client, person):
    theme = Theme.objects.create(code="ethique", title_fr="Éthique")
    client.post(reverse("notices:follows"), {"subject": "theme:ethique"})
    assert is_following(person, theme)
    refused = client.post(reverse("notices:follows"), {"subject": "theme:rien"})
    assert refused.status_code == 422
    assert read(refused).select(".error-summary")
    assert client.post(reverse("notices:follows"), {}).status_code == 422


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_however_long(client, person, count, django_assert_max_num_queries):
    for _n in range(count):
        follow(person=person, subject=courses.course(), at=AT)
    with django_assert_max_num_queries(14):
        client.get(reverse("notices:follows"))


# ------------------------------------------------------------------ one click
@pytest.fixture
def mail_program():
    """A client without our cookies, who would be refused without a CSRF token."""
    return Client(enforce_csrf_checks=True)


def unsubscribing(token: str) -> str:
    return reverse("notices:unsubscribe", kwargs={"token": token})


def test_one_click_ends_it_without_sign_in_form_or_redirect(mail_program):
    person = mailings.reader_of_news()
    url = unsubscribing(unsubscribe_token(person, news=True, follows=[]))
    answer = mail_program.post(
        url, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
    assert not has_consented(person, ConsentPurpose.ANNOUNCEMENTS)
    assert mail_program.post(url).status_code == 200
    assert Consent.objects.filter(user=person, is_given=False).count() == 1
    assert not answer.cookies


@pytest.mark.parametrize("method", ["get", "head"])
def test_whatever_opens_the_link_changes_nothing(mail_program, method):
    """Scanners of hospitals open every link of every message."""
    person = mailings.reader_of_news()
    row = follow(person=person, subject=courses.course(), at=AT)
    url = unsubscribing(unsubscribe_token(person, news=True, follows=[row]))
    assert getattr(mail_program, method)(url).status_code == 200
    assert has_consented(person, ConsentPurpose.ANNOUNCEMENTS)
    assert is_following(person, row.subject)


def test_the_page_says_what_ends_and_not_whose(mail_program):
    person = mailings.reader_of_news("marie@exemple.test", printed_name="Marie Tremblay")
    row = follow(person=person, subject=courses.course(title_fr="Le consentement"), at=AT)
    url = unsubscribing(unsubscribe_token(person, news=True, follows=[row]))
    answer = mail_program.get(url)
    page = read(answer)
    assert [item.get_text(strip=True) for item in page.find("main").find_all("li")] == [
        "les annonces des nouvelles formations", "les nouvelles de «\xa0Le consentement\xa0»",
    ]  # fmt: skip
    text = page.get_text()
    assert "Marie" not in text
    assert "marie@" not in text
    assert page.find("meta", attrs={"name": "robots"})["content"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]
    assert len(page.find("main").find_all("form")) == 1
    assert not read(mail_program.post(url)).find("main").find_all("form")


def test_a_link_cut_in_two_says_so(mail_program):
    for answer in (mail_program.get(unsubscribing("x")), mail_program.post(unsubscribing("x"))):
        assert answer.status_code == 404
        assert "Ce lien n’est pas entier" in read(answer).get_text()
