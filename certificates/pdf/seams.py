"""The only module that leans on ReportLab's private classes; a test holds its version.

What ReportLab 5.1 lacks for PDF/A-2a and PDF/UA-1 is mended here by subclasses, never by a patch:
- a stream must end with a line break before `endstream` (`Stream`: CR LF, because after data that
  happen to end with CR a lone LF would be read as half of the line break);
- a font whose last letters share one width leaves the subset with a wrong width (`PaperFont`);
- the catalogue needs OutputIntents, the page StructParents and Tabs (`Catalog`, `Page`);
- a ToUnicode map must not name the missing glyph, and must spell joined letters (`PaperFont`);
- the file identifier must come from the content, and dates from the facts (`Document`).

`PaperFont` also fills the first 256 codes of a font alike in every file, so that the costly part,
cutting and compressing that subset, is done once a process and not once a document.
"""

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from threading import Lock
from typing import Any, BinaryIO

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.pdfdoc import PDFObjectReference as Reference
from reportlab.pdfbase.ttfonts import TTFont

REPORTLAB = "5.1"  # the series these seams were written and validated against


class Raw(pdfdoc.PDFObject):
    """An indirect object written exactly as given (bytes), or made at the end (callable)."""

    __RefOnly__ = 1

    def __init__(self, body: bytes | Callable[[pdfdoc.PDFDocument], bytes]) -> None:
        self.body = body

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        return self.body if isinstance(self.body, bytes) else self.body(document)


class Stream(Raw):
    """A stream object; `packed` content is already compressed with zlib."""

    def __init__(self, content: bytes, entries: str = "", *, packed: bool = False) -> None:
        filters = "/Filter /FlateDecode " if packed else ""
        head = f"<< {entries} {filters}/Length {len(content)} >>\nstream\n"
        super().__init__(head.encode("ascii") + content + b"\r\nendstream\n")


class Catalog(pdfdoc.PDFCatalog):
    __NoDefault__ = [*pdfdoc.PDFCatalog.__NoDefault__, "OutputIntents"]


class Page(pdfdoc.PDFPage):
    __NoDefault__ = [*pdfdoc.PDFPage.__NoDefault__, "StructParents", "Tabs"]


class Document(pdfdoc.PDFDocument):
    """A document of one or more pages, written in one go and the same for the same content."""

    Catalog: Any

    def __init__(self, *, language: str) -> None:
        super().__init__(compression=1, invariant=1, pdfVersion=(1, 7), lang=language)
        self.signature = hashlib.sha256()  # ReportLab's own is fed with the environment's clock
        pages, lang = self.Catalog.Pages, self.Catalog.Lang
        self.Catalog = self._catalog = Catalog()
        self.Catalog.Pages, self.Catalog.Lang = pages, lang

    def add(self, body: bytes | Callable[[pdfdoc.PDFDocument], bytes] | Raw) -> Reference:
        return self.Reference(body if isinstance(body, Raw) else Raw(body))

    def at(self, reference: Reference) -> str:
        """The reference as it is written, e.g. `12 0 R`; known as soon as the object is added."""
        number, generation = self.idToObjectNumberAndVersion[reference.name]
        return f"{number} {generation} R"

    def next_page(self) -> Reference:
        return self.thisPageRef()

    def close_page(
        self, content: bytes, *, size: tuple[float, float], pictures: dict[str, Reference],
        annotations: Iterable[Reference], number: int,
    ) -> None:  # fmt: skip
        page = Page()
        page.pagewidth, page.pageheight = size
        page.Contents = Stream(zlib.compress(content), packed=True)
        page.Tabs, page.StructParents = "/S", number
        page.Annots = list(annotations) or None
        page.Resources = pdfdoc.PDFDictionary({"Font": Reference("BasicFonts")})
        if pictures:
            page.Resources["XObject"] = pdfdoc.PDFDictionary(dict(pictures))
        self.signature.update(content)
        self.addPage(page)

    def finish(self, information: dict[str, str]) -> bytes:
        """Fonts, information, identifier; then the bytes."""
        for font in self.delayedFonts:
            font.addObjects(self)
        entries = {key: pdfdoc.PDFString(value) for key, value in sorted(information.items())}
        self.info = pdfdoc.PDFDictionary(entries)
        self.signature.update(repr(sorted(information.items())).encode())
        digest = self.signature.hexdigest()[:32]
        self._ID = f"[<{digest}> <{digest}>]".encode("ascii")
        self.Catalog.Outlines = None
        return self.format()


def text_string(text: str) -> str:
    """A text string as it is written inside an object: UTF-16 in hexadecimal, any script."""
    return f"<feff{text.encode('utf-16-be').hex()}>"


# ------------------------------------------------------------------ fonts
class PaperFont(TTFont):
    """An embedded TrueType font. `common` are the characters that every file carries (≤ 220)."""

    def __init__(
        self, name: str, file: str | BinaryIO, *, common: str, spelling: Callable[[str], str]
    ) -> None:
        super().__init__(name, file, asciiReadable=False, shapable=False)
        face = self.face
        (full,) = struct.unpack(">H", face.get_table("hhea")[34:36])
        shared = face.hmetrics[full - 1][0]
        face.hmetrics[full:] = [(shared, bearing) for _, bearing in face.hmetrics[full:]]
        self._spelling = spelling
        self._common = common
        self._cutting = Lock()  # ReportLab reads the font file through one cursor
        self._subset = lru_cache(maxsize=32)(self._cut)

    def has(self, char: str) -> bool:
        return ord(char) in self.face.charToGlyph

    def width(self, char: str) -> float:
        """Advance in thousandths of the size."""
        return self.face.getCharWidth(ord(char))

    def splitString(self, text: str, doc: Document, encoding: str = "utf-8") -> list[Any]:  # noqa: N802
        if doc not in self.state:
            self._open(doc)
        return super().splitString(text, doc, encoding)

    def _open(self, doc: Document) -> None:
        state = self.state[doc] = TTFont.State(False, self)
        if self._common:
            super().splitString(self._common, doc)
            state.nextCode = 256  # whatever else is needed goes to later subsets

    def addObjects(self, doc: Document) -> None:  # noqa: N802
        """Every subset of this font, written once the document is complete."""
        state = self.state.pop(doc)
        state.frozen = 1
        fonts = doc.idToObject["BasicFonts"].dict
        for number, codes in enumerate(state.subsets):
            cut = self._subset(tuple(codes), number)
            program = doc.add(Stream(cut.program, f"/Length1 {cut.length}", packed=True))
            descriptor = doc.add(cut.descriptor % doc.at(program).encode())
            unicode_map = doc.add(Stream(cut.unicode_map, packed=True))
            name = f"{state.internalName}+{number}"
            body = cut.font % (doc.at(unicode_map).encode(), doc.at(descriptor).encode())
            fonts[name] = doc.add(body)

    def _cut(self, codes: tuple[int, ...], number: int) -> "_Subset":
        with self._cutting:
            program = self.face.makeSubset(list(codes))
        face = self.face
        tag = "".join(chr(65 + (number // 26**place) % 26) for place in range(5, -1, -1))
        name = f"{tag}+{face.name.decode('ascii')}"
        flags = face.flags & ~(1 << 5) | (1 << 2)  # symbolic: codes are ours, not a standard's
        box = " ".join(f"{value:g}" for value in face.bbox)
        widths = " ".join(f"{face.getCharWidth(code):.5g}" for code in codes)
        return _Subset(
            program=zlib.compress(program, 9),
            length=len(program),
            unicode_map=zlib.compress(self._unicode_map(name, codes), 9),
            descriptor=(
                f"<< /Type /FontDescriptor /FontName /{name} /Flags {flags} /FontBBox [{box}] "
                f"/ItalicAngle {face.italicAngle:g} /Ascent {face.ascent:g} "
                f"/Descent {face.descent:g} /CapHeight {face.capHeight:g} /StemV {face.stemV:g} "
                f"/MissingWidth {face.defaultWidth:g} /FontFile2 %b >>\n"
            ).encode(),
            font=(
                f"<< /Type /Font /Subtype /TrueType /BaseFont /{name} /FirstChar 0 "
                f"/LastChar {len(codes) - 1} /Widths [{widths}] "
                "/ToUnicode %b /FontDescriptor %b >>\n"
            ).encode(),
        )

    def _unicode_map(self, name: str, codes: tuple[int, ...]) -> bytes:
        pairs = [
            f"<{i:02X}> <{self._spelling(chr(code)).encode('utf-16-be').hex().upper()}>"
            for i, code in enumerate(codes)
            if code
        ]
        blocks = [pairs[i : i + 100] for i in range(0, len(pairs), 100)]
        body = "".join(
            f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks
        )
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            f"/CMapName /{name} def\n/CMapType 2 def\n"
            f"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n{body}"
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode("ascii")


class _Subset:
    """One subset of a font, ready to be written: bytes with places for object references."""

    def __init__(
        self, *, program: bytes, length: int, unicode_map: bytes, descriptor: bytes, font: bytes
    ) -> None:
        self.program, self.length, self.unicode_map = program, length, unicode_map
        self.descriptor, self.font = descriptor, font
