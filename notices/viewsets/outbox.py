"""The messages in the admin: read, and a failed one sent again. Nobody writes or deletes here."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from notices.models import Notice
from notices.selectors.counts import door_counts, outbox_counts
from notices.services import NoticeRefusal
from notices.services.outbox import send_again
from people.selectors.rights import scope_for
from people.viewsets.base import PlainInspectView

RIGHT = "notices.read"


def notices_of(user: Any) -> QuerySet[Notice]:
    """The messages that the person's right reaches, with what a list shows."""
    rows = Notice.objects.visible_to(user, scope_for(user, RIGHT))
    return rows.select_related("recipient__profile")


class NoticeIndexView(IndexView):
    policy = RIGHT
    template_name = "notices/admin/index.html"

    def get_base_queryset(self) -> QuerySet[Notice]:
        return notices_of(self.request.user)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        counts = {"outbox": outbox_counts(now), "door": door_counts(now)}
        return super().get_context_data(*args, **kwargs) | counts


class NoticeInspectView(PlainInspectView):
    policy = RIGHT
    template_name = "notices/admin/inspect.html"
    page_title = gettext_lazy("Message")

    def get_object(self, queryset: Any = None) -> Notice:
        return get_object_or_404(notices_of(self.request.user), pk=self.pk)

    def get_page_subtitle(self) -> str:
        return f"{self.object.get_kind_display()} · {self.object.recipient}"

    def get_field_label(self, field_name: str, field: Any) -> str:
        if field_name == "language":
            return _("Language")
        return super().get_field_label(field_name, field)

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """The text with its lines."""
        if field_name == "text":
            text = linebreaks(self.object.text, autoescape=True)
            return mark_safe(text)  # noqa: S308 - escaped just here
        return super().get_field_display_value(field_name, field)


class SendAgainView(View):
    """POST alone: queues a failed message anew."""

    policy = RIGHT
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        notice = get_object_or_404(notices_of(request.user), pk=pk)
        try:
            send_again(notice=notice, at=timezone.now())
        except NoticeRefusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The message is on its way again."))
        return redirect("admin_notices:inspect", pk=pk)


class NoticeViewSet(ModelViewSet):
    model = Notice
    name = "notices"
    url_namespace = "admin_notices"
    icon = "mail"
    menu_label = gettext_lazy("Messages")
    menu_order = 800
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = NoticeIndexView
    inspect_view_class = NoticeInspectView
    index_template_name = NoticeIndexView.template_name
    inspect_template_name = NoticeInspectView.template_name
    form_fields: list[str] = []  # nothing is edited
    list_per_page = 50
    ordering = ["-queued_at", "-id"]
    list_filter = ["state", "kind", "language"]
    search_fields = ["recipient__email", "recipient__profile__printed_name", "subject"]
    search_backend_name = None  # Django's own query: no index holds messages
    list_display = [
        "kind",
        Column("recipient", label=gettext_lazy("Recipient")),
        Column("get_state_display", label=gettext_lazy("State"), sort_key="state"),
        DateColumn("due_at", label=gettext_lazy("Due"), sort_key="due_at"),
        DateColumn("sent_at", label=gettext_lazy("Sent"), sort_key="sent_at"),
        "attempts",
        "last_error",
    ]
    inspect_view_fields = [
        "kind", "recipient", "language", "state", "queued_at", "due_at", "sent_at", "attempts",
        "last_error", "subject", "text",
    ]  # fmt: skip

    def get_urlpatterns(self) -> list[URLPattern]:
        read = {"index", "index_results", "inspect"}
        patterns = [each for each in super().get_urlpatterns() if each.name in read]
        return [*patterns, path("<int:pk>/send-again/", SendAgainView.as_view(), name="send_again")]

    def get_permissions_to_register(self) -> Any:
        """No tick box in Wagtail's groups: the policy table decides."""
        return super().get_permissions_to_register().none()
