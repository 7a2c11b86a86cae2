"""The embedded letters: which font writes which character, how wide, how close.

Four faces (Academie Serif SemiBold and Italic, Inter Regular and SemiBold) write Latin, Greek and
Cyrillic; behind them DejaVu Sans (Arabic, Hebrew, Armenian, Georgian, Canadian syllabics, Tifinagh)
and Droid Sans Fallback (Han, kana, Hangul), each opened only when a text needs it. A character that
none of them holds raises MissingGlyph.

How the fonts were built: the published packages of Inter 4 and Source Serif 4 (variable, OFL) were
cut to their letters and set at one weight and optical size with fontTools, and each instance got a
PostScript name of its own; DejaVu and Droid were cut to the scripts named. `fonts/build.py` does it
all again, `fonts/README.md` lists files and licences.
"""

import lzma
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import NamedTuple
from unicodedata import category

from reportlab.pdfbase.ttfonts import TTFError

from certificates.pdf.refusals import BrokenFont, MissingGlyph
from certificates.pdf.scripts import is_simple, join, spelling, visual
from certificates.pdf.seams import PaperFont
from certificates.pdf.spacing import NONE, Spacing, spacing

FOLDER = Path(__file__).parent / "fonts"

SERIF = "AcademieSerif-SemiBold.ttf"
ITALIC = "AcademieSerif-Italic.ttf"
TEXT = "Inter-Regular.ttf"
STRONG = "Inter-SemiBold.ttf"
FALLBACKS = ("DejaVuSans.ttf", "DroidSansFallback.ttf.xz")

# What nearly every page needs: these share one subset, cut once a process.
COMMON = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    " .,;:!?'’\"«»“”()[]/&@#%+=*-–—…·_"
    "ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆàâäçéèêëîïôöùûüÿœæáíóúñÁÍÓÚÑ№º°€"
    "\u0300\u0301\u0302\u0303\u0304\u0307\u0308\u030a\u030c\u0323\u0327\u0328\u0331"
)

_loading = Lock()


@lru_cache(maxsize=16)
def _font(file: str) -> PaperFont:
    path = FOLDER / file
    try:
        data = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
        return PaperFont(
            path.name.split(".")[0],
            BytesIO(data),
            common="" if file in FALLBACKS else COMMON,
            spelling=spelling,
        )
    except (OSError, lzma.LZMAError, TTFError) as error:
        raise BrokenFont(file) from error


def font(file: str) -> PaperFont:
    """The font of this file, opened once a process."""
    with _loading:
        return _font(file)


class Run(NamedTuple):
    """A stretch of one font, its characters in visual order."""

    font: PaperFont
    text: str
    file: str

    @property
    def spacing(self) -> Spacing:
        """How far its letters stand from where their widths alone would put them."""
        return NONE if self.file in FALLBACKS else spacing(FOLDER / self.file, self.text)


@lru_cache(maxsize=512)
def runs(text: str, face: str) -> tuple[Run, ...]:
    """The text as it is drawn: joined, in visual order, cut where the font changes.

    Raises MissingGlyph for a character that no font of ours holds.
    """
    main = font(face)
    drawn = text if is_simple(text) else visual(join(text))
    if all(main.has(char) for char in drawn):
        return (Run(main, drawn, face),) if drawn else ()
    return tuple(_by_font(drawn, face))


def _by_font(drawn: str, face: str) -> Iterator[Run]:
    current, held = face, ""
    leftward = not is_simple(drawn[-1])  # an Arabic or Hebrew line keeps its punctuation too
    for char in drawn:
        # A space or a mark stays with its neighbours where their font has it.
        stays = char.isspace() or category(char) == "Mn" or (leftward and not char.isalnum())
        chain = (current, face, *FALLBACKS) if stays else (face, *FALLBACKS)
        file = next((name for name in chain if font(name).has(char)), None)
        if file is None:
            raise MissingGlyph(spelling(char)[0])
        if file != current and held:
            yield Run(font(current), held, current)
            held = ""
        current = file
        held += char
    yield Run(font(current), held, current)


def width(text: str, face: str, size: float) -> float:
    """The advance of the text in points."""
    return _advances(text, face) * size / 1000


@lru_cache(maxsize=4096)
def _advances(text: str, face: str) -> float:
    return sum(map(_advance, runs(text, face)))


def _advance(run: Run) -> float:
    return sum(map(run.font.width, run.text)) + sum(run.spacing.gaps)
