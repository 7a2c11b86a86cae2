"""Messages for tests: written by services, sent as the worker sends them."""

import itertools
from datetime import datetime
from typing import Any

from courses.models import Enrolment, Session
from courses.services.enrolments import cancel_enrolment, enrol
from courses.services.offers import fill_session
from notices.choices import NoticeKind
from notices.models import Notice
from notices.selectors.texts import names_of
from notices.services import outbox
from people.models import User
from tests.factories import courses, people

AT = people.AT
_numbers = itertools.count(1)


def notice(
    *,
    kind: NoticeKind = NoticeKind.SEAT_CONFIRMED,
    recipient: User | None = None,
    context: dict[str, Any] | None = None,
    key: str = "",
    at: datetime = AT,
    **fields: Any,
) -> Notice:
    """A queued message; by default about a seat just taken, beside the one that seat wrote."""
    if context is None:
        enrolment = courses.enrolled(courses.open_session(at=at), recipient, at=at)
        recipient, context = enrolment.person, {"enrolment": enrolment.pk}
    key = key or f"test:{next(_numbers)}"
    outbox.post(
        kind=kind,
        key=key,
        recipient=recipient or people.person(at=at),
        context=context,
        at=at,
        **fields,
    )
    return Notice.objects.get(key=key)


def of(person: User, kind: NoticeKind | None = None) -> list[Notice]:
    """The messages written to that person so far, oldest first."""
    rows = Notice.objects.filter(recipient=person).order_by("id")
    return list(rows.filter(kind=kind) if kind else rows)


def of_kind(kind: NoticeKind) -> list[Notice]:
    """Every message of that kind written so far, oldest first."""
    return list(Notice.objects.filter(kind=kind).select_related("recipient").order_by("id"))


def offered(
    session: Session, person: User | None = None, *, asks_first: bool = True, at: datetime = AT
) -> Enrolment:
    """An offer: somebody waited for a full session and wants to be asked, and a seat was given
    back. `session` has one seat.
    """
    seated, person = courses.enrolled(session, at=at), person or people.person(at=at)
    enrol(person=person, session=session, by=person, at=at, asks_first=asks_first)
    cancel_enrolment(enrolment=seated, by=seated.person, at=at)
    fill_session(session_id=session.pk, at=at)
    return Enrolment.objects.live().get(session=session, person=person)


def placeholders(kind: NoticeKind) -> list[str]:
    """Every name that may stand in braces in the words of that kind."""
    return [name for both in names_of(kind).values() for name in both]


def send_all(at: datetime) -> list[str]:
    """Empties the outbox as the worker does; the states the messages ended in, in order."""
    states = []
    while taken := outbox.take_due(at=at):
        states += [str(outbox.deliver(notice=each, at=at)) for each in taken]
    return states
