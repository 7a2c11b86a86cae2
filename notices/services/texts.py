"""The words staff put in place of ours in one kind of message: kept, looked at, sent to oneself."""

from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from courses.models import Meeting
from notices.choices import TEXTS, NoticeKind
from notices.letters import one_line, unknown_placeholders
from notices.models import MessageText, Notice
from notices.selectors.facts import trial_facts
from notices.selectors.texts import names_of
from notices.services import NoticeRefusal
from notices.services.composition import compose
from notices.services.outbox import Draft, post_all
from people.choices import Language
from people.models import User

SUBJECT_LENGTH = 150


class TextRefused(NoticeRefusal):
    """Words that no message may say. `field`: which of them."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class TypedText:
    """What staff typed; an empty part keeps the built-in words."""

    subject_fr: str = ""
    lead_fr: str = ""
    subject_en: str = ""
    lead_en: str = ""

    def part(self, language: str) -> dict[str, str]:
        """The subject and the lead of one language."""
        both = asdict(self)
        return {name: both[f"{name}_{language}"] for name in ("subject", "lead")}


@dataclass(frozen=True)
class TextPreview:
    """One language of a message in the words typed."""

    subject: str
    text: str
    html: str


def save_text(*, kind: str, typed: TypedText, by: User | None, at: datetime) -> MessageText:
    """Keeps the words of one kind; the messages that leave from now on say them.

    Refuses a kind whose words are not staff's to write, a placeholder that nothing replaces, a
    brace alone, and the join address of a meeting. Writes nothing when nothing changes.
    """
    typed = _tidied(typed)
    check_text(kind=kind, typed=typed)
    with transaction.atomic():
        row = MessageText.objects.select_for_update().filter(kind=kind).first()
        row = row or MessageText(kind=kind)
        if row.pk and all(getattr(row, name) == value for name, value in asdict(typed).items()):
            return row
        for name, value in asdict(typed).items():
            setattr(row, name, value)
        row.updated_by, row.updated_at = by, at
        row.save()
    return row


def check_text(*, kind: str, typed: TypedText) -> None:
    """Raises TextRefused with the first part that no message may say."""
    if kind not in TEXTS:
        raise TextRefused(_("The words of this message are not changed here."), field="")
    names = names_of(kind)
    known = set(chain(*names.values()))
    joins = set(Meeting.objects.exclude(join_url="").values_list("join_url", flat=True).distinct())
    for field, text in asdict(typed).items():
        unknown = unknown_placeholders(text, known)
        if unknown:
            shown = ", ".join(f"{{{both[field.endswith('en')]}}}" for both in names.values())
            raise TextRefused(_unknown_words(unknown[0], shown), field=field)
        if _has_stray_brace(text):
            raise TextRefused(
                _("A brace stands alone: write a placeholder whole, as in {formation}."),
                field=field,
            )
        if any(join in text for join in joins):
            raise TextRefused(
                _(
                    "The join address never leaves by mail: it may change until the end. The "
                    "message already leads to the page of the session."
                ),
                field=field,
            )


def preview_text(
    *, kind: str, typed: TypedText, language: str, reader: User, at: datetime
) -> TextPreview:
    """A message of that kind in the words typed, on real data where there is some, as `reader`
    would read it. Writes and sends nothing. Refuses what save_text refuses.
    """
    typed = _tidied(typed)
    check_text(kind=kind, typed=typed)
    with translation.override(language):
        facts = trial_facts(kind, typed.part(language), reader=reader, language=language, at=at)
        notice = Notice(key="preview", kind=kind, recipient=reader, language=language)
        letter = compose(notice=notice, facts=facts)
    html = letter.message.alternatives[0].content  # type: ignore[attr-defined]
    return TextPreview(letter.subject, letter.kept_text, str(html))


def try_text(*, kind: str, typed: TypedText, language: str, to: User, at: datetime) -> int:
    """Sends the words typed to the person who asks alone, marked as a test. Refuses what save_text
    refuses; asked twice in the same second, once. Returns how many rows.
    """
    typed = _tidied(typed)
    check_text(kind=kind, typed=typed)
    draft = Draft(
        NoticeKind(kind),
        f"text:{kind}:test:{to.pk}:{language}:{at:%Y%m%dT%H%M%S}",
        to,
        {"trial": typed.part(language)},
        language=Language(language),
    )
    return post_all(drafts=[draft], at=at)


def _tidied(typed: TypedText) -> TypedText:
    return TypedText(
        one_line(typed.subject_fr, SUBJECT_LENGTH),
        typed.lead_fr.strip(),
        one_line(typed.subject_en, SUBJECT_LENGTH),
        typed.lead_en.strip(),
    )


def _has_stray_brace(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth not in {0, 1}:
            return True
    return depth != 0


def _unknown_words(word: str, known: str) -> str:
    if not known:
        return _("Nothing replaces %(word)s: this message has no placeholder.") % {"word": word}
    return _("Nothing replaces %(word)s. You may write: %(known)s.") % {
        "word": word,
        "known": known,
    }
