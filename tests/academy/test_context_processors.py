"""What every page knows, and what it costs."""

from types import SimpleNamespace

from django.contrib.auth.models import AnonymousUser
from django.utils import translation

import pytest

from academy import context_processors
from academy.context_processors import May, UnknownRightError, site


@pytest.fixture
def request_of_nobody(rf):
    request = rf.get("/connexion/?next=/formations/")
    request.user = AnonymousUser()
    return request


def test_site_gives_the_names_that_the_templates_use(request_of_nobody, settings):
    settings.DEMO = True

    known = site(request_of_nobody)

    assert set(known) == {
        "site_name",
        "demo",
        "public_base_url",
        "privacy_officer",
        "support_email",
        "other_language",
        "may",
    }
    assert known["demo"] is True


@pytest.mark.parametrize(("language", "other"), [("fr", "English"), ("en", "Français")])
def test_other_language_goes_by_its_own_name(request_of_nobody, language, other):
    with translation.override(language):
        assert site(request_of_nobody)["other_language"]["name"] == other


def test_other_language_keeps_the_page_and_the_question(rf):
    with translation.override("fr"):
        there = site(rf.get("/verifier/?numero=AC-1"))["other_language"]["url"]
    with translation.override("en"):
        back = site(rf.get(there))["other_language"]["url"]

    assert there.startswith("/en/")
    assert there.endswith("?numero=AC-1")
    assert back == "/verifier/?numero=AC-1"


def test_may_asks_once_and_only_when_asked(monkeypatch):
    asked = []

    def rights_of(user):
        asked.append(user)
        return frozenset({"academy.dashboard", "courses.manage"})

    monkeypatch.setattr(context_processors, "rights_of", rights_of)
    reader = SimpleNamespace()
    may = May(reader)
    assert asked == []

    assert may["academy"]["dashboard"] is True
    assert may["cms"]["edit"] is False
    assert may["dashboard"] is True
    assert asked == [reader]


@pytest.mark.parametrize("name", ["manage", "fly"])
def test_may_refuses_a_name_that_is_doubtful_or_unknown(monkeypatch, name):
    monkeypatch.setattr(context_processors, "rights_of", lambda _: frozenset())

    with pytest.raises(UnknownRightError):
        May(AnonymousUser())[name]
    with pytest.raises(UnknownRightError):
        May(AnonymousUser())["academy"]["fly"]
