"""The page itself: what is on it, who can read it, what it refuses."""

from contextlib import suppress
from datetime import date
from io import BytesIO
from itertools import combinations
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from certificates.pdf import (
    ForbiddenCharacter,
    MissingGlyph,
    TooLong,
    Unprintable,
    UnusableImage,
    render_attestation,
)
from certificates.pdf.facts import KINDS, AttestationFacts
from certificates.pdf.page import BOTTOM, HEIGHT, RIGHT
from certificates.pdf.tagged import Sheet
from certificates.pdf.typefaces import SERIF
from certificates.pdf.wording import WORDS
from tests.certificates.pdf.names import EVERY, NAMES, many
from tests.certificates.pdf.paper import (
    ACCREDITATION,
    elements,
    facts,
    failures,
    operations,
    snapshot,
    text,
)

LANGUAGES = ["fr", "en"]


def one_line(pdf: bytes) -> str:
    return " ".join(text(pdf).split())


def without_blanks(said: str) -> str:
    return "".join(said.split())


# ------------------------------------------------------------------ what it says
def test_the_french_page_says_the_facts_in_french():
    said = one_line(render_attestation(facts(), language="fr"))

    for words in (
        "Académie Q-CROC",
        "Attestation de participation",
        "Nous attestons que Éloïse Béland-Côté Infirmière de recherche",
        "a participé à la formation Bonnes pratiques cliniques : l’essentiel",
        "Version 2 · ICH E6(R3)",
        "2,5 h sur un maximum de 3 h",
        "12 novembre 2026",
        "En ligne",
        "Marc-André Tremblay et Anh Nguyễn",
        "CHUM",
        "Reconnaître les responsabilités de l’équipe",
        "Collège royal des médecins et chirurgiens du Canada · section 1 · nº 2026-114 · 2,5 h",
        "Activité d’apprentissage collectif agréée (section 1)",
        "Sophie Lavoie Directrice scientifique",
        "Délivrée le 22 novembre 2026. Vérifiez le statut en ligne : "
        "https://academie.example/v/4f9c2d1e7b8a4c0f9e3d2b1a6c5d4e3f/",
        "Nº QC-2026-000123-K",
    ):
        assert words in said


def test_the_english_page_says_the_same_facts_in_english():
    said = one_line(render_attestation(facts(), language="en"))

    for words in (
        "Q-CROC Academy",
        "Attestation of participation",
        "Éloïse Béland-Côté Research nurse",
        "took part in the training Good clinical practice: essentials",
        "2.5 h of a maximum of 3 h",
        "November 12, 2026",
        "Royal College of Physicians and Surgeons of Canada · Section 1 · no. 2026-114 · 2.5 h",
        "Scientific director",
        "Issued on November 22, 2026. Check its status online: https://academie.example/v/",
        "No. QC-2026-000123-K",
    ):
        assert words in said
    assert "Infirmière" not in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_heading(kind, language):
    said = one_line(render_attestation(facts(kind=kind), language=language))

    assert WORDS[language].kind[kind] in said
    assert WORDS[language].did[kind] in said


def test_what_is_empty_leaves_no_trace():
    bare = facts(
        profession_fr="", course_version="", ich_version="", objectives_fr=[], partners_fr=[],
        trainers=[], accreditations=[], signatories=[], format_fr="", hours_maximum="",
    )  # fmt: skip
    pdf = render_attestation(bare, language="fr")

    assert failures(pdf) == []
    said = one_line(pdf)
    assert "Version" not in said
    assert "Objectifs" not in said
    assert "Formation donnée par" not in said
    assert "Heures suivies 2,5 h Date 12 novembre 2026" in said


# ------------------------------------------------------------------ who can read it
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_independent_validator_finds_nothing(language):
    pdf = render_attestation(facts(), language=language)

    assert failures(pdf) == []
    # Negative control: the same file with its tags disowned.
    assert failures(pdf.replace(b"/Marked true", b"/Marked null")) != []


def test_title_language_and_structure_are_declared():
    reader = PdfReader(BytesIO(render_attestation(facts(), language="en")))
    root = reader.trailer["/Root"]

    assert root["/Lang"] == "en-CA"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Attestation of participation QC-2026-000123-K"
    assert reader.metadata.author == "Q-CROC Academy"
    assert reader.metadata.subject == "Good clinical practice: essentials"
    assert reader.metadata.creation_date.date() == date(2026, 11, 22)


def test_the_tree_has_one_heading_and_says_what_pictures_are():
    found = elements(render_attestation(facts(), language="fr"))
    roles = [role for role, _ in found]

    assert roles.count("H1") == 1
    assert roles.index("H1") < 4
    alternatives = [node["/Alt"] for role, node in found if role == "Figure"]
    assert alternatives == [
        "Signature de Sophie Lavoie",
        "Code QR qui mène à la page de vérification de cette attestation, "
        "https://academie.example/v/4f9c2d1e7b8a4c0f9e3d2b1a6c5d4e3f/",
    ]
    (link,) = [node for role, node in found if role == "Link"]
    assert link["/K"][1]["/Obj"]["/A"]["/URI"].startswith("https://academie.example/v/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_run_stands_under_a_tag(language):
    depth: list[str] = []
    shown = 0
    for operands, operator in operations(render_attestation(facts(), language=language)):
        if operator == b"BDC":
            assert isinstance(operands[1]["/MCID"], int)
            depth.append(str(operands[0]))
        elif operator == b"BMC":
            depth.append("ornament")
        elif operator == b"EMC":
            depth.pop()
        elif operator in (b"Tj", b"TJ"):
            assert depth[-1:] not in ([], ["ornament"])
            shown += 1
        elif operator in (b"f", b"S", b"Do"):
            assert depth
    assert shown > 20
    assert depth == []


def test_a_name_written_leftward_is_spoken_in_its_own_order():
    found = elements(render_attestation(facts(holder_name="דוד (David) כהן"), language="fr"))

    assert "דוד (David) כהן" in [node.get("/ActualText") for _, node in found]


# ------------------------------------------------------------------ names
@pytest.mark.parametrize(("script", "name"), EVERY)
def test_a_name_is_printed_and_copied_back(script, name):
    pdf = render_attestation(facts(holder_name=name), language="fr")

    assert f" {normalize('NFC', name)} Infirmière" in f" {one_line(pdf)}"


@pytest.mark.parametrize("script", NAMES)
def test_every_script_stays_archivable_and_accessible(script):
    pdf = render_attestation(facts(holder_name=NAMES[script][0]), language="en")

    assert failures(pdf) == []


def test_two_thousand_names_in_twelve_scripts_are_copied_back_letter_for_letter():
    names = many(2000)
    assert len(NAMES) == 12
    assert len(names) == 2000
    wrong = []
    for start in range(0, len(names), 50):
        sheet = Sheet(size=(1200, 1600), language="fr-CA")
        part = names[start : start + 50]
        for i, name in enumerate(part):
            with sheet.tag("P"):
                sheet.write(name, 20, 1570 - 31 * i, face=SERIF, size=18, ink="0 0 0")
        pdf = sheet.finish(title="t", author="a", subject="s", keywords="k", on=date(2026, 1, 1))
        said = text(pdf).split("\n")
        wrong += [(name, line) for name, line in zip(part, said, strict=True) if name != line]
    assert wrong == []


@pytest.mark.parametrize("name", ["देवनागरी", "ไทย", "አማርኛ", "Anne 😀", "ߒߞߏ"])
def test_a_name_that_cannot_be_written_is_refused_and_the_character_named(name):
    with pytest.raises(MissingGlyph) as refusal:
        render_attestation(facts(holder_name=name), language="fr")

    assert refusal.value.char in name


@pytest.mark.parametrize("char", ["\x00", "\n", "\t", "\u202e", "\u200b", "\u2029", "\ue000"])
def test_an_invisible_character_in_a_name_is_refused(char):
    with pytest.raises(ForbiddenCharacter):
        render_attestation(facts(holder_name=f"Jean{char}Roy"), language="fr")


@pytest.mark.parametrize(
    "name",
    [
        "Jean <b>X",
        "<img src='/etc/passwd'/>",
        "<a href='javascript:alert(1)'>A</a>",
        "&lt;para&gt; & <br/>",
        "(Jean) Tj ET EMC \\) \\101",
        "<feff0041> /URI (x) %",
    ],
)
def test_markup_in_a_name_is_printed_as_it_stands(name):
    pdf = render_attestation(facts(holder_name=name, signatories=[]), language="fr")

    assert without_blanks(name) in without_blanks(text(pdf))
    assert failures(pdf) == []
    assert "/XObject" not in PdfReader(BytesIO(pdf)).pages[0]["/Resources"]
    assert pdf.count(b"/URI <") == 1


def test_markup_in_a_title_does_not_reach_the_metadata_as_markup():
    hostile = facts(course_title_fr="</rdf:li><x:evil/> & <b>", number="QC]]>&-1")
    pdf = render_attestation(hostile, language="fr")

    assert failures(pdf) == []
    metadata = PdfReader(BytesIO(pdf)).xmp_metadata
    assert metadata.dc_description == {"x-default": "</rdf:li><x:evil/> & <b>"}
    assert metadata.pdf_keywords == "QC]]>&-1"


LETTERS = sorted({char for _, name in EVERY for char in name} | set("()/-.123<&\\"))


@settings(max_examples=50, deadline=None)
@given(st.one_of(st.text(max_size=80), st.text(st.sampled_from(LETTERS), min_size=1, max_size=80)))
def test_any_text_is_either_printed_or_refused(name):
    pdf = b""
    with suppress(Unprintable):
        pdf = render_attestation(
            facts(holder_name=name, course_title_fr=f"T {name}"), language="fr"
        )
    assert not pdf or failures(pdf) == []


# ------------------------------------------------------------------ any length
LONG_NAME = ("Maria-Alexandrina Konstantinopoulou de la Fontaine " * 4)[:200].strip()
LONG_TITLE = ("Les essais cliniques décentralisés en oncologie pédiatrique et adulte " * 4).strip()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"holder_name": LONG_NAME, "course_title_fr": LONG_TITLE, "course_title_en": LONG_TITLE},
        {"holder_name": "W" * 200},
        {"accreditations": [ACCREDITATION] * 6, "partners_fr": ["CHU de Québec"] * 6},
        {"trainers": [LONG_NAME] * 3, "place": LONG_TITLE[:120]},
        {"signatories": [{"name": LONG_NAME[:90], "title_fr": LONG_TITLE[:120],
                          "title_en": LONG_TITLE[:120]}] * 4},
        {"issuer_fr": LONG_TITLE[:90], "issuer_en": LONG_TITLE[:90], "number": "QC-" + "9" * 29},
        {"holder_name": "漢" * 120, "course_title_fr": "漢" * 150},
        {"objectives_fr": ["Reconnaître les responsabilités"] * 30},
        {"accreditations": [], "signatories": [], "objectives_fr": [], "objectives_en": []},
    ],
    ids=["usual", "long", "one word", "many accreditations", "trainers", "signatories", "issuer",
         "han", "objectives", "short"],
)  # fmt: skip
def test_nothing_runs_into_anything_or_off_the_page(changes, language, monkeypatch):
    boxes = []
    write = Sheet.write

    def noted(sheet, said, x, y, *, face, size, ink):
        wide = write(sheet, said, x, y, face=face, size=size, ink=ink)
        boxes.append((x, y - 0.2 * size, x + wide, y + 0.66 * size, said))
        return wide

    monkeypatch.setattr(Sheet, "write", noted)
    pdf = render_attestation(facts(**changes), language=language)

    assert failures(pdf) == []
    assert all(size_is_legible(box) for box in boxes)
    for left, bottom, right, top, said in boxes:
        assert (left >= 0, right <= RIGHT + 0.5) == (True, True), said
        assert (bottom >= BOTTOM - 8, top <= HEIGHT - 20) == (True, True), said
    for one, other in combinations(boxes, 2):
        apart = (
            one[2] <= other[0] + 0.1
            or other[2] <= one[0] + 0.1
            or one[3] <= other[1] + 0.1
            or other[3] <= one[1] + 0.1
        )
        assert apart, (one, other)


def size_is_legible(box: tuple[float, float, float, float, str]) -> bool:
    return (box[3] - box[1]) / 0.86 >= 6.0


def test_what_no_page_can_hold_is_refused():
    with pytest.raises(TooLong):
        render_attestation(facts(accreditations=[ACCREDITATION] * 30), language="fr")
    with pytest.raises(TooLong):
        render_attestation(facts(signatories=[{"name": "A"}] * 5), language="fr")


def test_a_damaged_signature_image_stops_the_page():
    damaged = AttestationFacts.from_snapshot(
        snapshot(), images={"signatures/lavoie.png": b"not an image"}
    )

    with pytest.raises(UnusableImage, match="Sophie Lavoie"):
        render_attestation(damaged, language="fr")
