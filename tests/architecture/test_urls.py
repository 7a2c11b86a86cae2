"""Every address is guarded by an action of the policy table; the public ones are listed here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.views import View

import pytest

from people.middleware import policy_of
from people.policies import POLICIES, policy
from tests.architecture.house import FLOORS

# Addresses of ours that anybody may open without an account. A new one is added here on purpose.
PUBLIC = {
    # pages and the catalogue
    "cms:accessibility",
    "cms:catalogue",
    "cms:course",
    "cms:home",
    "cms:privacy",
    "courses:calendar",
    "courses:draw",
    "courses:draw_csv",
    "courses:draw_json",
    "courses:session",
    "courses:term_feed",
    # signing in
    "account_login",
    "account_request_login_code",
    "account_signup",
    # whoever holds the paper, or the link
    "certificates:verify",
    "certificates:verify_form",
    "courses:feed",
    "surveys:answer",
    "notices:unsubscribe",
    # machines that watch over us
    "livez",
    "readyz",
    "robots",
    # nothing unless DEMO is on
    "notices:demo_attachment",
    "notices:demo_mail",
    "notices:demo_mail_page",
    "notices:demo_mailbox",
    "people:demo_sign_in",
}


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver: its name with namespaces, its route, the view behind it."""

    name: str
    route: str
    view: Callable[..., Any]

    @property
    def is_ours(self) -> bool:
        return self.view.__module__.partition(".")[0] in FLOORS

    @property
    def shown(self) -> str:
        return f"{self.name or self.route} ({self.view.__module__})"

    @property
    def action(self) -> str:
        """The action that the product itself finds for this address."""
        return policy_of(self.view, f"/{self.route}") or ""


def addresses(
    patterns: list[URLPattern | URLResolver], names: tuple[str, ...] = (), route: str = ""
) -> Iterator[Address]:
    """Every address that the resolver knows, namespaces and routes joined."""
    for each in patterns:
        here = route + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = (*names, each.namespace) if each.namespace else names
            yield from addresses(each.url_patterns, inner, here)
        else:
            name = ":".join((*names, each.name)) if each.name else ""
            yield Address(name, here, each.callback)


def unguarded(found: list[Address]) -> list[str]:
    """Addresses without an action, or with one that the table does not know."""
    return sorted({each.shown for each in found if each.action not in POLICIES})


def public_names(found: list[Address]) -> set[str]:
    """Names of addresses of ours whose action is public."""
    return {
        each.name
        for each in found
        if each.is_ours and each.action in POLICIES and POLICIES[each.action].is_public
    }


def everywhere() -> list[Address]:
    return list(addresses(get_resolver().url_patterns))


def test_every_address_names_its_policy() -> None:
    assert unguarded(everywhere()) == []


def test_public_addresses_are_those_listed() -> None:
    assert public_names(everywhere()) == PUBLIC


def test_every_address_of_ours_has_a_name() -> None:
    assert [each.shown for each in everywhere() if each.is_ours and not each.name] == []


# ------------------------------------------------------------------ the detector itself
def open_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@policy("site.read")
def public_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class GuardedView(View):
    policy = "courses.manage"


class OpenView(View):
    pass


class MisspeltView(View):
    policy = "courses.mange"


@pytest.mark.parametrize("view", [open_view, MisspeltView.as_view(), OpenView.as_view()])
def test_address_without_policy_is_caught(view: Callable[..., Any]) -> None:
    found = list(addresses([path("x/", view, name="x")]))

    assert len(unguarded(found)) == 1


def test_guarded_addresses_pass() -> None:
    found = list(
        addresses([path("a/", public_view, name="a"), path("b/", GuardedView.as_view(), name="b")])
    )

    assert unguarded(found) == []


def test_public_address_of_ours_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_view, "__module__", "courses.views")
    monkeypatch.setattr(GuardedView, "__module__", "courses.views")

    found = addresses(
        [path("a/", public_view, name="a"), path("b/", GuardedView.as_view(), name="b")]
    )

    assert public_names(list(found)) == {"a"}
