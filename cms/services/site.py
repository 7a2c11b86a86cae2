"""The site as it must stand before anybody edits a page: languages, home, catalogue, legal pages.

What exists is left as the team made it; only what is missing is written, from site_content.json.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
)

from wagtail_localize.models import LocaleSynchronization

from cms.choices import SOURCE_LANGUAGE, StandardPurpose
from cms.models import CataloguePage, HomePage, StandardPage
from cms.services.pages import PageWords, write_page
from people.choices import Language, Role
from people.services.roles import group_of

CONTENT = Path(__file__).with_name("site_content.json")

# What a coordinator may do in the content admin, beside entering it. Trainers' rights come with
# the pages they are invited to.
PAGE_RIGHTS = ("add_page", "change_page", "publish_page", "bulk_delete_page", "unlock_page")
# The scientific committee corrects the words of any page; a coordinator publishes them.
COMMITTEE_RIGHTS = ("change_page",)
# Names that Wagtail's migrations write in English, and ours.
WAGTAIL_REVIEW, REVIEW = "Moderators approval", "Relecture par la coordination"
ROOT = "Pages du site"
# Wagtail asks for the rights of its own Image and Document, whatever the model in their place.
COLLECTION_RIGHTS = {
    "wagtailimages": ("add_image", "change_image", "choose_image"),
    "wagtaildocs": ("add_document", "change_document", "choose_document"),
}


def ensure_site(*, at: datetime) -> HomePage:
    """Languages, site address, first pages and the coordinators' rights on pages. Idempotent.

    Returns the French home page. Run after migrations, at each release: new pages of a release
    appear, edited ones stay as they are; the address follows PUBLIC_BASE_URL.
    """
    content: dict[str, Any] = json.loads(CONTENT.read_text(encoding="utf-8"))
    with transaction.atomic():
        for code in Language.values:
            Locale.objects.get_or_create(language_code=code)
        home = _ensure_home(content, at)
        _ensure_address(home)
        catalogue = CataloguePage.objects.filter(locale=home.locale).first()
        if catalogue is None:
            _write(CataloguePage, content["catalogue"], parent=home, at=at)
        pages = {
            purpose: _ensure_standard(content[purpose], home, purpose, at)
            for purpose in (
                StandardPurpose.PUBLIC,
                StandardPurpose.PRIVACY,
                StandardPurpose.ACCESSIBILITY,
            )
        }
        _lead_public_door_to(pages[StandardPurpose.PUBLIC])
        _keep_trees_in_step()
        _ensure_rights()
    return home


def _ensure_home(content: dict[str, Any], at: datetime) -> HomePage:
    home = HomePage.objects.filter(locale__language_code=SOURCE_LANGUAGE).first()
    if home is None:
        for welcome in Page.objects.filter(depth=2).exact_type(Page):
            welcome.delete()  # Wagtail's own; its Site goes with it and is written anew
        root = Page.objects.get(depth=1)
        home = _write(HomePage, content["home"], parent=root, at=at)
    return home


def _ensure_address(home: HomePage) -> None:
    """The one site leads to our home page, at the address people are given."""
    address = urlsplit(settings.PUBLIC_BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    site, _created = Site.objects.get_or_create(
        is_default_site=True, defaults={"root_page": home, "hostname": address.hostname}
    )
    wanted = (home.pk, address.hostname, port, settings.WAGTAIL_SITE_NAME)
    if (site.root_page_id, site.hostname, site.port, site.site_name) != wanted:
        site.root_page, site.hostname, site.port, site.site_name = home, *wanted[1:]
        site.save()


def _ensure_standard(
    words: dict[str, Any], home: HomePage, purpose: StandardPurpose, at: datetime
) -> StandardPage:
    page = StandardPage.objects.filter(locale=home.locale, purpose=purpose).first()
    return page or _write(StandardPage, words, parent=home, at=at, purpose=purpose)


def _lead_public_door_to(page: StandardPage) -> None:
    """Both home pages lead to the page for the public, unless the team chose another."""
    for home in HomePage.objects.filter(public_page__isnull=True, live=True):
        if home.first_published_at and home.has_unpublished_changes:
            continue  # somebody is at work on it
        home.public_page = page
        home.save_revision().publish()


def _keep_trees_in_step() -> None:
    """Every French page has its place in the English tree, translated or not yet."""
    french = Locale.objects.get(language_code=SOURCE_LANGUAGE)
    english = Locale.objects.get(language_code=Language.ENGLISH)
    LocaleSynchronization.objects.get_or_create(locale=english, defaults={"sync_from": french})


def _write(
    kind: type[Any], words: dict[str, Any], *, parent: Page, at: datetime, **facts: Any
) -> Any:
    return write_page(
        kind=kind,
        parent=parent,
        french=PageWords(**words["fr"]),
        english=PageWords(**words["en"]),
        facts=facts,
        by=None,
        at=at,
    )


def _ensure_rights() -> None:
    coordinators: Group = group_of(Role.COORDINATOR)
    root = Page.objects.get(depth=1)
    for codename in PAGE_RIGHTS:
        GroupPagePermission.objects.get_or_create(
            group=coordinators, page=root, permission=_right("wagtailcore", codename)
        )
    for codename in COMMITTEE_RIGHTS:
        GroupPagePermission.objects.get_or_create(
            group=group_of(Role.COMMITTEE), page=root, permission=_right("wagtailcore", codename)
        )
    collection = Collection.get_first_root_node()
    for app, codenames in COLLECTION_RIGHTS.items():
        for codename in codenames:
            GroupCollectionPermission.objects.get_or_create(
                group=coordinators, collection=collection, permission=_right(app, codename)
            )
    _ensure_review(coordinators)
    Page.objects.filter(depth=1, title="Root").update(title=ROOT, draft_title=ROOT)
    coordinators.permissions.add(_right("wagtail_localize", "submit_translation"))


def _ensure_review(coordinators: Group) -> None:
    """Wagtail's own review, in French and in the hands of people who exist: the coordinators."""
    for task in GroupApprovalTask.objects.filter(name=WAGTAIL_REVIEW):
        task.name = REVIEW
        task.save(update_fields=["name"])
        task.groups.set([coordinators])
    Workflow.objects.filter(name=WAGTAIL_REVIEW).update(name=REVIEW)


def _right(app: str, codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label=app, codename=codename)
