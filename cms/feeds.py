"""What machines are told of our pages."""

from typing import Any

from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page


class PageSitemap(Sitemap):
    """Every public page of both languages; French words in the English tree are listed once."""

    def items(self) -> Any:
        return (
            Page.objects.live()
            .public()
            .filter(depth__gt=1, alias_of__isnull=True)
            .order_by("path")
            .defer_streamfields()
            .specific()
        )
