"""Words of the face. Data only."""

from django.db import models
from django.utils.translation import pgettext_lazy

from people.choices import Language

# Pages are written in French first; an English page follows its French one, never precedes it.
SOURCE_LANGUAGE = Language.FRENCH


class StandardPurpose(models.TextChoices):
    """What a page of plain words is for; the legal ones have stable addresses (cms:privacy)."""

    PLAIN = "plain", pgettext_lazy("page", "Ordinary page")
    PRIVACY = "privacy", pgettext_lazy("page", "Privacy")
    ACCESSIBILITY = "accessibility", pgettext_lazy("page", "Accessibility")
    PUBLIC = "public", pgettext_lazy("page", "For the public")
