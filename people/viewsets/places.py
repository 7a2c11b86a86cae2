"""Establishments, communities, professions and consent texts in the admin."""

from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from people.models import Community, ConsentText, Establishment, Profession
from people.selectors.establishments import closest_establishments
from people.services.places import (
    publish_consent_text,
    save_community,
    save_establishment,
    save_profession,
)
from people.viewsets.base import PlainInspectView, RowsPanel, ServiceCreateView, ServiceEditView


class _SaveEstablishment:
    def save_instance(self: Any) -> Establishment:
        return save_establishment(
            establishment=self.form.save(commit=False), by=self.request.user, at=timezone.now()
        )


class EstablishmentCreateView(_SaveEstablishment, ServiceCreateView):
    pass


class EstablishmentEditView(_SaveEstablishment, ServiceEditView):
    pass


class _SaveCommunity:
    def save_instance(self: Any) -> Community:
        return save_community(
            community=self.form.save(commit=False), by=self.request.user, at=timezone.now()
        )


class CommunityCreateView(_SaveCommunity, ServiceCreateView):
    pass


class CommunityEditView(_SaveCommunity, ServiceEditView):
    pass


class _SaveProfession:
    def save_instance(self: Any) -> Profession:
        return save_profession(
            profession=self.form.save(commit=False), by=self.request.user, at=timezone.now()
        )


class ProfessionCreateView(_SaveProfession, ServiceCreateView):
    pass


class ProfessionEditView(_SaveProfession, ServiceEditView):
    pass


class ConsentTextCreateView(ServiceCreateView):
    def save_instance(self) -> ConsentText:
        return publish_consent_text(
            **self.form.cleaned_data, by=self.request.user, at=timezone.now()
        )


class QuietViewSet(ModelViewSet):
    """Shared by our viewsets: nothing enters Wagtail's reference index, nothing is copied, and no
    history or usage is shown that Wagtail does not keep: ours stands with each noun.

    `add_label` names the act of adding one, on the button of the list and above the form.
    """

    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = PlainInspectView
    add_label: str | Promise = _("Add")

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        names = {"history_url_name": None, "usage_url_name": None}
        return super().get_common_view_kwargs(**names | kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        unused = {"history", "history_results", "usage"}
        return [each for each in super().get_urlpatterns() if each.name not in unused]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(add_item_label=self.add_label, **kwargs)

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_add_view_kwargs(add_label=self.add_label, **kwargs)


class EstablishmentIndexView(IndexView):
    """Searches the way people look for their establishment, not letter by letter."""

    def search_queryset(self, queryset: QuerySet[Establishment]) -> QuerySet[Establishment]:
        if not self.is_searching:
            return queryset
        return queryset.filter(pk__in=closest_establishments(self.search_query))


class EstablishmentViewSet(QuietViewSet):
    model = Establishment
    index_view_class = EstablishmentIndexView
    add_view_class = EstablishmentCreateView
    edit_view_class = EstablishmentEditView
    icon = "home"
    menu_label = _("Establishments")
    add_label = _("Add an establishment")
    list_display = ["name_fr", "short_name", "region", "kind"]
    list_filter = ["region", "kind"]
    search_fields = ["name_fr"]
    search_backend_name = None
    inspect_view_fields = ["code", "name_fr", "name_en", "short_name", "region", "city", "kind"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("name_fr"),
                    FieldPanel("name_en"),
                    FieldPanel("short_name"),
                    FieldPanel("code"),
                ],
                heading=_("Name"),
            ),
            MultiFieldPanel(
                [FieldPanel("region"), FieldPanel("city"), FieldPanel("kind")], heading=_("Where")
            ),
            RowsPanel(
                "other_names",
                heading=_("Everyday names"),
                label=_("Everyday name"),
                add_label=_("Add an everyday name"),
                help_text=_("Hospitals and former names under which people look for it."),
            ),
            RowsPanel(
                "domains",
                heading=_("Mail domains"),
                label=_("Mail domain"),
                add_label=_("Add a mail domain"),
                help_text=_(
                    "A confirmed address of this domain proves membership. Never a domain that "
                    "several establishments share."
                ),
            ),
        ]
    )


class CommunityViewSet(QuietViewSet):
    model = Community
    add_view_class = CommunityCreateView
    edit_view_class = CommunityEditView
    icon = "group"
    menu_label = _("Communities of practice")
    add_label = _("Add a community of practice")
    list_display = ["name_fr", "name_en", "founded_year"]
    search_fields = ["name_fr", "name_en"]
    search_backend_name = None
    form_fields = ["code", "name_fr", "name_en", "founded_year"]
    inspect_view_fields = form_fields


class ProfessionViewSet(QuietViewSet):
    model = Profession
    add_view_class = ProfessionCreateView
    edit_view_class = ProfessionEditView
    icon = "tag"
    menu_label = _("Professions")
    add_label = _("Add a profession")
    list_display = ["title_fr", "title_en", "order_fr", "position"]
    search_fields = ["title_fr", "title_en"]
    search_backend_name = None
    form_fields = ["code", "title_fr", "title_en", "order_fr", "order_en", "position"]
    inspect_view_fields = form_fields


class ConsentTextViewSet(QuietViewSet):
    """Read, and followed by a new version; what people agreed to is never edited."""

    model = ConsentText
    add_view_class = ConsentTextCreateView
    icon = "doc-full"
    menu_label = _("Consent texts")
    add_label = _("Publish a new version")
    list_display = ["purpose", "version", "effective_on"]
    list_filter = ["purpose"]
    form_fields = ["purpose", "text_fr", "text_en", "effective_on"]
    inspect_view_fields = ["purpose", "version", "effective_on", "text_fr", "text_en"]


VIEWSETS = (EstablishmentViewSet, CommunityViewSet, ProfessionViewSet, ConsentTextViewSet)
