from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wagtail.admin.panels import FieldPanel
from wagtail.models import Locale

from certificates.choices import AccreditationStatus
from certificates.models import Accreditation
from cms.forms import CatalogueFilters
from cms.models.base import AcademyPage
from cms.models.courses import CoursePage
from cms.models.listing import session_cards, with_people
from courses.choices import SessionState
from courses.selectors.sessions import catalogue_sessions
from people.choices import in_language
from people.letters import MONTHS, folded

CARDS_A_PAGE = 24


class CataloguePage(AcademyPage):
    """The trainings of this term and the next, one card a session, narrowed by the address.

    Twelve queries at most, whatever the number of sessions.

    pii: none
    """

    content_panels = [*AcademyPage.content_panels, FieldPanel("intro")]
    template = "cms/catalogue.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.CoursePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("catalogue")
        verbose_name_plural = _("catalogues")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(Catalogue(request, at=timezone.now()).context)
        return context


class Catalogue:
    """One reading of the catalogue: what there is, what the reader asked for, what is left."""

    def __init__(self, request: HttpRequest, *, at: datetime) -> None:
        self.request = request
        self.at = at
        self.everything = catalogue_sessions(at=at)

    @property
    def context(self) -> dict[str, Any]:
        page = Paginator(self.found, CARDS_A_PAGE).get_page(self.request.GET.get("page"))
        sessions = with_people(page.object_list)
        query = self.request.GET.copy()
        query.pop("page", None)
        return {
            "filters": self.form,
            "is_filtered": bool(self.form.wanted),
            "followed_theme": self.form.wanted.get("theme", ""),
            "show_everything": {"label": _("Show everything"), "href": self.request.path},
            "cards": session_cards(
                sessions,
                at=self.at,
                addresses=CoursePage.objects.addresses(
                    (session.course_id for session in sessions), self.request
                ),
            ),
            "page_of_cards": page,
            "count": page.paginator.count,
            "query": query.urlencode(),
        }

    @cached_property
    def form(self) -> CatalogueFilters:
        themes, months = self._choices
        return CatalogueFilters(self.request.GET, themes=themes, months=months)

    @property
    def found(self) -> Any:
        wanted = self.form.wanted
        sessions = self.everything
        if "q" in wanted:
            sessions = sessions.filter(course__in=self._courses_about(wanted["q"]))
        if "theme" in wanted:
            sessions = sessions.filter(course__theme__code=wanted["theme"])
        if "month" in wanted:
            starts_at, ends_at = month_bounds(wanted["month"])
            sessions = sessions.filter(starts_at__gte=starts_at, starts_at__lt=ends_at)
        if "language" in wanted:
            sessions = sessions.filter(language=wanted["language"])
        if "format" in wanted:
            sessions = sessions.filter(format=wanted["format"])
        if "accredited" in wanted:
            sessions = sessions.filter(self._accredited())
        if "open" in wanted:
            sessions = sessions.filter(
                Q(capacity__isnull=True)
                | Q(
                    capacity__gt=F("held_count")
                    + F("kept_count")
                    + F("waiting_count")
                    - F("passing_count")
                ),
                state=SessionState.OPEN,
            )
        return sessions

    @cached_property
    def _choices(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Themes and months of all the sessions there are, in one reading."""
        theme = "course__theme__"
        names = (f"{theme}code", f"{theme}title_fr", f"{theme}title_en")
        rows = list(self.everything.order_by().values_list("starts_at", *names))
        themes = {
            code: in_language({"title_fr": french, "title_en": english}, "title")
            for _starts_at, code, french, english in rows
            if code
        }
        months = {timezone.localtime(row[0]).strftime("%Y-%m") for row in rows if row[0]}
        return (
            sorted(themes.items(), key=lambda pair: folded(pair[1])),
            [(month, month_words(month)) for month in sorted(months)],
        )

    def _accredited(self) -> Q:
        """Sessions that start inside the period of an accreditation granted to their course."""
        within = Q(pk__in=[])
        for course, first, last in Accreditation.objects.filter(
            status=AccreditationStatus.GRANTED
        ).values_list("course", "valid_from", "valid_until"):
            within |= Q(course=course, starts_at__date__gte=first, starts_at__date__lte=last)
        return within

    def _courses_about(self, words: str) -> set[int]:
        """Courses whose page or official title speaks of `words` (whole words or beginnings)."""
        pages = CoursePage.objects.live().filter(locale=Locale.get_active())
        about = {page.course_id for page in pages.search(words)}
        about |= {page.course_id for page in pages.autocomplete(words)}
        titled = Q(course__title_fr__icontains=words) | Q(course__title_en__icontains=words)
        about |= set(self.everything.filter(titled).order_by().values_list("course", flat=True))
        return about


def month_bounds(month: str) -> tuple[datetime, datetime]:
    """« 2026-12 » → the first moment of the month and of the next, here."""
    year, number = int(month[:4]), int(month[5:])
    following = (year + 1, 1) if number == 12 else (year, number + 1)
    zone = timezone.get_current_timezone()
    return datetime(year, number, 1, tzinfo=zone), datetime(*following, 1, tzinfo=zone)


def month_words(month: str) -> str:
    language = "en" if (get_language() or "").startswith("en") else "fr"
    return f"{MONTHS[language][int(month[5:]) - 1]} {month[:4]}".capitalize()
