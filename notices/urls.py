from django.urls import path
from django.utils.translation import gettext_lazy as _

from notices import views

app_name = "notices"

urlpatterns = [
    path(_("mail/"), views.demo_mailbox, name="demo_mailbox"),
    path(_("mail/<str:name>/"), views.demo_mail, name="demo_mail"),
    path(_("mail/<str:name>/page/"), views.demo_mail_page, name="demo_mail_page"),
    path(_("mail/<str:name>/<int:number>/"), views.demo_attachment, name="demo_attachment"),
]
