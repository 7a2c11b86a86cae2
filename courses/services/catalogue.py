"""The catalogue's facts, and how they are frozen.

A Course holds the facts as staff keep them now. Publishing its French page freezes them in a
CourseVersion: whatever is edited later, surveys, attestations and mails read what was promised.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from courses.choices import LIVE_SESSION_STATES
from courses.models import (
    Course,
    CourseVersion,
    Module,
    ModuleVersion,
    Partner,
    Session,
    Term,
    Theme,
)
from courses.signals import course_published
from people.models import User
from people.services import Refusal

QUARTER = Decimal("0.25")


class CatalogueRefusal(Refusal):
    """A fact of the catalogue that cannot be kept; the text says why."""


class HoursNotInQuarters(CatalogueRefusal):
    pass


class ObjectivesMissing(CatalogueRefusal):
    pass


class TermTooShort(CatalogueRefusal):
    pass


class ModuleOfAnotherCourse(CatalogueRefusal):
    pass


def save_term(*, term: Term, by: User | None, at: datetime) -> Term:
    """Keeps a term. Refuses one that ends before it starts."""
    if term.ends_on < term.starts_on:
        raise TermTooShort(_("The term ends before it starts."))
    term.save()
    return term


def save_theme(*, theme: Theme, by: User | None, at: datetime) -> Theme:
    """Keeps a subject of the catalogue."""
    theme.save()
    return theme


def save_partner(*, partner: Partner, by: User | None, at: datetime) -> Partner:
    """Keeps a partner's names. Versions already frozen keep the names they were frozen with."""
    partner.save()
    return partner


def save_course(
    *, course: Course, partners: Iterable[Partner] | None, by: User | None, at: datetime
) -> Course:
    """Keeps the official facts of a course; `partners` None leaves them as they are.

    Freezes nothing: publishing the French page does.
    """
    if course.hours % QUARTER:
        raise HoursNotInQuarters(_("Hours of credit go by quarters, for example 1.25 or 1.50."))
    with transaction.atomic():
        course.save()
        if partners is not None:
            course.partners.set(partners)
    return course


def publish_course(
    *,
    course: Course,
    objectives_fr: list[str],
    objectives_en: list[str],
    by: User | None,
    at: datetime,
) -> CourseVersion:
    """Freezes the facts of a course and returns the version in force.

    Idempotent: unchanged facts give the version that stands. Sessions announced and not yet held
    follow the new version. Locks the course; sends course_published when a version is made.
    """
    with transaction.atomic():
        row = Course.objects.select_for_update(no_key=True).get(pk=course.pk)
        facts = _facts(row, objectives_fr, objectives_en)
        if not facts["objectives_fr"]:
            raise ObjectivesMissing(_("Write at least one learning objective in French."))
        current = row.current_version
        if current is not None and all(getattr(current, name) == facts[name] for name in facts):
            course.current_version = current
            return current
        last = row.versions.aggregate(last=Max("number"))["last"] or 0
        version = CourseVersion.objects.create(
            course=row, number=last + 1, frozen_at=at, frozen_by=by, **facts
        )
        row.current_version = course.current_version = version
        row.save(update_fields=["current_version"])
        Session.objects.filter(
            course=row, state__in=LIVE_SESSION_STATES, version__isnull=False
        ).update(version=version)
        course_published.send(sender=Course, version=version, at=at)
    return version


def _facts(course: Course, objectives_fr: list[str], objectives_en: list[str]) -> dict[str, Any]:
    return {
        "title_fr": course.title_fr,
        "title_en": course.title_en,
        "objectives_fr": [text.strip() for text in objectives_fr if text.strip()],
        "objectives_en": [text.strip() for text in objectives_en if text.strip()],
        "hours": course.hours,
        "kind": course.kind,
        "partners": [
            {"name_fr": each.name_fr, "name_en": each.name_en}
            for each in course.partners.order_by("name_fr")
        ],
        "ich_version": course.ich_version,
    }


def publish_module(
    *,
    course: Course,
    key: UUID,
    title_fr: str,
    title_en: str,
    rules: list[dict[str, Any]],
    minutes: int | None,
    at: datetime,
    is_major: bool = False,
    position: int | None = None,
) -> ModuleVersion:
    """Freezes a module's titles and completion rules; `key` is its page's translation key.

    Idempotent: unchanged facts give the version that stands. Locks the course. Refuses a key that
    belongs to another course.
    """
    facts = {"title_fr": title_fr, "title_en": title_en, "rules": rules, "minutes": minutes}
    with transaction.atomic():
        row = Course.objects.select_for_update(no_key=True).get(pk=course.pk)
        module, _created = Module.objects.select_related("current_version").get_or_create(
            key=key, defaults={"course": row, "position": row.modules.count() + 1}
        )
        if module.course_id != row.pk:
            raise ModuleOfAnotherCourse(_("This module belongs to another course."))
        if position is not None and position != module.position:
            module.position = position
            module.save(update_fields=["position"])
        current = module.current_version
        if current is not None and all(getattr(current, name) == facts[name] for name in facts):
            return current
        last = module.versions.aggregate(last=Max("number"))["last"] or 0
        version = ModuleVersion.objects.create(
            module=module, number=last + 1, is_major=is_major, frozen_at=at, **facts
        )
        module.current_version = version
        module.save(update_fields=["current_version"])
    return version
