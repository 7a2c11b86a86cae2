from django.urls import path
from django.utils.translation import gettext_lazy as _

from attendance import views

app_name = "attendance"

urlpatterns = [
    path(_("sessions/<uuid:key>/attendance/"), views.session, name="session"),
    path(_("sessions/<uuid:key>/attendance/report/"), views.upload, name="upload"),
    path(_("sessions/<uuid:key>/attendance/close/"), views.close, name="close"),
    path(_("sessions/<uuid:key>/attendance/reopen/"), views.reopen, name="reopen"),
    path(_("sessions/<uuid:key>/attendance/people/<uuid:person>/"), views.decide, name="decide"),
    path(_("sessions/<uuid:key>/sign-in-sheet/"), views.roster, name="roster"),
    path(_("sessions/<uuid:key>/sign-in-sheet/mark/"), views.mark, name="mark"),
    path(_("reports/<uuid:key>/"), views.report, name="report"),
    path(_("reports/<uuid:key>/apply/"), views.apply, name="apply"),
    path(_("reports/<uuid:key>/undo/"), views.undo, name="undo"),
    path(_("reports/<uuid:key>/lines/<int:line>/"), views.choose, name="choose"),
]
