"""What publication means beyond the page itself.

Publishing a French page freezes facts in courses; publishing an English one freezes nothing. Taking
a French page away takes its English away too.
"""

from datetime import datetime

from wagtail.models import Page

from cms.models import CoursePage, ModulePage
from cms.models.base import AcademyPage
from courses.services.catalogue import publish_course, publish_module
from people.models import User


def freeze_course(*, page: CoursePage, by: User | None, at: datetime) -> None:
    """Freezes the course of a French page that was just published. Idempotent.

    Refuses as courses.services.catalogue.publish_course does.
    """
    if not freezes_facts(page):
        return
    objectives = page.objectives()
    publish_course(
        course=page.course,
        objectives_fr=objectives["fr"],
        objectives_en=objectives["en"],
        by=by,
        at=at,
    )


def freeze_module(*, page: ModulePage, by: User | None, at: datetime) -> None:
    """Freezes the module of a French page that was just published. Idempotent."""
    if not freezes_facts(page):
        return
    course_page = page.get_parent().specific
    publish_module(
        course=course_page.course,
        key=page.translation_key,
        title_fr=page.title,
        title_en=page.title_en,
        rules=page.rules(),
        minutes=page.minutes,
        at=at,
    )


def freezes_facts(page: AcademyPage) -> bool:
    """Only a French page does; a copy that follows another (an alias) does not."""
    return page.is_source and page.alias_of_id is None


def take_english_away(*, page: AcademyPage, at: datetime) -> None:
    """The French page is no longer online: neither may its English be. Idempotent."""
    if not page.is_source:
        return
    for twin in (
        Page.objects.live().filter(translation_key=page.translation_key).exclude(pk=page.pk)
    ):
        twin.specific.unpublish()
