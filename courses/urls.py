from django.urls import path
from django.utils.translation import gettext_lazy as _

from courses.views import (
    calendars,
    delegation,
    door,
    draws,
    exchanges,
    guests,
    offers,
    pages,
    roster,
    seats,
    strikes,
    waiting,
)

app_name = "courses"

urlpatterns = [
    path(_("sessions/<uuid:key>/"), pages.session, name="session"),
    path(_("sessions/<uuid:key>/enrol/"), seats.take_seat, name="enrol"),
    path(_("sessions/<uuid:key>/waiting/"), waiting.waiting, name="waiting"),
    path(_("sessions/<uuid:key>/exchange/"), exchanges.exchange_seat, name="exchange"),
    path(_("sessions/<uuid:key>/pass-on/"), exchanges.pass_seat_on, name="pass_on"),
    path(_("sessions/<uuid:key>/coming/"), seats.coming, name="coming"),
    path(_("sessions/<uuid:key>/cancel/"), seats.give_back, name="cancel"),
    path(_("sessions/<uuid:key>/join/"), door.join, name="join"),
    path(_("sessions/<uuid:key>/draw/"), draws.draw, name="draw"),
    path(_("sessions/<uuid:key>/draw.json"), draws.draw_json, name="draw_json"),
    path(_("sessions/<uuid:key>/draw.csv"), draws.draw_csv, name="draw_csv"),
    path(_("sessions/<uuid:key>/colleagues/"), delegation.delegate, name="delegate"),
    path(_("colleagues/"), delegation.delegate_sessions, name="delegate_sessions"),
    path(_("offers/<uuid:key>/"), offers.offer, name="offer"),
    path(_("account/strikes/"), strikes.strikes, name="strikes"),
    path(_("sessions/<uuid:key>/calendar.ics"), pages.calendar, name="calendar"),
    path(_("sessions/<uuid:key>/roster/"), roster.session_roster, name="roster"),
    path(_("sessions/<uuid:key>/roster/acts/"), roster.roster_act, name="roster_act"),
    path(_("sessions/<uuid:key>/roster/add/"), roster.roster_add, name="roster_add"),
    path(_("sessions/<uuid:key>/roster/<slug:kind>/"), roster.roster_export, name="roster_export"),
    path(_("sessions/<uuid:key>/guests/"), guests.guests, name="guests"),
    path(
        _("sessions/<uuid:key>/guests/<int:pk>/withdraw/"),
        guests.guest_withdraw,
        name="guest_withdraw",
    ),
    path(_("enrolments/<uuid:key>/place/"), roster.roster_place, name="roster_place"),
    path(_("account/calendar/"), calendars.my_calendar, name="my_calendar"),
    path(_("calendar/<str:token>.ics"), calendars.feed, name="feed"),
    path(_("terms/<uuid:key>/calendar.ics"), calendars.term_feed, name="term_feed"),
]
