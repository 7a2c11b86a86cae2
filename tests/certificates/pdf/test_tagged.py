from datetime import date

import pytest

from certificates.pdf.tagged import Sheet
from certificates.pdf.typefaces import TEXT
from tests.certificates.pdf.paper import elements, failures


def test_nothing_is_drawn_outside_a_tag_or_an_ornament():
    sheet = Sheet(size=(300, 100), language="fr-CA")

    with pytest.raises(RuntimeError):
        sheet.write("Bonjour", 10, 10, face=TEXT, size=10, ink="0 0 0")
    with pytest.raises(RuntimeError):
        sheet.draw("0 0 10 10 re f")


def test_elements_nest_and_a_link_reaches_its_annotation():
    sheet = Sheet(size=(300, 100), language="en-CA")
    with sheet.tag("H1"):
        sheet.write("Title", 10, 80, face=TEXT, size=12, ink="0 0 0")
    with sheet.tag("P"):
        sheet.write("See ", 10, 60, face=TEXT, size=10, ink="0 0 0")
        with sheet.link("https://example.org/", (30, 58, 90, 70), says="Example"):
            sheet.write("example", 30, 60, face=TEXT, size=10, ink="0 0 0")
        sheet.write(" today.", 90, 60, face=TEXT, size=10, ink="0 0 0")
    with sheet.ornament():
        sheet.draw("0 0 10 10 re f")
    pdf = sheet.finish(title="t", author="a", subject="s", keywords="k", on=date(2026, 11, 22))

    assert failures(pdf) == []
    found = elements(pdf)
    assert [role for role, _ in found] == ["Document", "H1", "P", "Link"]
    paragraph, link = found[2][1], found[3][1]
    assert [kind(kid) for kid in paragraph["/K"]] == ["int", "Link", "int"]
    annotation = link["/K"][1]["/Obj"]
    assert annotation["/A"]["/URI"] == "https://example.org/"
    assert annotation["/StructParent"] == 1


def kind(kid: object) -> str:
    return "int" if isinstance(kid, int) else str(kid.get_object()["/S"])[1:]
