from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wagtail.admin.panels import FieldPanel

from cms.choices import StandardPurpose
from cms.models.base import BodyPage


class StandardPage(BodyPage):
    """Plain words: the legal pages, and whatever else the team wants to say.

    pii: none
    """

    purpose = models.CharField(
        _("purpose"),
        max_length=14,
        choices=StandardPurpose.choices,
        default=StandardPurpose.PLAIN,
        help_text=_("The privacy and accessibility pages are found by this, whatever their title."),
    )

    content_panels = [
        *BodyPage.content_panels,
        FieldPanel("intro"),
        FieldPanel("purpose"),
        FieldPanel("body"),
    ]
    template = "cms/standard.html"
    parent_page_types = ["cms.HomePage", "cms.StandardPage"]
    subpage_types = ["cms.StandardPage"]

    class Meta:
        verbose_name = _("page of text")
        verbose_name_plural = _("pages of text")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["crumbs"] = self.crumbs(request)
        return context
