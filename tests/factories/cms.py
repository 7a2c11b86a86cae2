"""The site and its pages for tests, made by calling services."""

from datetime import datetime
from typing import Any

from cms.models import CoursePage, HomePage, ModulePage
from cms.services.pages import PageWords, write_course_page, write_module_page
from cms.services.site import ensure_site
from courses.models import Course
from tests.factories import courses

AT = courses.AT
OBJECTIVES_FR = ["Nommer les principes.", "Les appliquer."]
OBJECTIVES_EN = ["Name the principles.", "Apply them."]


def site(*, at: datetime = AT) -> HomePage:
    """Languages, home, catalogue and legal pages; the French home page."""
    return ensure_site(at=at)


def words(title: str, slug: str, **more: Any) -> PageWords:
    body = [
        {"type": "text", "value": {"heading": f"{title} 1", "body": f"<p>{title} 2</p>"}},
        {
            "type": "programme",
            "value": {
                "heading": f"{title} 3",
                "entries": [{"time": "12 h", "title": f"{title} 4", "people": ""}],
            },
        },
    ]
    return PageWords(**({"title": title, "slug": slug, "intro": title, "body": body} | more))


def course_page(
    course: Course | None = None,
    *,
    title: str = "Les bonnes pratiques cliniques",
    slug: str = "bonnes-pratiques",
    title_en: str = "Good clinical practice",
    slug_en: str = "good-practice",
    english: bool = True,
    at: datetime = AT,
    **words_of_french: Any,
) -> CoursePage:
    """The French page of a course, published, with its English unless told."""
    return write_course_page(
        course=course or courses.course(at=at),
        french=words(title, slug, **words_of_french),
        english=words(title_en, slug_en) if english else None,
        objectives_fr=OBJECTIVES_FR,
        objectives_en=OBJECTIVES_EN,
        by=None,
        at=at,
    )


def module_page(page: CoursePage, *, english: bool = True, at: datetime = AT) -> ModulePage:
    """A published module of twenty minutes under a course's page."""
    return write_module_page(
        page=page,
        french=words("Le consentement", "consentement"),
        english=words("Consent", "consent") if english else None,
        minutes=20,
        by=None,
        at=at,
    )


def in_english(page: Any) -> Any:
    """The English page of a French one."""
    return next(twin for twin in page.get_translations() if twin.locale.language_code == "en")
