"""A liaison agent asks for seats for the people of their establishment. Nothing changes on GET."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from courses.choices import EnrolmentState
from courses.letters.conditions import is_by_request
from courses.letters.refusals import refusal_about_another
from courses.letters.windows import NO_OFFERS
from courses.models import Session
from courses.selectors.colleagues import colleagues_of, sessions_to_delegate
from courses.selectors.conditions import conditions_for
from courses.selectors.places import rows_in
from courses.selectors.seats import seat_summary
from courses.selectors.sessions import agenda, rank_words
from courses.services.delegation import Delegated, offer_to_all
from courses.services.seat_rules import why_shut
from courses.views.places import context_of, count_refusal, session_or_404, show_refusal
from people.letters import date_words, hour_words
from people.models import User
from people.policies import policy
from people.selectors.rights import scope_for

ACTION = "courses.delegate"
PER_PAGE = 50
MOST = 50  # people in one press


@policy(ACTION)
@never_cache
@require_safe
def delegate_sessions(request: HttpRequest) -> HttpResponse:
    """Where seats may be asked for on behalf of one's people."""
    at = timezone.now()
    lines = [(row, seat_summary(row, at=at)) for row in sessions_to_delegate(at=at)]
    return render(request, "courses/delegate_sessions.html", {"lines": lines})


@policy(ACTION)
@never_cache
@require_http_methods(["GET", "POST"])
def delegate(request: HttpRequest, key: UUID) -> HttpResponse:
    """GET lists one's people and where each stands; POST asks for those ticked, one by one, and
    says what became of each. Nobody is seated without having said yes.
    """
    at = timezone.now()
    session = session_or_404(key, at=at)
    shut = _why_not(request, session, at=at)
    if shut:
        status = 409 if request.method == "POST" else 200
        return show_refusal(request, session, shut, status=status)
    if request.method == "POST":
        return _ask(request, session, at=at)
    return _list(request, session, at=at)


def _why_not(request: HttpRequest, session: Session, *, at: datetime) -> str:
    """Shut for everybody, or for the agent's own people where their seats open before the rest."""
    agent: User = request.user  # type: ignore[assignment]
    shut = why_shut(session, at=at)
    if shut and why_shut(session, at=at, person=agent):
        return shut
    if is_by_request(session, at=at):
        return _("Seats in this session are given upon request: each person asks for themselves.")
    starts_at = agenda(session).starts_at
    if starts_at is not None and starts_at - at <= NO_OFFERS:
        return _("Fewer than twelve hours are left: nobody can be offered a seat.")
    return ""


def _list(request: HttpRequest, session: Session, *, at: datetime, fault: str = "") -> HttpResponse:
    words = request.GET.get("q", "").strip()[:80]
    scope = scope_for(request.user, ACTION)
    people = colleagues_of(request.user, scope, at=at, words=words)
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    standing = rows_in(session, page.object_list)
    context = context_of(
        session,
        page=page,
        lines=[(person, standing.get(person.pk)) for person in page.object_list],
        words=words,
        query=urlencode({"q": words}) if words else "",
        summary=conditions_for(session, request.user, at=at).summary,
        # What is held against the agent is nobody's rule.
        rules=conditions_for(session, AnonymousUser(), at=at).lines,
        fault=fault,
    )
    return render(request, "courses/delegate.html", context, status=422 if fault else 200)


def _ask(request: HttpRequest, session: Session, *, at: datetime) -> HttpResponse:
    keys = []
    for text in request.POST.getlist("person")[:MOST]:
        with suppress(ValueError):
            keys.append(UUID(text))
    mine = colleagues_of(request.user, scope_for(request.user, ACTION), at=at)
    people = list(mine.filter(key__in=keys))
    if not people:
        return _list(request, session, at=at, fault=_("Tick at least one person."))
    by: User = request.user  # type: ignore[assignment]
    answers = offer_to_all(people=people, session=session, by=by, at=at)
    for each in answers:
        if each.refusal is not None:
            count_refusal(session, each.person, each.refusal, at=at)
    context = context_of(session, answers=[_words(each) for each in answers])
    return render(request, "courses/delegated.html", context)


def _words(answer: Delegated) -> dict[str, Any]:
    """One person's line: what became of them, as the agent may know it."""
    row = answer.enrolment
    if row is None:
        words = refusal_about_another(answer.cause)
        return {"person": answer.person, "words": words, "tone": "error"}
    if not answer.is_new:
        words = _("Nothing changed: %(state)s.") % {"state": row.get_state_display().lower()}
        return {"person": answer.person, "words": words, "tone": "info"}
    if row.state == EnrolmentState.OFFERED and row.offer_expires_at is not None:
        words = _("A seat is kept for them until %(day)s, %(hour)s: they confirm by email.") % {
            "day": date_words(row.offer_expires_at, get_language()),
            "hour": hour_words(row.offer_expires_at, get_language()),
        }
        return {"person": answer.person, "words": words, "tone": "success"}
    words = _("On the waiting list, %(rank)s: they are asked before being seated.") % {
        "rank": rank_words(row)
    }
    return {"person": answer.person, "words": words, "tone": "attention"}
