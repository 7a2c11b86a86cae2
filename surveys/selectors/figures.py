"""The figures the network publishes, defined once.

- Response rate = invitations answered among people present / people present.
- Satisfaction = answers 4 and 5 / answers 1 to 5 to the overall question, others left out, with n
  and the Wilson 95 % interval.
- NPS = % of 9 and 10 - % of 0 to 6.
No figure is shown under five answers; under ten it is marked as resting on few answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from django.db.models import Count
from django.db.models.fields.json import KeyTextTransform

from attendance.choices import PresenceStatus
from attendance.models import Attendance
from courses.models import Session
from surveys.choices import (
    FEW_ANSWERS,
    MINIMUM_GROUP,
    NPS_KEY,
    SATISFACTION_KEY,
    InvitationState,
)
from surveys.models import Invitation, Response, Survey

Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Proportion:
    """A part of a whole with its Wilson 95 % interval; rates are 0 to 100."""

    part: int
    whole: int

    @property
    def is_shown(self) -> bool:
        return self.whole >= MINIMUM_GROUP

    @property
    def is_few(self) -> bool:
        return self.whole < FEW_ANSWERS

    @property
    def rate(self) -> float:
        return 100 * self.part / self.whole if self.whole else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson score interval (Wilson 1927), in percent; (0, 100) when nothing is known."""
        n = self.whole
        if not n:
            return 0.0, 100.0
        p = self.part / n
        centre = p + Z_95**2 / (2 * n)
        spread = Z_95 * sqrt(p * (1 - p) / n + Z_95**2 / (4 * n**2))
        scale = 1 + Z_95**2 / n
        return 100 * max(0.0, (centre - spread) / scale), 100 * min(1.0, (centre + spread) / scale)

    @property
    def low(self) -> float:
        return self.interval[0]

    @property
    def high(self) -> float:
        return self.interval[1]


@dataclass(frozen=True)
class Distribution:
    """How many chose each value of a scale, the lowest first."""

    counts: dict[int, int]

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    @property
    def mean(self) -> float | None:
        return sum(v * c for v, c in self.counts.items()) / self.n if self.n else None

    @property
    def bars(self) -> list[tuple[int, int, float]]:
        """(value, count, percent) for each value."""
        n = self.n
        return [(v, c, 100 * c / n if n else 0.0) for v, c in sorted(self.counts.items())]


def scale_distribution(surveys: Iterable[Survey], key: str, least: int, most: int) -> Distribution:
    """Answers to the scale question `key` over these surveys, in one query."""
    rows = (
        Response.objects.filter(survey__in=surveys)
        .annotate(value=KeyTextTransform(key, "answers"))
        .values("value")
        .annotate(n=Count("pk"))
        .order_by()
    )
    counts = dict.fromkeys(range(least, most + 1), 0)
    for row in rows:
        value = row["value"]
        if value is not None and str(value).isdigit() and int(value) in counts:
            counts[int(value)] += row["n"]
    return Distribution(counts)


def satisfaction(surveys: Iterable[Survey]) -> Proportion:
    """4 and 5 among 1 to 5 on the overall question, weighted by answers, never a mean of means."""
    counts = scale_distribution(surveys, SATISFACTION_KEY, 1, 5).counts
    return Proportion(part=counts[4] + counts[5], whole=sum(counts.values()))


def net_promoter_score(surveys: Iterable[Survey]) -> tuple[float, int]:
    """(score from -100 to 100, n)."""
    counts = scale_distribution(surveys, NPS_KEY, 0, 10).counts
    n = sum(counts.values())
    if not n:
        return 0.0, 0
    promoters, detractors = counts[9] + counts[10], sum(counts[v] for v in range(7))
    return 100 * (promoters - detractors) / n, n


def response_rate(session: Session) -> Proportion:
    """Invitations answered among people settled as present, over people present."""
    present = (
        Attendance.objects.standing()
        .filter(closing__session=session, status=PresenceStatus.PRESENT)
        .values("person")
    )
    done = Invitation.objects.filter(
        survey__session=session, state=InvitationState.DONE, person__in=present
    )
    return Proportion(
        part=done.values("person").distinct().count(),
        whole=Attendance.objects.standing()
        .filter(closing__session=session, status=PresenceStatus.PRESENT)
        .count(),
    )


def satisfaction_by_session(sessions: Iterable[Session]) -> dict[int, Proportion]:
    """Session id → satisfaction, in one query, for lists and desks."""
    rows = (
        Response.objects.filter(survey__session__in=sessions)
        .annotate(value=KeyTextTransform(SATISFACTION_KEY, "answers"))
        .values("survey__session", "value")
        .annotate(n=Count("pk"))
        .order_by()
    )
    parts: dict[int, list[int]] = {}
    for row in rows:
        value = row["value"]
        if value is None or str(value) not in {"1", "2", "3", "4", "5"}:
            continue
        part = parts.setdefault(row["survey__session"], [0, 0])
        part[1] += row["n"]
        if int(value) >= 4:
            part[0] += row["n"]
    return {session: Proportion(*part) for session, part in parts.items()}
