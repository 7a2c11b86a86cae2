"""The street map of the product, and a constant page that passes the same middleware.

Whoever comes with a session cookie is known, as on every page; a POST writes one row by the ORM.
It stands twice: behind the door of a seat and behind none.
"""

import itertools
import os

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache

from academy.urls import urlpatterns as streets
from people.policies import policy
from tests.bench.bare import BareEnrolment

WORDS = b"<!doctype html><title>Constant</title><p>Always the same.</p>"
_people = itertools.count(os.getpid() * 10**9)


def answer(request: HttpRequest) -> HttpResponse:
    """Always the same words; one bare INSERT for a POST."""
    if request.method == "POST":
        BareEnrolment.objects.create(session_id=1, person_id=next(_people))
    return HttpResponse(WORDS)


@policy("courses.enrol")
@never_cache
def constant(request: HttpRequest) -> HttpResponse:
    """Behind the same door as a seat: signed in, allowed, the account complete."""
    return answer(request)


@policy("site.read")
@never_cache
def open_constant(request: HttpRequest) -> HttpResponse:
    """Behind no door."""
    return answer(request)


urlpatterns = [
    path("bench/constant/", constant, name="constant"),
    path("bench/open/", open_constant, name="open_constant"),
    *streets,
]
