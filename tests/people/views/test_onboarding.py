from django.test import Client
from django.urls import reverse
from django.utils import translation

import pytest
from bs4 import BeautifulSoup

from people.choices import ConsentPurpose, EstablishmentKind, VerifiedHow
from people.models import Consent, EstablishmentDomain, Profession, User
from people.selectors.accounts import is_complete
from people.services.accounts import begin_account
from tests.factories.people import AT, establishment, person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
URL = "/compte/ou-jallais/"
ANSWERS = {"printed_name": "Zoé Roy", "establishment": "CHUM"}


@pytest.fixture
def newcomer() -> User:
    user = begin_account(email="new@exemple.test", at=AT)
    user.emailaddress_set.update(verified=True)
    return user


@pytest.fixture
def welcome(newcomer, client) -> Client:
    client.force_login(newcomer)
    return client


def send(client: Client, **answers: str):
    return client.post(reverse("people:onboarding"), ANSWERS | {"next": URL} | answers)


def page_of(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def test_two_answers_complete_an_account(welcome, newcomer):
    assert not is_complete(newcomer)
    assert send(welcome)["Location"] == URL
    user = User.objects.get()
    assert is_complete(user)
    assert (user.profile.printed_name, user.profile.language) == ("Zoé Roy", "fr")
    assert user.memberships.get().establishment == establishment("chum")


def test_text_agreed_to_is_shown_with_its_version(welcome):
    page = page_of(welcome.get(reverse("people:onboarding")))
    text = Consent.text.field.related_model.objects.get(purpose=ConsentPurpose.ACCOUNT)
    assert text.text_fr in page.text
    assert "1" in page.select_one(".panel .hint").text


def test_button_is_consent_to_the_account_and_to_nothing_else(welcome):
    send(welcome)
    decided = Consent.objects.values_list("text__purpose", "text__version", "is_given")
    assert list(decided) == [(ConsentPurpose.ACCOUNT, 1, True)]


def test_announcements_are_asked_apart_and_unticked(welcome):
    page = page_of(welcome.get(reverse("people:onboarding")))
    assert not page.select_one("[name=wants_announcements]").has_attr("checked")
    send(welcome, wants_announcements="on")
    purposes = set(Consent.objects.filter(is_given=True).values_list("text__purpose", flat=True))
    assert purposes == {ConsentPurpose.ACCOUNT, ConsentPurpose.ANNOUNCEMENTS}


def test_each_question_says_what_it_is_for(welcome):
    page = page_of(welcome.get(reverse("people:onboarding")))
    for name in ("printed_name", "establishment", "profession"):
        field = page.select_one(f"[name={name}]")
        assert page.find(id=field["aria-describedby"]).text.strip()
        assert page.select_one(f"label[for={field['id']}]").text.strip()


def test_names_are_suggested_while_typing(welcome):
    page = page_of(welcome.get(reverse("people:onboarding")))
    field = page.select_one("[name=establishment]")
    names = [option["value"] for option in page.select(f"datalist#{field['list']} option")]
    assert "Hôpital Maisonneuve-Rosemont" in names


def test_everyday_name_is_understood(welcome, newcomer):
    send(welcome, establishment="hopital maisonneuve rosemont")
    assert newcomer.memberships.get().establishment.code == "ciusss-est-montreal"


def test_ambiguous_name_is_asked_about_and_nothing_is_lost(welcome, newcomer):
    response = send(welcome, establishment="Hôtel-Dieu")
    page = page_of(response)
    assert response.status_code == 422
    assert page.title.text.split()[0].startswith(("Error", "Erreur"))
    assert page.select_one("[name=printed_name]")["value"] == "Zoé Roy"
    offered = page.select("input[type=radio][name=chosen]")
    assert len(offered) == 6  # five Hôtel-Dieu, and the name as typed
    assert page.select_one(".error-summary a")["href"] == f"#{offered[0]['id']}"
    levis = str(establishment("cisss-chaudiere-appalaches").key)
    assert send(welcome, establishment="Hôtel-Dieu", chosen=levis)["Location"] == URL
    assert newcomer.memberships.get().establishment.code == "cisss-chaudiere-appalaches"


def test_unknown_name_may_be_kept_as_another_organisation(welcome, newcomer):
    response = send(welcome, establishment="Clinique du coin")
    assert [field["value"] for field in page_of(response).select("[type=radio]")] == ["other"]
    send(welcome, establishment="Clinique du coin", chosen="other")
    membership = newcomer.memberships.get()
    assert membership.establishment.kind == EstablishmentKind.OTHER
    assert (membership.organisation, membership.verified_at) == ("Clinique du coin", None)


@pytest.mark.parametrize("chosen", ["nonsense", "0", "00000000-0000-0000-0000-000000000000"])
def test_answer_that_was_not_offered_is_asked_again(welcome, newcomer, chosen):
    assert send(welcome, establishment="Hôtel-Dieu", chosen=chosen).status_code == 422
    assert newcomer.memberships.count() == 0


@pytest.mark.parametrize("name", ["printed_name", "establishment"])
def test_missing_answer_is_asked_in_words(welcome, name):
    page = page_of(send(welcome, **{name: "  "}))
    assert page.select_one(f"[name={name}]")["aria-invalid"] == "true"
    assert page.select_one(".error-summary a")["href"] == f"#id_{name}"


def test_address_of_the_establishment_proves_it_at_once(welcome, newcomer):
    EstablishmentDomain.objects.create(establishment=establishment(), domain="exemple.test")
    send(welcome)
    assert newcomer.memberships.get().verified_how == VerifiedHow.MAIL_DOMAIN


def test_language_is_the_one_the_page_was_read_in(newcomer, client):
    client.force_login(newcomer)
    with translation.override("en"):
        client.post(reverse("people:onboarding"), ANSWERS)
    assert User.objects.get().language == "en"


def test_language_and_profession_may_be_said_now(welcome, newcomer):
    nurse = Profession.objects.get(code="infirmiere-recherche")
    send(welcome, language="en", profession=nurse.pk)
    profile = User.objects.get().profile
    assert (profile.language, profile.profession) == ("en", nurse)


def test_twice_changes_nothing_more(welcome, newcomer):
    send(welcome)
    send(welcome)
    assert (newcomer.memberships.count(), Consent.objects.count()) == (1, 1)


def test_complete_account_is_sent_on(client):
    client.force_login(person())
    assert client.get(reverse("people:onboarding"), {"next": URL})["Location"] == URL


def test_anonymous_reader_signs_in_first(client):
    assert client.post(reverse("people:onboarding"), ANSWERS).status_code == 302
    assert User.objects.count() == 0
