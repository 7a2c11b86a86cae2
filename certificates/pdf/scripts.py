"""From text as it is typed to text as it is drawn: clean, joined, in visual order.

Arabic letters are joined with their presentation forms. Right-to-left runs are put in visual order
by the Unicode bidirectional algorithm (UAX #9) without its explicit directions: an invisible
character that turns a name round has no place on a certificate, so those are refused. Scripts whose
letters need more than this (Devanagari, Thai, N'Ko…) have no font here: they are refused by their
missing glyphs, never drawn wrong.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from certificates.pdf.refusals import ForbiddenCharacter, MissingGlyph

_JOINERS = {"\u200c", "\u200d"}  # meant in Persian names: they govern how letters join
_TATWEEL = "\u0640"
_FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_MIRRORS = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_FIRST_RIGHT_TO_LEFT = 0x0590  # no character below this one runs right to left or joins


@lru_cache(maxsize=512)
def clean(text: str) -> str:
    """The text in composed form (NFC), its line breaks and runs of blanks made one space.

    Raises ForbiddenCharacter on what is invisible and means nothing on paper.
    """
    text = unicodedata.normalize("NFC", re.sub(r"[ \t\r\n]+", " ", text).strip(" "))
    if text.isascii() and text.isprintable():
        return text
    for char in text:
        if unicodedata.category(char) in _FORBIDDEN and char not in _JOINERS:
            raise ForbiddenCharacter(char)
    return text


def clean_name(text: str) -> str:
    """As `clean`, but a line break or a tab inside a name is refused, not mended."""
    for char in text:
        if unicodedata.category(char) == "Cc":
            raise ForbiddenCharacter(char)
    return clean(text)


def is_simple(text: str) -> bool:
    """True when the text is drawn in the order and with the letters in which it is written."""
    return all(ord(char) < _FIRST_RIGHT_TO_LEFT for char in text) or not any(
        unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text
    )


# ------------------------------------------------------------------ joining
@lru_cache(maxsize=1)
def _forms() -> tuple[dict[str, dict[str, str]], dict[tuple[str, str], dict[str, str]]]:
    """Letter → its isolated, initial, medial and final forms; lam + alef → its ligatures.

    Read from Unicode's own decompositions of the two Arabic Presentation Forms blocks.
    """
    letters: dict[str, dict[str, str]] = {}
    ligatures: dict[tuple[str, str], dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFC00), *range(0xFE70, 0xFEFD)):
        form, _, base = unicodedata.decomposition(chr(code)).partition("> ")
        parts = [chr(int(part, 16)) for part in base.split()]
        if len(parts) == 1:
            letters.setdefault(parts[0], {})[form[1:]] = chr(code)
        elif len(parts) == 2 and parts[0] == "\u0644":
            ligatures.setdefault((parts[0], parts[1]), {})[form[1:]] = chr(code)
    return letters, ligatures


def _needs_joining(char: str) -> bool:
    return unicodedata.bidirectional(char) == "AL" and unicodedata.category(char) == "Lo"


def join(text: str) -> str:
    """Arabic letters replaced by the forms they take beside their neighbours, still in typed order.

    Raises MissingGlyph for a letter that joins but has no presentation form (it would look cut).
    """
    if not any(_needs_joining(char) for char in text):
        return text
    letters, ligatures = _forms()
    for char in text:
        if _needs_joining(char) and char not in letters and not _is_form(char):
            raise MissingGlyph(char)
    solid = [i for i, char in enumerate(text) if unicodedata.category(char) != "Mn"]
    place = {at: rank for rank, at in enumerate(solid)}

    def onward(char: str) -> bool:
        return "initial" in letters.get(char, {}) or char in (_TATWEEL, "\u200d")

    def backward(char: str) -> bool:
        return "final" in letters.get(char, {}) or char in (_TATWEEL, "\u200d")

    out: list[str] = []
    skip = -1
    for i, char in enumerate(text):
        if i == skip:
            continue
        forms = letters.get(char)
        if forms is None:
            out.append(char)
            continue
        rank = place[i]
        before = rank > 0 and onward(text[solid[rank - 1]]) and "final" in forms
        pair = ligatures.get((char, text[i + 1])) if i + 1 < len(text) else None
        if pair is not None:
            out.append(pair["final" if before else "isolated"])
            skip = i + 1
            continue
        after = rank + 1 < len(solid) and backward(text[solid[rank + 1]]) and "initial" in forms
        shape = ("medial" if after else "final") if before else ("initial" if after else "isolated")
        out.append(forms.get(shape) or char)
    return "".join(out)


def _is_form(char: str) -> bool:
    return unicodedata.decomposition(char).startswith("<")


def spelling(char: str) -> str:
    """The letters that a drawn character stands for: what a reader copies out of the file."""
    return unicodedata.normalize("NFKC", char) if "\ufb50" <= char <= "\ufefc" else char


# ------------------------------------------------------------------ direction
def visual(text: str) -> str:
    """The characters from left to right, as the eye meets them; brackets mirrored where needed."""
    if is_simple(text):
        return text
    kinds = [unicodedata.bidirectional(char) for char in text]
    base = next((int(kind != "L") for kind in kinds if kind in ("L", "R", "AL")), 0)
    levels = _levels(kinds, base)
    order = list(range(len(text)))
    for level in range(max(levels), 0, -1):
        for start, stop in _stretches([levels[i] >= level for i in order]):
            order[start:stop] = reversed(order[start:stop])
    # A mark reversed with its letter comes before it: where the fonts of these scripts expect it.
    return "".join(text[i].translate(_MIRRORS) if levels[i] % 2 else text[i] for i in order)


def _levels(kinds: list[str], base: int) -> list[int]:
    """UAX #9, rules W1 to W7, N1, N2, I1, I2 and L1, for one line with no explicit directions."""
    edge = "R" if base else "L"
    kinds = list(kinds)
    trailing = len(kinds)
    while trailing and kinds[trailing - 1] in ("WS", "B", "S", "BN"):
        trailing -= 1
    strong = before = edge
    for i, kind in enumerate(kinds):  # W1, W2, W3
        if kind in ("NSM", "BN"):
            kinds[i] = kind = before
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":
            kinds[i] = "AN"
        before = kinds[i]
    kinds = ["R" if kind == "AL" else kind for kind in kinds]
    for i in range(1, len(kinds) - 1):  # W4
        around = kinds[i - 1], kinds[i + 1]
        if around == ("EN", "EN") and kinds[i] in ("ES", "CS"):
            kinds[i] = "EN"
        elif around == ("AN", "AN") and kinds[i] == "CS":
            kinds[i] = "AN"
    for start, stop in _stretches([kind == "ET" for kind in kinds]):  # W5
        if "EN" in (kinds[start - 1 : start] + kinds[stop : stop + 1]):
            kinds[start:stop] = ["EN"] * (stop - start)
    strong = edge
    for i, kind in enumerate(kinds):  # W6, W7
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[i] = "L"
        elif kind not in ("EN", "AN"):
            kinds[i] = "ON"
    for start, stop in _stretches([kind == "ON" for kind in kinds]):  # N1, N2
        left = _side(kinds[start - 1]) if start else edge
        right = _side(kinds[stop]) if stop < len(kinds) else edge
        kinds[start:stop] = [left if left == right else edge] * (stop - start)
    raised = {
        0: {"L": 0, "R": 1, "AN": 2, "EN": 2},
        1: {"L": 2, "R": 1, "AN": 2, "EN": 2},
    }[base]
    return [base if i >= trailing else raised[kind] for i, kind in enumerate(kinds)]


def _side(kind: str) -> str:
    return "L" if kind == "L" else "R"


def _stretches(flags: list[bool]) -> Iterator[tuple[int, int]]:
    """Start and stop of each unbroken stretch of true flags."""
    start = None
    for i, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = i
        elif not flag and start is not None:
            yield start, i
            start = None
