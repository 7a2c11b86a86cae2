"""The English of a French page, kept by wagtail-localize as if it had been typed in its editor.

So the team finds every sentence beside its French one, and a later change of French marks exactly
the sentences whose English is late.
"""

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail.models import Locale

from wagtail_localize.models import StringTranslation, Translation, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from cms.models.base import AcademyPage
from people.choices import Language
from people.models import User
from people.services import Refusal

P = TypeVar("P", bound=AcademyPage)


class TranslationRefused(Refusal):
    """The English words do not stand beside the French ones; the text says which page."""


def translate_page(*, page: P, english: P, by: User | None, at: datetime) -> P:
    """Gives the French `page` its English words and publishes them; returns the English page.

    `english` is an unsaved page of the same type whose fields hold the English and whose blocks
    have the ids of the French ones. Idempotent: the same words write the same page again.
    """
    with transaction.atomic():
        source, _created = TranslationSource.update_or_create_from_instance(page)
        words = {
            (segment.path, segment.order): segment.string.data
            for segment in extract_segments(english)
            if isinstance(segment, StringSegmentValue)
        }
        locale = Locale.objects.get(language_code=Language.ENGLISH)
        segments = source.stringsegment_set.select_related("context", "string")
        places = {(segment.context.path, segment.order) for segment in segments}
        if places != set(words):
            raise TranslationRefused(
                _("The English of « %(title)s » does not follow its French, block by block.")
                % {"title": page.title}
            )
        for segment in segments:
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                context=segment.context,
                locale=locale,
                defaults={
                    "data": words[segment.context.path, segment.order],
                    "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                    "last_translated_by": by,
                },
            )
        translation, _created = Translation.objects.get_or_create(
            source=source, target_locale=locale
        )
        # Saved as a draft, published here: wagtail-localize itself would publish after the commit.
        translation.save_target(user=by, publish=False)
        twin = page.get_translation(locale).specific
        twin.get_latest_revision().publish(user=by)
        return type(page).objects.get(pk=twin.pk)
