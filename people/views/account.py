"""« Mon compte »: what the house knows of a person, and what they may change of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from people.choices import REQUIRED_PURPOSES, ConsentPurpose
from people.forms import CommunityForm, EstablishmentForm, ProfileForm
from people.models import Membership
from people.policies import policy
from people.selectors.consents import current_text, standing_consents
from people.selectors.memberships import memberships_of
from people.services import Refusal
from people.services.accounts import close_account, update_profile
from people.services.consents import record_consent
from people.services.memberships import end_membership, join_community, join_establishment


def _consent_rows(user: Any, at: datetime) -> list[dict[str, Any]]:
    """One row a purpose: the words in force, what was decided and when, whether it may change."""
    standing, today = standing_consents(user), timezone.localdate(at)
    rows = [
        {
            "purpose": purpose,
            "text": current_text(purpose, today),
            "decision": standing.get(purpose),
            "is_required": purpose in REQUIRED_PURPOSES,
        }
        for purpose in ConsentPurpose
    ]
    return [row for row in rows if row["text"] is not None]


def _page(request: HttpRequest, **forms: Any) -> HttpResponse:
    """The page whole, with the form that was just refused in place of a fresh one."""
    user, now = request.user, timezone.now()
    profile = getattr(user, "profile", None)
    fresh = {
        "profile_form": lambda: ProfileForm(
            initial={
                "printed_name": profile.printed_name if profile else "",
                "profession": profile.profession_id if profile else None,
                "permit_number": profile.permit_number if profile else "",
                "language": user.language,
            }
        ),
        "establishment_form": EstablishmentForm,
        "community_form": CommunityForm,
    }
    shown = {name: forms.get(name) or make() for name, make in fresh.items()}
    refused = next(iter(forms.values()), None)
    return render(
        request,
        "people/account.html",
        shown
        | {
            "form": refused,
            "memberships": memberships_of(user, timezone.localdate(now)),
            "addresses": user.emailaddress_set.order_by("-primary", "email"),
            "consents": _consent_rows(user, now),
        },
        status=422 if refused else 200,
    )


def _do(request: HttpRequest, act: Callable[[], object], done: str) -> HttpResponse:
    """Run one service; its refusal becomes the message shown on the page."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("people:account")


@policy("people.account")
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """GET shows everything; POST writes the profile."""
    if request.method == "GET":
        return _page(request)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _page(request, profile_form=form)
    return _do(
        request,
        lambda: update_profile(user=request.user, at=timezone.now(), **form.cleaned_data),
        _("Your profile is up to date."),
    )


@policy("people.account")
@require_http_methods(["GET", "POST"])
def join_place(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":  # the other language of a refused form, or a reload
        return redirect("people:account")
    form = EstablishmentForm(request.POST)
    if not form.is_valid():
        return _page(request, establishment_form=form)
    return _do(
        request,
        lambda: join_establishment(
            user=request.user,
            establishment=form.cleaned_data["place"],
            organisation=form.cleaned_data["organisation"],
            at=timezone.now(),
        ),
        _("Your establishment has been added."),
    )


@policy("people.account")
@require_http_methods(["GET", "POST"])
def join_group(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return redirect("people:account")
    form = CommunityForm(request.POST)
    if not form.is_valid():
        return _page(request, community_form=form)
    return _do(
        request,
        lambda: join_community(
            user=request.user, community=form.cleaned_data["community"], at=timezone.now()
        ),
        _("Your community of practice has been added."),
    )


@policy("people.account")
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    membership = get_object_or_404(Membership, pk=pk, user=request.user)
    return _do(
        request,
        lambda: end_membership(membership=membership, by=request.user, at=timezone.now()),
        _("You are no longer a member."),
    )


@policy("people.account")
@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """Give (`given=1`) or withdraw one consent."""
    purpose = request.POST.get("purpose", "")
    if purpose not in ConsentPurpose.values:
        return redirect("people:account")
    is_given = request.POST.get("given") == "1"
    return _do(
        request,
        lambda: record_consent(
            user=request.user, purpose=purpose, is_given=is_given, at=timezone.now()
        ),
        _("Your consent is recorded.") if is_given else _("Your consent is withdrawn."),
    )


@policy("people.account")
@require_http_methods(["GET", "POST"])
def account_close(request: HttpRequest) -> HttpResponse:
    """GET says what will happen and asks; POST with the box ticked closes the account."""
    is_confirmed = request.POST.get("confirm") == "1"
    if request.method == "POST" and is_confirmed:
        try:
            close_account(user=request.user, by=request.user, at=timezone.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("people:account")
        logout(request)
        messages.success(request, _("Your account is closed and your personal data erased."))
        return redirect("/")
    return render(
        request,
        "people/account_close.html",
        {"is_unconfirmed": request.method == "POST"},
        status=422 if request.method == "POST" else 200,
    )
