from django.urls import path
from django.utils.translation import gettext_lazy as _

from notices.views import mailbox

app_name = "notices"

urlpatterns = [
    path(_("mail/"), mailbox.demo_mailbox, name="demo_mailbox"),
    path(_("mail/<str:name>/"), mailbox.demo_mail, name="demo_mail"),
    path(_("mail/<str:name>/page/"), mailbox.demo_mail_page, name="demo_mail_page"),
    path(_("mail/<str:name>/<int:number>/"), mailbox.demo_attachment, name="demo_attachment"),
]
