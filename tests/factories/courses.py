"""Courses, sessions and seats for tests, made by calling services.

Everything happens at AT (1 September 2026) unless told; sessions take place in November, still to
come. `held` moves the clock to their end.
"""

import itertools
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from courses.choices import CHECKLIST, EnrolmentOrigin, PoolKind, SessionState
from courses.models import (
    Break,
    ChecklistItem,
    Course,
    Enrolment,
    Meeting,
    Pool,
    Session,
    SessionGuest,
    Term,
)
from courses.selectors.sessions import agenda
from courses.services.catalogue import publish_course, save_course, save_term
from courses.services.enrolments import enrol
from courses.services.guests import invite_guests
from courses.services.sessions import hold_finished_sessions, open_enrolment, save_session
from people.models import Community, Establishment, Profession, User
from tests.factories import people

AT = people.AT
HERE = ZoneInfo("America/Toronto")
NOON = datetime(2026, 11, 17, 12, 0, tzinfo=HERE)  # a Tuesday
_numbers = itertools.count(1)


def term(*, at: datetime = AT, **fields: Any) -> Term:
    """« Automne 2026 », at most 4 seats a person."""
    given = {
        "title_fr": "Automne 2026",
        "title_en": "Fall 2026",
        "starts_on": date(2026, 9, 1),
        "ends_on": date(2026, 12, 31),
    } | fields
    return save_term(term=Term(**given), by=None, at=at)


def course(*, at: datetime = AT, partners: Iterable[Any] = (), **fields: Any) -> Course:
    """The facts of a course, not yet published."""
    number = next(_numbers)
    given = {
        "code": f"formation-{number}",
        "title_fr": f"Formation {number}",
        "title_en": f"Training {number}",
        "hours": Decimal("1.00"),
    } | fields
    return save_course(course=Course(**given), partners=partners, by=None, at=at)


def published_course(*, at: datetime = AT, **fields: Any) -> Course:
    """A course with a frozen, bilingual version."""
    row = course(at=at, **fields)
    publish_course(
        course=row,
        objectives_fr=["Nommer les principes.", "Les appliquer."],
        objectives_en=["Name the principles.", "Apply them."],
        by=None,
        at=at,
    )
    return row


def meeting(
    starts_at: datetime = NOON, hours: float = 1, *, join_url: str = "", place: str = ""
) -> Meeting:
    """A meeting not yet kept, for `session(meetings=[…])`."""
    return Meeting(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        join_url=join_url,
        place=place,
    )


# Which kind of pool, and which of its columns, names those people.
POOL_KINDS = {
    Establishment: (PoolKind.ESTABLISHMENT, "establishment"),
    Community: (PoolKind.COMMUNITY, "community"),
    Profession: (PoolKind.PROFESSION, "profession"),
}


def pool(
    target: Establishment | Community | Profession | None = None, seats: int = 5, **fields: Any
) -> Pool:
    """Seats kept for the people of `target`, for guests without one; not yet kept, for
    `session(pools=[…])`."""
    if target is None:
        return Pool(kind=PoolKind.GUESTS, capacity=seats, **fields)
    kind, column = POOL_KINDS[type(target)]
    return Pool(kind=kind, capacity=seats, **{column: target}, **fields)


def guest(session: Session, person: User | str, *, at: datetime = AT) -> SessionGuest:
    """That person, or that address, named among the guests of the session."""
    address = person if isinstance(person, str) else person.email
    assert address
    invite_guests(session=session, addresses=[address], by=None, at=at)
    return session.guests.get(address=address.casefold())


def session(
    *,
    course: Course | None = None,
    starts_at: datetime = NOON,
    hours: float = 1,
    meetings: Sequence[Meeting] | None = None,
    breaks: Sequence[tuple[datetime, datetime]] = (),
    trainers: Sequence[User] = (),
    pools: Sequence[Pool] = (),
    join_url: str = "https://reunion.example/j/1",
    at: datetime = AT,
    **fields: Any,
) -> Session:
    """A draft session: one meeting from `starts_at` for `hours`, unless `meetings` are given."""
    row = Session(course=course or published_course(at=at), **({"capacity": 20} | fields))
    return save_session(
        session=row,
        meetings=meetings or [meeting(starts_at, hours, join_url=join_url)],
        breaks=[Break(starts_at=start, ends_at=end) for start, end in breaks],
        trainers=trainers,
        pools=pools,
        by=None,
        at=at,
    )


def open_session(*, at: datetime = AT, **fields: Any) -> Session:
    """A session in which people may enrol; takes what `session` takes."""
    return open_enrolment(session=session(at=at, **fields), by=None, at=at)


def enrolled(
    session: Session,
    person: User | None = None,
    *,
    at: datetime = AT,
    origin: str = EnrolmentOrigin.WEB,
) -> Enrolment:
    """A seat for that person (a new one by default), or a place on the list when it is full."""
    person = person or people.person()
    return enrol(person=person, session=session, by=person, at=at, origin=origin)


def held(session: Session) -> Session:
    """The session after the clock has passed its last meeting."""
    ends_at = agenda(session).ends_at
    assert ends_at is not None
    hold_finished_sessions(at=ends_at)
    session.refresh_from_db()
    assert session.state == SessionState.HELD
    return session


def many_sessions(count: int, *, course: Course, term: Term | None = None) -> list[Session]:
    """That many drafts with a meeting and the list of the house, an hour apart, written in bulk:
    for counting questions, where going through the services would take minutes.
    """
    rows = Session.objects.bulk_create(
        Session(course=course, term=term, capacity=20) for _n in range(count)
    )
    Meeting.objects.bulk_create(
        Meeting(session=row, starts_at=start, ends_at=start + timedelta(hours=1))
        for n, row in enumerate(rows)
        for start in [NOON + timedelta(hours=n)]
    )
    ChecklistItem.objects.bulk_create(
        ChecklistItem(session=row, code=code, offset_days=days)
        for row in rows
        for code, days in CHECKLIST.items()
    )
    return rows
