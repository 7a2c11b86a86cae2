"""Who came to a session that was given: its report, imported as staff do, and presence settled."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from academy.services.demo.cast import Cast
from academy.services.demo.reports import WEBINAR_NUMBER, Visit, WebinarReport
from academy.services.demo.seats import Given
from attendance.choices import MarkKind, MarkSource
from attendance.models import Connection
from attendance.services.closing import close_attendance
from attendance.services.marks import mark_presence
from attendance.services.reports import apply_report, choose_person, preview_report
from courses.models import Enrolment
from people.letters import folded
from people.models import User

IMPORTED = timedelta(minutes=90)  # after the session; staff drop its report then
MOTIVE = (
    "A suivi toute la séance au téléphone depuis le bloc opératoire; "
    "présence confirmée par l’équipe de formation."
)
FULL, PARTLY = 0.80, 0.90  # below the first: stayed to the end; below the second: a part; else away
CAME_BACK = 0.2  # part of those who stayed whose connection broke once


@dataclass
class Presence:
    """What a report will say, and what is known of the people behind it."""

    visits: list[Visit] = field(default_factory=list)
    stayed: list[User] = field(default_factory=list)
    partly: list[User] = field(default_factory=list)
    away: list[User] = field(default_factory=list)


def imagine_presence(*, given: Given, cast: Cast, die: random.Random) -> Presence:
    """Draws who stayed, who left early and who never came, among people with a seat."""
    found = Presence()
    seats = Enrolment.objects.filter(session=given.session).confirmed()
    for enrolment in seats.select_related("person__profile").order_by("created_at", "pk"):
        person = enrolment.person
        if person == cast.learner:
            share = given.delivery.learner_stays
        else:
            drawn = die.random()
            share = 1.0 if drawn < FULL else die.uniform(0.3, 0.65) if drawn < PARTLY else 0.0
        if not share:
            found.away.append(person)
            continue
        stays = _stays(given, die, share)
        found.visits.append(Visit(str(person), str(person.email), stays, enrolment.created_at))
        (found.stayed if share == 1.0 else found.partly).append(person)
    return found


def _stays(given: Given, die: random.Random, share: float) -> tuple[tuple[datetime, datetime], ...]:
    """When somebody was connected: a little early or late, to the end or a part of the way."""

    def around(low: int, high: int) -> timedelta:
        return timedelta(seconds=die.randint(low, high))

    joined = given.starts_at + around(-600, 150)
    if share < 1.0:
        return ((joined, given.starts_at + share * (given.ends_at - given.starts_at)),)
    left = given.ends_at + around(-120, 480)
    if die.random() > CAME_BACK:
        return ((joined, left),)
    broke = given.starts_at + die.uniform(0.3, 0.7) * (given.ends_at - given.starts_at)
    return ((joined, broke), (broke + around(15, 150), left))


# ------------------------------------------------------------------ the report
def settle(*, given: Given, presence: Presence, cast: Cast, at: datetime) -> None:
    """Imports and applies the report, tells staff's own knowledge, closes the session at `at`."""
    renamed = presence.stayed[-1]
    presence.visits = [
        _under_another_name(visit) if visit.email == renamed.email else visit
        for visit in presence.visits
    ]
    imported_at = given.ends_at + IMPORTED
    report = preview_report(
        session=given.session,
        data=_report_of(given, presence, cast, telephones=1),
        filename=_filename(given),
        by=cast.coordinator,
        at=imported_at,
    )
    apply_report(report=report, by=cast.coordinator, at=imported_at + timedelta(minutes=5))
    unknown = Connection.objects.filter(report=report, name=_short(str(renamed)))
    choose_person(
        connection=unknown.latest("line"),
        person=renamed,
        by=cast.coordinator,
        at=imported_at + timedelta(minutes=7),
    )
    if presence.away:
        caller = presence.away.pop(0)
        mark_presence(
            session=given.session,
            person=caller,
            kind=MarkKind.PRESENT,
            source=MarkSource.OVERRIDE,
            motive=MOTIVE,
            by=cast.coordinator,
            at=imported_at + timedelta(minutes=9),
        )
        presence.stayed.append(caller)
    close_attendance(session=given.session, by=cast.coordinator, at=at)


def leave_to_settle(*, given: Given, presence: Presence, cast: Cast) -> None:
    """Drops the report without applying it; some lines say too little to know who they are."""
    strangers = [
        Visit("iPhone de Nathalie", "nathalie.b@courriel.example", _whole(given)),
        Visit("Salle de conférence B", "salle.b@chum.example", _whole(given)),
    ]
    by_name, by_initial = presence.visits[0], presence.visits[1]
    presence.visits = [
        Visit(by_name.name, _at_home(by_name.name), by_name.stays, by_name.registered_at),
        _under_another_name(by_initial),
        *presence.visits[2:],
        *strangers,
    ]
    preview_report(
        session=given.session,
        data=_report_of(given, presence, cast, telephones=2),
        filename=_filename(given),
        by=cast.coordinator,
        at=given.ends_at + IMPORTED,
    )


def _report_of(given: Given, presence: Presence, cast: Cast, *, telephones: int) -> bytes:
    trainers = [cast.trainers[each] for each in given.delivery.trainers]
    callers = [Visit(f"1418*****{37 + number}", "", _whole(given)) for number in range(telephones)]
    report = WebinarReport(
        topic=given.session.course.title_fr,
        hosts=[Visit(str(cast.coordinator), str(cast.coordinator.email), _whole(given))],
        panellists=[Visit(str(each), str(each.email), _whole(given)) for each in trainers],
        attendees=presence.visits,
        no_shows=[(str(person), str(person.email)) for person in presence.away],
        telephones=callers,
    )
    return report.data(generated_at=given.ends_at + timedelta(hours=1))


def _whole(given: Given) -> tuple[tuple[datetime, datetime], ...]:
    return ((given.starts_at - timedelta(minutes=9), given.ends_at + timedelta(minutes=4)),)


def _filename(given: Given) -> str:
    """As Zoom names its exports."""
    return f"attendee_{WEBINAR_NUMBER.replace(' ', '')}_{given.starts_at:%Y_%m_%d}.csv"


def _under_another_name(visit: Visit) -> Visit:
    """The same person by an initial and a mailbox the Academy does not know."""
    return Visit(_short(visit.name), _at_home(visit.name), visit.stays, visit.registered_at)


def _short(name: str) -> str:
    """« Marie-Ève Roy » → « M. Roy »."""
    first, _space, family = name.partition(" ")
    return f"{first[0]}. {family}"


def _at_home(name: str) -> str:
    return f"{folded(name).replace(' ', '')}@courriel.example"
