from django.urls import path
from django.utils.translation import gettext_lazy as _

from surveys import views

app_name = "surveys"

urlpatterns = [
    path(_("surveys/<str:token>/"), views.answer, name="answer"),
    path(_("sessions/<uuid:key>/evaluation/"), views.results, name="results"),
]
