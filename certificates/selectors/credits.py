"""Which accreditations a person's attestation carries, and for how many hours."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from certificates.choices import AccreditationStatus
from certificates.letters import GRACE_HOURS, floor_to
from certificates.models import Accreditation
from courses.models import Course
from people.models import Profession


@dataclass(frozen=True)
class Credit:
    """One accreditation and the hours it recognises for this presence."""

    accreditation: Accreditation
    hours: Decimal


def credits_for(
    *,
    course: Course,
    profession: Profession | None,
    on: date,
    seconds: int,
    held_seconds: int,
    threshold_percent: int,
) -> list[Credit]:
    """Granted accreditations whose period holds the date `on`, for this profession (or for all).

    All hours when presence reaches the accreditation's own threshold (or the course's); else, where
    partial credit is allowed, the hours attended by whole steps; else none. Hours never exceed the
    accreditation's maximum.
    """
    rows = (
        Accreditation.objects.filter(
            course=course,
            status=AccreditationStatus.GRANTED,
            valid_from__lte=on,
            valid_until__gte=on,
        )
        .select_related("body")
        .prefetch_related("professions")
        .order_by("pk")
    )
    found = []
    for row in rows:
        wanted = {one.pk for one in row.professions.all()}
        if wanted and (profession is None or profession.pk not in wanted):
            continue
        hours = _hours(row, seconds, held_seconds, row.threshold_percent or threshold_percent)
        if hours > 0:
            found.append(Credit(row, hours))
    return found


def _hours(row: Accreditation, seconds: int, held_seconds: int, threshold: int) -> Decimal:
    if held_seconds and seconds * 100 >= threshold * held_seconds:
        return row.hours
    if row.allows_partial:
        return min(floor_to(row.step, Decimal(seconds) / 3600 + GRACE_HOURS), row.hours)
    return Decimal(0)
