from io import BytesIO

import pytest
import reportlab
from pypdf import PdfReader

from certificates.pdf import seams
from certificates.pdf.seams import Document, Stream, text_string
from certificates.pdf.tagged import Sheet
from certificates.pdf.typefaces import SERIF, font
from tests.certificates.pdf.paper import failures


def test_the_seams_fit_this_reportlab():
    # A new series: draw the samples of test_attestations, validate them, then move this on.
    assert reportlab.__version__.startswith(f"{seams.REPORTLAB}.")


@pytest.mark.parametrize("last", [b"\r", b"\n", b"\r\n", b"x"])
def test_a_stream_keeps_its_length_whatever_byte_it_ends_with(last):
    document = Document(language="fr-CA")
    content = b"%" + last
    body = Stream(content).body

    assert body.endswith(content + b"\r\nendstream\n")
    assert b"/Length %d " % len(content) in body
    assert document.add(Stream(content)) is not None


def test_a_text_string_holds_any_script():
    assert text_string("é)") == "<feff00e90029>"


def test_the_subset_of_common_letters_is_cut_once():
    letters = font(SERIF)
    before = letters._subset.cache_info().misses
    for name in ("Anne", "Zoé"):
        _one_line(name)

    assert letters._subset.cache_info().misses - before <= 1


def test_letters_beyond_the_common_ones_are_embedded_too():
    pdf = _one_line("Łukasz Żółć")

    assert failures(pdf) == []
    fonts = PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"]
    assert len(fonts) == 2  # the common subset and one more
    for each in fonts.values():
        assert "/FontFile2" in each["/FontDescriptor"]


def test_reportlab_itself_is_left_as_it_was():
    catalog = seams.pdfdoc.PDFCatalog.__NoDefault__
    page = seams.pdfdoc.PDFPage.__NoDefault__

    assert "OutputIntents" not in catalog
    assert "StructParents" not in page


def _one_line(text: str) -> bytes:
    from datetime import date

    sheet = Sheet(size=(300, 100), language="fr-CA")
    with sheet.tag("H1"):
        sheet.write(text, 20, 40, face=SERIF, size=20, ink="0 0 0")
    return sheet.finish(title="t", author="a", subject="s", keywords="k", on=date(2026, 11, 22))
