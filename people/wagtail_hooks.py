"""Registration of the ground floor in the Wagtail admin."""

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _

from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from people.models import Community, ConsentText, Establishment, Profession
from people.selectors.rights import may
from people.viewsets import persons
from people.viewsets.base import TablePolicy
from people.viewsets.places import VIEWSETS

MANAGE = "people.manage"
for _model in (Establishment, Community, Profession):
    register_permission_policy(_model, TablePolicy(_model, MANAGE))
register_permission_policy(ConsentText, TablePolicy(ConsentText, MANAGE, ("add", "view")))


class NetworkGroup(ViewSetGroup):
    """The network and its words, under one entry of the menu."""

    menu_label = _("Network")
    menu_icon = "site"
    menu_order = 500
    items = VIEWSETS


@hooks.register("register_admin_viewset")
def register_network() -> NetworkGroup:
    return NetworkGroup()


@hooks.register("register_admin_urls")
def register_people_urls() -> list[URLPattern | URLResolver]:
    patterns = [
        path("", persons.people, name="people"),
        path("<uuid:key>/", persons.person, name="person"),
        path("<uuid:key>/role/", persons.role, name="role"),
    ]
    return [path("personnes/", include((patterns, "people_admin")))]


class PeopleMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, MANAGE)


@hooks.register("register_admin_menu_item")
def register_people_menu() -> PeopleMenuItem:
    url = reverse("people_admin:people")
    return PeopleMenuItem(_("People"), url, icon_name="user", order=510)
