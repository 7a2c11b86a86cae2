"""Registration of the messages in the admin."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from notices.models import Notice
from notices.viewsets.outbox import RIGHT, NoticeViewSet
from people.viewsets.base import TablePolicy

register_permission_policy(Notice, TablePolicy(Notice, RIGHT, verbs=("view",)))


@hooks.register("register_admin_viewset")
def register_notices() -> NoticeViewSet:
    return NoticeViewSet()
