"""Attestations on paper: frozen facts in, the bytes of one PDF out; no database, clock or network.

`render_attestation` is deterministic: the same facts give the same bytes, in any process, so that a
drawing can be checked against its hash years later. The page is PDF/A-2a and PDF/UA-1; `signing`
seals those bytes. Built on ReportLab's document and font layers; what is private in them is touched
in `seams` alone.
"""

from certificates.pdf.facts import Accreditation, AttestationFacts, Language, Signatory
from certificates.pdf.page import draw_attestation
from certificates.pdf.refusals import (
    BrokenFont,
    ForbiddenCharacter,
    IncompleteFacts,
    MissingGlyph,
    TooLong,
    Unprintable,
    UnusableImage,
)

__all__ = [
    "Accreditation",
    "AttestationFacts",
    "BrokenFont",
    "ForbiddenCharacter",
    "IncompleteFacts",
    "MissingGlyph",
    "Signatory",
    "TooLong",
    "Unprintable",
    "UnusableImage",
    "render_attestation",
]


def render_attestation(facts: AttestationFacts, *, language: Language) -> bytes:
    """The unsigned file, in French or English; names and titles are drawn, never parsed.

    Raises a subclass of Unprintable, whose sentence can be shown to staff, rather than draw a page
    that is wrong: MissingGlyph, ForbiddenCharacter, IncompleteFacts, UnusableImage, TooLong,
    BrokenFont.
    """
    return draw_attestation(facts, language)
