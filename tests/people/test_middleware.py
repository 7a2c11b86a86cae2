"""The guard at every door, with doors made for the purpose."""

from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, include, path, reverse
from django.views import View

import pytest

from academy import urls as street_map
from people.choices import Role
from people.middleware import policy_of
from people.policies import POLICIES, policy
from tests.factories.people import coordinator, liaison_agent, person, trainer

pytestmark = pytest.mark.django_db


def nameless(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


@policy("site.read")
def public(request: HttpRequest) -> HttpResponse:
    return HttpResponse("public")


@policy("people.manage")
def managed(request: HttpRequest) -> HttpResponse:
    return HttpResponse("managed")


@policy("courses.follow")
def own(request: HttpRequest) -> HttpResponse:
    return HttpResponse("own")


@policy("people.manage")
class ManagedView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("managed")


class NamelessView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("secret")


doors = [
    path("porte/sans-nom/", nameless),
    path("porte/sans-nom-classe/", NamelessView.as_view()),
    path("porte/publique/", public),
    path("porte/gestion/", managed),
    path("porte/gestion-classe/", ManagedView.as_view()),
    path("porte/a-moi/", own),
]
urlpatterns = [path("", include(doors)), *street_map.urlpatterns]


@pytest.fixture(autouse=True)
def _doors(settings):
    settings.ROOT_URLCONF = __name__


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


# ------------------------------------------------------------------ refusals
@pytest.mark.parametrize("door", ["/porte/sans-nom/", "/porte/sans-nom-classe/"])
def test_view_without_policy_is_refused_to_everybody(door, caplog):
    for client in (Client(), signed_in(person()), signed_in(coordinator())):
        response = client.get(door)
        assert response.status_code == 403
        assert b"secret" not in response.content
    assert "policy_missing" in caplog.text


def test_without_the_guard_the_same_view_answers(settings):
    """Negative control: it is the middleware that refuses, nothing else."""
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if name != "people.middleware.PolicyMiddleware"
    ]
    assert Client().get("/porte/sans-nom/").content == b"secret"


def test_public_view_answers_everybody():
    for client in (Client(), signed_in(person())):
        assert client.get("/porte/publique/").content == b"public"


@pytest.mark.parametrize("door", ["/porte/gestion/", "/porte/gestion-classe/"])
def test_right_decides(door):
    assert signed_in(coordinator()).get(door).content == b"managed"
    for user in (person(), trainer(), liaison_agent(), person(roles=(Role.DIRECTION,))):
        assert signed_in(user).get(door).status_code == 403


# ------------------------------------------------------------------ signing in on the way
def test_anonymous_reader_is_led_to_sign_in_and_back():
    response = Client().get("/porte/a-moi/?a=1&b=2")
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next=/porte/a-moi/%3Fa%3D1%26b%3D2"


def test_after_a_button_one_comes_back_to_the_page_it_stood_on():
    response = Client().post("/porte/a-moi/", headers={"referer": "http://testserver/x/?y=1"})
    assert response["Location"] == f"{reverse('account_login')}?next=/x/%3Fy%3D1"


@pytest.mark.parametrize("referer", ["", "https://evil.example/x/", "//evil.example", "x"])
def test_after_a_button_a_foreign_page_is_not_gone_back_to(referer):
    response = Client().post("/porte/a-moi/", headers={"referer": referer})
    assert response["Location"] in {
        reverse("account_login"),
        f"{reverse('account_login')}?next=",
    }


# ------------------------------------------------------------------ completeness
def test_incomplete_account_completes_itself_first():
    client = signed_in(person(has_consented=False))
    response = client.get("/porte/a-moi/?a=1")
    assert (
        response["Location"] == f"{reverse('people:onboarding')}?next=%2Fporte%2Fa-moi%2F%3Fa%3D1"
    )


def test_incomplete_account_still_reads_public_pages_and_its_own():
    client = signed_in(person(has_consented=False))
    assert client.get("/porte/publique/").status_code == 200
    assert client.get(reverse("people:account")).status_code == 200
    assert client.get(reverse("people:account_close")).status_code == 200


# ------------------------------------------------------------------ caches
def test_what_a_signed_in_person_sees_is_never_stored():
    client = signed_in(person())
    for door in ("/porte/publique/", "/porte/a-moi/", "/porte/gestion/"):
        assert client.get(door)["Cache-Control"] == "private, no-store"


def test_public_page_of_an_anonymous_reader_opens_no_session():
    response = Client().get("/porte/publique/")
    assert "Cookie" not in response.get("Vary", "")
    assert "Cache-Control" not in response


def test_admin_is_behind_the_same_guard():
    assert Client().get("/gestion/")["Location"].startswith(reverse("account_login"))
    assert signed_in(person()).get("/gestion/").status_code == 403
    assert signed_in(person(roles=(Role.DIRECTION,))).get("/gestion/").status_code == 403
    for user in (coordinator(), trainer(), person(roles=(Role.COMMITTEE,))):
        assert signed_in(user).get("/gestion/").status_code == 200


def test_password_form_of_the_admin_is_closed():
    response = Client().post("/gestion/login/", {"username": "a", "password": "b"})
    assert response["Location"].startswith(reverse("account_login"))
    assert signed_in(person()).get("/_util/login/").status_code == 403


# ------------------------------------------------------------------ every address of the site
def every_view(patterns, prefix=""):
    for entry in patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from every_view(entry.url_patterns, here)
        elif isinstance(entry, URLPattern):
            yield here, entry.callback


def test_every_address_names_a_policy_of_the_table():
    resolver = get_resolver("academy.urls")
    nameless_addresses = [
        address
        for address, view in every_view(resolver.url_patterns)
        if policy_of(view, f"/{address}") not in POLICIES
    ]
    assert nameless_addresses == []


def test_the_walk_finds_a_nameless_address():
    """Negative control of the test above."""
    found = [
        address for address, view in every_view(doors) if policy_of(view, f"/{address}") is None
    ]
    assert found == ["porte/sans-nom/", "porte/sans-nom-classe/"]
