from collections.abc import Iterable
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext_lazy as _

from wagtail.admin.panels import FieldPanel, Panel
from wagtail.models import PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index

from wagtail_localize.fields import SynchronizedField

from cms.choices import SOURCE_LANGUAGE
from cms.forms import CoursePageForm, ModulePageForm, sentences
from cms.models.base import BodyPage
from cms.models.listing import (
    SessionCard,
    and_words,
    granted_accreditations,
    hours_of,
    partner_words,
    session_cards,
    with_people,
)
from courses.models import Course
from courses.selectors.sessions import catalogue_sessions
from people.choices import in_language


def french_facts(*names: str) -> list[SynchronizedField]:
    """Fields kept on the French page: wagtail-localize copies them, nobody edits the copies."""
    return [SynchronizedField(name, overridable=False) for name in names]


class SecondPagePanel(Panel):
    """Warns that another live page speaks of the same course; nothing to fill in."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/panels/second_page.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk) and bool(self.others)

        @property
        def others(self) -> list[Any]:
            return list(self.instance.other_live_pages())

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return super().get_context_data(parent_context) | {"others": self.others}


class CoursePageQuerySet(PageQuerySet):
    def in_language(self, language: str | None) -> "CoursePageQuerySet":
        return self.filter(locale__language_code=(language or SOURCE_LANGUAGE)[:2])

    def addresses(self, courses: Iterable[int], request: HttpRequest) -> dict[int, str]:
        """Course → address of its live page in the reader's language; the one last published wins.

        One query, however many courses.
        """
        pages = self.live().in_language(get_language()).filter(course__in=set(courses))
        return {
            page.course_id: page.get_url(request) or ""
            for page in pages.order_by("last_published_at", "pk")
        }


CoursePageManager = PageManager.from_queryset(CoursePageQuerySet)


class CoursePage(BodyPage):
    """A course in words, in one language. Its official facts stand in courses.Course.

    `course` is the same on every language's page. `objectives_fr` and `objectives_en` are edited
    on the French page alone, one objective a line; publishing it freezes them (cms.receivers).
    A second live page of one course is allowed and warned of: cms:course leads to the one last
    published.

    pii: none
    """

    course = models.ForeignKey(
        Course,
        on_delete=models.PROTECT,
        related_name="pages",
        verbose_name=_("course"),
        help_text=_("Its title, hours and partners come from there, as attestations print them."),
    )
    objectives_fr = models.TextField(
        _("objectives in French"),
        max_length=3000,
        help_text=_("One a line, starting with a verb. For example: Préparer une inspection."),
    )
    objectives_en = models.TextField(
        _("objectives in English"),
        max_length=3000,
        blank=True,
        help_text=_(
            "As many as in French, in the same order. Without them no survey and no attestation "
            "leaves."
        ),
    )

    base_form_class = CoursePageForm
    content_panels = [
        SecondPagePanel(),
        *BodyPage.content_panels,
        FieldPanel("course"),
        FieldPanel("intro"),
        FieldPanel("objectives_fr"),
        FieldPanel("objectives_en"),
        FieldPanel("body"),
    ]
    override_translatable_fields = french_facts("course", "objectives_fr", "objectives_en")
    objects = CoursePageManager()
    search_fields = [
        *BodyPage.search_fields,
        index.SearchField("intro"),
        index.AutocompleteField("intro"),
        index.SearchField("objectives_fr"),
        index.SearchField("objectives_en"),
        index.FilterField("course"),
    ]
    template = "cms/course.html"
    parent_page_types = ["cms.CataloguePage"]
    subpage_types = ["cms.ModulePage"]

    class Meta:
        verbose_name = _("course page")
        verbose_name_plural = _("course pages")

    def other_live_pages(self) -> models.QuerySet["CoursePage"]:
        """Live pages of the same course in the same language."""
        return (
            CoursePage.objects.live()
            .filter(course=self.course_id, locale=self.locale_id)
            .exclude(pk=self.pk)
        )

    def objectives(self) -> dict[str, list[str]]:
        """The two lists that publication freezes."""
        return {"fr": sentences(self.objectives_fr), "en": sentences(self.objectives_en)}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs) | {"crumbs": self.crumbs(request)}
        course = (
            Course.objects.select_related("theme", "current_version")
            .filter(pk=self.course_id)
            .first()
        )
        if course is None:  # a preview before the course is chosen
            return context
        at = timezone.now()
        granted = granted_accreditations([course.pk])
        cards = session_cards(
            with_people(catalogue_sessions(at=at, course=course.pk)),
            at=at,
            addresses={course.pk: self.get_url(request) or ""},
            granted=granted,
        )
        actions = [card.action for card in cards if card.action]
        if actions:
            actions[0]["kind"] = "primary"  # the next session is what this screen is for
        return context | {
            "course": course,
            "official_title": in_language(course, "title"),
            "summary": self._summary(course, cards),
            "objectives": self._objectives_to_show(course),
            "cards": cards,
            "accreditations": [
                {
                    "hours": hours_of(row),
                    "body": in_language(row.body, "name"),
                    "section": in_language(row, "section"),
                }
                for row in granted.get(course.pk, [])
                if row.valid_until >= timezone.localdate(at)
            ],
            "modules": ModulePage.objects.live().child_of(self) if self.pk else [],
        }

    def _summary(self, course: Course, cards: list[SessionCard]) -> list[dict[str, str]]:
        """The official facts and the people, term beside words; what is empty is left out."""
        title = in_language(course, "title")
        people = dict.fromkeys(
            str(trainer.person) for card in cards for trainer in card.session.trainers.all()
        )
        rows = [
            (_("Official title"), title if title != self.title else ""),
            (pgettext("training", "Length"), hours_of(course)),
            (pgettext("trainers", "Given by"), and_words(list(people))),
            (pgettext("partner", "With"), partner_words(course)),
            (_("Good clinical practice"), course.ich_version),
        ]
        return [{"term": str(term), "text": str(text)} for term, text in rows if text]

    def _objectives_to_show(self, course: Course) -> dict[str, Any]:
        """What the reader will be able to do, and the language it is written in.

        The French page shows its own words (so that its preview does too); the English one the
        frozen version, so it never shows another course than the one that is taught.
        """
        own, version = self.objectives(), course.current_version
        if self._language() == SOURCE_LANGUAGE:
            return {"lines": own["fr"], "language": "fr"}
        english = version.objectives_en if version else own["en"]
        if english:
            return {"lines": english, "language": "en"}
        return {"lines": version.objectives_fr if version else own["fr"], "language": "fr"}


class ModulePage(BodyPage):
    """A module in words, in one language. The fact is courses.Module, whose key is this page's
    translation key; publishing the French page freezes its titles and its rules (cms.receivers).

    pii: none
    """

    title_en = models.CharField(
        _("title in English"),
        max_length=200,
        blank=True,
        help_text=_("As a record of training prints it."),
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
        help_text=_("How long it takes, for example 20."),
    )

    base_form_class = ModulePageForm
    content_panels = [
        *BodyPage.content_panels,
        FieldPanel("title_en"),
        FieldPanel("minutes"),
        FieldPanel("intro"),
        FieldPanel("body"),
    ]
    override_translatable_fields = french_facts("title_en", "minutes")
    template = "cms/module.html"
    parent_page_types = ["cms.CoursePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("module page")
        verbose_name_plural = _("module pages")

    def rules(self) -> list[dict[str, Any]]:
        """What completes the module, as courses keeps it: every block seen."""
        return [{"kind": "viewed", "block": str(block.id)} for block in self.body]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return context | {"crumbs": self.crumbs(request)}
