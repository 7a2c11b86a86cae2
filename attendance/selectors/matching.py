"""Who a line of a report is. Levels of trust, each with its reason; two equal names never merge.

1 verified address → 2 address or name that staff confirmed earlier → 3 normalised name, when
exactly one person of the roster and one person of the report bear it → unknown.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from attendance.choices import MatchLevel, ReasonCode
from attendance.models import LearnedAlias
from attendance.readers.report import Person as ReportPerson
from courses.choices import EnrolmentState
from courses.models import Enrolment, Session
from people.letters import folded
from people.models import User


@dataclass(frozen=True)
class Match:
    """The person found for one group of lines (id, or None) and how."""

    person_id: int | None
    level: MatchLevel


def match_people(session: Session, people: Sequence[ReportPerson]) -> list[Match]:
    """One match for each person of the report, in the same order. Four queries in all."""
    addresses = _people_by_address({one.email for one in people if one.email})
    aliases = dict(
        LearnedAlias.objects.filter(
            value__in={one.email for one in people} | {name_key(one.name) for one in people}
        ).values_list("value", "person_id")
    )
    roster = _roster_by_name(session)
    names = Counter(key for one in people for key in candidate_keys(one))
    return [_match(one, addresses, aliases, roster, names) for one in people]


def name_key(name: str) -> str:
    """A name for comparing: no accents, no case, words sorted, what is in brackets left out."""
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", name)
    return " ".join(sorted(folded(bare).split()))


def candidate_keys(one: ReportPerson) -> set[str]:
    """The names a person of a report may go by: as shown, and as registered."""
    names = {one.name, *(row.original_name for row in one.connections)}
    return {key for name in names if name and len((key := name_key(name)).split()) > 1}


def _match(
    one: ReportPerson,
    addresses: dict[str, int],
    aliases: dict[str, int],
    roster: dict[str, list[int]],
    names: Counter[str],
) -> Match:
    if one.email and one.email in addresses:
        return Match(addresses[one.email], MatchLevel.EMAIL)
    for value in (one.email, name_key(one.name)):
        if value and value in aliases:
            return Match(aliases[value], MatchLevel.ALIAS)
    if ReasonCode.AMBIGUOUS_NAME not in one.reasons:
        found = {
            roster[key][0]
            for key in candidate_keys(one)
            if len(roster.get(key, [])) == 1 and names[key] == 1
        }
        if len(found) == 1:
            return Match(found.pop(), MatchLevel.NAME)
    return Match(None, MatchLevel.NONE)


def _people_by_address(addresses: Iterable[str]) -> dict[str, int]:
    """Verified addresses of open accounts (casefolded) → person id."""
    rows = User.objects.filter(
        closed_at__isnull=True, emailaddress__verified=True, emailaddress__email__in=addresses
    ).values_list("emailaddress__email", "pk")
    return {email.casefold(): pk for email, pk in rows}


def _roster_by_name(session: Session) -> dict[str, list[int]]:
    rows = Enrolment.objects.filter(session=session, state=EnrolmentState.CONFIRMED).values_list(
        "person__profile__printed_name", "person_id"
    )
    found: dict[str, list[int]] = {}
    for name, person_id in rows:
        if name:
            found.setdefault(name_key(name), []).append(person_id)
    return found
