"""Who says they belong to an establishment, for those who can tell."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people.models import Membership
from people.policies import policy
from people.selectors.memberships import memberships_to_verify
from people.selectors.rights import scope_for
from people.services import Refusal
from people.services.memberships import end_membership, verify_membership

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
        {"page": page, "is_all": is_all, "query": "show=all" if is_all else ""},
    )


def _membership(request: HttpRequest, pk: int) -> Membership:
    visible = Membership.objects.visible_to(request.user, scope_for(request.user, ACTION))
    return get_object_or_404(visible, pk=pk)


@policy(ACTION)
@require_POST
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    try:
        verify_membership(membership=membership, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The membership of %(name)s is verified.") % {"name": membership.user}
        )
    return redirect("people:memberships")


@policy(ACTION)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    try:
        end_membership(membership=membership, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The membership of %(name)s is ended.") % {"name": membership.user}
        )
    return redirect("people:memberships")
