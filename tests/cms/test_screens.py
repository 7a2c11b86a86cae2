"""What readers are given: every page type in both languages, and addresses that outlive slugs."""

from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import translation

import pytest
from bs4 import BeautifulSoup

from cms.models import CataloguePage, CoursePage, StandardPage
from cms.services.pages import write_page
from tests.factories import cms, courses, people

pytestmark = pytest.mark.django_db

LANGUAGES = ("fr", "en")


def address(name, language, *args):
    with translation.override(language):
        return reverse(name, args=args)


def text_of(response):
    return response.content.decode()


def parsed(response):
    return BeautifulSoup(response.content, "html.parser")


def objectives(html):
    return [line.get_text() for line in html.select("[aria-labelledby=objectives-title] li")]


def canonical(html):
    return html.select_one('link[rel="canonical"]')["href"]


@pytest.fixture
def pages(site):
    """One live page of each type, by language."""
    course_page = cms.course_page()
    module_page = cms.module_page(course_page)
    french = [
        site,
        CataloguePage.objects.get(locale=site.locale),
        course_page,
        module_page,
        StandardPage.objects.get(slug="confidentialite"),
    ]
    return {"fr": french, "en": [cms.in_english(page) for page in french]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_type_answers_in_its_language_without_a_form_that_posts(pages, language):
    courses.open_session(course=CoursePage.objects.first().course, capacity=4)

    for page in pages[language]:
        response = Client().get(page.get_url())

        html = text_of(response)
        assert response.status_code == 200
        assert f'<html lang="{language}-CA">' in html
        assert page.title in html.replace("&#x27;", "'")
        assert 'method="post"' not in html.lower()
        assert "csrf" not in html.lower()
        assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_switcher_leads_to_the_same_page_with_the_same_question(pages, language):
    other = "en" if language == "fr" else "fr"

    for page, twin in zip(pages[language], pages[other], strict=True):
        html = parsed(Client().get(page.get_url(), {"theme": "bpc"}))

        links = html.select(f'header a[lang="{other}-CA"]')
        assert [link["href"] for link in links] == [f"{twin.get_url()}?theme=bpc"]


def test_machines_find_both_languages_and_the_french_one_by_default(pages):
    for page, twin in zip(pages["fr"], pages["en"], strict=True):
        for each in (page, twin):
            html = parsed(Client().get(each.get_url()))

            links = html.select('link[rel="alternate"][hreflang]')
            assert {link["hreflang"]: link["href"] for link in links} == {
                "fr-CA": page.full_url,
                "en-CA": twin.full_url,
                "x-default": page.full_url,
            }
            assert canonical(html) == each.full_url


def test_words_not_translated_yet_are_shown_as_french_and_said_to_be(site):
    page = cms.course_page(english=False)

    html = parsed(Client().get(cms.in_english(page).get_url()))

    assert "This page is not in English yet." in html.main.get_text()
    assert html.html["lang"] == "en-CA"
    assert html.h1.select_one('[lang="fr-CA"]').get_text() == "Les bonnes pratiques cliniques"
    assert html.select('link[rel="alternate"]') == []
    assert canonical(html) == page.full_url
    assert "Name the principles." in html.main.get_text()  # the facts are in English already


def test_a_translated_page_says_nothing_of_the_kind(pages):
    html = text_of(Client().get(pages["en"][2].get_url()))

    assert "This page is not in English yet." not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_key_of_a_course_leads_to_its_page_in_the_language_of_the_address(site, language):
    page = cms.course_page()
    target = page if language == "fr" else cms.in_english(page)

    response = Client().get(address("cms:course", language, page.course.key))

    assert (response.status_code, response.headers["Location"]) == (302, target.get_url())


def test_the_key_of_a_course_survives_a_change_of_slug(site):
    page = cms.course_page()
    page.slug = "tout-autre-chose"
    page.save_revision().publish()

    response = Client().get(address("cms:course", "fr", page.course.key))

    assert response.headers["Location"] == "/formations/tout-autre-chose/"


def test_of_two_pages_of_a_course_the_key_leads_to_the_one_published_last(site):
    first = cms.course_page()
    second = write_page(
        kind=CoursePage,
        parent=first.get_parent(),
        french=cms.words("Seconde", "seconde"),
        english=None,
        facts={"course": first.course, "objectives_fr": first.objectives_fr},
        by=None,
        at=cms.AT,
    )
    key = address("cms:course", "fr", first.course.key)
    assert Client().get(key).headers["Location"] == second.get_url()

    first.save_revision().publish()

    assert Client().get(key).headers["Location"] == first.get_url()


def test_a_key_that_means_nothing_is_not_found(site):
    assert Client().get(address("cms:course", "fr", uuid4())).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["home", "catalogue", "privacy", "accessibility"])
def test_stable_names_serve_or_lead_to_the_page_of_today(site, name, language):
    response = Client().get(address(f"cms:{name}", language), follow=True)

    assert response.status_code == 200
    assert f'<html lang="{language}-CA">' in text_of(response)
    with translation.override(language):
        assert response.context["page"].get_url() == response.request["PATH_INFO"]


def test_the_name_of_the_catalogue_follows_it_to_another_slug_with_its_question(site):
    page = CataloguePage.objects.get(locale=site.locale)
    page.slug = "programmation"
    page.save_revision().publish()

    response = Client().get(address("cms:catalogue", "fr"), {"theme": "bpc"})

    assert response.headers["Location"] == "/programmation/?theme=bpc"


@pytest.mark.parametrize("name", ["home", "catalogue", "privacy", "accessibility"])
def test_reading_addresses_refuse_to_be_written_to(site, name):
    assert Client().post(address(f"cms:{name}", "fr")).status_code == 405


def test_the_privacy_page_names_the_person_in_charge(site, settings):
    settings.PRIVACY_OFFICER = {"name": "Marie Tremblay", "email": "vie-privee@academie.example"}

    for language in LANGUAGES:
        html = text_of(Client().get(address("cms:privacy", language), follow=True))

        assert "Marie Tremblay" in html
        assert 'href="mailto:vie-privee@academie.example"' in html


def test_the_accessibility_page_says_the_level_and_where_to_write(site, settings):
    settings.SUPPORT_EMAIL = "aide@academie.example"

    for language in LANGUAGES:
        html = text_of(Client().get(address("cms:accessibility", language), follow=True))

        assert "SGQRI 008 3.0" in html
        assert "mailto:aide@academie.example" in html


def test_the_home_page_opens_two_doors_and_shows_the_next_sessions_only(site):
    page = cms.course_page()
    for _number in range(6):
        courses.open_session(course=page.course)
    courses.session(course=page.course)  # a draft

    response = Client().get("/")

    assert len(response.context["cards"]) == 4
    doors = parsed(response).select(".door a")
    assert [door["href"] for door in doors] == [address("cms:catalogue", "fr"), "/public/"]


def test_a_course_page_shows_its_own_sessions_with_one_link_each(site):
    page, other = cms.course_page(), courses.published_course()
    trainer = people.trainer(printed_name="Marie-Ève Tremblay")
    mine = [courses.open_session(course=page.course, trainers=[trainer]) for _each in range(2)]
    courses.open_session(course=other)

    response = Client().get(page.get_url())

    html = parsed(response)
    assert [card.session for card in response.context["cards"]] == mine
    links = [link["href"] for link in html.select("table a")]
    assert links == [address("courses:enrol", "fr", session.key) for session in mine]
    assert "Marie-Ève Tremblay" in html.aside.get_text()
    assert objectives(html) == cms.OBJECTIVES_FR


def test_the_english_page_shows_the_objectives_that_were_frozen(site):
    page = cms.course_page()
    english = cms.in_english(page).specific
    CoursePage.objects.filter(pk=english.pk).update(objectives_en="Something stale.")

    html = parsed(Client().get(english.get_url()))

    assert objectives(html) == cms.OBJECTIVES_EN


def test_machines_are_told_of_public_pages_and_kept_out_of_the_admin(site):
    page = cms.course_page(english=False)

    sitemap = text_of(Client().get("/sitemap.xml"))
    robots = text_of(Client().get("/robots.txt"))

    assert f"<loc>{page.full_url}</loc>" in sitemap
    assert f"<loc>{cms.in_english(site).full_url}</loc>" in sitemap
    assert cms.in_english(page).full_url not in sitemap
    assert robots.splitlines() == [
        "User-agent: *",
        "Disallow: /gestion/",
        "Sitemap: http://testserver/sitemap.xml",
    ]
