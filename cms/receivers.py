"""What the face does when pages are published or taken away. One line per event."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from wagtail.signals import page_published, page_unpublished

from cms.models import CoursePage, HomePage, ModulePage, StandardPage
from cms.models.base import AcademyPage
from cms.models.catalogue import CataloguePage
from cms.services.publication import freeze_course, freeze_module, take_english_away


@receiver(page_published, sender=CoursePage, dispatch_uid="cms.freeze_course")
def course_page_published(instance: CoursePage, revision: Any = None, **_kwargs: Any) -> None:
    freeze_course(page=instance, by=revision and revision.user, at=timezone.now())


@receiver(page_published, sender=ModulePage, dispatch_uid="cms.freeze_module")
def module_page_published(instance: ModulePage, revision: Any = None, **_kwargs: Any) -> None:
    freeze_module(page=instance, by=revision and revision.user, at=timezone.now())


def page_taken_away(instance: AcademyPage, **_kwargs: Any) -> None:
    take_english_away(page=instance, at=timezone.now())


for kind in (HomePage, CataloguePage, CoursePage, ModulePage, StandardPage):
    page_unpublished.connect(
        page_taken_away, sender=kind, dispatch_uid=f"cms.take_english_away.{kind.__name__}"
    )
