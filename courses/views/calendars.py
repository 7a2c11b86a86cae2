"""Calendars that programs read: one's own, by a secret address, and a term's, by a public one."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.letters import seat_feed
from courses.letters import term_feed as letter_of_term
from courses.models import Term
from courses.selectors.feeds import feed_of, find_feed, seat_entries, term_entries, term_of
from courses.services.feeds import FeedRefused, end_feed, mark_read, renew_feed
from people.models import User
from people.policies import policy

# Whoever holds the address reads: no shared cache keeps it, no link leaves it, no machine lists it.
SECRET = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
SHARED = {"Cache-Control": "public, max-age=900"}


@policy("courses.feed")
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """One's own confirmed seats, for a calendar program. Reading keeps the day, and nothing else.

    Unknown, withdrawn and closed answer alike, to the octet.
    """
    found = find_feed(token)
    if found is None:
        words = _("This calendar address does not exist, or was withdrawn.")
        return HttpResponseNotFound(
            f"{words}\n", content_type="text/plain; charset=utf-8", headers=SECRET
        )
    at = timezone.now()
    mark_read(feed=found, at=at)
    entries = seat_entries(found.person, at=at)
    changed_at = max([found.created_at, *(entry.changed_at for entry in entries)])
    return _calendar(request, seat_feed(entries=entries), changed_at, SECRET)


@policy("site.read")
@require_safe
def term_feed(request: HttpRequest, key: UUID) -> HttpResponse:
    """Every session announced in a term, for anybody's calendar program."""
    try:
        term = term_of(key)
    except Term.DoesNotExist as missing:
        raise Http404 from missing
    entries = term_entries(term)
    changed_at = max((entry.changed_at for entry in entries), default=None)
    return _calendar(request, letter_of_term(term=term, entries=entries), changed_at, SHARED)


def _calendar(
    request: HttpRequest, data: bytes, changed_at: datetime | None, headers: dict[str, str]
) -> HttpResponse:
    """The calendar, or « not modified » to whoever has these very bytes."""
    etag = f'"{sha256(data).hexdigest()[:32]}"'
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8", headers=headers)
    response["Content-Disposition"] = 'inline; filename="academie.ics"'
    response["ETag"] = etag
    modified = None
    if changed_at is not None:
        modified = int(changed_at.timestamp())
        response["Last-Modified"] = http_date(modified)
    return get_conditional_response(request, etag, modified, response)


@policy("courses.follow")
@never_cache
@require_http_methods(["GET", "POST"])
def my_calendar(request: HttpRequest) -> HttpResponse:
    """« Mon calendrier »: an address is made, renewed or withdrawn by POST, and shown that once.

    The address is in the answer to the POST alone: it is kept nowhere, not even for a redirection.
    """
    person: User = request.user  # type: ignore[assignment]
    at = timezone.now()
    if request.method == "GET":
        return _show(request, person)
    if request.POST.get("act") == "renew":
        try:
            return _show(request, person, token=renew_feed(person=person, at=at))
        except FeedRefused as refusal:
            messages.error(request, str(refusal))
    elif request.POST.get("act") == "end" and end_feed(person=person, at=at):
        messages.success(request, _("The address is withdrawn: nobody can read it now."))
    return redirect("courses:my_calendar")


def _show(request: HttpRequest, person: User, token: str = "") -> HttpResponse:
    address = ""
    if token:
        path = reverse("courses:feed", kwargs={"token": token})
        address = f"{settings.PUBLIC_BASE_URL}{path}"
    context = {
        "feed": feed_of(person),
        "address": address,
        "webcal": address and "webcal://" + address.partition("://")[2],
    }
    return render(request, "courses/my_calendar.html", context)
