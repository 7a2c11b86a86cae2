"""Guests of a session: named and withdrawn by those who teach it or look after it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses.choices import LIVE_SESSION_STATES, SessionState
from courses.forms import GuestsForm
from courses.models import Session
from courses.selectors.guests import guests_of
from courses.selectors.sessions import agenda, session_for
from courses.services.guests import GuestRefusal, invite_guests, withdraw_guest
from people.policies import policy
from people.selectors.rights import may


@policy("courses.guests")
@never_cache
@require_http_methods(["GET", "POST"])
def guests(request: HttpRequest, key: UUID) -> HttpResponse:
    """GET lists the guests and takes addresses; POST names them all, or says which line is wrong
    and names nobody."""
    session = _session_or_404(request, key)
    form = GuestsForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 409
        if form.is_valid():
            try:
                new = invite_guests(
                    session=session,
                    addresses=form.cleaned_data["addresses"].splitlines(),
                    by=request.user,  # type: ignore[arg-type]
                    at=timezone.now(),
                )
            except GuestRefusal as refusal:
                form.add_error("addresses", str(refusal))
            else:
                messages.success(request, _words_of(len(new)))
                return redirect("courses:guests", key=key)
    context = {
        "session": session,
        "agenda": agenda(session),
        "form": form,
        "takes_guests": session.state in LIVE_SESSION_STATES | {SessionState.DRAFT},
        "lines": guests_of(session, says_accounts=may(request.user, "courses.manage")),
        "says_accounts": may(request.user, "courses.manage"),
    }
    return render(request, "courses/guests.html", context, status=status)


@policy("courses.guests")
@require_POST
def guest_withdraw(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:
    """Withdraws one guest of this session; a seat already taken stays."""
    session = _session_or_404(request, key)
    guest = get_object_or_404(session.guests, pk=pk)
    withdraw_guest(guest=guest, by=request.user, at=timezone.now())  # type: ignore[arg-type]
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("courses:guests", key=key)


def _session_or_404(request: HttpRequest, key: UUID) -> Session:
    try:
        return session_for(request.user, key, "courses.guests")  # type: ignore[arg-type]
    except Session.DoesNotExist as missing:
        raise Http404 from missing


def _words_of(count: int) -> str:
    if not count:
        return _("These people were invited already.")
    return ngettext("%(count)d person is invited.", "%(count)d people are invited.", count) % {
        "count": count
    }
