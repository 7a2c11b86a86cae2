"""Stable addresses: each leads to today's page, in the language of the address.

Where the page of today already stands at that very address, it is served at once; elsewhere the
reader is redirected. Reading only: nothing here changes anything.
"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wagtail.models import Page
from wagtail.views import serve

from cms.choices import SOURCE_LANGUAGE, StandardPurpose
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
    return _serve_or_lead(request, find_home(_language()))


@policy("site.read")
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    return _serve_or_lead(request, find_catalogue(_language()))


@policy("site.read")
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    page = find_standard_page(StandardPurpose.PRIVACY, _language())
    return _serve_or_lead(request, page)


@policy("site.read")
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    page = find_standard_page(StandardPurpose.ACCESSIBILITY, _language())
    return _serve_or_lead(request, page)


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


def _serve_or_lead(request: HttpRequest, page: Page | None) -> HttpResponse:
    """Serves `page` where it stands at this very address, else leads to it."""
    if page is None or page.get_url(request) != request.path:
        return _lead(request, page)
    request._wagtail_route_for_request = page.route(request, [])  # type: ignore[attr-defined]
    return serve(request, "")


def _lead(request: HttpRequest, page: Page | None) -> HttpResponse:
    address = page.get_url(request) if page else None
    if not address:
        raise Http404(_("This page does not exist, or not yet."))
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


def _language() -> str:
    return (get_language() or SOURCE_LANGUAGE)[:2]
