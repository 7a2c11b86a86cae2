"""Registration of the proof in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from certificates.models import Accreditation, AccreditingBody, Signatory
from certificates.viewsets import VIEWSETS
from people.viewsets.base import TablePolicy

for _model in (Accreditation, AccreditingBody, Signatory):
    register_permission_policy(_model, TablePolicy(_model, "certificates.issue"))


class ProofGroup(ViewSetGroup):
    """What attestations rest on, under one entry of the menu."""

    menu_label = _("Accreditation")
    menu_icon = "success"
    menu_order = 300
    items = VIEWSETS


@hooks.register("register_admin_viewset")
def register_proof() -> ProofGroup:
    return ProofGroup()
