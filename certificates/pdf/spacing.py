"""The distances between letters that the fonts themselves ask for: kerning, and marks on letters.

Read from the fonts of the house with fontTools; all distances in thousandths of the size.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import category, combining

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.otTables import PairPos

_ABOVE = 230  # Unicode's class of marks that stand above their letter


class Spacing(NamedTuple):
    """One number for each character, or none at all where nothing is moved."""

    gaps: tuple[float, ...]  # added behind the character
    lifts: tuple[float, ...]  # how far the character is raised


NONE = Spacing((), ())


@lru_cache(maxsize=4096)
def spacing(file: Path, text: str) -> Spacing:
    """Kerning of neighbours; a combining mark is set over the middle of the letter before it."""
    font = _measures(file)
    gaps = [0.0] * len(text)
    lifts = [0.0] * len(text)
    letter = ""
    for i, char in enumerate(text):
        if category(char) == "Mn" and letter:
            shift = font.middle(letter) - font.advance(letter) - font.middle(char)
            gaps[i - 1] += shift
            gaps[i] -= shift + font.advance(char)
            if letter.isupper() and combining(char) == _ABOVE:
                lifts[i] = font.headroom
        else:
            if i and category(text[i - 1]) != "Mn":
                gaps[i - 1] += font.kern(text[i - 1], char)
            letter = char
    return Spacing(tuple(gaps) if any(gaps) else (), tuple(lifts) if any(lifts) else ())


@lru_cache(maxsize=8)
def _measures(file: Path) -> "_Measures":
    return _Measures(file)


class _Measures:
    """One font file, read lazily."""

    def __init__(self, file: Path) -> None:
        tables = TTFont(file, lazy=True)
        self._scale = 1000 / tables["head"].unitsPerEm
        self._cmap = tables.getBestCmap()
        self._outlines, self._metrics = tables["glyf"], tables["hmtx"]
        self._lookups = list(_lookups(tables["GPOS"].table)) if "GPOS" in tables else []
        self.headroom = (tables["OS/2"].sCapHeight - tables["OS/2"].sxHeight) * self._scale
        self.kern = lru_cache(maxsize=4096)(self._kern)

    def advance(self, char: str) -> float:
        return float(self._metrics[self._cmap[ord(char)]][0] * self._scale)

    def middle(self, char: str) -> float:
        outline = self._outlines[self._cmap[ord(char)]]
        return float((outline.xMin + outline.xMax) / 2 * self._scale)

    def _kern(self, left: str, right: str) -> float:
        first, second = self._cmap.get(ord(left)), self._cmap.get(ord(right))
        total = 0
        for subtables in self._lookups:
            found = (_pair(table, first, second) for table in subtables)
            total += next((closer for closer in found if closer is not None), 0)
        return round(total * self._scale, 1)


def _lookups(table: Any) -> Iterator[list[Any]]:
    """The subtables of each kerning lookup of a GPOS table."""
    wanted = {
        index
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "kern"
        for index in record.Feature.LookupListIndex
    }
    for index in sorted(wanted):
        subtables = table.LookupList.Lookup[index].SubTable
        inner = [getattr(subtable, "ExtSubTable", subtable) for subtable in subtables]
        yield [each for each in inner if isinstance(each, PairPos)]  # pairs; contexts are left


def _pair(table: Any, first: str | None, second: str | None) -> int | None:
    """The adjustment of one pair in one subtable; None where the subtable does not speak."""
    if first not in table.Coverage.glyphs:
        return None
    if table.Format == 1:
        pairs = table.PairSet[table.Coverage.glyphs.index(first)].PairValueRecord
        found = next((record.Value1 for record in pairs if record.SecondGlyph == second), None)
        return None if found is None else getattr(found, "XAdvance", 0)
    row = table.Class1Record[table.ClassDef1.classDefs.get(first, 0)]
    value = row.Class2Record[table.ClassDef2.classDefs.get(second, 0)].Value1
    return getattr(value, "XAdvance", 0) if value is not None else 0
