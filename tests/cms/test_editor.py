"""The editor as the team meets it: few fields, one publication, refusals in sentences."""

import json

from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from wagtail.models import Page, ReferenceIndex

import pytest
from bs4 import BeautifulSoup
from wagtail_localize.models import Translation

from cms.models import CataloguePage, CoursePage
from courses.models import CourseVersion
from tests.factories import cms, courses, people

pytestmark = pytest.mark.django_db


def edit_address(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def add_address(parent, model="coursepage"):
    return reverse("wagtailadmin_pages:add", args=["cms", model, parent.pk])


def fields_of(response):
    """What the browser would send back of the editor's form."""
    form = BeautifulSoup(response.content, "html.parser").select_one("#page-edit-form")
    sent = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            sent[field["name"]] = chosen["value"] if chosen else ""
        elif field.name == "textarea":
            sent[field["name"]] = field.get_text().lstrip("\n")
        elif field.get("type") not in {"checkbox", "radio"} or field.has_attr("checked"):
            sent[field["name"]] = field.get("value", "")
    return sent


def with_body(fields):
    """The body as one text block, in the shape the editor posts."""
    return {name: value for name, value in fields.items() if not name.startswith("body")} | {
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "text",
        "body-0-id": "",
        "body-0-value-heading": "Pour qui",
        "body-0-value-body": json.dumps(
            {
                "blocks": [
                    {
                        "key": "a",
                        "text": "Pour vous.",
                        "type": "unstyled",
                        "depth": 0,
                        "inlineStyleRanges": [],
                        "entityRanges": [],
                        "data": {},
                    }
                ],
                "entityMap": {},
            }
        ),
    }


def publish(browser, address, **changes):
    fields = with_body(fields_of(browser.get(address))) | changes | {"action-publish": "1"}
    return browser.post(address, fields)


def sentences(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def catalogue(site):
    return CataloguePage.objects.get(locale=site.locale)


def filled(course, **changes):
    return {
        "title": "Se préparer à une inspection",
        "slug": "inspection",
        "course": str(course.pk),
        "intro": "Deux phrases.",
        "objectives_fr": "Préparer une inspection.",
        "objectives_en": "Prepare an inspection.",
    } | changes


def test_a_new_course_page_is_published_and_freezes_its_course(coordinator, site):
    course = courses.course()

    response = publish(coordinator, add_address(catalogue(site)), **filled(course))

    page = CoursePage.objects.get(slug="inspection", locale=site.locale)
    assert response.status_code == 302
    assert page.live
    version = CourseVersion.objects.get(course=course)
    assert version.objectives_en == ["Prepare an inspection."]
    assert version.frozen_by is not None
    assert Client().get(page.get_url()).status_code == 200


def test_a_new_french_page_takes_its_place_in_the_english_tree(coordinator, site):
    publish(coordinator, add_address(catalogue(site)), **filled(courses.course()))

    page = CoursePage.objects.get(slug="inspection", locale=site.locale)
    assert cms.in_english(page).alias_of_id == page.pk


def test_the_editor_shows_eight_fields_at_most_with_help(coordinator, site):
    html = BeautifulSoup(coordinator.get(add_address(catalogue(site))).content, "html.parser")

    shown = {
        field["name"]
        for field in html.select("#page-edit-form [name]")
        if field.get("type") != "hidden"
        and field.name in {"input", "textarea", "select"}
        and not field["name"].startswith(("comment", "body-"))
    }
    assert shown - {"go_live_at", "expire_at"} == {
        "title",
        "course",
        "intro",
        "objectives_fr",
        "objectives_en",
        "slug",
        "search_description",
    }  # and the body
    for name in ("course", "intro", "objectives_fr", "objectives_en"):
        assert html.select_one(
            f'#panel-child-content-{name}-helptext, [id$="{name}-helptext"]'
        ).get_text(strip=True)


def test_without_objectives_nothing_is_published_and_nothing_typed_is_lost(coordinator, site):
    course = courses.course()

    response = publish(
        coordinator, add_address(catalogue(site)), **filled(course, objectives_fr=" - \n")
    )

    assert response.status_code == 200
    assert not CoursePage.objects.filter(course=course).exists()
    html = BeautifulSoup(response.content, "html.parser")
    assert html.select_one("#id_title")["value"] == "Se préparer à une inspection"
    assert html.select_one("#id_objectives_en").get_text(strip=True) == "Prepare an inspection."


def test_a_refusal_of_courses_is_a_sentence_on_the_form_and_keeps_the_page_as_it_was(
    coordinator, site
):
    page = cms.course_page()

    response = publish(coordinator, edit_address(page), objectives_fr="•", objectives_en="")

    assert response.status_code == 200
    assert response.context["form"].errors["__all__"]
    assert CoursePage.objects.get(pk=page.pk).objectives() == page.objectives()
    assert CourseVersion.objects.filter(course=page.course).count() == 1


def test_english_objectives_must_be_as_many_as_the_french_ones(coordinator, site):
    course = courses.course()
    three = "\n".join(["Un.", "Deux.", "Trois."])

    response = publish(
        coordinator, add_address(catalogue(site)), **filled(course, objectives_fr=three)
    )

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["objectives_en"]
    assert not CourseVersion.objects.filter(course=course).exists()


def test_french_objectives_alone_may_be_published(coordinator, site):
    course = courses.course()

    publish(coordinator, add_address(catalogue(site)), **filled(course, objectives_en=""))

    assert not CourseVersion.objects.get(course=course).is_bilingual


def test_a_second_live_page_of_a_course_is_allowed_and_warned_of(coordinator, site):
    first = cms.course_page()

    response = publish(coordinator, add_address(catalogue(site)), **filled(first.course))

    second = CoursePage.objects.get(slug="inspection", locale=site.locale)
    assert second.live
    warnings = [each for each in get_messages(response.wsgi_request) if each.tags == "warning"]
    assert len(warnings) == 1
    for page, other in ((first, second), (second, first)):
        html = BeautifulSoup(coordinator.get(edit_address(page)).content, "html.parser")
        assert html.select_one(f'.help-warning a[href="{edit_address(other)}"]')


def test_a_course_with_one_page_is_not_warned_of(coordinator, site):
    page = cms.course_page()

    html = BeautifulSoup(coordinator.get(edit_address(page)).content, "html.parser")

    assert html.select(".help-warning") == []


def test_a_lonely_english_page_is_refused_with_a_sentence(coordinator, site):
    course = courses.course()
    english = cms.in_english(catalogue(site))

    response = publish(
        coordinator, add_address(english), title="Alone", slug="alone", intro="Alone"
    )

    assert response.status_code == 200
    assert not CoursePage.objects.filter(course=course).exists()
    assert not Page.objects.filter(slug="alone").exists()


def test_the_english_editor_refuses_to_publish_before_the_french_page(coordinator, site):
    page = cms.course_page()
    english = cms.in_english(page)
    page.unpublish()

    response = coordinator.post(edit_address(english), {"action": "publish"})

    assert response.status_code == 302
    assert len(sentences(response)) == 1
    assert not CoursePage.objects.get(pk=english.pk).live


def test_the_english_editor_publishes_after_the_french_page(
    coordinator, site, django_capture_on_commit_callbacks
):
    page = cms.course_page()
    english = cms.in_english(page)
    english.specific.unpublish()

    with django_capture_on_commit_callbacks(execute=True):
        coordinator.post(edit_address(english), {"action": "publish"})

    assert CoursePage.objects.get(pk=english.pk).live
    assert CourseVersion.objects.filter(course=page.course).count() == 1


def test_other_screens_that_publish_english_first_answer_with_a_sentence(coordinator, site):
    page = cms.course_page()
    english = cms.in_english(page)
    page.unpublish()
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    response = coordinator.post(f"{bulk}?id={english.pk}&next=/gestion/")

    assert response.status_code == 302
    assert len(sentences(response)) == 1
    assert not CoursePage.objects.get(pk=english.pk).live


def test_translation_begun_keeps_showing_french_words_as_french(coordinator, site):
    page = cms.course_page(english=False)
    english = cms.in_english(page)

    coordinator.post(
        reverse("wagtail_localize:submit_page_translation", args=[page.pk]),
        {"locales": [str(english.locale_id)]},
    )

    assert Translation.objects.filter(source__object_id=page.translation_key).exists()
    twin = Page.objects.get(pk=english.pk)
    assert (twin.alias_of_id, twin.live) == (None, True)
    html = BeautifulSoup(Client().get(twin.get_url()).content, "html.parser")
    assert html.h1.select_one('[lang="fr-CA"]').get_text() == page.title


def test_official_facts_are_not_offered_to_the_translator(coordinator, site):
    page = cms.course_page()

    sources = Translation.objects.get(source__object_id=page.translation_key).source
    paths = set(sources.stringsegment_set.values_list("context__path", flat=True)) | set(
        sources.overridablesegment_set.values_list("context__path", flat=True)
    )
    assert {"title", "slug", "intro"} <= paths
    assert paths.isdisjoint({"course", "objectives_fr", "objectives_en"})


@pytest.mark.parametrize("kind", ["home", "catalogue", "course", "module"])
def test_every_page_type_is_previewed_in_the_editor(coordinator, site, kind):
    course_page = cms.course_page()
    page = {
        "home": site,
        "catalogue": catalogue(site),
        "course": course_page,
        "module": cms.module_page(course_page),
    }[kind]
    fields = fields_of(coordinator.get(edit_address(page))) | {"title": "Un titre à voir"}
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])

    saved = coordinator.post(address, with_body(fields) if hasattr(page, "body") else fields)
    html = BeautifulSoup(coordinator.get(address).content, "html.parser")

    assert json.loads(saved.content)["is_valid"] is True
    assert html.h1.get_text(strip=True) == "Un titre à voir"
    assert type(page).objects.get(pk=page.pk).title == page.title


@pytest.mark.parametrize("who", ["learner", "trainer", "liaison", "inspector"])
def test_only_those_with_a_right_reach_the_editor_of_a_page(site, who):
    page = cms.course_page()
    person = {
        "learner": people.person,
        "trainer": people.trainer,
        "liaison": people.liaison_agent,
        "inspector": lambda: people.person(roles=("inspector",)),
    }[who]()
    browser = Client()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")

    response = browser.get(edit_address(page))

    assert response.status_code in {302, 403}
    assert not CoursePage.objects.filter(pk=page.pk, title="Autre").exists()


def test_only_our_models_are_tracked_by_the_reference_index():
    ours = {"academy", "notices", "certificates", "surveys", "attendance", "courses", "people"}
    assert not {model._meta.app_label for model in ReferenceIndex.tracked_models} & ours
