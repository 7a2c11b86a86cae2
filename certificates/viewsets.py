"""Accreditations, accrediting bodies and signatories in the admin."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList

from certificates.models import Accreditation, AccreditingBody, Signatory
from certificates.services.accreditations import save_accreditation, save_body, save_signatory
from people.viewsets.base import ServiceCreateView, ServiceEditView
from people.viewsets.places import QuietViewSet


class _SaveBody:
    def save_instance(self: Any) -> AccreditingBody:
        return save_body(body=self.form.save(commit=False), by=self.request.user, at=timezone.now())


class BodyCreateView(_SaveBody, ServiceCreateView):
    pass


class BodyEditView(_SaveBody, ServiceEditView):
    pass


class BodyViewSet(QuietViewSet):
    model = AccreditingBody
    add_view_class = BodyCreateView
    edit_view_class = BodyEditView
    icon = "group"
    menu_label = _("Accrediting bodies")
    add_label = _("Add an accrediting body")
    list_display = ["name_fr", "name_en"]
    form_fields = ["code", "name_fr", "name_en"]
    inspect_view_fields = form_fields


class _SaveAccreditation:
    def save_instance(self: Any) -> Accreditation:
        return save_accreditation(
            accreditation=self.form.save(commit=False),
            professions=self.form.cleaned_data["professions"],
            by=self.request.user,
            at=timezone.now(),
        )


class AccreditationCreateView(_SaveAccreditation, ServiceCreateView):
    pass


class AccreditationEditView(_SaveAccreditation, ServiceEditView):
    pass


class AccreditationViewSet(QuietViewSet):
    model = Accreditation
    add_view_class = AccreditationCreateView
    edit_view_class = AccreditationEditView
    icon = "success"
    menu_label = _("Accreditations")
    add_label = _("Add an accreditation")
    list_display = ["course", "body", "status", "number", "hours", "valid_until"]
    list_filter = ["status", "body"]
    inspect_view_fields = [
        "course", "body", "section_fr", "section_en", "status", "number", "hours",
        "allows_partial", "step", "threshold_percent", "category", "valid_from", "valid_until",
        "statement_fr", "statement_en", "disclosure_fr", "disclosure_en", "source",
    ]  # fmt: skip
    edit_handler = ObjectList(
        [
            FieldPanel("course"),
            FieldPanel("body"),
            FieldRowPanel([FieldPanel("section_fr"), FieldPanel("section_en")]),
            FieldRowPanel([FieldPanel("status"), FieldPanel("number")]),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("hours"), FieldPanel("step")]),
                    FieldRowPanel([FieldPanel("allows_partial"), FieldPanel("threshold_percent")]),
                    FieldPanel("category"),
                ],
                heading=_("Hours"),
            ),
            FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
            MultiFieldPanel(
                [
                    FieldPanel("statement_fr"),
                    FieldPanel("statement_en"),
                    FieldPanel("disclosure_fr"),
                    FieldPanel("disclosure_en"),
                    FieldPanel("source"),
                ],
                heading=_("Words, as the body gave them"),
            ),
            FieldPanel("professions"),
        ]
    )


class _SaveSignatory:
    def save_instance(self: Any) -> Signatory:
        return save_signatory(
            signatory=self.form.save(commit=False), by=self.request.user, at=timezone.now()
        )


class SignatoryCreateView(_SaveSignatory, ServiceCreateView):
    pass


class SignatoryEditView(_SaveSignatory, ServiceEditView):
    pass


class SignatoryViewSet(QuietViewSet):
    model = Signatory
    add_view_class = SignatoryCreateView
    edit_view_class = SignatoryEditView
    icon = "edit"
    menu_label = _("Signatories")
    add_label = _("Add a signatory")
    list_display = ["name", "title_fr", "is_active", "position"]
    form_fields = ["name", "title_fr", "title_en", "image", "is_active", "position"]
    inspect_view_fields = ["name", "title_fr", "title_en", "is_active", "position"]


VIEWSETS = (AccreditationViewSet, BodyViewSet, SignatoryViewSet)
