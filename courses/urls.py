from django.urls import path
from django.utils.translation import gettext_lazy as _

from courses.views import pages, seats

app_name = "courses"

urlpatterns = [
    path(_("sessions/<uuid:key>/"), pages.session, name="session"),
    path(_("sessions/<uuid:key>/enrol/"), seats.take_seat, name="enrol"),
    path(_("sessions/<uuid:key>/cancel/"), seats.give_back, name="cancel"),
    path(_("sessions/<uuid:key>/join/"), seats.join, name="join"),
    path(_("sessions/<uuid:key>/calendar.ics"), pages.calendar, name="calendar"),
    path(_("sessions/<uuid:key>/roster/"), pages.session_roster, name="roster"),
]
