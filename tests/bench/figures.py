"""Arithmetic of the benchmarks: rates, percentiles, ratios."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Shift:
    """What one process did between two moments of the machine's clock (seconds)."""

    began: float
    ended: float
    waits: list[float]  # seconds each decision or claim took, in order
    errors: list[str] = field(default_factory=list)


@dataclass
class Stretch:
    """What all processes did together from the first beginning to the last end; adds up."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def add(self, shifts: Sequence[Shift]) -> None:
        """One more round of work, as its processes saw it."""
        self.seconds += max(each.ended for each in shifts) - min(each.began for each in shifts)
        for shift in shifts:
            self.waits += shift.waits
            self.errors += shift.errors

    def join(self, other: "Stretch") -> None:
        """Another stretch of the same work."""
        self.seconds += other.seconds
        self.waits += other.waits
        self.errors += other.errors

    @property
    def rate(self) -> float:
        """Decisions or claims a second."""
        return len(self.waits) / self.seconds if self.seconds else 0.0

    def wait_ms(self, percent: float) -> float:
        """The wait that so many percent of all did not exceed, in milliseconds."""
        return 1000 * percentile(self.waits, percent)


def percentile(values: Sequence[float], percent: float) -> float:
    """The nearest rank: the smallest value that `percent` of all do not exceed; 0 of none."""
    if not values:
        return 0.0
    place = max(1, math.ceil(len(values) * percent / 100))
    return sorted(values)[place - 1]


def ratio_of(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of neighbours in time: noise of the machine falls on both."""
    pairs = [mine / other for mine, other in zip(ours, theirs, strict=True) if other]
    return median(pairs) if pairs else 0.0
