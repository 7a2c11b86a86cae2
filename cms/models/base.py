from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, Revision

from cms.choices import SOURCE_LANGUAGE
from cms.models.streams import BodyField

# Each language by its own name: that is how its readers look for it.
LANGUAGE_NAMES = {"fr": "Français", "en": "English"}


class AcademyPage(Page):
    """What every page of the site keeps to.

    French first: an English page is live only while its French page is. An alias is the French
    words standing in an English tree until they are translated; it follows its French page by
    itself. Publishing is one act: what hears of it (cms.receivers) succeeds, or nothing is
    published.
    """

    intro = models.TextField(
        _("introduction"),
        blank=True,
        max_length=600,
        help_text=_("Two or three sentences that say what one finds here."),
    )

    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("search_description")], heading=_("Address and search")
        ),
    ]

    class Meta:
        abstract = True

    @property
    def is_source(self) -> bool:
        """A page written in French: the one whose publication freezes facts."""
        return self.locale.language_code == SOURCE_LANGUAGE

    @property
    def waits_for_french(self) -> bool:
        """True for an English page whose French page is not live."""
        if self.locale_id is None or self.is_source:
            return False
        french = Page.objects.filter(
            translation_key=self.translation_key, locale__language_code=SOURCE_LANGUAGE
        )
        return not french.live().exists()

    def clean(self) -> None:
        super().clean()
        if self.live and self.waits_for_french:
            raise ValidationError(french_first(), code="french_first")

    def publish(self, revision: Revision, **options: Any) -> None:  # type: ignore[override]
        """Publishes whole or not at all. A scheduled English page waits for its French one."""
        if options.get("log_action") == "wagtail.publish.scheduled" and self.waits_for_french:
            return
        with transaction.atomic():
            super().publish(revision, **options)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return context | self._languages(request)

    def _languages(self, request: HttpRequest) -> dict[str, Any]:
        """The same page in the other languages: links for readers, alternates for machines.

        `is_untranslated`: the words shown here are still the French ones. One query.
        """
        here = self._language()
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        links, alternates = [], []
        for twin in _twins(self):
            code = twin.locale.language_code
            address = twin.get_url(request)
            if address and code != here:
                links.append(
                    {
                        "code": code,
                        "name": LANGUAGE_NAMES[code],
                        "url": address + query,
                        "missing": False,
                    }
                )
            if is_translated(twin):
                alternates.append({"code": code, "url": twin.get_full_url(request)})
        own = next((row["url"] for row in alternates if row["code"] == here), "")
        french = next((row["url"] for row in alternates if row["code"] == SOURCE_LANGUAGE), "")
        return {
            "language_links": links,
            "alternates": alternates if len(alternates) > 1 else [],
            "canonical": own or french,
            "is_untranslated": bool(alternates) and not own,
        }

    @staticmethod
    def _language() -> str:
        """The language of the reader: that of the address."""
        return (get_language() or SOURCE_LANGUAGE)[:2]

    def crumbs(self, request: HttpRequest) -> list[dict[str, str]]:
        """The pages above this one, from the home page down."""
        home, *above = self.get_ancestors().filter(depth__gt=1)
        return [
            {"label": str(_("Home")), "url": home.get_url(request)},
            *({"label": page.title, "url": page.get_url(request)} for page in above),
        ]


def _twins(page: Page) -> models.QuerySet[Page]:
    """The live pages of every language, with what `is_translated` needs."""
    return (
        Page.objects.filter(translation_key=page.translation_key)
        .live()
        .select_related("locale")
        .annotate(published_as=models.F("live_revision__object_id"))
        .order_by("pk")
    )


def is_translated(twin: Any) -> bool:
    """False while the page only holds French words for its French page: an alias, or an alias
    whose translation has begun and was never published (its live revision is the French one's).
    """
    if twin.locale.language_code == SOURCE_LANGUAGE:
        return True
    return twin.alias_of_id is None and twin.published_as == str(twin.pk)


def french_first() -> str:
    return str(
        _(
            "The French page is not online yet. Publish it first: the English page may follow it, "
            "never precede it."
        )
    )


class BodyPage(AcademyPage):
    """A page whose words are made of the six blocks."""

    body = BodyField(blank=True, verbose_name=_("content"))

    class Meta:
        abstract = True
