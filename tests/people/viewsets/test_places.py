"""The network in the admin: coordinators write it, through services; others do not come in."""

from django.test import Client
from django.urls import reverse

import pytest

from people.choices import Role
from people.models import Community, ConsentText, EstablishmentDomain, Profession
from tests.factories.people import coordinator, establishment, person, trainer

pytestmark = pytest.mark.django_db


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def establishment_form(place, *, names=(), domains=()) -> dict[str, str]:
    """What the edit form sends: the fields, and two lists of rows."""
    data = {
        name: getattr(place, name)
        for name in ("code", "name_fr", "name_en", "short_name", "region", "city", "kind")
    }
    kept = [(str(row.pk), row.name) for row in place.other_names.all()]
    for prefix, field, rows in (
        ("other_names", "name", kept + [("", name) for name in names]),
        ("domains", "domain", [("", name) for name in domains]),
    ):
        data[f"{prefix}-TOTAL_FORMS"] = str(len(rows))
        data[f"{prefix}-INITIAL_FORMS"] = str(sum(1 for pk, _ in rows if pk))
        data[f"{prefix}-MIN_NUM_FORMS"], data[f"{prefix}-MAX_NUM_FORMS"] = "0", "1000"
        for number, (pk, words) in enumerate(rows):
            data |= {
                f"{prefix}-{number}-id": pk,
                f"{prefix}-{number}-{field}": words,
                f"{prefix}-{number}-ORDER": str(number),
                f"{prefix}-{number}-DELETE": "",
            }
    return data


def test_establishment_is_edited_with_its_names_and_domains():
    place = establishment()
    data = establishment_form(place, names=["Le Chum"], domains=["Chum.exemple.test"])
    url = reverse("establishment:edit", args=[place.pk])
    answer = as_(coordinator()).post(url, data | {"city": "Ville-Marie"})
    assert answer.status_code == 302, answer.context["form"].errors
    place = establishment()
    assert place.city == "Ville-Marie"
    assert place.other_names.filter(name="Le Chum").exists()
    assert [row.domain for row in place.domains.all()] == ["chum.exemple.test"]


def test_refusal_of_the_service_is_shown_and_nothing_is_lost():
    place = establishment()
    data = establishment_form(place, domains=["gmail.com"]) | {"city": "Ailleurs"}
    answer = as_(coordinator()).post(reverse("establishment:edit", args=[place.pk]), data)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "gmail.com" in page
    assert "Ailleurs" in page
    assert (establishment().city, EstablishmentDomain.objects.count()) == ("Montréal", 0)


@pytest.mark.parametrize("name", ["establishment", "community", "profession", "consenttext"])
def test_lists_open_to_coordinators_only(name):
    url = reverse(f"{name}:index")
    assert as_(coordinator()).get(url).status_code == 200
    for user in (trainer(), person(roles=(Role.COMMITTEE,))):
        assert as_(user).get(url).status_code == 302  # Wagtail's « no permission »
    for user in (person(), person(roles=(Role.DIRECTION,))):
        assert as_(user).get(url).status_code == 403


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("community", Community),
        ("profession", Profession),
    ],
)
def test_nothing_that_people_point_at_is_deleted(name, model):
    row = model.objects.first()
    as_(coordinator()).post(reverse(f"{name}:delete", args=[row.pk]))
    assert model.objects.filter(pk=row.pk).exists()


def test_community_and_profession_are_added():
    client = as_(coordinator())
    client.post(
        reverse("community:add"),
        {
            "code": "cutanee",
            "name_fr": "Communauté cutanée",
            "name_en": "",
            "founded_year": "2026",
        },
    )
    client.post(
        reverse("profession:add"),
        {
            "code": "psychologue",
            "title_fr": "Psychologue",
            "title_en": "Psychologist",
            "order_fr": "",
            "order_en": "",
            "position": "65",
        },
    )
    assert Community.objects.filter(code="cutanee").count() == 1
    assert Profession.objects.filter(code="psychologue").count() == 1


def test_consent_text_is_followed_never_edited():
    client, text = as_(coordinator()), ConsentText.objects.get(purpose="announcements")
    client.post(
        reverse("consenttext:add"),
        {
            "purpose": "announcements",
            "text_fr": "Neuf",
            "text_en": "New",
            "effective_on": "2026-12-01",
        },
    )
    versions = ConsentText.objects.filter(purpose="announcements").order_by("version")
    assert [row.version for row in versions] == [1, 2]
    client.post(reverse("consenttext:edit", args=[text.pk]), {"text_fr": "Changé"})
    assert ConsentText.objects.get(pk=text.pk).text_fr == text.text_fr


def test_establishment_is_found_in_the_admin_by_an_everyday_name():
    answer = as_(coordinator()).get(reverse("establishment:index"), {"q": "Maisonneuve"})
    assert [row.code for row in answer.context["object_list"]] == ["ciusss-est-montreal"]
