from django.urls import path
from django.utils.translation import gettext_lazy as _

from certificates import views

app_name = "certificates"

urlpatterns = [
    path("v/<str:token>/", views.verify, name="verify"),
    path(_("verify/"), views.verify_form, name="verify_form"),
    path(_("attestations/<str:number>/"), views.certificate, name="certificate"),
    path(_("attestations/<str:number>/<str:language>.pdf"), views.pdf, name="pdf"),
    path(_("attestations/<str:number>/revoke/"), views.revoke, name="revoke"),
    path(_("sessions/<uuid:key>/attestations/"), views.session_certificates, name="session"),
    path(_("sessions/<uuid:key>/attestations/issue/"), views.issue, name="issue"),
]
