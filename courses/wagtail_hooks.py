"""Registration of the heart in the Wagtail admin."""

from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from courses.models import Course, Equivalence, Partner, Session, Strike, Term, Theme
from courses.viewsets.catalogue import CourseViewSet, PartnerViewSet, TermViewSet, ThemeViewSet
from courses.viewsets.limits import EquivalenceViewSet, StrikeViewSet
from courses.viewsets.sessions import SessionViewSet
from courses.viewsets.steps import take_step
from courses.viewsets.terms import duplicate, left_to_decide
from people.viewsets.base import TablePolicy

MANAGE = "courses.manage"
for _model in (Course, Partner, Session, Term, Theme):
    register_permission_policy(_model, TablePolicy(_model, MANAGE))
# A strike is given by the clock, an equivalence stands as it was granted.
register_permission_policy(Strike, TablePolicy(Strike, MANAGE, ("change", "view")))
register_permission_policy(Equivalence, TablePolicy(Equivalence, MANAGE, ("add", "view")))


class TrainingsGroup(ViewSetGroup):
    """What is taught, when, and who may come, under one entry of the menu."""

    menu_label = _("Trainings")
    menu_icon = "date"
    menu_order = 200
    items = (
        SessionViewSet,
        CourseViewSet,
        TermViewSet,
        ThemeViewSet,
        PartnerViewSet,
        StrikeViewSet,
        EquivalenceViewSet,
    )


@hooks.register("register_admin_viewset")
def register_trainings() -> TrainingsGroup:
    return TrainingsGroup()


@hooks.register("register_admin_urls")
def register_session_steps() -> list[URLPattern | URLResolver]:
    patterns = [path("<int:pk>/<slug:name>/", take_step, name="step")]
    return [path("seances/", include((patterns, "sessions_admin")))]


@hooks.register("register_admin_urls")
def register_term_pages() -> list[URLPattern | URLResolver]:
    patterns = [
        path("<int:pk>/dupliquer/", duplicate, name="duplicate"),
        path("<int:pk>/a-decider/", left_to_decide, name="undecided"),
    ]
    return [path("programmations/", include((patterns, "terms_admin")))]
