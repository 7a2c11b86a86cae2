"""Who says they belong to an establishment, for those who can tell."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people.models import Membership
from people.policies import Scope, policy
from people.selectors.memberships import memberships_to_verify
from people.selectors.rights import scope_for
from people.services import Refusal
from people.services.memberships import (
    end_membership,
    set_membership_role,
    verify_membership,
)

ACTION = "people.verify_membership"
PER_PAGE = 50


@policy(ACTION)
def memberships(request: HttpRequest) -> HttpResponse:
    """The liaison agent's own establishment, or every one; those to verify first."""
    is_all = request.GET.get("show") == "all"
    rows = memberships_to_verify(request.user, timezone.localdate(), include_verified=is_all)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "people/memberships.html",
        {
            "page": page,
            "is_all": is_all,
            "query": "show=all" if is_all else "",
            "may_set_role": scope_for(request.user, ACTION) == Scope.ALL,
        },
    )


def _membership(request: HttpRequest, pk: int) -> Membership:
    visible = Membership.objects.visible_to(request.user, scope_for(request.user, ACTION))
    return get_object_or_404(visible, pk=pk)


def _do(request: HttpRequest, act: Callable[[], object], done: str) -> HttpResponse:
    """Run one service; its refusal becomes the message shown on the list."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("people:memberships")


@policy(ACTION)
@require_POST
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    return _do(
        request,
        lambda: verify_membership(membership=membership, by=request.user, at=timezone.now()),
        _("The membership of %(name)s is verified.") % {"name": membership.user},
    )


@policy(ACTION)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    return _do(
        request,
        lambda: end_membership(membership=membership, by=request.user, at=timezone.now()),
        _("The membership of %(name)s is ended.") % {"name": membership.user},
    )


@policy(ACTION)
@require_POST
def set_role(request: HttpRequest, pk: int) -> HttpResponse:
    """A coordinator makes a liaison agent or a leader of a plain member, or the reverse."""
    membership = _membership(request, pk)
    return _do(
        request,
        lambda: set_membership_role(
            membership=membership,
            role=request.POST.get("role", ""),
            by=request.user,
            at=timezone.now(),
        ),
        _("The role of %(name)s has changed.") % {"name": membership.user},
    )
