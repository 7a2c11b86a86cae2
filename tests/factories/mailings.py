"""Messages to many for tests, written by services and sent as the worker does."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from courses.choices import EnrolmentState
from courses.models import Session, Term
from notices.models import Mailing
from notices.services import posting
from notices.services.mailings import Words, draft_announcement, draft_message
from people.choices import ConsentPurpose
from people.models import User
from people.services.consents import record_consent
from tests.factories import courses, notices, people

AT = people.AT
WORDS = Words(
    subject_fr="Programmation {programmation}",
    body_fr="Chères et chers collègues,\n\nLa programmation {programmation} est prête : {lien}",
    subject_en="Term {programmation}",
    body_en="Dear colleagues,\n\nThe term {programmation} is ready: {lien}",
)
OF_A_SESSION = Words(
    subject_fr="{formation} : à savoir",
    body_fr="Bonjour {nom}, la séance a lieu le {date} à {heure}.\n\nVoir {lien}",
)


def reader_of_news(email: str | None = None, *, at: datetime = AT, **fields: Any) -> User:
    """A person who agreed to be told of new trainings."""
    person = people.person(email, at=at, **fields)
    agree(person, at=at)
    return person


def agree(person: User, *, is_given: bool = True, at: datetime = AT) -> None:
    record_consent(user=person, purpose=ConsentPurpose.ANNOUNCEMENTS, is_given=is_given, at=at)


def announcement(
    term: Term | None = None, *, words: Words = WORDS, by: User | None = None, at: datetime = AT
) -> Mailing:
    return draft_announcement(
        term=term or courses.term(at=at), words=words, by=by or people.coordinator(at=at), at=at
    )


def message(
    session: Session,
    states: Sequence[str] = (EnrolmentState.CONFIRMED,),
    *,
    words: Words = OF_A_SESSION,
    by: User | None = None,
    at: datetime = AT,
    **fields: Any,
) -> Mailing:
    return draft_message(
        session=session,
        states=states,
        words=words,
        by=by or people.coordinator(at=at),
        at=at,
        **fields,
    )


def write_all(at: datetime = AT, *, size: int = posting.BATCH) -> int:
    """Writes every mailing that is being sent to all its people; the number of batches."""
    batches = 0
    while posting.write_batch(at=at, size=size):
        batches += 1
    return batches


def send_all(at: datetime = AT) -> list[str]:
    """Writes and sends everything; the states the messages ended in."""
    write_all(at)
    states = notices.send_all(at)
    posting.settle_mailings(at=at)
    return states
