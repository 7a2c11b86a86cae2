"""Registration of the messages and of their words in the admin."""

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import pgettext_lazy

from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import register_permission_policy

from notices.models import Notice
from notices.viewsets import texts
from notices.viewsets.outbox import RIGHT, NoticeViewSet
from people.selectors.rights import may
from people.viewsets.base import TablePolicy

register_permission_policy(Notice, TablePolicy(Notice, RIGHT, verbs=("view",)))


@hooks.register("register_admin_viewset")
def register_notices() -> NoticeViewSet:
    return NoticeViewSet()


@hooks.register("register_admin_urls")
def register_texts() -> list[URLPattern | URLResolver]:
    patterns = [
        path("", texts.texts, name="index"),
        path("<slug:kind>/", texts.text, name="text"),
    ]
    return [path("textes-des-messages/", include((patterns, "texts_admin")))]


class TextsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, texts.RIGHT)


@hooks.register("register_admin_menu_item")
def register_texts_menu() -> TextsMenuItem:
    url = reverse(texts.INDEX)
    return TextsMenuItem(
        pgettext_lazy("menu", "Standard texts"), url, name="texts", icon_name="edit", order=810
    )
