"""The six blocks of a page's body. Each carries its example for the block chooser.

Words are translated block by block; pictures and documents are shared by both languages.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

WORDS = ["bold", "italic", "ol", "ul", "link", "document-link"]


class TextBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    body = blocks.RichTextBlock(label=_("Text"), features=["h3", *WORDS])

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Paragraphs, lists and links, under a heading if need be.")
        template = "blocks/text.html"
        preview_value = {
            "heading": "À qui s’adresse cette formation",
            "body": "<p>Aux coordonnatrices et coordonnateurs de recherche qui préparent une "
            "inspection.</p>",
        }


class ProgrammeItemBlock(blocks.StructBlock):
    time = blocks.CharBlock(
        label=_("Time"), required=False, max_length=40, help_text=_("For example: 12 h 10")
    )
    title = blocks.CharBlock(label=_("Subject"), max_length=200)
    people = blocks.CharBlock(label=_("Given by"), required=False, max_length=200)

    class Meta:
        icon = "list-ul"
        label = _("Item of the programme")


class ProgrammeBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    entries = blocks.ListBlock(ProgrammeItemBlock(), label=_("Items"), min_num=1)

    class Meta:
        icon = "history"
        label = _("Programme")
        description = _("What happens when, and who speaks.")
        template = "blocks/programme.html"
        preview_value = {
            "heading": "Programme",
            "entries": [{"time": "12 h", "title": "Accueil", "people": ""}],
        }


class NoticeBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    body = blocks.RichTextBlock(label=_("Text"), features=WORDS)

    class Meta:
        icon = "info-circle"
        label = _("Note")
        description = _("One thing the reader must not miss, for example what to prepare.")
        template = "blocks/notice.html"
        preview_value = {
            "title": "À préparer",
            "body": "<p>Ayez sous la main le protocole d’une étude en cours.</p>",
        }


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(
        label=_("Picture"), help_text=_("Its description is written once, on the picture itself.")
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=200)

    class Meta:
        icon = "image"
        label = _("Picture")
        description = _("A picture that says something the text does not.")
        template = "blocks/picture.html"


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("Document"))
    title = blocks.CharBlock(
        label=_("Title of the link"),
        max_length=160,
        help_text=_("For example: Slides of November 17"),
    )

    class Meta:
        icon = "doc-full"
        label = _("Document")
        description = _("Slides or a form to download.")
        template = "blocks/document.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = blocks.RichTextBlock(label=_("Answer"), features=WORDS)

    class Meta:
        icon = "help"
        label = _("Question")


class QuestionsBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=120)
    entries = blocks.ListBlock(QuestionBlock(), label=_("Questions"), min_num=1)

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        description = _("Short answers that open one by one.")
        template = "blocks/questions.html"


BODY_BLOCKS: list[tuple[str, Any]] = [
    ("text", TextBlock()),
    ("programme", ProgrammeBlock()),
    ("notice", NoticeBlock()),
    ("picture", PictureBlock()),
    ("document", DocumentBlock()),
    ("questions", QuestionsBlock()),
]
