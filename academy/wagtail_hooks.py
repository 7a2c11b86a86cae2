"""The content admin under our own roof: our colours, the way back to the desk, no foreign guide."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wagtail import hooks
from wagtail.admin.menu import MenuItem

from people.selectors.rights import may

# Wagtail's help in English about Wagtail itself; the keyboard shortcuts stay.
FOREIGN_HELP = ("whats-new-in-wagtail", "editor-guide")


class DeskMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, "academy.dashboard")


@hooks.register("register_admin_menu_item")
def register_desk_menu() -> DeskMenuItem:
    return DeskMenuItem(
        _("Dashboard"), reverse("academy:dashboard"), name="desk", icon_name="home", order=10
    )


@hooks.register("construct_help_menu")
def keep_our_help(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if not item.name.startswith(FOREIGN_HELP)]


@hooks.register("insert_global_admin_css")
def our_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("admin.css"))
