"""The editor of our pages is Wagtail's own; publishing is one act, a refusal one sentence."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse

from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.viewsets.pages import PageViewSet

from cms.models import CataloguePage, CoursePage, HomePage, ModulePage, StandardPage
from people.services import Refusal


class PublishWhole:
    """A page whose publication is refused is not published, not saved, and nothing typed is lost:
    the editor opens again with the sentence above the fields.
    """

    def publish_action(self) -> HttpResponse:
        before = _position(self.page)
        try:
            with transaction.atomic():
                return super().publish_action()  # type: ignore[misc]
        except (Refusal, ValidationError) as refusal:
            for name, value in before.items():
                setattr(self.page, name, value)
            for sentence in sentences_of(refusal):
                self.form.add_error(None, sentence)
            return self.form_invalid(self.form)  # type: ignore[attr-defined]


def _position(page: Any) -> dict[str, Any]:
    """What saving would change on the instance, to be put back when the database rolls back."""
    names = (
        "pk",
        "id",
        "page_ptr_id",
        "path",
        "depth",
        "numchild",
        "url_path",
        "live",
        "latest_revision_id",
        "live_revision_id",
        "first_published_at",
        "last_published_at",
        "has_unpublished_changes",
        "draft_title",
    )
    return {name: getattr(page, name) for name in names}


def sentences_of(refusal: Exception) -> list[str]:
    """The sentences of a refusal, fit to show."""
    return refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]


class WholeEditView(PublishWhole, EditView):
    pass


class WholeCreateView(PublishWhole, CreateView):
    pass


class AcademyPageViewSet(PageViewSet):
    edit_view_class = WholeEditView
    add_view_class = WholeCreateView
    add_to_reference_index = True


class HomePageViewSet(AcademyPageViewSet):
    model = HomePage


class CataloguePageViewSet(AcademyPageViewSet):
    model = CataloguePage


class CoursePageViewSet(AcademyPageViewSet):
    model = CoursePage


class ModulePageViewSet(AcademyPageViewSet):
    model = ModulePage


class StandardPageViewSet(AcademyPageViewSet):
    model = StandardPage


VIEWSETS = (
    HomePageViewSet,
    CataloguePageViewSet,
    CoursePageViewSet,
    ModulePageViewSet,
    StandardPageViewSet,
)
