"""The page: A4 on its side, a deep panel with the constellation, and the words beside it.

Facts of any length are set by trying: at full size first, then smaller step by step until all stand
between the margins; below the smallest legible size TooLong is raised. What is optional
(objectives) goes first. The order of drawing is the order of reading.
"""

from collections.abc import Iterator

from reportlab.lib.pagesizes import A4, landscape

from certificates.pdf import images, motif, qr
from certificates.pdf.facts import Accreditation, AttestationFacts, Language, Signatory
from certificates.pdf.layout import Paragraph, Placed, Row, Style, draw, height, lines
from certificates.pdf.refusals import TooLong
from certificates.pdf.scripts import clean, clean_name
from certificates.pdf.tagged import Sheet
from certificates.pdf.typefaces import ITALIC, SERIF, STRONG, TEXT, width
from certificates.pdf.wording import WORDS, Words, day, days, hours, listed

WIDTH, HEIGHT = landscape(A4)
PANEL = 216.0
LEFT, RIGHT, TOP, BOTTOM = PANEL + 46.0, WIDTH - 44.0, HEIGHT - 46.0, 40.0
ROOM = RIGHT - LEFT
SCALES = (1.0, 0.96, 0.92, 0.88, 0.84, 0.8, 0.76, 0.72, 0.68, 0.64, 0.6, 0.56, 0.52)


def _ink(colour: str) -> str:
    """`#rrggbb` as an operator takes it."""
    return " ".join(f"{int(colour[i : i + 2], 16) / 255:.3f}" for i in (1, 3, 5))


# The tokens of the site's light scheme, and of its deep grounds.
INK, SOFT, LINE, ACTION = _ink("#13292f"), _ink("#45595f"), _ink("#d0dcde"), _ink("#0b5563")
DEEP, RIVER, THREAD, STAR = _ink("#083f4a"), _ink("#194c57"), _ink("#478892"), _ink("#b6e6eb")
WHITE, PALE = _ink("#ffffff"), _ink("#cfe5e8")

H1 = Style(SERIF, 25, ACTION, 1.15)
LEAD = Style(ITALIC, 12.5, SOFT)
NAME = Style(SERIF, 34, INK, 1.16)
PROFESSION = Style(TEXT, 10.5, SOFT)
TITLE = Style(SERIF, 19, ACTION, 1.22)
LABEL = Style(STRONG, 7.6, ACTION, 1.5)
FACT = Style(TEXT, 10, INK)
SMALL = Style(TEXT, 8.4, INK, 1.42)
NOTE = Style(TEXT, 7.2, SOFT, 1.4)


def draw_attestation(facts: AttestationFacts, language: Language) -> bytes:
    """The file of these facts in this language. Raises refusals.Unprintable."""
    words = WORDS[language]
    sheet = Sheet(size=(WIDTH, HEIGHT), language=words.locale)
    _ground(sheet)
    foot = _foot_height(facts, language)
    room = TOP - BOTTOM - foot
    column = _fitting(facts, language, words, room)
    draw(sheet, column, left=LEFT, top=TOP, room=room)
    _signatories(sheet, facts, language, words)
    _foot(sheet, facts, language, words)
    _panel(sheet, facts, words)
    number, title = clean(facts.number), clean(facts.said("course_title", language))
    return sheet.finish(
        title=f"{words.kind[facts.kind]} {number}",
        author=clean(facts.said("issuer", language)),
        subject=title,
        keywords=number,
        on=facts.issued,
    )
