"""What every page knows: the site, the other language, and what the reader may do."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import cached_property
from django.utils.translation import get_language

from people.policies import POLICIES
from people.selectors.rights import rights_of

# Each language by its own name: that is how its readers look for it.
LANGUAGE_NAMES = {"fr": "Français", "en": "English"}


class UnknownRightError(Exception):
    """A template asks for an action that people/policies.py does not hold, or holds twice."""


class _Verbs(dict[str, bool]):
    """The verbs of one app, each with its answer."""

    def __missing__(self, verb: str) -> bool:
        raise UnknownRightError(verb)


class May:
    """What the reader may do, for templates: `may.academy.dashboard`, or `may.dashboard` for short.

    Rights are read at the first question, so a page that asks nothing costs no query. The short
    form answers where one app alone has the verb. An unknown name raises UnknownRightError: a
    silent « no » would hide a misspelt right for ever.
    """

    def __init__(self, user: Any) -> None:
        self._user = user

    @cached_property
    def held(self) -> frozenset[str]:
        """Names of the actions the reader holds."""
        return rights_of(self._user)

    def __getitem__(self, name: str) -> bool | _Verbs:
        named = {action: action.partition(".")[::2] for action in POLICIES}
        of_app = {verb: action in self.held for action, (app, verb) in named.items() if app == name}
        if of_app:
            return _Verbs(of_app)
        alike = [action for action, (_, verb) in named.items() if verb == name]
        if len(alike) != 1:
            raise UnknownRightError(name)
        return alike[0] in self.held


def site(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; see templates/base.html for what is done with each name."""
    other = "en" if (get_language() or "fr").startswith("fr") else "fr"
    return {
        "site_name": settings.WAGTAIL_SITE_NAME,
        "demo": settings.DEMO,
        "public_base_url": settings.PUBLIC_BASE_URL,
        "privacy_officer": settings.PRIVACY_OFFICER,
        "support_email": settings.SUPPORT_EMAIL,
        "other_language": {
            "code": other,
            "name": LANGUAGE_NAMES[other],
            "url": translate_url(request.get_full_path(), other),
        },
        "may": May(getattr(request, "user", AnonymousUser())),
    }
