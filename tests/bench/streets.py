"""The street map of the product and one constant page, which passes the same middleware.

Whoever comes with a session cookie is known, as on every page; a POST writes one row by the ORM.
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


@policy("site.read")
@never_cache
def constant(request: HttpRequest) -> HttpResponse:
    """Always the same words; one bare INSERT for a POST."""
    if request.method == "POST":
        BareEnrolment.objects.create(session_id=1, person_id=next(_people))
    return HttpResponse(WORDS)


urlpatterns = [path("bench/constant/", constant, name="constant"), *streets]
