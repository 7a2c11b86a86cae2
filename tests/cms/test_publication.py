"""Publishing French freezes facts, once; English freezes nothing and never goes first."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from wagtail.models import Locale

import pytest

from cms.models import CoursePage
from courses.models import CourseVersion, Module, ModuleVersion
from courses.services.catalogue import ObjectivesMissing
from tests.factories import cms, people

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def versions(page):
    return list(
        CourseVersion.objects.filter(course=page.course)
        .order_by("number")
        .values_list("number", "objectives_fr")
    )


def codes(refused):
    return [error.code for error in refused.value.error_dict["__all__"]]


def test_publishing_new_objectives_freezes_a_new_version_by_the_person_and_now(site, today):
    page, person = cms.course_page(), people.coordinator()
    page.objectives_fr = "• Préparer une inspection.\n\n- Répondre aux observations.\n"

    page.save_revision(user=person).publish(user=person)

    new = CourseVersion.objects.get(course=page.course, number=2)
    assert new.objectives_fr == ["Préparer une inspection.", "Répondre aux observations."]
    assert new.frozen_by == person
    assert today <= new.frozen_at < today + timedelta(minutes=1)


def test_publishing_other_words_of_the_same_facts_freezes_nothing_more(site):
    page = cms.course_page()
    page.title, page.intro = "Un titre plus court", "Une autre introduction."

    page.save_revision().publish()

    assert versions(page) == [(1, cms.OBJECTIVES_FR)]


def test_publishing_english_freezes_nothing(site):
    page = cms.course_page()
    english = cms.in_english(page).specific
    english.objectives_fr, english.title = "Rien de vrai.", "Another headline"

    english.save_revision().publish()

    assert versions(page) == [(1, cms.OBJECTIVES_FR)]


def test_french_words_copied_into_the_english_tree_freeze_nothing(site):
    page = cms.course_page(english=False)

    page.save_revision().publish()  # the alias follows and is announced as published

    assert versions(page) == [(1, cms.OBJECTIVES_FR)]


def test_a_stale_english_module_does_not_overwrite_the_module(site):
    page = cms.course_page()
    module_page = cms.module_page(page)
    module_page.title, module_page.minutes = "Le consentement, seconde édition", 30
    module_page.save_revision().publish()
    stale = cms.in_english(module_page).specific

    stale.save_revision().publish()

    current = Module.objects.get().current_version
    assert (current.number, current.title_fr, current.minutes) == (
        2,
        "Le consentement, seconde édition",
        30,
    )
    assert ModuleVersion.objects.count() == 2


def test_a_refused_freeze_publishes_nothing(site):
    page = cms.course_page()
    page.title, page.objectives_fr = "Sans objectifs", " \n "

    with pytest.raises(ObjectivesMissing):
        page.save_revision(clean=False).publish()

    live = CoursePage.objects.get(pk=page.pk)
    assert (live.title, live.objectives_fr) == (
        "Les bonnes pratiques cliniques",
        "\n".join(cms.OBJECTIVES_FR),
    )


def test_an_english_page_is_refused_before_its_french_one(site):
    page = cms.course_page()
    english = cms.in_english(page).specific
    page.unpublish()
    english.refresh_from_db()

    with pytest.raises(ValidationError) as refused:
        english.save_revision().publish()

    assert codes(refused) == ["french_first"]
    assert not CoursePage.objects.get(pk=english.pk).live


def test_an_english_page_without_any_french_one_is_refused(site):
    catalogue = cms.in_english(cms.course_page().get_parent()).specific
    lonely = CoursePage(
        title="Alone",
        slug="alone",
        course=cms.courses.course(),
        objectives_fr="x",
        live=False,
        locale=Locale.objects.get(language_code="en"),
    )
    catalogue.add_child(instance=lonely)

    with pytest.raises(ValidationError) as refused:
        lonely.save_revision().publish()

    assert codes(refused) == ["french_first"]


def test_a_scheduled_english_page_waits_for_its_french_one(site):
    page = cms.course_page()
    english = cms.in_english(page).specific
    page.unpublish()
    english.refresh_from_db()
    revision = english.save_revision()

    revision.publish(log_action="wagtail.publish.scheduled")
    waiting = CoursePage.objects.get(pk=english.pk).live
    page.save_revision().publish()
    revision.publish(log_action="wagtail.publish.scheduled")

    assert (waiting, CoursePage.objects.get(pk=english.pk).live) == (False, True)


def test_taking_the_french_page_away_takes_its_english_away(site):
    page = cms.course_page()

    page.unpublish()

    assert not CoursePage.objects.filter(course=page.course).live().exists()


def test_taking_the_english_page_away_leaves_the_french_one(site):
    page = cms.course_page()

    cms.in_english(page).specific.unpublish()

    assert list(CoursePage.objects.live()) == [page]


def test_a_french_page_scheduled_for_later_freezes_nothing_yet(site):
    page = cms.course_page()
    page.go_live_at, page.objectives_fr = timezone.now() + timedelta(days=3), "Plus tard."

    page.save_revision().publish()

    assert versions(page) == [(1, cms.OBJECTIVES_FR)]
