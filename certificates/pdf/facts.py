"""What an attestation says: one frozen set of facts, both languages in it.

Every field is a string, a whole number or a list of such, so that the facts are the snapshot; only
signature images are bytes, and the snapshot names them. Text is kept as it was frozen; the page
cleans it (`scripts.clean`) and refuses what it cannot write.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, Self

from certificates.pdf.refusals import IncompleteFacts

Language = Literal["fr", "en"]
KINDS = ("participation", "self_study", "teaching")


@dataclass(frozen=True, kw_only=True)
class Accreditation:
    """One recognition of the activity; `hours` is a decimal string, empty when none is counted."""

    body_fr: str
    body_en: str
    section_fr: str = ""
    section_en: str = ""
    number: str = ""
    hours: str = ""
    statement_fr: str = ""
    statement_en: str = ""
    disclosure_fr: str = ""
    disclosure_en: str = ""


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Who signs; without an image the name stands on a bare line."""

    name: str
    title_fr: str = ""
    title_en: str = ""
    image: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class AttestationFacts:
    """Hours are decimal strings, days ISO dates, `verify_url` an ASCII address.

    Raises IncompleteFacts at birth when a fact that both languages need is empty or malformed: a
    certificate never borrows a title from the other language.
    """

    number: str
    kind: str
    holder_name: str
    course_title_fr: str
    course_title_en: str
    hours_attended: str
    started_on: str
    ended_on: str
    issued_on: str
    verify_url: str
    issuer_fr: str
    issuer_en: str
    hours_maximum: str = ""
    profession_fr: str = ""
    profession_en: str = ""
    course_version: str = ""
    ich_version: str = ""
    format_fr: str = ""
    format_en: str = ""
    place: str = ""
    trainers: tuple[str, ...] = ()
    partners_fr: tuple[str, ...] = ()
    partners_en: tuple[str, ...] = ()
    objectives_fr: tuple[str, ...] = ()
    objectives_en: tuple[str, ...] = ()
    accreditations: tuple[Accreditation, ...] = ()
    signatories: tuple[Signatory, ...] = ()

    def __post_init__(self) -> None:
        needed = ("number", "holder_name", "course_title_fr", "course_title_en", "issuer_fr")
        for name in (*needed, "issuer_en"):
            if not getattr(self, name).strip():
                raise IncompleteFacts(name)
        if len(self.number) > 32:
            raise IncompleteFacts("number")
        if self.kind not in KINDS:
            raise IncompleteFacts("kind")
        for name in ("started_on", "ended_on", "issued_on"):
            _day(name, getattr(self, name))
        if self.ended_on < self.started_on:
            raise IncompleteFacts("ended_on")
        _hours("hours_attended", self.hours_attended)
        if self.hours_maximum:
            _hours("hours_maximum", self.hours_maximum)
        for accreditation in self.accreditations:
            if accreditation.hours:
                _hours("accreditations.hours", accreditation.hours)
        url = self.verify_url
        if not (url.isascii() and url.isprintable() and url.startswith(("https://", "http://"))):
            raise IncompleteFacts("verify_url")
        if " " in url or len(url) > 120:
            raise IncompleteFacts("verify_url")

    @classmethod
    def from_snapshot(
        cls, snapshot: Mapping[str, Any], *, images: Mapping[str, bytes] | None = None
    ) -> Self:
        """The facts of a frozen snapshot; keys it does not know are not printed.

        `images` gives the bytes of each signature image by the name that the snapshot holds; a name
        without bytes leaves its line bare. Raises IncompleteFacts.
        """
        images = images or {}
        values = _known(cls, snapshot)
        values["accreditations"] = tuple(
            Accreditation(**_known(Accreditation, row))
            for row in snapshot.get("accreditations") or ()
        )
        values["signatories"] = tuple(
            Signatory(**{**_known(Signatory, row), "image": images.get(row.get("image") or "")})
            for row in snapshot.get("signatories") or ()
        )
        try:
            return cls(**values)
        except TypeError as error:  # a required key is absent
            required = [f.name for f in fields(cls) if f.name not in values]
            raise IncompleteFacts(", ".join(required)) from error

    @property
    def issued(self) -> date:
        return date.fromisoformat(self.issued_on)

    def said(self, name: str, language: Language) -> Any:
        """The fact of this name in this language."""
        return getattr(self, f"{name}_{language}")


def _known(kind: type, row: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a snapshot row that this dataclass has; numbers as strings, lists as tuples."""
    values: dict[str, Any] = {}
    for each in fields(kind):
        value = row.get(each.name)
        if value is None or each.name == "image":
            continue
        if isinstance(value, list | tuple):
            values[each.name] = tuple(
                str(item) if isinstance(item, str) else item for item in value
            )
        else:
            values[each.name] = str(value)
    return values


def _day(name: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise IncompleteFacts(name) from error


def _hours(name: str, value: str) -> Decimal:
    try:
        hours = Decimal(value)
    except InvalidOperation as error:
        raise IncompleteFacts(name) from error
    if not hours.is_finite() or hours < 0:
        raise IncompleteFacts(name)
    return hours
