import pytest

from notices.models import DoorMail
from notices.services.door import record_door_mail
from tests.factories import courses

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AT = courses.AT


def record(**fields):
    given = {"kind": "login_code", "seconds": 0.2, "is_handed_over": True, "error": "", "at": AT}
    return record_door_mail(**given | fields)


def test_the_log_says_that_and_how_fast():
    row = record()
    assert DoorMail.objects.get() == row
    assert (row.kind, row.handed_at, row.seconds, row.is_handed_over) == (
        "login_code", AT, 0.2, True,
    )  # fmt: skip


def test_the_log_has_no_place_for_words_or_address():
    names = {field.name for field in DoorMail._meta.get_fields()}
    assert names == {"id", "kind", "handed_at", "seconds", "is_handed_over", "error"}


def test_too_long_a_name_is_cut_not_refused():
    row = record(kind="k" * 90, error="e" * 900)
    assert (len(row.kind), len(row.error)) == (40, 200)


def test_a_refusing_database_does_not_undo_the_act_of_the_caller():
    assert record(seconds=None) is None
    assert record() == DoorMail.objects.get()  # the transaction still stands
