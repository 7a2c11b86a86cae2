"""The guard at every door: a view that names no action of people/policies.py is refused."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from people.policies import ADMIN_POLICY, FOREIGN_VIEWS, POLICIES
from people.selectors.accounts import is_complete
from people.selectors.rights import may

log = logging.getLogger(__name__)
# Where somebody without a complete account still goes: to complete it, to correct it, to close it.
COMPLETING = "people.account"


def policy_of(view: Callable[..., Any], path: str) -> str | None:
    """The action that guards `view`, asked for at `path`; None where nobody named one.

    The view's own mark wins, then its class's; Wagtail's admin is one house behind one door; the
    views of others are known by the module they live in, the longest name first.
    """
    for bearer in (view, getattr(view, "view_class", None)):
        action = getattr(bearer, "policy", None)
        if isinstance(action, str):
            return action
    if path.startswith(reverse("wagtailadmin_home")):
        return ADMIN_POLICY
    module = f"{view.__module__}."
    known = [prefix for prefix in FOREIGN_VIEWS if module.startswith(f"{prefix.rstrip('.')}.")]
    return FOREIGN_VIEWS[max(known, key=len)] if known else None


def _way_back(request: HttpRequest) -> str:
    """Where to go on after signing in: this page, or the one whose button was pressed."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    origin = request.headers.get("Referer", "")
    host = request.get_host()
    if not url_has_allowed_host_and_scheme(origin, {host}, require_https=request.is_secure()):
        return ""
    return origin.partition(host)[2]


class PolicyMiddleware:
    """Asks the policy table before each view runs, and keeps what it showed out of every cache.

    Anonymous readers are led to the sign-in page and back; a person without the right, and anyone
    at a door without a name, gets the 403 page. A person whose account is not complete completes
    it before the first page that needs an account.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Reading the user opens the session, and a public page that did would no longer be cached.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        action = policy_of(view, request.path)
        if action not in POLICIES:
            log.error("policy_missing %s.%s", view.__module__, getattr(view, "__name__", view))
            raise PermissionDenied
        if POLICIES[action].is_public:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(_way_back(request), reverse("account_login"))
        if not may(request.user, action):
            log.info("policy_refused %s", action)
            raise PermissionDenied
        if action != COMPLETING and not is_complete(request.user):
            query = urlencode({"next": _way_back(request)})
            return redirect(f"{reverse('people:onboarding')}?{query}")
        return None
