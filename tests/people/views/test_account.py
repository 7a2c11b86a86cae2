from django.core import mail
from django.test import Client
from django.urls import reverse

import pytest
from bs4 import BeautifulSoup

from people.choices import ConsentPurpose, VerifiedHow
from people.models import Community, EstablishmentDomain, Profession, User
from people.selectors.consents import has_consented
from people.services.memberships import join_establishment
from tests.factories.people import AT, establishment, person

pytestmark = pytest.mark.django_db
ACCOUNT = "people:account"


@pytest.fixture
def user() -> User:
    return person("zoe@exemple.test", printed_name="Zoé Roy")


@pytest.fixture
def mine(user, client) -> Client:
    client.force_login(user)
    return client


def page_of(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


# ------------------------------------------------------------------ profile
def test_page_shows_what_is_held(mine, user):
    join_establishment(user=user, establishment=establishment(), at=AT)
    page = page_of(mine.get(reverse(ACCOUNT)))
    assert page.select_one("[name=printed_name]")["value"] == "Zoé Roy"
    assert "zoe@exemple.test" in page.text
    assert establishment().name_fr in page.text


def test_page_asks_a_fixed_number_of_queries(mine, user, django_assert_max_num_queries):
    for code in ("chum", "cusm", "iucpq", "cisss-laval"):
        join_establishment(user=user, establishment=establishment(code), at=AT)
    mine.get(reverse(ACCOUNT))
    with django_assert_max_num_queries(20):
        mine.get(reverse(ACCOUNT))


def test_profile_is_changed(mine, user):
    nurse = Profession.objects.get(code="infirmiere-recherche")
    response = mine.post(
        reverse(ACCOUNT),
        {
            "printed_name": "  Zoé   Roy-Côté ",
            "language": "en",
            "profession": nurse.pk,
            "permit_number": " 12345 ",
        },
    )
    assert response.status_code == 302
    profile = fresh(user).profile
    assert (profile.printed_name, profile.language, profile.profession, profile.permit_number) == (
        "Zoé Roy-Côté",
        "en",
        nurse,
        "12345",
    )


def test_empty_name_is_refused_and_the_old_one_kept(mine, user):
    response = mine.post(reverse(ACCOUNT), {"printed_name": " ", "language": "fr"})
    page = page_of(response)
    assert response.status_code == 422
    assert page.select_one(".error-summary a")["href"] == "#id_printed_name"
    assert fresh(user).profile.printed_name == "Zoé Roy"


# ------------------------------------------------------------------ memberships
def test_establishment_is_added_by_its_everyday_name(mine, user):
    mine.post(reverse("people:join_place"), {"establishment": "Royal Victoria"})
    assert user.memberships.get().establishment.code == "cusm"


def test_unclear_establishment_is_asked_about_on_the_same_page(mine, user):
    response = mine.post(reverse("people:join_place"), {"establishment": "Québec"})
    assert response.status_code == 422
    assert len(page_of(response).select("[type=radio][name=chosen]")) >= 3
    assert user.memberships.count() == 0


def test_community_is_joined(mine, user):
    community = Community.objects.get(code="thoracique")
    mine.post(reverse("people:join_group"), {"community": community.pk})
    assert user.memberships.get().community == community


def test_membership_is_left(mine, user):
    membership = join_establishment(user=user, establishment=establishment(), at=AT)
    mine.post(reverse("people:leave", args=[membership.pk]))
    membership.refresh_from_db()
    assert membership.ends_on is not None
    assert establishment().name_fr not in page_of(mine.get(reverse(ACCOUNT))).text


def test_membership_of_somebody_else_does_not_exist_here(mine):
    other = join_establishment(user=person(), establishment=establishment(), at=AT)
    assert mine.post(reverse("people:leave", args=[other.pk])).status_code == 404
    other.refresh_from_db()
    assert other.ends_on is None


# ------------------------------------------------------------------ consents
def test_announcements_are_agreed_to_and_withdrawn(mine, user):
    purpose = ConsentPurpose.ANNOUNCEMENTS
    mine.post(reverse("people:consent"), {"purpose": purpose.value, "given": "1"})
    assert has_consented(user, purpose)
    mine.post(reverse("people:consent"), {"purpose": purpose.value, "given": "0"})
    assert not has_consented(user, purpose)


def test_consent_of_the_account_cannot_be_withdrawn_apart(mine, user):
    page = page_of(mine.get(reverse(ACCOUNT)))
    offered = {field["value"] for field in page.select("[name=purpose]")}
    assert offered == {ConsentPurpose.ANNOUNCEMENTS.value, ConsentPurpose.PUBLIC_NAME.value}
    mine.post(reverse("people:consent"), {"purpose": "account", "given": "0"})
    assert has_consented(user, ConsentPurpose.ACCOUNT)


def test_unknown_purpose_changes_nothing(mine, user):
    mine.post(reverse("people:consent"), {"purpose": "selling", "given": "1"})
    assert user.consents.count() == 1


# ------------------------------------------------------------------ more than one address
def code_in(letter: mail.EmailMessage) -> str:
    return next(word for word in letter.body.split() if word.isdigit() and len(word) == 6)


def test_second_address_is_added_by_a_code_and_proves_the_establishment(mine, user):
    EstablishmentDomain.objects.create(establishment=establishment(), domain="chum.exemple.test")
    membership = join_establishment(user=user, establishment=establishment(), at=AT)
    mine.post(reverse("account_email"), {"email": "z@chum.exemple.test", "action_add": ""})
    assert user.emailaddress_set.count() == 1  # nothing is added before it is proved
    code = code_in(mail.outbox[-1])
    mine.post(reverse("account_email_verification_sent"), {"code": code})
    assert user.emailaddress_set.filter(verified=True).count() == 2
    membership.refresh_from_db()
    assert membership.verified_how == VerifiedHow.MAIL_DOMAIN


def test_adding_an_address_does_not_tell_whether_it_is_known(mine):
    person("known@exemple.test")
    seen = []
    for address in ("known@exemple.test", "unknown@exemple.test"):
        mail.outbox.clear()
        response = mine.post(reverse("account_email"), {"email": address, "action_add": ""})
        seen.append((response.status_code, response["Location"], len(mail.outbox)))
        mine.session.pop("account_email_verification_code", None)
    assert seen[0] == seen[1]


def test_address_of_somebody_else_cannot_be_taken_even_with_its_code(mine, user):
    other = person("known@exemple.test")
    mine.post(reverse("account_email"), {"email": "known@exemple.test", "action_add": ""})
    mine.post(reverse("account_email_verification_sent"), {"code": code_in(mail.outbox[-1])})
    assert [row.user for row in other.emailaddress_set.all()] == [other]
    assert user.emailaddress_set.count() == 1


# ------------------------------------------------------------------ closing
def test_closing_asks_first(mine, user):
    page = page_of(mine.get(reverse("people:account_close")))
    assert not page.select_one("[name=confirm]").has_attr("checked")
    response = mine.post(reverse("people:account_close"))
    assert response.status_code == 422
    assert page_of(response).select_one(".error-summary a")["href"] == "#confirm"
    assert fresh(user).closed_at is None


def test_closing_signs_out_everywhere(mine, user):
    elsewhere = Client()
    elsewhere.force_login(user)
    assert mine.post(reverse("people:account_close"), {"confirm": "1"}).status_code == 302
    assert fresh(user).closed_at is not None
    for client in (mine, elsewhere):
        assert client.get(reverse(ACCOUNT))["Location"].startswith(reverse("account_login"))


def test_closing_by_get_changes_nothing(mine, user):
    mine.get(reverse("people:account_close"), {"confirm": "1"})
    assert fresh(user).closed_at is None


@pytest.mark.parametrize("name", ["consent"])
def test_changes_are_posts(mine, name):
    assert mine.get(reverse(f"people:{name}")).status_code == 405


def test_export_is_offered(mine):
    page = page_of(mine.get(reverse(ACCOUNT)))
    assert page.select_one(f'form[action="{reverse("academy:export")}"][method=post]')


@pytest.mark.parametrize("name", ["people:join_place", "people:join_group"])
def test_a_refused_form_read_again_or_in_the_other_language_is_the_account(mine, name):
    response = mine.get(reverse(name))
    assert (response.status_code, response["Location"]) == (302, reverse(ACCOUNT))
