"""A message to many as one of its people will read it: composed on real data, sent to nobody."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation

from notices.choices import NoticeKind
from notices.letters import masked
from notices.models import Mailing, Notice
from notices.selectors.audiences import audience
from notices.selectors.facts import facts_of
from notices.services.composition import compose
from people.models import User


@dataclass(frozen=True)
class Preview:
    """One language of it. `text` and `html` are without the capabilities of whoever is shown."""

    language: str
    person: User
    subject: str
    text: str
    html: str


def preview_mailing(
    *, mailing: Mailing, reader: User, language: str, at: datetime
) -> Preview | None:
    """As its first recipient reads it in that language; as `reader` does while it has none.

    None when it would say nothing to them. Writes nothing.
    """
    person = audience(mailing).select_related("profile").first() or reader
    notice = Notice(
        key=f"mailing:{mailing.pk}:preview",
        kind=NoticeKind(mailing.kind),
        recipient=person,
        language=language,
        context={"mailing": mailing.pk},
    )
    with translation.override(language):
        facts = facts_of(notice, at=at)
        if facts is None:
            return None
        letter = compose(notice=notice, facts=facts)
    html = str(letter.message.alternatives[0].content)  # type: ignore[attr-defined]
    return Preview(language, person, letter.subject, letter.kept_text, masked(html, facts.secrets))
