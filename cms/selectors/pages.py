"""Today's page of a thing, by what it is and never by its slug."""

from typing import Any, TypeVar
from uuid import UUID

from cms.choices import SOURCE_LANGUAGE
from cms.models import CataloguePage, CoursePage, HomePage, StandardPage
from cms.models.base import AcademyPage

P = TypeVar("P", bound=AcademyPage)


def find_home(language: str) -> HomePage | None:
    return _find(HomePage, language)


def find_catalogue(language: str) -> CataloguePage | None:
    return _find(CataloguePage, language)


def find_standard_page(purpose: str, language: str) -> StandardPage | None:
    return _find(StandardPage, language, purpose=purpose)


def find_course_page(key: UUID, language: str) -> CoursePage | None:
    """The live page of the course of that key, the last published if there are several."""
    return _find(CoursePage, language, course__key=key)


def _find(kind: type[P], language: str, **facts: Any) -> P | None:
    """The live page in `language`, else in French."""
    pages = kind.objects.live().filter(**facts).order_by("-last_published_at", "-pk")
    for wanted in dict.fromkeys([language[:2], SOURCE_LANGUAGE]):
        page = pages.filter(locale__language_code=wanted).first()
        if page is not None:
            return page
    return None
