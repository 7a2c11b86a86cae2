"""Pages written by the house itself: the first pages of the site, and the demonstration's.

The team writes pages in the editor; both ways end in the same publication.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail.models import Page

from wagtail_localize.synctree import create_aliases_for_new_page

from cms.choices import SOURCE_LANGUAGE
from cms.models import CataloguePage, CoursePage, ModulePage
from cms.models.base import AcademyPage
from cms.services.translations import translate_page
from courses.models import Course
from courses.services.catalogue import publish_course
from people.models import User
from people.services import Refusal

P = TypeVar("P", bound=AcademyPage)


class PageRefused(Refusal):
    """A page that cannot be written; the text says why."""


@dataclass(frozen=True)
class PageWords:
    """One language of a page. `body` is a list of {"type", "value"} of the six blocks, `more` the
    other text fields of the page type by name.
    """

    title: str
    slug: str
    intro: str = ""
    body: list[dict[str, Any]] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)


def write_page(
    *,
    kind: type[P],
    parent: Page,
    french: PageWords,
    english: PageWords | None,
    facts: dict[str, Any] | None = None,
    by: User | None,
    at: datetime,
) -> P:
    """Adds a French page under `parent`, publishes it, then its English; returns the French page.

    `facts` are the fields both languages share. Without English, the French words stand in the
    English tree until somebody translates them.
    """
    shared = facts or {}
    with transaction.atomic():
        seed = f"{kind.__name__}/{french.slug}"
        page = kind(**_fields(french, seed), **shared)
        page.live = False
        parent.add_child(instance=page)
        page.save_revision(user=by).publish(user=by)
        page.refresh_from_db()
        if english is None:
            create_aliases_for_new_page(page)
        else:
            twin = kind(**_fields(english, seed), **shared)
            translate_page(page=page, english=twin, by=by, at=at)
    return page


def write_course_page(
    *,
    course: Course,
    french: PageWords,
    english: PageWords | None,
    objectives_fr: list[str],
    objectives_en: list[str],
    by: User | None,
    at: datetime,
) -> CoursePage:
    """The published page of a course, frozen at `at`; a page that already speaks of it is returned.

    PageRefused without a catalogue to put it in; courses refuses a course without objectives.
    """
    known = CoursePage.objects.in_language(SOURCE_LANGUAGE).filter(course=course).first()
    if known is not None:
        return known
    catalogue = CataloguePage.objects.filter(locale__language_code=SOURCE_LANGUAGE).first()
    if catalogue is None:
        raise PageRefused(_("The site has no catalogue yet: run the command ensure_site."))
    with transaction.atomic():
        publish_course(
            course=course, objectives_fr=objectives_fr, objectives_en=objectives_en, by=by, at=at
        )
        return write_page(
            kind=CoursePage,
            parent=catalogue,
            french=french,
            english=english,
            facts={
                "course": course,
                "objectives_fr": "\n".join(objectives_fr),
                "objectives_en": "\n".join(objectives_en),
            },
            by=by,
            at=at,
        )


def write_module_page(
    *,
    page: CoursePage,
    french: PageWords,
    english: PageWords | None,
    minutes: int | None,
    by: User | None,
    at: datetime,
) -> ModulePage:
    """A published module under a course's French page; one of the same slug is returned."""
    known = ModulePage.objects.child_of(page).filter(slug=french.slug).first()
    if known is not None:
        return known
    return write_page(
        kind=ModulePage,
        parent=page,
        french=french,
        english=english,
        facts={"minutes": minutes, "title_en": english.title if english else ""},
        by=by,
        at=at,
    )


def _fields(words: PageWords, seed: str) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "title": words.title,
        "slug": words.slug,
        "intro": words.intro,
        **words.more,
    }
    if words.body:
        fields["body"] = with_ids(words.body, seed)
    return fields


def with_ids(body: list[dict[str, Any]], seed: str) -> list[dict[str, Any]]:
    """The blocks with ids drawn from `seed` and their place, so both languages share them.

    Items of a list block become {"type": "item", "value", "id"}, the shape that keeps their ids.
    """
    return [
        {
            **block,
            "value": _items(block["value"], f"{seed}/{number}"),
            "id": _id(f"{seed}/{number}"),
        }
        for number, block in enumerate(body)
    ]


def _items(value: Any, place: str) -> Any:
    if isinstance(value, dict):
        return {name: _items(each, f"{place}/{name}") for name, each in value.items()}
    if isinstance(value, list):
        return [
            {
                "type": "item",
                "value": _items(each, f"{place}/{number}"),
                "id": _id(f"{place}/{number}"),
            }
            for number, each in enumerate(value)
        ]
    return value


def _id(place: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"academie:block:{place}"))
