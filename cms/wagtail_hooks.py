"""Registration of the editor, and what it says at the moment it matters."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from wagtail import hooks
from wagtail.models import Page

from cms.models import CoursePage
from cms.models.base import AcademyPage, french_first
from cms.viewsets import VIEWSETS


@hooks.register("register_admin_viewset")
def register_page_viewsets() -> list[Any]:
    return [viewset() for viewset in VIEWSETS]


@hooks.register("before_edit_page", order=-1)
def refuse_english_before_french(request: HttpRequest, page: Page) -> HttpResponse | None:
    """wagtail-localize's own editor publishes after the commit: refuse before it begins."""
    if request.method != "POST" or request.POST.get("action") != "publish":
        return None
    if isinstance(page, AcademyPage) and page.waits_for_french:
        messages.error(request, french_first())
        return HttpResponseRedirect(request.path)
    return None


@hooks.register("after_publish_page")
def warn_of_second_page(request: HttpRequest, page: Page) -> None:
    if isinstance(page, CoursePage) and page.is_source and page.other_live_pages().exists():
        messages.warning(
            request,
            _(
                "Another page of this course is online too. "
                "Links in mails lead to the one published last."
            ),
        )
