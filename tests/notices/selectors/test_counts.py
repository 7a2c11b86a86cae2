from datetime import timedelta

import pytest

from notices.choices import NoticeState
from notices.models import Notice
from notices.selectors.counts import DoorCounts, OutboxCounts, door_counts, outbox_counts
from notices.services.door import record_door_mail
from tests.factories import courses, notices

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AT = courses.AT


def test_outbox_counts_say_what_waits_what_failed_and_for_how_long():
    assert outbox_counts(AT) == OutboxCounts(waiting=0, failed=0, overdue=0)
    notices.notice(context={})
    notices.notice(context={}, due_at=AT + timedelta(days=1))
    failed = notices.notice(context={})
    Notice.objects.filter(pk=failed.pk).update(state=NoticeState.FAILED)
    assert outbox_counts(AT) == OutboxCounts(waiting=2, failed=1, overdue=0)
    assert outbox_counts(AT + timedelta(minutes=7)).overdue == 7


def test_door_counts_look_back_a_day():
    def pass_by(hours, seconds, is_handed_over=True):
        record_door_mail(
            kind="login_code", seconds=seconds, is_handed_over=is_handed_over, error="",
            at=AT - timedelta(hours=hours),
        )  # fmt: skip

    assert door_counts(AT) == DoorCounts(handed_over=0, failed=0, slowest=0.0)
    pass_by(25, 9.0)
    pass_by(23, 0.5)
    pass_by(1, 2.5)
    pass_by(1, 1.0, is_handed_over=False)
    assert door_counts(AT) == DoorCounts(handed_over=2, failed=1, slowest=2.5)
