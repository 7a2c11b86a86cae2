"""The site before anybody edits it: languages, first pages, address, rights."""

from django.contrib.auth.models import Group

from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, Site, Workflow

import pytest

from cms.models import CataloguePage, HomePage, StandardPage
from cms.services.site import ensure_site
from people.choices import Role
from tests.factories import cms, people

pytestmark = pytest.mark.django_db


def test_first_pages_stand_in_both_languages_at_translated_addresses(site):
    addresses = {
        (page.locale.language_code, page.get_url())
        for page in Page.objects.live().filter(depth__gt=1)
    }

    assert addresses == {
        ("fr", "/"),
        ("fr", "/formations/"),
        ("fr", "/public/"),
        ("fr", "/confidentialite/"),
        ("fr", "/accessibilite/"),
        ("en", "/en/"),
        ("en", "/en/courses/"),
        ("en", "/en/public/"),
        ("en", "/en/privacy/"),
        ("en", "/en/accessibility/"),
    }


def test_english_pages_are_translations_and_not_aliases(site):
    english = Page.objects.filter(locale__language_code="en", depth__gt=1)

    assert {page.alias_of_id for page in english} == {None}
    assert cms.in_english(site).title == "Clinical research is learned together"


def test_running_again_writes_nothing(site):
    before = list(Page.objects.order_by("pk").values("pk", "title", "latest_revision_id"))

    again = ensure_site(at=cms.AT)

    assert again == site
    assert list(Page.objects.order_by("pk").values("pk", "title", "latest_revision_id")) == before


def test_pages_that_the_team_edited_stay_as_they_are(site):
    page = StandardPage.objects.get(slug="confidentialite")
    page.title = "Vos renseignements"
    page.save_revision().publish()

    ensure_site(at=cms.AT)

    assert StandardPage.objects.get(pk=page.pk).title == "Vos renseignements"


def test_a_page_that_is_missing_is_written_again(site):
    StandardPage.objects.filter(purpose="accessibility").delete()

    ensure_site(at=cms.AT)

    assert StandardPage.objects.filter(purpose="accessibility").count() == 2


def test_the_site_answers_at_the_public_address(site, settings):
    settings.PUBLIC_BASE_URL = "https://academie.example"

    ensure_site(at=cms.AT)

    only = Site.objects.get()
    assert (only.hostname, only.port, only.root_page.specific) == ("academie.example", 443, site)
    assert CataloguePage.objects.get(slug="courses").full_url == (
        "https://academie.example/en/courses/"
    )


def test_both_home_pages_lead_to_the_page_for_the_public(site):
    doors = {home.public_page.specific.purpose for home in HomePage.objects.all()}

    assert doors == {"public"}


def test_coordinators_may_edit_and_publish_every_page_and_trainers_none(site):
    coordinator, trainer = people.coordinator(), people.trainer()

    assert site.permissions_for_user(coordinator).can_publish()
    assert site.permissions_for_user(coordinator).can_edit()
    assert not site.permissions_for_user(trainer).can_edit()
    groups = {row.group for row in GroupPagePermission.objects.filter(page__depth=1)}
    assert Group.objects.get(name=Role.COORDINATOR) in groups


def test_the_review_of_pages_is_in_the_hands_of_the_coordinators(site):
    ensure_site(at=cms.AT)

    task = GroupApprovalTask.objects.get()
    assert (task.name, [group.name for group in task.groups.all()]) == (
        "Relecture par la coordination",
        ["coordinator"],
    )
    assert Workflow.objects.get().name == "Relecture par la coordination"


def test_the_committee_edits_pages_and_publishes_none(site):
    member = people.person(roles=("committee",))

    may = HomePage.objects.get(locale__language_code="fr").permissions_for_user(member)

    assert (may.can_edit(), may.can_publish()) == (True, False)
