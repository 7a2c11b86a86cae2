from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from cms.models.base import AcademyPage
from cms.models.courses import CoursePage
from cms.models.listing import session_cards, with_people
from courses.choices import SessionState
from courses.selectors.sessions import catalogue_sessions

COMING = 4  # sessions shown on the home page


class HomePage(AcademyPage):
    """The first page of a language, with two front doors: professionals and the public.

    pii: none
    """

    professional_title = models.CharField(_("title of the first door"), max_length=80)
    professional_text = models.TextField(_("text of the first door"), max_length=300)
    public_title = models.CharField(_("title of the second door"), max_length=80)
    public_text = models.TextField(_("text of the second door"), max_length=300)
    public_page = models.ForeignKey(
        Page,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("page behind the second door"),
    )

    content_panels = [
        *AcademyPage.content_panels,
        FieldPanel("intro"),
        MultiFieldPanel(
            [FieldPanel("professional_title"), FieldPanel("professional_text")],
            heading=_("Door of professionals"),
        ),
        MultiFieldPanel(
            [FieldPanel("public_title"), FieldPanel("public_text"), FieldPanel("public_page")],
            heading=_("Door of the public"),
        ),
    ]
    template = "cms/home.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.CataloguePage", "cms.StandardPage"]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        at = timezone.now()
        coming = with_people(
            catalogue_sessions(at=at).filter(
                state__in=[SessionState.OPEN, SessionState.ANNOUNCED], starts_at__gt=at
            )[:COMING]
        )
        context["cards"] = session_cards(
            coming,
            at=at,
            addresses=CoursePage.objects.addresses(
                (session.course_id for session in coming), request
            ),
        )
        context["public_door"] = self._public_door()
        return context

    def _public_door(self) -> Page | None:
        """The page for the public in the reader's language, if it is online."""
        chosen = Page.objects.filter(pk=self.public_page_id).values("translation_key")
        return (
            Page.objects.live()
            .filter(translation_key__in=chosen, locale__language_code=self._language())
            .first()
        )
