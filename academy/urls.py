"""The street map. French at the root, English under /en/; Wagtail's pages come last."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from django.views.static import serve as serve_file

from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from academy.views import (
    announcements,
    checklist,
    day,
    demand,
    health,
    learner,
    material,
    staff,
    twins,
)
from cms.feeds import PageSitemap
from cms.views import robots
from people.urls import sign_in_patterns

# The roof's own names: `academy:…`.
desks = [
    path(_("my-trainings/"), learner.my_courses, name="my_courses"),
    path(_("my-account/export/"), learner.export, name="export"),
    path(_("dashboard/"), staff.dashboard, name="dashboard"),
    path(_("dashboard/sessions/<uuid:key>/"), staff.control_room, name="control_room"),
    path(_("dashboard/sessions/<uuid:key>/day/"), day.change, name="day"),
    path(_("dashboard/sessions/<uuid:key>/list/"), checklist.add, name="item_add"),
    path(_("dashboard/sessions/<uuid:key>/list/<int:pk>/"), checklist.tick, name="item_tick"),
    path(
        _("dashboard/sessions/<uuid:key>/list/<int:pk>/remove/"),
        checklist.remove,
        name="item_remove",
    ),
    path(_("dashboard/sessions/<uuid:key>/second/"), twins.second, name="second"),
    path(
        _("dashboard/sessions/<uuid:key>/second/<uuid:twin>/offer/"),
        twins.offer,
        name="second_offer",
    ),
    path(_("dashboard/sessions/<uuid:key>/material/"), material.material, name="material"),
    path(_("dashboard/demand/"), demand.demand, name="demand"),
    path(
        _("dashboard/demand/<uuid:key>/<slug:part>/<slug:kind>/"),
        demand.export,
        name="demand_export",
    ),
    path(_("dashboard/sessions/<uuid:key>/message/"), announcements.write_to, name="message"),
    path(_("dashboard/messages/"), announcements.mailings, name="mailings"),
    path(_("dashboard/messages/announce/"), announcements.announce, name="announce"),
    path(_("dashboard/messages/<uuid:key>/"), announcements.mailing, name="mailing"),
    path(_("dashboard/messages/<uuid:key>/edit/"), announcements.mailing_edit, name="mailing_edit"),
    path(
        _("dashboard/messages/<uuid:key>/progress/"),
        announcements.mailing_progress,
        name="mailing_progress",
    ),
    path(
        _("dashboard/messages/<uuid:key>/letter/<slug:language>/"),
        announcements.mailing_letter,
        name="mailing_letter",
    ),
    path(
        _("dashboard/messages/<uuid:key>/do/<slug:step>/"),
        announcements.mailing_step,
        name="mailing_step",
    ),
]

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    # Names and languages are kept in one place: one's account on the site, not the admin's own.
    path("gestion/account/", RedirectView.as_view(pattern_name="people:account")),
    path("gestion/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": PageSitemap}}, name="sitemap"),
]
if not settings.S3_BUCKET:  # one machine: pictures stand beside the database, and we serve them
    urlpatterns.append(
        path("media/<path:path>", serve_file, {"document_root": settings.MEDIA_ROOT})
    )

urlpatterns += i18n_patterns(
    path("", include((desks, "academy"))),
    path("", include(sign_in_patterns)),
    path("", include("people.urls")),
    path("", include("courses.urls")),
    path("", include("attendance.urls")),
    path("", include("surveys.urls")),
    path("", include("certificates.urls")),
    path("", include("notices.urls")),
    path("", include("cms.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
