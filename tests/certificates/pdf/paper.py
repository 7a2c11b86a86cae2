"""Facts to print, and independent eyes to read the page with."""

import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import page as page_validation
from PIL import Image, ImageDraw
from pypdf import PdfReader
from pypdf.generic import ContentStream

from certificates.pdf import AttestationFacts

STATEMENT_FR = (
    "Activité d’apprentissage collectif agréée (section 1) au sens que lui donne le programme de "
    "Maintien du certificat du Collège royal des médecins et chirurgiens du Canada. Vous pouvez "
    "déclarer un maximum de 3 heures (les crédits sont calculés automatiquement)."
)
STATEMENT_EN = (
    "This event is an Accredited Group Learning Activity (Section 1) as defined by the Maintenance "
    "of Certification program of the Royal College of Physicians and Surgeons of Canada. You may "
    "claim a maximum of 3 hours (credits are automatically calculated)."
)
ACCREDITATION = {
    "body_fr": "Collège royal des médecins et chirurgiens du Canada",
    "body_en": "Royal College of Physicians and Surgeons of Canada",
    "section_fr": "section 1",
    "section_en": "Section 1",
    "number": "2026-114",
    "hours": "2.50",
    "statement_fr": STATEMENT_FR,
    "statement_en": STATEMENT_EN,
    "disclosure_fr": "",
    "disclosure_en": "",
}


def snapshot(**changes: Any) -> dict[str, Any]:
    """A frozen snapshot as the certificates app writes it, with these changes."""
    return {
        "schema": 1,
        "kind": "participation",
        "number": "QC-2026-000123-K",
        "verify_url": "https://academie.example/v/4f9c2d1e7b8a4c0f9e3d2b1a6c5d4e3f/",
        "issued_on": "2026-11-22",
        "issuer_fr": "Académie Q-CROC",
        "issuer_en": "Q-CROC Academy",
        "holder_name": "Éloïse Béland-Côté",
        "profession_fr": "Infirmière de recherche",
        "profession_en": "Research nurse",
        "course_title_fr": "Bonnes pratiques cliniques : l’essentiel",
        "course_title_en": "Good clinical practice: essentials",
        "course_version": 2,
        "ich_version": "ICH E6(R3)",
        "objectives_fr": ["Reconnaître les responsabilités de l’équipe"],
        "objectives_en": ["Recognize the responsibilities of the team"],
        "partners_fr": ["CHUM"],
        "partners_en": ["CHUM"],
        "started_on": "2026-11-12",
        "ended_on": "2026-11-12",
        "format_fr": "En ligne",
        "format_en": "Online",
        "place": "",
        "trainers": ["Marc-André Tremblay", "Anh Nguyễn"],
        "hours_attended": "2.50",
        "hours_maximum": "3.00",
        "accreditations": [ACCREDITATION],
        "signatories": [
            {
                "name": "Sophie Lavoie",
                "title_fr": "Directrice scientifique",
                "title_en": "Scientific director",
                "image": "signatures/lavoie.png",
            }
        ],
    } | changes


def drawn_image(fmt: str = "PNG", size: tuple[int, int] = (300, 100)) -> bytes:
    image = Image.new("RGBA", size, (255, 255, 255, 0))
    stroke = [(0.07, 0.7), (0.3, 0.2), (0.53, 0.8), (0.93, 0.3)]
    points = [(x * size[0], y * size[1]) for x, y in stroke]
    ImageDraw.Draw(image).line(points, (10, 20, 90), 6)
    out = BytesIO()
    (image.convert("RGB") if fmt == "JPEG" else image).save(out, fmt)
    return out.getvalue()


def facts(**changes: Any) -> AttestationFacts:
    images = {"signatures/lavoie.png": drawn_image()}
    return AttestationFacts.from_snapshot(snapshot(**changes), images=images)


def failures(pdf: bytes) -> list[str]:
    """What an independent validator holds against the file, under PDF/A-2a and PDF/UA-1."""
    return [
        f"{profile} {failure.rule_id}: {failure.message}"
        for profile in ("2a", "ua1")
        for failure in page_validation.validate_pdf_bytes(pdf, profile=profile).failures
    ]


def text(pdf: bytes) -> str:
    return PdfReader(BytesIO(pdf)).pages[0].extract_text()


def operations(pdf: bytes) -> list[tuple[list[Any], bytes]]:
    """Operands and operator of every step of the page's content."""
    reader = PdfReader(BytesIO(pdf))
    return ContentStream(reader.pages[0].get_contents(), reader).operations


def elements(pdf: bytes) -> list[tuple[str, dict[str, Any]]]:
    """Role and attributes of every element of the structure tree, in reading order."""
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]
    found = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict) and "/S" in node:
            found.append((str(node["/S"])[1:], node))
            walk(node["/K"])

    walk(root["/K"])
    return found


def poppler(tool: str, pdf: bytes, folder: Path) -> str:
    """What a tool of poppler-utils says of the file."""
    path = folder / "file.pdf"
    path.write_bytes(pdf)
    arguments = [tool, str(path), "-"] if tool == "pdftotext" else [tool, str(path)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout
