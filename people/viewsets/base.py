"""How our models stand in the Wagtail admin: rights from our table, writing through one service."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from wagtail.admin.views.generic import CreateView, EditView
from wagtail.permission_policies import BasePermissionPolicy

from people.choices import Role
from people.models import User
from people.policies import POLICIES, Scope
from people.selectors.rights import may
from people.services import Refusal


class TablePolicy(BasePermissionPolicy):
    """Asks people/policies.py instead of Django's permission rows.

    Whoever holds `action` may do `verbs` (add, change, delete, view, choose) to any instance;
    nobody may do the others.
    """

    def __init__(
        self, model: Any, action: str, verbs: tuple[str, ...] = ("add", "change", "view", "choose")
    ) -> None:
        super().__init__(model)
        self.action, self.verbs = action, frozenset(verbs)

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.verbs and may(user, self.action)

    def users_with_any_permission(self, actions: Any) -> QuerySet[User]:
        if not self.verbs.intersection(actions):
            return User.objects.none()
        roles = {role for role, scope in POLICIES[self.action].cells.items() if scope == Scope.ALL}
        held = User.objects.filter(role_grants__role__in=roles, role_grants__ended_at__isnull=True)
        if Role.COORDINATOR in roles:
            held |= User.objects.filter(is_superuser=True)
        return held.filter(is_active=True).distinct()


class RefusalInForm:
    """A refusal of the service becomes an error of the form, with all that was typed kept."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except Refusal as refusal:
            self.produced_error_code, self.produced_error_message = "refused", str(refusal)
            form.add_error(None, str(refusal))
            return self.form_invalid(form)  # type: ignore[attr-defined]


class ServiceCreateView(RefusalInForm, CreateView):
    """`save_instance` calls one service and nothing else."""


class ServiceEditView(RefusalInForm, EditView):
    """`save_instance` calls one service and nothing else."""
