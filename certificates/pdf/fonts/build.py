"""Builds every font of the house from its open source; run once, results are committed.

    python build.py SOURCES OUT

SOURCES holds four unpacked packages (npm: inter-ui 4.1.1, source-serif 4.5.1, dejavu-fonts-ttf
2.37.3; Debian: fonts-droid-fallback 6.0.1r16). Needs fontTools 4.68 and brotli. OUT/paper goes
beside this file, OUT/web to static/fonts.

- "Source" is a reserved font name: a font made from Source Serif 4 is called Academie Serif here.
- Two instances of one family keep one PostScript name, and a PDF would then embed only one of them:
  each gets a PostScript name of its own.
- Letters only, no hinting; of the layout tables paper keeps kerning, the web the usual features.
"""

import lzma
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

from fontTools import subset
from fontTools import unicodedata as scripts
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent
from fontTools.varLib import instancer

INTER = "inter-ui/variable/InterVariable.woff2"
INTER_ITALIC = "inter-ui/variable/InterVariable-Italic.woff2"
SERIF = "source-serif/WOFF2/VAR/SourceSerif4Variable-Roman.ttf.woff2"
SERIF_ITALIC = "source-serif/WOFF2/VAR/SourceSerif4Variable-Italic.ttf.woff2"
DEJAVU = "dejavu-fonts-ttf/ttf/DejaVuSans.ttf"
DROID = "fonts-droid-fallback/DroidSansFallback.ttf"

# What French, English, the other languages of Europe and Vietnamese need on a screen.
EUROPEAN = {
    *range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x218, 0x21C), 0x2BC, 0x2C6, 0x2C7, 0x2DA,
    0x2DC, 0x300, 0x301, 0x302, 0x303, 0x308, 0x30A, 0x30C, 0x327, *range(0x1E80, 0x1E86), 0x1E9E,
    *range(0x1EA0, 0x1EFA), 0x2009, 0x200A, *range(0x2010, 0x2016), *range(0x2018, 0x201F),
    0x2020, 0x2021, 0x2022, 0x2026, 0x202F, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044, 0x20AC,
    0x2116, 0x2122, *range(0x2190, 0x2194), 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x25CF, 0x2713,
}  # fmt: skip
WEB_FEATURES = [
    "kern",
    "mark",
    "mkmk",
    "liga",
    "calt",
    "ccmp",
    "locl",
    "tnum",
    "lnum",
    "pnum",
    "case",
    "sups",
    "ordn",
    "frac",
    "numr",
    "dnom",
]
LETTERED = {"Latn", "Grek", "Cyrl", "Zyyy", "Zinh"}
FALLBACK = {"Latn", "Grek", "Cyrl", "Armn", "Geor", "Hebr", "Arab", "Cans", "Tfng"}


def cut(font: TTFont, wanted: set[int], features: list[str]) -> TTFont:
    options = subset.Options(
        hinting=False,
        layout_features=features,
        name_IDs=["*"],
        notdef_outline=True,
        glyph_names=False,
        drop_tables=["DSIG", "MATH", "FFTM", "vhea", "vmtx"],
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    return font


def rename(font: TTFont, family: str, style: str) -> TTFont:
    names = font["name"]
    version = names.getDebugName(5)
    names.names = [r for r in names.names if r.nameID in (0, 5, 14) and r.platformID == 3]
    postscript = f"{family}-{style}".replace(" ", "")
    for key, value in {
        1: family, 2: "Regular", 3: f"{postscript};{version}", 4: f"{family} {style}",
        6: postscript, 16: family, 17: style,
    }.items():  # fmt: skip
        names.setName(value, key, 3, 1, 0x409)
    return font


def web(source: Path, out: Path, limits: dict[str, object]) -> None:
    font = instancer.instantiateVariableFont(
        cut(TTFont(source, recalcTimestamp=False), EUROPEAN, WEB_FEATURES), limits
    )
    for record in font["name"].names:
        text = str(record).replace("Source Serif 4", "Academie Serif")
        record.string = text.replace("SourceSerif4", "AcademieSerif")
    font.flavor = "woff2"
    font.save(out)


def paper(source: Path, out: Path, family: str, style: str, place: dict[str, float]) -> None:
    font = TTFont(source, recalcTimestamp=False)
    font.flavor = None
    wanted = {
        u
        for u in font.getBestCmap()
        if scripts.script(chr(u)) in LETTERED
        and (u < 0x2200 or u in EUROPEAN or 0x2C60 <= u < 0x2C80 or 0xA720 <= u < 0xA800)
    }
    font = instancer.instantiateVariableFont(cut(font, wanted, ["kern"]), place)
    font["OS/2"].usWeightClass = int(place["wght"])
    set_marks(font)
    rename(font, family, style).save(out)


def set_marks(font: TTFont) -> None:
    """Combining marks take no room and stand over the middle of a letter of common width before
    them, so that little is left to move when a page is drawn."""
    glyphs, metrics = font["glyf"], font["hmtx"]
    middle = -0.27 * font["head"].unitsPerEm
    for table in font["cmap"].tables:
        for code, name in list(table.cmap.items()):
            if unicodedata.category(chr(code)) != "Mn" or not glyphs[name].numberOfContours:
                continue
            moved = f"{name}.set"
            if moved not in glyphs.keys():  # noqa: SIM118 - the table is no mapping
                outline = glyphs[name]
                part = GlyphComponent()
                part.glyphName, part.flags = name, 0x0004
                part.x, part.y = round(middle - (outline.xMin + outline.xMax) / 2), 0
                glyph = Glyph()
                glyph.numberOfContours, glyph.components = -1, [part]
                glyphs[moved] = glyph
                glyph.recalcBounds(glyphs)
                metrics[moved] = (0, glyph.xMin)
            table.cmap[code] = moved


def fallback(source: Path, out: Path, family: str, is_wanted: Callable[[int], bool]) -> None:
    font = TTFont(source, recalcTimestamp=False)
    cut(font, {u for u in font.getBestCmap() if is_wanted(u)}, [])
    rename(font, family, "Regular").save(out)


def is_alphabetic(u: int) -> bool:
    script = scripts.script(chr(u))
    return script in FALLBACK or (script in ("Zyyy", "Zinh") and u < 0x2800)


def is_east_asian(u: int) -> bool:
    blocks = ((0x20, 0x20), (0x3005, 0x30FF), (0x31F0, 0x31FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3))
    return any(first <= u <= last for first, last in blocks)


def main(sources: Path, out: Path) -> None:
    (out / "web").mkdir(parents=True)
    (out / "paper").mkdir()
    screen: dict[str, object] = {"opsz": 14, "wght": (400, 700)}
    web(sources / INTER, out / "web/inter-variable.woff2", screen)
    web(sources / INTER_ITALIC, out / "web/inter-variable-italic.woff2", screen)
    web(sources / SERIF, out / "web/source-serif-variable.woff2", {"opsz": 24, "wght": (400, 700)})
    for source, family, style, size, weight in (
        (INTER, "Inter", "Regular", 14, 400),
        (INTER, "Inter", "SemiBold", 14, 600),
        (SERIF, "Academie Serif", "SemiBold", 30, 600),
        (SERIF_ITALIC, "Academie Serif", "Italic", 16, 400),
    ):
        file = f"paper/{family}-{style}.ttf".replace(" ", "")
        paper(sources / source, out / file, family, style, {"opsz": size, "wght": weight})
    fallback(sources / DEJAVU, out / "paper/DejaVuSans.ttf", "DejaVu Sans", is_alphabetic)
    droid = out / "DroidSansFallback.ttf"
    fallback(sources / DROID, droid, "Droid Sans Fallback", is_east_asian)
    packed = lzma.compress(droid.read_bytes(), preset=9 | lzma.PRESET_EXTREME)
    (out / "paper/DroidSansFallback.ttf.xz").write_bytes(packed)
    droid.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
