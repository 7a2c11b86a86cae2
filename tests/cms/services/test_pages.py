"""Pages written by calling services: both languages, one publication, nothing twice."""

import pytest
from wagtail_localize.models import Translation

from cms.models import CataloguePage, CoursePage, ModulePage
from cms.services.pages import PageRefused, write_course_page
from cms.services.translations import TranslationRefused, translate_page
from courses.models import Module
from courses.services.catalogue import ObjectivesMissing
from tests.factories import cms, courses

pytestmark = pytest.mark.django_db


def test_a_course_page_is_published_in_both_languages_and_frozen_at_the_moment_given(site):
    page = cms.course_page()

    course = page.course
    course.refresh_from_db()
    assert page.get_url() == "/formations/bonnes-pratiques/"
    assert cms.in_english(page).get_url() == "/en/courses/good-practice/"
    version = course.versions.get()
    assert (version.number, version.frozen_at) == (1, cms.AT)
    assert (version.objectives_fr, version.objectives_en) == (
        cms.OBJECTIVES_FR,
        cms.OBJECTIVES_EN,
    )


def test_every_word_of_the_body_is_translated_block_by_block(site):
    page = cms.course_page()

    english = cms.in_english(page).specific
    french_ids = [block.id for block in page.body]
    assert [block.id for block in english.body] == french_ids
    assert english.body[1].value["entries"][0]["title"] == "Good clinical practice 4"
    translation = Translation.objects.get(source__object_id=page.translation_key)
    total, done = translation.get_progress()
    assert total == done > 0


def test_facts_of_the_course_are_the_same_on_both_pages(site):
    page = cms.course_page()

    english = cms.in_english(page).specific
    assert english.course == page.course
    assert english.objectives() == page.objectives()


def test_writing_the_page_of_a_course_again_returns_the_page_that_stands(site):
    page = cms.course_page()

    again = cms.course_page(page.course, title="Un autre titre", slug="autre")

    assert again == page
    assert CoursePage.objects.filter(course=page.course).count() == 2


def test_without_english_the_french_words_stand_in_the_english_tree(site):
    page = cms.course_page(english=False)

    twin = cms.in_english(page)
    assert (twin.alias_of_id, twin.live, twin.title) == (page.pk, True, page.title)


def test_english_that_comes_later_takes_the_place_of_the_french_words(site):
    page = cms.course_page(english=False)
    twin = CoursePage(
        title="Later",
        slug="later",
        intro="Later",
        course=page.course,
        body=page.body.get_prep_value(),
    )

    english = translate_page(page=page, english=twin, by=None, at=cms.AT)

    assert english.pk == cms.in_english(page).pk
    assert (english.alias_of_id, english.title, english.slug) == (None, "Later", "later")


def test_english_that_does_not_follow_the_french_blocks_is_refused(site):
    page = cms.course_page(english=False)
    twin = CoursePage(title="Later", slug="later", intro="Later", course=page.course)

    with pytest.raises(TranslationRefused):
        translate_page(page=page, english=twin, by=None, at=cms.AT)


def test_a_course_page_without_a_catalogue_is_refused(site):
    CataloguePage.objects.all().delete()

    with pytest.raises(PageRefused):
        cms.course_page()


def test_a_course_without_objectives_writes_no_page(site):
    course = courses.course()

    with pytest.raises(ObjectivesMissing):
        write_course_page(
            course=course,
            french=cms.words("Titre", "titre"),
            english=None,
            objectives_fr=[" "],
            objectives_en=[],
            by=None,
            at=cms.AT,
        )

    assert not CoursePage.objects.filter(course=course).exists()


def test_a_module_page_makes_the_module_of_its_course_with_a_rule_for_each_block(site):
    page = cms.course_page()

    module_page = cms.module_page(page)

    module = Module.objects.get(course=page.course)
    version = module.current_version
    assert module.key == module_page.translation_key
    assert (version.title_fr, version.title_en, version.minutes) == (
        "Le consentement",
        "Consent",
        20,
    )
    assert version.rules == [
        {"kind": "viewed", "block": str(block.id)} for block in module_page.body
    ]
    assert cms.module_page(page) == module_page
    assert ModulePage.objects.child_of(page).count() == 1
