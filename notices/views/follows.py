"""Following what one wants to hear of, and ending it: signed in, or by the link of a message."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from notices.forms.follows import FollowForm
from notices.selectors.follows import follows_of, is_following
from notices.selectors.unsubscribing import Subject, find_subject, name_of, read_token
from notices.services import NoticeRefusal
from notices.services import follows as services
from people.choices import ConsentPurpose
from people.models import User
from people.policies import policy
from people.selectors.consents import has_consented


@policy("notices.follow")
@never_cache
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """GET says what following means, and whether one does; POST follows. Nothing changes on GET."""
    subject, person = _subject_or_404(kind, name), _person(request)
    if request.method == "POST":
        return _do(
            request,
            lambda: services.follow(person=person, subject=subject, at=timezone.now()),
            _("You follow “%(name)s”: a message will tell you when enrolment opens."),
            subject,
        )
    is_followed = is_following(person, subject)
    names = {"kind": kind, "name": name}
    context = {
        "subject": subject,
        "kind": kind,
        "is_following": is_followed,
        "action_url": reverse(
            "notices:unfollow" if is_followed else "notices:follow", kwargs=names
        ),
    }
    return render(request, "notices/follow.html", context)


@policy("notices.follow")
@require_POST
def unfollow(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    subject, person = _subject_or_404(kind, name), _person(request)
    return _do(
        request,
        lambda: services.unfollow(person=person, subject=subject, at=timezone.now()),
        _("You no longer follow “%(name)s”."),
        subject,
    )


@policy("notices.follow")
@never_cache
@require_http_methods(["GET", "POST"])
def follows(request: HttpRequest) -> HttpResponse:
    """« Mes alertes »: what one follows, since when; POST follows a theme or a community chosen."""
    person = _person(request)
    rows = list(follows_of(person))
    form = FollowForm(
        request.POST if request.method == "POST" else None,
        followed=[name_of(row.subject) for row in rows],
    )
    if form.is_valid():
        subject = form.chosen
        return _do(
            request,
            lambda: services.follow(person=person, subject=subject, at=timezone.now()),
            _("You follow “%(name)s”: a message will tell you when enrolment opens."),
            subject,
        )
    context = {
        "follows": [(row, *name_of(row.subject)) for row in rows],
        "form": form,
        "is_told_of_news": has_consented(person, ConsentPurpose.ANNOUNCEMENTS),
    }
    return render(request, "notices/follows.html", context, status=422 if form.is_bound else 200)


# Mail programs send the POST by themselves, without our cookie nor our form (RFC 8058): the signed
# words of the address are the proof, and all they open is this.
@policy("notices.unsubscribe")
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET says what the link ends and shows one button; POST ends it, however often. No sign-in."""
    if request.method == "POST":
        found = services.unsubscribe(token=token, at=timezone.now())
    else:
        found = read_token(token)
    context = {
        "is_known": found is not None,
        "is_news": bool(found and found.news),
        "subjects": found.subjects if found else [],
        "is_done": request.method == "POST",
    }
    return render(
        request, "notices/unsubscribe.html", context, status=200 if found is not None else 404
    )


def _person(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


def _subject_or_404(kind: str, name: str) -> Subject:
    subject = find_subject(kind, name)
    if subject is None:
        raise Http404
    return subject


def _do(request: HttpRequest, act: Callable[[], Any], done: str, subject: Subject) -> HttpResponse:
    try:
        act()
    except NoticeRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done % {"name": subject})
    return redirect("notices:follows")
