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
from certificates.pdf.wording import NBSP, WORDS, Words, day, days, hours, listed

WIDTH, HEIGHT = landscape(A4)
PANEL = 216.0
LEFT, RIGHT, TOP, BOTTOM = PANEL + 46.0, WIDTH - 44.0, HEIGHT - 46.0, 40.0
ROOM = RIGHT - LEFT
SCALES = (1.2, 1.13, 1.06, 1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5)


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
LABEL = Style(STRONG, 7.8, ACTION, 1.5)
FACT = Style(TEXT, 10, INK)
SMALL = Style(TEXT, 8.4, INK, 1.42)
SIGNER = Style(STRONG, 9, INK, 1.35)
OFFICE = Style(TEXT, 8, SOFT, 1.35)
NOTE = Style(TEXT, 7.2, SOFT, 1.45)
WORDMARK = Style(SERIF, 21, WHITE, 1.14)
NUMBER = Style(STRONG, 10, WHITE)

CARD = 118.0  # the white card that holds the code
CODE = 112.0  # the code with its quiet zone
IMAGE = (132.0, 34.0)  # the largest signature


def draw_attestation(facts: AttestationFacts, language: Language) -> bytes:
    """The file of these facts in this language. Raises refusals.Unprintable."""
    words = WORDS[language]
    number = clean(facts.number)
    sheet = Sheet(size=(WIDTH, HEIGHT), language=words.locale)
    foot = _Foot(facts, language, words)
    room = TOP - BOTTOM - foot.height
    column = _fitting(facts, language, words, room)

    _ground(sheet)
    wordmark = _shrunk(clean(facts.said("issuer", language)), WORDMARK, 112.0, (2, 3, 6))
    wordmark.draw(sheet, 28, HEIGHT - 38)
    draw(sheet, column, left=LEFT, top=TOP, room=room)
    foot.draw(sheet)
    _code(sheet, facts, words)
    return sheet.finish(
        title=f"{words.kind[facts.kind]} {number}",
        author=clean(facts.said("issuer", language)),
        subject=clean(facts.said("course_title", language)),
        keywords=number,
        on=facts.issued,
    )


# ------------------------------------------------------------------ the words
def _fitting(
    facts: AttestationFacts, language: Language, words: Words, room: float
) -> list[Placed]:
    """The column at the largest scale at which it fits; objectives only where there is room."""
    generous = [(scale, True) for scale in SCALES if scale >= 0.9]
    for scale, has_objectives in [*generous, *((scale, False) for scale in SCALES)]:
        column = _column(facts, language, words, scale, has_objectives)
        if height(column) <= room:
            return column
    raise TooLong


def _column(
    facts: AttestationFacts, language: Language, words: Words, scale: float, has_objectives: bool
) -> list[Placed]:
    def place(block: Paragraph | Row, gap: float, stretch: float = 0.0) -> None:
        column.append(Placed(block, gap * scale, stretch))

    def small(text: str, style: Style = SMALL, label: str = "") -> Paragraph:
        name = LABEL.scaled(scale) if label else None
        return Paragraph(text, style.scaled(scale), ROOM, label=label, label_style=name)

    column: list[Placed] = []
    place(Paragraph(words.kind[facts.kind], H1.scaled(scale), ROOM, role="H1"), 0)
    place(small(words.attests, LEAD), 18, 2)
    holder = clean_name(facts.holder_name)
    place(_shrunk(holder, NAME.scaled(scale), ROOM, (1, 2, 3, 5)), 3)
    if profession := clean(facts.said("profession", language)):
        place(small(profession, PROFESSION), 1)
    place(small(words.did[facts.kind], LEAD), 10, 1)
    title = clean(facts.said("course_title", language))
    place(_shrunk(title, TITLE.scaled(scale), ROOM, (2, 3, 6)), 3)
    if edition := _edition(facts, words):
        place(small(edition, PROFESSION), 2)
    for i, row in enumerate(_rows(list(_cells(facts, language, words)), scale)):
        place(row, 7 if i else 12, 0 if i else 1.4)
    objectives = [clean(each).rstrip(" .;") for each in facts.said("objectives", language)]
    if has_objectives and objectives:
        place(small(" · ".join(objectives), label=words.objectives), 8, 0.3)
    for i, accreditation in enumerate(facts.accreditations):
        label, text = _accreditation(accreditation, language, words)
        place(small(text, label=label), 5 if i else 11, 0 if i else 1)
    return column


def _shrunk(text: str, style: Style, room: float, limits: tuple[int, ...]) -> Paragraph:
    """The text as large as it can be: on the first limit of lines if it need not shrink much."""
    for step, limit in enumerate(limits):
        for factor in (1.0, 0.92, 0.85, 0.78, 0.71, 0.64):
            size = style.size * factor * 0.86**step
            if len(lines(text, style.face, size, room)) <= limit:
                fitted = Style(style.face, size, style.ink, style.leading)
                return Paragraph(text, fitted, room, is_balanced=True)
    return Paragraph(text, style.scaled(0.35), room, is_balanced=True)


def _cells(facts: AttestationFacts, language: Language, words: Words) -> Iterator[tuple[str, str]]:
    """Label and value of each fact, as it is read."""
    attended = hours(facts.hours_attended, language)
    if facts.hours_maximum:
        maximum = hours(facts.hours_maximum, language)
        yield words.hours[facts.kind], words.out_of.format(attended, maximum)
    else:
        yield words.hours[facts.kind], words.accreditation_hours.format(attended)
    yield words.when, days(facts.started_on, facts.ended_on, language)
    way, place = clean(facts.said("format", language)), clean(facts.place)
    if way or place:
        yield (words.where if place else words.way), ", ".join(filter(None, (way, place)))
    if facts.trainers:
        yield words.taught_by, listed([_whole(name) for name in facts.trainers], language)
    partners = facts.said("partners", language)
    if partners:
        yield words.partners, listed([clean(name) for name in partners], language)


def _whole(name: str) -> str:
    """A name that is not broken at the end of a line, unless it is too long for one."""
    name = clean_name(name)
    return name.replace(" ", NBSP) if len(name) <= 30 else name


def _edition(facts: AttestationFacts, words: Words) -> str:
    """Which version of the course, and of good clinical practice, it was."""
    course = clean(facts.course_version)
    parts = [words.version.format(course)] if course else []
    return " · ".join([*parts, *filter(None, [clean(facts.ich_version)])])


def _rows(cells: list[tuple[str, str]], scale: float) -> Iterator[Row]:
    """Three facts a row, in columns of one width."""
    gutter = 14.0
    column = (ROOM - 2 * gutter) / 3
    for start in range(0, len(cells), 3):
        part = cells[start : start + 3]
        yield Row(
            tuple(
                Paragraph(
                    value, FACT.scaled(scale), column, label=label, label_style=LABEL.scaled(scale)
                )
                for label, value in part
            ),
            tuple(i * (column + gutter) for i in range(len(part))),
        )


def _accreditation(
    accreditation: Accreditation, language: Language, words: Words
) -> tuple[str, str]:
    """Its heading (body, section, number, hours) and its statement with the disclosure."""

    def said(name: str) -> str:
        return clean(getattr(accreditation, f"{name}_{language}"))

    number = clean(accreditation.number)
    heading = [said("body"), said("section")]
    heading.append(words.accreditation_number.format(number) if number else "")
    if accreditation.hours:
        counted = hours(accreditation.hours, language)
        heading.append(words.accreditation_hours.format(counted))
    text = " ".join(filter(None, (said("statement"), said("disclosure"))))
    return " · ".join(filter(None, heading)), text


# ------------------------------------------------------------------ the foot
class _Foot:
    """Signatures, issue date and address of verification, measured before they are drawn."""

    def __init__(self, facts: AttestationFacts, language: Language, words: Words) -> None:
        self.facts, self.words = facts, words
        count = max(len(facts.signatories), 3)
        if count > 4:
            raise TooLong
        self.pitch = (ROOM + 20) / count
        self.signers = [
            _Signer(each, language, self.pitch - 20, words) for each in facts.signatories
        ]
        self.url = clean(facts.verify_url)
        self.issued = words.issued.format(day(facts.issued_on, language))
        self.note = Paragraph(words.note, NOTE, ROOM)
        self.check_height = FACT.size * 1.4 + self.note.height
        tallest = max((signer.height for signer in self.signers), default=0.0)
        self.height = tallest + self.check_height + (34 if self.signers else 18)

    def draw(self, sheet: Sheet) -> None:
        base = BOTTOM + self.check_height
        for i, signer in enumerate(self.signers):
            signer.draw(sheet, LEFT + i * self.pitch, base + 18)
        with sheet.ornament():
            sheet.draw(
                f"{LINE} RG 0.6 w {LEFT:.2f} {base + 6:.2f} m {RIGHT:.2f} {base + 6:.2f} l S"
            )
        y = base - 7.5
        with sheet.tag("P"):
            size = self._size()
            x = LEFT + sheet.write(f"{self.issued}. ", LEFT, y, face=STRONG, size=size, ink=INK)
            x += sheet.write(f"{self.words.check} ", x, y, face=TEXT, size=size, ink=INK)
            end = x + width(self.url, TEXT, size)
            says = self.words.link_says.format(clean(self.facts.number))
            with sheet.link(self.url, (x, y - 3, end, y + size), says=says):
                sheet.write(self.url, x, y, face=TEXT, size=size, ink=ACTION)
        self.note.draw(sheet, LEFT, BOTTOM + self.note.height)

    def _size(self) -> float:
        """One line: an address cut in two cannot be copied."""
        whole = width(f"{self.issued}. ", STRONG, 1) + width(
            f"{self.words.check} {self.url}", TEXT, 1
        )
        return min(8.6, ROOM / whole)


class _Signer:
    """One signature: image above a line, name and office below it."""

    def __init__(self, signatory: Signatory, language: Language, room: float, words: Words) -> None:
        name = clean_name(signatory.name)
        self.room, self.alt = room, words.signature_alt.format(name)
        self.image = images.signature(signatory.image, name=name) if signatory.image else None
        office = signatory.title_fr if language == "fr" else signatory.title_en
        self.words = [Paragraph(name, SIGNER, room), Paragraph(clean(office), OFFICE, room)]
        self.below = sum(block.height for block in self.words)
        self.height = IMAGE[1] + 7 + self.below

    def draw(self, sheet: Sheet, left: float, bottom: float) -> None:
        rule = bottom + self.below + 4
        if self.image:
            wide = min(IMAGE[0], self.room, IMAGE[1] * self.image.ratio)
            high = wide / self.image.ratio
            box = (left, rule + 2, left + wide, rule + 2 + high)
            with sheet.tag("Figure", alt=self.alt, box=box):
                sheet.picture(self.image.stream, box)
        with sheet.ornament():
            sheet.draw(
                f"{SOFT} RG 0.5 w {left:.2f} {rule:.2f} m {left + self.room:.2f} {rule:.2f} l S"
            )
        top = rule - 4
        for block in self.words:
            if block.text:
                block.draw(sheet, left, top)
                top -= block.height


# ------------------------------------------------------------------ the panel
def _ground(sheet: Sheet) -> None:
    constellation = motif.drawing(
        left=0, bottom=176, width=PANEL, height=HEIGHT - 176, river=RIVER, threads=THREAD,
        stars=STAR, size=1.3,
    )  # fmt: skip
    left, bottom = (PANEL - CARD) / 2, 62.0
    with sheet.ornament():
        sheet.draw(
            f"{DEEP} rg 0 0 {PANEL} {HEIGHT:.2f} re f "
            f"0 0 {PANEL} {HEIGHT:.2f} re W n {constellation} "
            f"{WHITE} rg {left:.2f} {bottom:.2f} {CARD} {CARD} re f"
        )


def _code(sheet: Sheet, facts: AttestationFacts, words: Words) -> None:
    number = clean(facts.number)
    left, bottom = (PANEL - CODE) / 2, 62.0 + (CARD - CODE) / 2
    box = (left, bottom, left + CODE, bottom + CODE)
    with sheet.tag("Figure", alt=words.qr_alt.format(clean(facts.verify_url)), box=box):
        drawn = qr.path(facts.verify_url, left=left, bottom=bottom, side=CODE)
        sheet.draw(f"{DEEP} rg {drawn}")
    said = words.number.format(number)
    size = min(NUMBER.size, (PANEL - 40) / width(said, STRONG, 1))
    middle = (PANEL - width(said, STRONG, size)) / 2
    with sheet.tag("P"):
        sheet.write(said, middle, 40, face=STRONG, size=size, ink=WHITE)
