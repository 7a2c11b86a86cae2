from django.urls import path
from django.utils.translation import gettext_lazy as _

from notices.views import follows, mailbox, seats

app_name = "notices"

urlpatterns = [
    path(_("alerts/"), follows.follows, name="follows"),
    path(_("alerts/<slug:kind>/<slug:name>/"), follows.follow, name="follow"),
    path(_("alerts/<slug:kind>/<slug:name>/end/"), follows.unfollow, name="unfollow"),
    path(_("unsubscribe/<str:token>/"), follows.unsubscribe, name="unsubscribe"),
    path(_("sessions/<uuid:key>/resend/"), seats.resend, name="resend"),
    path(_("mail/"), mailbox.demo_mailbox, name="demo_mailbox"),
    path(_("mail/<str:name>/"), mailbox.demo_mail, name="demo_mail"),
    path(_("mail/<str:name>/page/"), mailbox.demo_mail_page, name="demo_mail_page"),
    path(_("mail/<str:name>/<int:number>/"), mailbox.demo_attachment, name="demo_attachment"),
]
