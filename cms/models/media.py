from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image

from people.choices import Language, in_language


class AcademyImage(AbstractImage):
    """A picture and what it shows, in words, written once for every page that uses it.

    pii: a face may be recognised: the team keeps the consent; erased on request
    """

    alt_fr = models.CharField(
        _("description in French"),
        max_length=250,
        blank=True,
        help_text=_("What the picture shows, for those who do not see it. Empty: decoration."),
    )
    alt_en = models.CharField(_("description in English"), max_length=250, blank=True)

    admin_form_fields = (*Image.admin_form_fields, "alt_fr", "alt_en")

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    @property
    def default_alt_text(self) -> str:
        """The description in the reader's language; empty marks a decoration."""
        return in_language(self, "alt")


class AcademyRendition(AbstractRendition):
    """A picture at one size, drawn on demand.

    pii: as the picture
    """

    image = models.ForeignKey(AcademyImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]


class AcademyDocument(AbstractDocument):
    """A file to download, and the language it is written in.

    pii: none
    """

    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.FRENCH
    )

    admin_form_fields = (*Document.admin_form_fields, "language")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
