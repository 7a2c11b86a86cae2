"""What is kept of a learner's way through a module."""

from datetime import timedelta
from uuid import uuid4

import pytest

from courses.selectors.progress import completed_modules, has_completed_course
from courses.services.catalogue import publish_module
from courses.services.progress import UnknownBlock, is_complete, record_progress
from tests.factories import people
from tests.factories.courses import AT, published_course

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

RULES = [
    {"kind": "viewed", "block": "text"},
    {"kind": "quiz", "block": "quiz", "percent": 70},
    {"kind": "video", "block": "film"},
    {"kind": "time", "block": "page", "seconds": 60},
]
WHOLE = {
    "text": {"is_done": True},
    "quiz": {"percent": 70},
    "film": {"percent": 90},
    "page": {"seconds": 60},
}


def version_of(course=None, rules=RULES):
    return publish_module(
        course=course or published_course(), key=uuid4(), title_fr="Module", title_en="Module",
        rules=rules, minutes=10, at=AT,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("block", "fact"),
    [
        ("text", {}),
        ("text", {"is_done": False}),
        ("quiz", {"percent": 69}),
        ("film", {"percent": 89}),
        ("page", {"seconds": 59}),
    ],
)
def test_every_rule_must_hold(block, fact):
    assert is_complete(RULES, WHOLE) is True
    assert is_complete(RULES, WHOLE | {block: fact}) is False


def test_a_module_is_complete_at_its_last_fact_and_stays_so():
    person, version = people.person(), version_of()

    for minute, (block, fact) in enumerate(WHOLE.items()):
        progress = record_progress(
            person=person, version=version, block=block, fact=fact,
            at=AT + timedelta(minutes=minute),
        )  # fmt: skip
        assert (progress.completed_at is not None) is (minute == 3)
    again = record_progress(
        person=person, version=version, block="quiz", fact={"percent": 10},
        at=AT + timedelta(days=1),
    )  # fmt: skip

    assert again.pk == progress.pk
    assert (again.started_at, again.completed_at) == (AT, AT + timedelta(minutes=3))


def test_a_worse_try_takes_nothing_away():
    person, version = people.person(), version_of()

    for percent in (80, 20):
        progress = record_progress(
            person=person, version=version, block="quiz", fact={"percent": percent}, at=AT
        )

    assert progress.facts == {"quiz": {"percent": 80}}


def test_a_block_of_no_rule_is_refused():
    with pytest.raises(UnknownBlock):
        record_progress(
            person=people.person(), version=version_of(), block="forged", fact={}, at=AT
        )


def test_a_course_is_completed_when_each_published_module_is():
    person, course = people.person(), published_course()
    rules = [{"kind": "viewed", "block": "text"}]
    first, second = version_of(course, rules), version_of(course, rules)
    assert has_completed_course(person, published_course()) is False

    found = []
    for version in (first, second):
        record_progress(person=person, version=version, block="text", fact={"is_done": True}, at=AT)
        found.append(
            (completed_modules(person, course).count(), has_completed_course(person, course))
        )

    assert found == [(1, False), (2, True)]
    assert completed_modules(people.person(), course).count() == 0
