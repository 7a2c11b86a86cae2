"""Terms, themes, partners and courses in the admin. Nothing is deleted here: it may be a proof."""

from typing import Any

from django.forms import CheckboxSelectMultiple
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column

from courses.models import Course, Partner, Term, Theme
from courses.services.catalogue import save_course, save_partner, save_term, save_theme
from courses.viewsets.terms import TermIndexView
from people.letters import date_words
from people.viewsets.base import ServiceCreateView, ServiceEditView
from people.viewsets.places import QuietViewSet


class _SaveTerm:
    def save_instance(self: Any) -> Term:
        return save_term(term=self.form.save(commit=False), by=self.request.user, at=timezone.now())


class TermCreateView(_SaveTerm, ServiceCreateView):
    pass


class TermEditView(_SaveTerm, ServiceEditView):
    pass


class _SaveTheme:
    def save_instance(self: Any) -> Theme:
        return save_theme(
            theme=self.form.save(commit=False), by=self.request.user, at=timezone.now()
        )


class ThemeCreateView(_SaveTheme, ServiceCreateView):
    pass


class ThemeEditView(_SaveTheme, ServiceEditView):
    pass


class _SavePartner:
    def save_instance(self: Any) -> Partner:
        return save_partner(
            partner=self.form.save(commit=False), by=self.request.user, at=timezone.now()
        )


class PartnerCreateView(_SavePartner, ServiceCreateView):
    pass


class PartnerEditView(_SavePartner, ServiceEditView):
    pass


class _SaveCourse:
    def save_instance(self: Any) -> Course:
        return save_course(
            course=self.form.save(commit=False),
            partners=self.form.cleaned_data["partners"],
            by=self.request.user,
            at=timezone.now(),
        )


class CourseCreateView(_SaveCourse, ServiceCreateView):
    pass


class CourseEditView(_SaveCourse, ServiceEditView):
    pass


def _first_day(term: Term) -> str:
    return date_words(term.starts_on, get_language(), with_weekday=False)


def _last_day(term: Term) -> str:
    return date_words(term.ends_on, get_language(), with_weekday=False)


class TermViewSet(QuietViewSet):
    model = Term
    index_view_class = TermIndexView
    add_view_class = TermCreateView
    edit_view_class = TermEditView
    icon = "calendar-alt"
    menu_label = _("Terms")
    add_label = _("Add a term")
    list_display = [
        "title_fr",
        Column("starts_on", label=_("Starts on"), accessor=_first_day, sort_key="starts_on"),
        Column("ends_on", label=_("Ends on"), accessor=_last_day, sort_key="ends_on"),
        "seats_per_person",
    ]
    form_fields = ["title_fr", "title_en", "starts_on", "ends_on", "seats_per_person"]
    inspect_view_fields = form_fields


class ThemeViewSet(QuietViewSet):
    model = Theme
    add_view_class = ThemeCreateView
    edit_view_class = ThemeEditView
    icon = "tag"
    menu_label = _("Themes")
    add_label = _("Add a theme")
    list_display = ["title_fr", "title_en"]
    form_fields = ["code", "title_fr", "title_en"]
    inspect_view_fields = form_fields


class PartnerViewSet(QuietViewSet):
    model = Partner
    add_view_class = PartnerCreateView
    edit_view_class = PartnerEditView
    icon = "group"
    menu_label = _("Partners")
    add_label = _("Add a partner")
    list_display = ["name_fr", "name_en"]
    form_fields = ["code", "name_fr", "name_en"]
    inspect_view_fields = form_fields


class CourseViewSet(QuietViewSet):
    model = Course
    add_view_class = CourseCreateView
    edit_view_class = CourseEditView
    icon = "doc-full"
    menu_label = _("Courses")
    add_label = _("Add a training")
    list_display = ["title_fr", "kind", "hours", "theme", "current_version"]
    list_filter = ["kind", "theme"]
    search_fields = ["title_fr", "title_en", "code"]
    search_backend_name = None
    inspect_view_fields = [
        "code",
        "title_fr",
        "title_en",
        "kind",
        "hours",
        "ich_version",
        "theme",
        "attendance_threshold",
        "current_version",
    ]
    edit_handler = ObjectList(
        [
            HelpPanel(
                content=_(
                    "These facts are frozen when the French page of the course is published: "
                    "surveys and attestations read what stood then. After a change, publish the "
                    "page again."
                )
            ),
            MultiFieldPanel(
                [FieldPanel("title_fr"), FieldPanel("title_en"), FieldPanel("code")],
                heading=_("Official title"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("hours")]),
                    FieldRowPanel([FieldPanel("ich_version"), FieldPanel("theme")]),
                    FieldPanel("attendance_threshold"),
                    FieldPanel("partners", widget=CheckboxSelectMultiple),
                ],
                heading=_("Facts"),
            ),
        ]
    )
