"""Strikes and equivalences in the admin: read, excused, granted by staff, through one service."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.admin.views.generic import IndexView

from courses.models import Equivalence, Strike
from courses.services.holds import ATTENDED, excuse_strike, grant_equivalence
from people.models import User
from people.selectors.addresses import find_by_address
from people.viewsets.base import ServiceCreateView, ServiceEditView
from people.viewsets.places import QuietViewSet


class StrikeForm(WagtailAdminModelForm):
    """Why a strike is excused. What the person says is read, never changed."""

    excuse = forms.CharField(
        label=_("Motive of the excuse"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Excused, it counts no more. The person reads the motive."),
    )

    class Meta:
        model = Strike
        fields: list[str] = []


class StrikeEditView(ServiceEditView):
    def save_instance(self) -> Strike:
        return excuse_strike(
            strike=self.object,
            by=self.request.user,
            at=timezone.now(),
            motive=self.form.cleaned_data["excuse"],
        )


class StrikeIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[Strike]:
        rows = super().get_base_queryset()
        return rows.select_related("person__profile", "enrolment__session__course")


class StrikeViewSet(QuietViewSet):
    model = Strike
    icon = "warning"
    menu_label = _("Strikes")
    index_view_class = StrikeIndexView
    edit_view_class = StrikeEditView
    list_display = [
        "person",
        "enrolment__session__course",
        "cause",
        "points",
        "given_at",
        "expires_on",
        "contested_at",
        "excused_at",
    ]
    list_filter = ["cause", "contested_at", "excused_at"]
    search_fields = ["person__profile__printed_name", "person__email"]
    search_backend_name = None
    ordering = "-given_at"
    edit_handler = ObjectList(
        [
            FieldPanel("person", read_only=True),
            FieldPanel("cause", read_only=True),
            FieldPanel("given_at", read_only=True),
            FieldPanel("expires_on", read_only=True),
            FieldPanel("contest", read_only=True),
            FieldPanel("excuse"),
        ],
        base_form_class=StrikeForm,
    )


class EquivalenceForm(WagtailAdminModelForm):
    """Whose, for which course, and what it rests on."""

    address = forms.EmailField(
        label=_("Email address of the person"), help_text=_("Of an account of the Academy.")
    )

    def clean_address(self) -> User:
        person = find_by_address(self.cleaned_data["address"])
        if person is None:
            raise forms.ValidationError(_("No account has this address."))
        return person

    class Meta:
        model = Equivalence
        fields = ["course", "motive"]


class EquivalenceCreateView(ServiceCreateView):
    def save_instance(self) -> Equivalence:
        return grant_equivalence(
            person=self.form.cleaned_data["address"],
            course=self.form.cleaned_data["course"],
            motive=self.form.cleaned_data["motive"],
            by=self.request.user,
            at=timezone.now(),
        )


class EquivalenceIndexView(IndexView):
    """Those that staff granted; what presence proves is written by itself."""

    def get_base_queryset(self) -> QuerySet[Equivalence]:
        rows: Any = super().get_base_queryset().exclude(motive__startswith=ATTENDED)
        return rows.select_related("person__profile", "course")


class EquivalenceViewSet(QuietViewSet):
    model = Equivalence
    icon = "tick"
    menu_label = _("Equivalences")
    add_label = _("Grant an equivalence")
    index_view_class = EquivalenceIndexView
    add_view_class = EquivalenceCreateView
    list_display = ["person", "course", "motive", "granted_by", "granted_at"]
    list_filter = ["course"]
    search_fields = ["person__profile__printed_name", "person__email"]
    search_backend_name = None
    ordering = "-granted_at"
    edit_handler = ObjectList(
        [
            HelpPanel(content=_("It counts as the course completed where a session asks for it.")),
            FieldPanel("address"),
            FieldPanel("course"),
            FieldPanel("motive"),
        ],
        base_form_class=EquivalenceForm,
    )
