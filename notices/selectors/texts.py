"""The words staff wrote in place of ours, filled with the facts of one message."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import get_language

from notices.choices import TEXT_PLACEHOLDERS, TEXTS, NoticeKind
from notices.letters import filled, one_line, paragraphs
from notices.models import MessageText
from notices.selectors.words import Facts, moment_words
from people.letters import date_words


def _moment(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda words: moment_words(words[name]) if words.get(name) else ""


def _day(words: Mapping[str, Any]) -> str:
    day = words.get("expires_on")
    return date_words(day, get_language()) if isinstance(day, date) else ""


def _title(words: Mapping[str, Any]) -> str:
    session = words.get("session")
    return session.title if session else str(words.get("title", ""))


def _text(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda words: str(words.get(name) or "")


# Where the value of each placeholder is, among the words of a message.
VALUES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "name": _text("name"),
    "training": _title,
    "date": _text("date"),
    "hour": _text("hour"),
    "rank": _text("rank"),
    "offer_end": _moment("until"),
    "colleague": _text("colleague"),
    "reason": _text("motive"),
    "changes": lambda words: ", ".join(words.get("changes", [])),
    "seats": _text("unused"),
    "release": _moment("release_at"),
    "points_end": _day,
    "survey_end": _moment("closes_at"),
    "number": _text("number"),
}


def names_of(kind: str) -> dict[str, tuple[str, str]]:
    """The placeholders of a kind: key → its French and its English name."""
    return {key: TEXT_PLACEHOLDERS[key][:2] for key in TEXTS[NoticeKind(kind)]}


def find_text(kind: str) -> MessageText | None:
    """What staff wrote for that kind, if they did."""
    return MessageText.objects.filter(kind=kind).first()


def texts_by_kind() -> dict[str, MessageText]:
    """Everything staff wrote, by kind. One query."""
    return {text.kind: text for text in MessageText.objects.select_related("updated_by__profile")}


def in_own_words(facts: Facts, text: MessageText | None, language: str) -> Facts:
    """The facts with the subject and the first paragraph of staff, in that language; a text left
    empty leaves ours. The values are put in as plain text: templates escape the whole.
    """
    if text is None or NoticeKind(text.kind) not in TEXTS:
        return facts
    said = {
        name: one_line(VALUES[key](facts.words), 400)
        for key, both in names_of(text.kind).items()
        for name in both
    }
    subject = one_line(filled(getattr(text, f"subject_{language}"), said))
    lead = [filled(each, said) for each in paragraphs(getattr(text, f"lead_{language}"))]
    return replace(
        facts,
        subject=subject or facts.subject,
        words=facts.words | ({"lead": lead} if lead else {}),
    )
