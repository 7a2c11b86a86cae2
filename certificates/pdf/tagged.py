"""A sheet of paper on which every mark is either under a tag or declared an ornament.

Guarantees PDF/A-2a and PDF/UA-1 of what is drawn through it: structure tree in drawing order,
embedded letters, sRGB output intent, language, title, dates from the caller. Drawing outside a tag
or an ornament is an error of the caller, raised at once.
"""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from xml.sax.saxutils import escape

from certificates.pdf.refusals import BrokenFont
from certificates.pdf.seams import Document, Reference, Stream, text_string
from certificates.pdf.typefaces import FOLDER, runs, width

PRODUCER = "Académie Q-CROC"


@dataclass
class _Element:
    role: str
    attributes: str = ""
    children: list["_Element | int | Reference"] = field(default_factory=list)
    reference: Reference | None = None


class Sheet:
    """One page, in points from its lower left corner. `finish()` gives the file."""

    def __init__(self, *, size: tuple[float, float], language: str) -> None:
        self._document = Document(language=language)
        self._page = self._document.next_page()
        self._size = size
        self._code: list[str] = []
        self._root = _Element("Document")
        self._open: list[_Element | None] = []  # None stands for an ornament
        self._marked = False
        self._marks: list[_Element] = []  # by MCID
        self._annotations: list[Reference] = []
        self._links: list[_Element] = []
        self._pictures: dict[str, Reference] = {}

    # -------------------------------------------------------------- structure
    @contextmanager
    def tag(
        self, role: str, *, alt: str = "", spoken: str = "",
        box: tuple[float, float, float, float] | None = None,
    ) -> Iterator[None]:  # fmt: skip
        """What is drawn inside stands under this tag. `spoken` replaces the text for those who
        listen (right-to-left names); `alt` and `box` describe a figure."""
        attributes = f" /Alt {text_string(alt)}" if alt else ""
        attributes += f" /ActualText {text_string(spoken)}" if spoken else ""
        if box:
            edges = " ".join(f"{edge:.2f}" for edge in box)
            attributes += f" /A << /O /Layout /BBox [{edges}] /Placement /Block >>"
        element = _Element(role, attributes)
        parent = self._open[-1] if self._open else self._root
        assert parent is not None, "a tag inside an ornament"  # noqa: S101
        parent.children.append(element)
        with self._inside(element):
            yield

    @contextmanager
    def ornament(self) -> Iterator[None]:
        """What is drawn inside says nothing and is passed over by those who listen."""
        with self._inside(None):
            yield

    @contextmanager
    def _inside(self, element: _Element | None) -> Iterator[None]:
        self._close_mark()
        self._open.append(element)
        yield
        self._close_mark()
        self._open.pop()

    def _close_mark(self) -> None:
        if self._marked:
            self._code.append("EMC")
            self._marked = False

    def _mark(self) -> None:
        if self._marked:
            return
        if not self._open:
            raise RuntimeError("drawing outside any tag or ornament")
        element = self._open[-1]
        if element is None:
            self._code.append("/Artifact BMC")
        else:
            self._code.append(f"/{element.role} << /MCID {len(self._marks)} >> BDC")
            element.children.append(len(self._marks))
            self._marks.append(element)
        self._marked = True

    # -------------------------------------------------------------- marks
    def draw(self, operators: str) -> None:
        """Path operators as they are; the graphics state is restored behind them."""
        self._mark()
        self._code.append(f"q {operators} Q")

    def write(self, text: str, x: float, y: float, *, face: str, size: float, ink: str) -> float:
        """One line from x on the baseline y, characters drawn as they are; gives its width."""
        self._mark()
        place = f"1 0 0 1 {x:.2f} {y:.2f} Tm "
        code = [f"BT {ink} rg"]
        for run in runs(text, face):
            gaps, lifts = run.spacing
            at = 0
            for subset, chunk in run.font.splitString(run.text, self._document):
                name = run.font.getSubsetInternalName(subset, self._document)
                end = at + len(chunk)
                shown = _show(chunk, gaps[at:end], [lift * size / 1000 for lift in lifts[at:end]])
                # Font before place: readers of text judge the step between lines by its size.
                code.append(f"{name} {size:.2f} Tf {place}{shown}")
                place, at = "", end
        code.append("ET")
        self._code.append(" ".join(code))
        return width(text, face, size)

    def picture(self, image: Stream, box: tuple[float, float, float, float]) -> None:
        """An image XObject stretched over the box (left, bottom, right, top)."""
        name = f"Im{len(self._pictures) + 1}"
        self._pictures[name] = self._document.add(image)
        left, bottom, right, top = box
        self.draw(
            f"{right - left:.2f} 0 0 {top - bottom:.2f} {left:.2f} {bottom:.2f} cm /{name} Do"
        )

    @contextmanager
    def link(
        self, url: str, box: tuple[float, float, float, float], *, says: str
    ) -> Iterator[None]:
        """What is drawn inside is a link to this address (ASCII)."""
        edges = " ".join(f"{edge:.2f}" for edge in box)
        number = 1 + len(self._links)  # key 0 of the parent tree is the page
        annotation = self._document.add(
            f"<< /Type /Annot /Subtype /Link /Rect [{edges}] /Border [0 0 0] /F 4 "
            f"/StructParent {number} /Contents {text_string(says)} "
            f"/A << /Type /Action /S /URI /URI <{url.encode('ascii').hex()}> >> >>\n".encode()
        )
        self._annotations.append(annotation)
        with self.tag("Link"):
            element = self._open[-1]
            assert element is not None  # noqa: S101
            self._links.append(element)
            yield
            element.children.append(annotation)

    # -------------------------------------------------------------- the file
    def finish(self, *, title: str, author: str, subject: str, keywords: str, on: date) -> bytes:
        """The file: tagged, archivable, byte-identical for the same marks and words."""
        document, catalog = self._document, self._document.Catalog
        content = "\n".join([*self._code, ""]).encode("ascii")
        document.close_page(
            content, size=self._size, pictures=self._pictures, annotations=self._annotations,
            number=0,
        )  # fmt: skip
        catalog.StructTreeRoot = self._tree()
        catalog.MarkInfo = "<< /Marked true >>"
        catalog.ViewerPreferences = "<< /DisplayDocTitle true >>"
        profile = document.add(Stream(_colours(), "/N 3", packed=True))
        catalog.OutputIntents = document.add(
            b"[ << /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) "
            b"/Info (sRGB) /DestOutputProfile %b >> ]\n" % document.at(profile).encode()
        )
        words = {"title": title, "author": author, "subject": subject, "keywords": keywords}
        catalog.Metadata = document.add(
            Stream(_metadata(words, on, str(catalog.Lang.s)), "/Type /Metadata /Subtype /XML")
        )
        stamp = f"D:{on:%Y%m%d}000000+00'00'"
        return document.finish(
            {
                "Title": title,
                "Author": author,
                "Subject": subject,
                "Keywords": keywords,
                "Creator": PRODUCER,
                "Producer": PRODUCER,
                "CreationDate": stamp,
                "ModDate": stamp,
            }
        )

    def _tree(self) -> Reference:
        """The structure tree, every element an object of its own, in drawing order."""
        document = self._document
        root = document.add(lambda _: tree)
        self._register(self._root, root)
        page_marks = " ".join(document.at(element.reference) for element in self._marks)
        nums = f"0 [{page_marks}]" + "".join(
            f" {key} {document.at(element.reference)}" for key, element in enumerate(self._links, 1)
        )
        tree = (
            f"<< /Type /StructTreeRoot /K {document.at(self._root.reference)} "
            f"/ParentTree << /Nums [{nums}] >> /ParentTreeNextKey {1 + len(self._links)} >>\n"
        ).encode()
        return root

    def _register(self, element: _Element, parent: Reference) -> None:
        document = self._document
        body = b""
        element.reference = document.add(lambda _: body)
        kids = []
        for child in element.children:
            if isinstance(child, _Element):
                self._register(child, element.reference)
                kids.append(document.at(child.reference))
            elif isinstance(child, int):
                kids.append(str(child))
            else:
                kids.append(f"<< /Type /OBJR /Obj {document.at(child)} >>")
        body = (
            f"<< /Type /StructElem /S /{element.role} /P {document.at(parent)} "
            f"/Pg {document.at(self._page)} /K [{' '.join(kids)}]{element.attributes} >>\n"
        ).encode()


_STEP = 120  # readers of text take a wider step for a space


def _show(chunk: bytes, gaps: Sequence[float], lifts: Sequence[float]) -> str:
    """The operators that show these codes; a gap cuts the string in two, a lift its array."""
    if not gaps and not lifts:
        return f"<{chunk.hex()}> Tj"
    pieces = ["[<"]
    for i, code in enumerate(chunk):
        lift = lifts[i] if lifts else 0
        if lift:
            pieces.append(f">] TJ {lift:.2f} Ts [<")
        pieces.append(f"{code:02x}")
        if lift:
            pieces.append(">] TJ 0 Ts [<")
        if gaps and gaps[i]:
            steps = 1 + int(abs(gaps[i]) // _STEP)
            pieces.append(f">{f'{-gaps[i] / steps:g} ' * steps}<")
    return f"{''.join(pieces)}>] TJ"


@lru_cache(maxsize=1)
def _colours() -> bytes:
    """The sRGB profile, compressed."""
    try:
        return zlib.compress((FOLDER / "srgb.icc").read_bytes(), 9)
    except OSError as error:
        raise BrokenFont("srgb.icc") from error


def _metadata(words: dict[str, str], on: date, language: str) -> bytes:
    """The XMP packet: the same words as the information dictionary, and the two standards claimed.

    PDF/A wants the PDF/UA schema described inside the packet.
    """
    said = {key: escape(value) for key, value in words.items()}
    stamp = f"{on:%Y-%m-%d}T00:00:00+00:00"
    return _PACKET.format(**said, stamp=stamp, language=language, producer=PRODUCER).encode()


_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmp:CreateDate>{stamp}</xmp:CreateDate>
<xmp:ModifyDate>{stamp}</xmp:ModifyDate>
<xmp:MetadataDate>{stamp}</xmp:MetadataDate>
<pdf:Producer>{producer}</pdf:Producer>
<pdf:Keywords>{keywords}</pdf:Keywords>
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of PDF/UA that this file conforms to</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""
