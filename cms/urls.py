"""Stable names for pages whose words and slugs may change. Wagtail's own routes come after."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from cms import views

app_name = "cms"
urlpatterns = [
    path("", views.home, name="home"),
    path(_("courses/"), views.catalogue, name="catalogue"),
    path(_("courses/<uuid:key>/"), views.course, name="course"),
    path(_("privacy/"), views.privacy, name="privacy"),
    path(_("accessibility/"), views.accessibility, name="accessibility"),
]
