"""Blocks of text: measured first, drawn after, so that nothing ever runs into anything.

A block knows its height before it is drawn. Lines break at spaces (never at no-break spaces), after
Han and kana, after `/`, and, in a word wider than the column, anywhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from certificates.pdf.scripts import is_simple
from certificates.pdf.tagged import Sheet
from certificates.pdf.typefaces import width

_PIECES = re.compile(r"[^ ]+ *| +")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


@dataclass(frozen=True)
class Style:
    """A face at a size (points); `leading` is the distance of baselines as a share of the size."""

    face: str
    size: float
    ink: str
    leading: float = 1.35

    def scaled(self, factor: float, floor: float = 6.2) -> "Style":
        return replace(self, size=max(self.size * factor, min(floor, self.size)))


@lru_cache(maxsize=512)
def lines(text: str, face: str, size: float, room: float) -> tuple[str, ...]:
    """The text broken into lines no wider than `room` points."""
    if not text:
        return ()
    if width(text, face, size) <= room:
        return (text,)
    done: list[str] = []
    line = ""
    for piece in _pieces(text):
        if not line or width((line + piece).rstrip(" "), face, size) <= room:
            line += piece
        else:
            done.append(line)
            line = piece
        while width(line.rstrip(" "), face, size) > room and len(line.rstrip(" ")) > 1:
            fits = _fitting(line, face, size, room)
            done.append(line[:fits])
            line = line[fits:]
    return tuple(each.strip(" ") for each in (*done, line) if each.strip(" "))


def balanced(text: str, face: str, size: float, room: float) -> tuple[str, ...]:
    """As `lines`, its lines as equal in length as the same number of lines allows."""
    broken = lines(text, face, size, room)
    if len(broken) < 2:
        return broken
    widest = max(width(piece.rstrip(" "), face, size) for piece in _pieces(text))
    low, high = min(max(room / 2, widest), room), room
    while high - low > 2:
        middle = (low + high) / 2
        if len(lines(text, face, size, middle)) > len(broken):
            low = middle
        else:
            high = middle
    return lines(text, face, size, high)


def _pieces(text: str) -> Iterator[str]:
    for word in _PIECES.findall(text):
        if _EAST_ASIAN.search(word):
            yield from word
        else:
            yield word


def _fitting(line: str, face: str, size: float, room: float) -> int:
    """How many characters of an overlong word stand on one line; at least one."""
    low, high = 1, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        if width(line[:middle], face, size) <= room:
            low = middle
        else:
            high = middle - 1
    return low


@dataclass(frozen=True)
class Paragraph:
    """Lines under one tag, from the left edge of their column.

    `label`, when given, stands in its own style before the text, on a line of its own.
    """

    text: str
    style: Style
    room: float
    role: str = "P"
    label: str = ""
    label_style: Style | None = None
    is_balanced: bool = False

    @property
    def broken(self) -> tuple[str, ...]:
        breaking = balanced if self.is_balanced else lines
        return breaking(self.text, self.style.face, self.style.size, self.room)

    @property
    def height(self) -> float:
        label = self.label_style.size * self.label_style.leading if self.label_style else 0
        return label + len(self.broken) * self.style.size * self.style.leading

    def draw(self, sheet: Sheet, left: float, top: float) -> None:
        """The top of the block is the top of its first line."""
        spoken = "" if is_simple(self.text) else " ".join(filter(None, (self.label, self.text)))
        with sheet.tag(self.role, spoken=spoken):
            if self.label and self.label_style:
                top = _line(sheet, self.label, self.label_style, left, top)
            for line in self.broken:
                top = _line(sheet, line, self.style, left, top)


def _line(sheet: Sheet, text: str, style: Style, left: float, top: float) -> float:
    """Draws one line and gives the top of the next."""
    pitch = style.size * style.leading
    baseline = top - pitch / 2 - style.size * 0.34
    sheet.write(text, left, baseline, face=style.face, size=style.size, ink=style.ink)
    return top - pitch


@dataclass(frozen=True)
class Row:
    """Blocks side by side, their tops aligned."""

    cells: tuple[Paragraph, ...]
    offsets: tuple[float, ...]

    @property
    def height(self) -> float:
        return max((cell.height for cell in self.cells), default=0.0)

    def draw(self, sheet: Sheet, left: float, top: float) -> None:
        for cell, offset in zip(self.cells, self.offsets, strict=True):
            cell.draw(sheet, left + offset, top)


@dataclass(frozen=True)
class Placed:
    """A block of a column, the space above it, and how much of what is left over it takes."""

    block: Paragraph | Row
    gap: float
    stretch: float = 0.0


def height(column: list[Placed]) -> float:
    return sum(placed.gap + placed.block.height for placed in column)


def draw(sheet: Sheet, column: list[Placed], *, left: float, top: float, room: float) -> None:
    """The column from `top` down, what is left of `room` shared among its gaps."""
    spare = max(room - height(column), 0.0)
    shares = sum(placed.stretch for placed in column) or 1.0
    for placed in column:
        top -= placed.gap + spare * placed.stretch / shares
        placed.block.draw(sheet, left, top)
        top -= placed.block.height
