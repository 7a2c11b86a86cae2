"""Stable addresses: each leads to today's page, in the language of the address.

Where the page of today already stands at that very address, it is served at once; elsewhere the
reader is redirected. Reading only: nothing here changes anything.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wagtail.models import Page
from wagtail.views import serve

from cms.choices import SOURCE_LANGUAGE, StandardPurpose
from cms.models import CataloguePage, HomePage, StandardPage
from cms.selectors.pages import (
    find_catalogue,
    find_course_page,
    find_home,
    find_standard_page,
)
from people.policies import policy


@policy("site.read")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return _serve_or_lead(request, lambda page: isinstance(page, HomePage), find_home)


@policy("site.read")
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    return _serve_or_lead(request, lambda page: isinstance(page, CataloguePage), find_catalogue)


@policy("site.read")
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return _standard(request, StandardPurpose.PRIVACY)


@policy("site.read")
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return _standard(request, StandardPurpose.ACCESSIBILITY)


@policy("site.read")
@require_safe
def course(request: HttpRequest, key: UUID) -> HttpResponse:
    """The page of a course, for mails and attestations that outlive its slug."""
    return _lead(request, find_course_page(key, _language()))


@policy("site.read")
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What machines may read: everything public, nothing of one's own."""
    lines = [
        "User-agent: *",
        "Disallow: /gestion/",
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _standard(request: HttpRequest, purpose: StandardPurpose) -> HttpResponse:
    return _serve_or_lead(
        request,
        lambda page: isinstance(page, StandardPage) and page.purpose == purpose,
        lambda language: find_standard_page(purpose, language),
    )


def _serve_or_lead(
    request: HttpRequest, is_it: Callable[[Any], bool], find: Callable[[str], Any]
) -> HttpResponse:
    path = request.path_info.lstrip("/")
    prefix = f"{_language()}/"
    if _language() != SOURCE_LANGUAGE and path.startswith(prefix):
        path = path.removeprefix(prefix)
    route = Page.route_for_request(request, path)
    if route is not None and is_it(route[0].specific):
        return serve(request, path)
    return _lead(request, find(_language()))


def _lead(request: HttpRequest, page: Page | None) -> HttpResponse:
    address = page.get_url(request) if page else None
    if not address:
        raise Http404(_("This page does not exist, or not yet."))
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


def _language() -> str:
    return (get_language() or SOURCE_LANGUAGE)[:2]
