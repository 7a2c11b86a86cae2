from django.urls import path
from django.utils.translation import gettext_lazy as _

from courses.views import calendars, pages, seats

app_name = "courses"

urlpatterns = [
    path(_("sessions/<uuid:key>/"), pages.session, name="session"),
    path(_("sessions/<uuid:key>/enrol/"), seats.take_seat, name="enrol"),
    path(_("sessions/<uuid:key>/cancel/"), seats.give_back, name="cancel"),
    path(_("sessions/<uuid:key>/join/"), seats.join, name="join"),
    path(_("sessions/<uuid:key>/calendar.ics"), pages.calendar, name="calendar"),
    path(_("sessions/<uuid:key>/roster/"), pages.session_roster, name="roster"),
    path(_("account/calendar/"), calendars.my_calendar, name="my_calendar"),
    path(_("calendar/<str:token>.ics"), calendars.feed, name="feed"),
    path(_("terms/<uuid:key>/calendar.ics"), calendars.term_feed, name="term_feed"),
]
