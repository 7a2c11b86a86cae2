"""How the facts of a course are kept and frozen."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from courses.models import Partner
from courses.services.catalogue import (
    HoursNotInQuarters,
    ModuleOfAnotherCourse,
    ObjectivesMissing,
    TermTooShort,
    publish_course,
    publish_module,
    save_course,
    save_partner,
)
from tests.factories import people
from tests.factories.courses import AT, course, open_session, published_course, session, term

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def publish(row, *, fr=("Nommer.",), en=("Name.",), at=AT):
    return publish_course(
        course=row, objectives_fr=list(fr), objectives_en=list(en), by=None, at=at
    )


def test_publishing_freezes_every_fact(heard):
    by = people.coordinator()
    partner = save_partner(
        partner=Partner(code="sc", name_fr="Santé Canada", name_en="Health Canada"), by=by, at=AT
    )
    row = course(
        title_fr="Titre", title_en="Title", hours=Decimal("1.50"), kind="gcp",
        ich_version="E6(R3)", partners=[partner],
    )  # fmt: skip
    heard.clear()

    version = publish_course(
        course=row, objectives_fr=["Un.", " ", "Deux. "], objectives_en=["One.", "Two."],
        by=by, at=AT,
    )  # fmt: skip

    assert (version.number, version.title_fr, version.title_en) == (1, "Titre", "Title")
    assert (version.hours, version.kind, version.ich_version) == (Decimal("1.50"), "gcp", "E6(R3)")
    assert version.objectives_fr == ["Un.", "Deux."]
    assert version.partners == [{"name_fr": "Santé Canada", "name_en": "Health Canada"}]
    assert (version.frozen_at, version.frozen_by, version.is_bilingual) == (AT, by, True)
    assert row.current_version == version
    assert heard == [("course_published", {"version": version, "at": AT})]


def test_publishing_the_same_facts_gives_the_version_that_stands(heard):
    row = published_course()
    first = publish(row)
    heard.clear()

    assert publish(row, at=AT + timedelta(days=1)) == first
    assert heard == []


def test_a_changed_fact_makes_a_new_number_and_leaves_the_old_version_alone():
    row = course(title_fr="Ancien")
    first = publish(row)
    row.title_fr = "Nouveau"
    save_course(course=row, partners=None, by=None, at=AT)

    second = publish(row)

    first.refresh_from_db()
    assert [(each.number, each.title_fr) for each in (first, second)] == [
        (1, "Ancien"),
        (2, "Nouveau"),
    ]


def test_a_course_of_one_language_is_published_and_waits_for_the_other():
    assert publish(course(title_en=""), en=[]).is_bilingual is False


def test_a_course_without_an_objective_is_not_published():
    with pytest.raises(ObjectivesMissing):
        publish(course(), fr=["  "])


def test_a_new_version_reaches_sessions_announced_and_not_drafts():
    row = published_course()
    draft, announced = session(course=row), open_session(course=row)

    version = publish(row, fr=["Autre."])

    draft.refresh_from_db()
    announced.refresh_from_db()
    assert (draft.version, announced.version) == (None, version)


@pytest.mark.parametrize(("hours", "is_kept"), [("1.25", True), ("0.50", True), ("1.30", False)])
def test_hours_go_by_quarters(hours, is_kept):
    if is_kept:
        assert course(hours=Decimal(hours)).hours == Decimal(hours)
    else:
        with pytest.raises(HoursNotInQuarters):
            course(hours=Decimal(hours))


def test_a_term_ends_after_it_starts():
    with pytest.raises(TermTooShort):
        term(starts_on=date(2026, 9, 2), ends_on=date(2026, 9, 1))


# ------------------------------------------------------------------ modules
RULES = [{"kind": "viewed", "block": "a"}]


def module(row, key, *, rules=RULES, **more):
    facts = {"title_fr": "Module", "title_en": "Module", "minutes": 20} | more
    return publish_module(course=row, key=key, rules=rules, at=AT, **facts)


def test_a_module_is_frozen_once_for_the_same_facts():
    row, key = published_course(), uuid4()

    first, second = module(row, key), module(row, key)
    third = module(row, key, rules=[{"kind": "viewed", "block": "b"}], is_major=True)

    assert (first == second, first.number, third.number, third.is_major) == (True, 1, 2, True)
    assert first.module.key == key


def test_modules_take_the_next_position_unless_one_is_given():
    row = published_course()

    rows = [module(row, uuid4()).module, module(row, uuid4()).module]
    last = module(row, uuid4(), position=7).module

    assert [each.position for each in (*rows, last)] == [1, 2, 7]


def test_a_module_does_not_change_course():
    key = uuid4()
    module(published_course(), key)

    with pytest.raises(ModuleOfAnotherCourse):
        module(published_course(), key)
