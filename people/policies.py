"""Who may do what: one readable table of roles × actions × row scope, and the mark a view wears.

Every view of ours names its action with `@policy("courses.enrol")`; people.middleware refuses a
view that names none, people.selectors.rights reads who a person is, and each model turns a scope
into rows with its own `visible_to` verb. Adding a right is adding a cell here, nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from people.choices import Role

ViewType = TypeVar("ViewType", bound=Callable[..., Any])


class Scope(StrEnum):
    """Which rows of a noun a right reaches."""

    ALL = "all"
    OWN_ESTABLISHMENT = "own establishment"
    OWN_SESSIONS = "own sessions"  # those the person teaches
    SELF = "self"
    TOKEN = "token"  # noqa: S105 - whoever holds an unguessable link
    PUBLIC = "public"


@dataclass(frozen=True)
class Action:
    """One row of the table: cells say which role reaches which rows; public needs no account."""

    name: str
    cells: dict[Role, Scope]
    is_public: bool = False


def _action(name: str, *, public: bool = False, **cells: Scope) -> tuple[str, Action]:
    return name, Action(name, {Role(role): scope for role, scope in cells.items()}, public)


ALL, SITE, OWN, SELF = Scope.ALL, Scope.OWN_ESTABLISHMENT, Scope.OWN_SESSIONS, Scope.SELF

POLICIES: dict[str, Action] = dict(
    [
        # --- anyone
        _action("site.read", public=True),  # pages, catalogue, legal texts, health
        _action("site.sign_in", public=True),  # allauth's journeys, before and after
        _action("site.demo", public=True),  # only exists when DEMO is on
        _action("certificates.verify", public=True),
        _action("surveys.answer", public=True),  # holds an invitation's token
        _action("notices.unsubscribe", public=True),  # holds the signed link of a message
        _action("courses.feed", public=True),  # holds the token of a calendar's address
        # --- one's own
        _action("people.account", learner=SELF),
        _action("courses.enrol", learner=SELF),
        _action("courses.follow", learner=SELF),  # my trainings, join, calendar
        _action("certificates.own", learner=SELF),
        _action("notices.follow", learner=SELF),  # what one wants to hear of
        # --- teaching
        _action(
            "courses.roster",
            trainer=OWN,
            liaison=SITE,
            coordinator=ALL,
            direction=ALL,
            inspector=ALL,
        ),
        _action("courses.guests", trainer=OWN, coordinator=ALL),
        _action("attendance.mark", trainer=OWN, coordinator=ALL),
        _action("surveys.results", trainer=OWN, coordinator=ALL, direction=ALL),
        # --- establishments
        _action("people.verify_membership", liaison=SITE, coordinator=ALL),
        _action("courses.delegate", liaison=SITE, coordinator=ALL),  # a seat for one's people
        # --- staff
        _action("academy.dashboard", coordinator=ALL, direction=ALL, inspector=ALL),
        _action("academy.control_room", coordinator=ALL),
        _action("courses.manage", coordinator=ALL),
        _action("courses.overbook", coordinator=ALL),  # seats beyond a capacity, with a motive
        _action("attendance.import", coordinator=ALL),
        _action("attendance.close", coordinator=ALL),
        _action("attendance.read", trainer=OWN, coordinator=ALL, direction=ALL, inspector=ALL),
        _action("certificates.issue", coordinator=ALL),
        _action("certificates.read", coordinator=ALL, direction=ALL, inspector=ALL),
        _action("surveys.manage", coordinator=ALL),
        _action("people.manage", coordinator=ALL),
        _action("notices.read", coordinator=ALL),
        _action("notices.write", coordinator=ALL),
        _action("cms.edit", trainer=OWN, committee=ALL, coordinator=ALL),
    ]
)

# All that stands under the address of Wagtail's admin, ours included, unless it names its own.
ADMIN_POLICY = "cms.edit"
# Views that are not ours, by the module they live in: which action guards them.
FOREIGN_VIEWS = {
    "allauth.": "site.sign_in",
    "wagtail.admin.": "cms.edit",  # Wagtail's own permission checks stand behind it
    "wagtail.": "site.read",
    "wagtail_localize.": "cms.edit",
    "django.views.i18n": "site.read",
    "django.views.static": "site.read",
    "django.views.defaults": "site.read",
    "django.contrib.staticfiles": "site.read",
    "django.contrib.sitemaps": "site.read",
    "django.contrib.auth": "people.manage",  # password forms: nobody has one, so nobody needs them
}


def policy(action: str) -> Callable[[ViewType], ViewType]:
    """Mark a view (function, or class through `policy = …`) with the action that guards it."""
    if action not in POLICIES:
        raise KeyError(f"no such action in people/policies.py: {action}")

    def mark(view: ViewType) -> ViewType:
        view.policy = action  # type: ignore[attr-defined]
        return view

    return mark
