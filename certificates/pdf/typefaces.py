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
from collections.abc import Callable, Iterator
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple
from unicodedata import category

from fontTools.ttLib import TTFont as FontTables
from reportlab.pdfbase.ttfonts import TTFError

from certificates.pdf.refusals import BrokenFont, MissingGlyph
from certificates.pdf.scripts import is_simple, join, spelling, visual
from certificates.pdf.seams import PaperFont

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
    letters = sum(map(run.font.width, run.text))
    kern = kerning(run.file)
    return letters + sum(kern(left, right) for left, right in pairwise(run.text))


# ------------------------------------------------------------------ kerning
@lru_cache(maxsize=16)
def kerning(file: str) -> Callable[[str, str], float]:
    """How much closer (negative) two letters of this font stand, in thousandths of the size."""
    if file in FALLBACKS:
        return lambda left, right: 0.0
    tables = FontTables(FOLDER / file, lazy=True)
    scale = 1000 / tables["head"].unitsPerEm
    cmap = tables.getBestCmap()
    lookups = list(_kerning_lookups(tables["GPOS"].table)) if "GPOS" in tables else []

    @lru_cache(maxsize=4096)
    def kern(left: str, right: str) -> float:
        first, second = cmap.get(ord(left)), cmap.get(ord(right))
        total = 0
        for subtables in lookups:
            found = (_pair(table, first, second) for table in subtables)
            total += next((closer for closer in found if closer is not None), 0)
        return round(total * scale, 1)

    return kern


def _kerning_lookups(table: Any) -> Iterator[list[Any]]:
    wanted = {
        index
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "kern"
        for index in record.Feature.LookupListIndex
    }
    for index in sorted(wanted):
        subtables = table.LookupList.Lookup[index].SubTable
        yield [getattr(subtable, "ExtSubTable", subtable) for subtable in subtables]


def _pair(table: Any, first: str | None, second: str | None) -> int | None:
    """The adjustment of one pair in one GPOS subtable; None where the subtable does not speak."""
    if first not in table.Coverage.glyphs:
        return None
    if table.Format == 1:
        pairs = table.PairSet[table.Coverage.glyphs.index(first)].PairValueRecord
        found = next((record.Value1 for record in pairs if record.SecondGlyph == second), None)
        return None if found is None else getattr(found, "XAdvance", 0)
    row = table.Class1Record[table.ClassDef1.classDefs.get(first, 0)]
    value = row.Class2Record[table.ClassDef2.classDefs.get(second, 0)].Value1
    return getattr(value, "XAdvance", 0) if value is not None else 0
