"""People in the admin: found, read, given roles. Nobody edits a person but that person."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people.choices import GRANTED_ROLES, Role
from people.models import User
from people.policies import policy
from people.selectors.accounts import find_people
from people.selectors.consents import standing_consents
from people.selectors.memberships import memberships_of
from people.selectors.rights import roles_of
from people.services import Refusal
from people.services.roles import end_role, grant_role

PER_PAGE = 50


@policy("people.manage")
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an open account; `q` looks in names and addresses."""
    text = request.GET.get("q", "").strip()
    rows = find_people(text).prefetch_related("role_grants")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    return TemplateResponse(
        request,
        "people/admin/people.html",
        {
            "page": page,
            "q": text,
            "header_title": _("People"),
            "header_icon": "user",
            "breadcrumbs_items": [{"url": "", "label": _("People")}],
        },
    )


def _person(key: str) -> User:
    return get_object_or_404(User.objects.select_related("profile__profession"), key=key)


@policy("people.manage")
def person(request: HttpRequest, key: str) -> HttpResponse:
    """One person: addresses, memberships, consents, and the roles a coordinator gives."""
    user = _person(key)
    held = roles_of(user)
    return TemplateResponse(
        request,
        "people/admin/person.html",
        {
            "person": user,
            "addresses": user.emailaddress_set.order_by("-primary", "email"),
            "memberships": memberships_of(user, timezone.localdate()),
            "consents": standing_consents(user).values(),
            "roles": [(role, role in held) for role in GRANTED_ROLES],
            "grants": user.role_grants.select_related("granted_by"),
            "header_title": str(user),
            "header_icon": "user",
            "breadcrumbs_items": [
                {"url": _people_url(), "label": _("People")},
                {"url": "", "label": str(user)},
            ],
        },
    )


def _people_url() -> str:
    return reverse("people_admin:people")


@policy("people.manage")
@require_POST
def role(request: HttpRequest, key: str) -> HttpResponse:
    """Grant (`held=1`) or end one role."""
    user, name = _person(key), request.POST.get("role", "")
    act = grant_role if request.POST.get("held") == "1" else end_role
    try:
        act(user=user, role=name, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        words = {"name": user, "role": Role(name).label}
        messages.success(
            request,
            _("%(name)s now has the role “%(role)s”.") % words
            if act is grant_role
            else _("%(name)s no longer has the role “%(role)s”.") % words,
        )
    return redirect("people_admin:person", key=key)
