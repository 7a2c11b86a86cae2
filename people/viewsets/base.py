"""How our models stand in the Wagtail admin: rights from our table, writing through one service,
and words of ours where Wagtail's own would hesitate between a masculine and a feminine.
"""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

from wagtail.admin.panels import InlinePanel
from wagtail.admin.views.generic import CreateView, EditView, InspectView
from wagtail.permission_policies import BasePermissionPolicy

from people.choices import Role
from people.letters import date_words, hour_words
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
    """`save_instance` calls one service and nothing else. `add_label`: what the page does, its
    title; « Créer une séance ».
    """

    add_label: str | Promise = gettext_lazy("Add")
    success_message = gettext_lazy("Saved: %(object)s")
    error_message = gettext_lazy("Nothing was saved: see the errors below.")

    def get_page_title(self) -> str:
        return str(self.add_label)

    def get_page_subtitle(self) -> str:
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *items, last = super().get_breadcrumbs_items()
        return [*items, last | {"label": str(self.add_label)}]


class ServiceEditView(RefusalInForm, EditView):
    """`save_instance` calls one service and nothing else."""

    success_message = gettext_lazy("Saved: %(object)s")
    error_message = gettext_lazy("Nothing was saved: see the errors below.")

    def get_page_title(self) -> str:
        return str(self.object)

    def get_page_subtitle(self) -> str:
        return ""


class PlainInspectView(InspectView):
    """A row to be read. Days and moments are written as everywhere else, in Montréal's time."""

    page_title = gettext_lazy("Details")

    def get_header_title(self) -> str:
        return str(self.object)

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = getattr(self.object, field_name)
        language = get_language()
        if isinstance(value, datetime):
            return f"{date_words(value, language)}, {hour_words(value, language)}"
        if isinstance(value, date):
            return date_words(value, language, with_weekday=False)
        return super().get_field_display_value(field_name, field)


class RowsPanel(InlinePanel):
    """Rows inside a row. `add_label`: what the button that adds one says."""

    def __init__(self, *args: Any, add_label: str | Promise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_label = add_label

    def clone_kwargs(self) -> dict[str, Any]:
        return super().clone_kwargs() | {"add_label": self.add_label}

    class BoundPanel(InlinePanel.BoundPanel):
        template_name = "people/admin/rows_panel.html"
