"""What an uploaded table may weigh, and the one way of refusing it."""

from dataclasses import dataclass, field

MEGABYTE = 1024 * 1024


class UnreadableTable(Exception):  # noqa: N818 - its text is a sentence for a person
    """Not readable as a table; `str()` says what is wrong and what to do, ready to show."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings of one upload. Rows are rows of data: titles and headings come on top."""

    max_bytes: int = 100 * MEGABYTE
    max_rows: int = 500_000
    max_line: int = 1_000_000  # characters of one physical line
    # Workbooks only: what stands inside the archive.
    max_entries: int = 200
    max_unpacked: int = 50 * MEGABYTE
    max_ratio: int = 100
    max_cells: int = 2_000_000  # of the rectangle that holds every filled cell


LIMITS = Limits()


@dataclass(slots=True)
class Lines:
    """Line numbers for one sentence of warning: the first few, and how many in all."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, line: int | str) -> None:
        self.count += 1
        if len(self.first) < 5:
            self.first.append(str(line))

    def __str__(self) -> str:
        return ", ".join(self.first) + ("…" if self.count > len(self.first) else "")
