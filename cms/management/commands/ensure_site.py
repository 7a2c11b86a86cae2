from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cms.services.site import ensure_site


class Command(BaseCommand):
    help = (
        "Writes the languages, the site's address, its first pages and the coordinators' rights "
        "where they are missing. Safe to run at every release, after the migrations."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        home = ensure_site(at=timezone.now())
        self.stdout.write(f"{home.full_url}\n")
