"""What befalls a whole session, told to each of its people in one act."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _

from courses.choices import (
    LIVE_SESSION_STATES,
    SessionChange,
    SessionState,
)
from courses.models import Enrolment, Session, SessionTrainerChange
from notices.choices import MATERIAL_STATES, NoticeKind, Priority
from notices.selectors.enrolments import untold
from notices.services import NoticeRefusal
from notices.services.outbox import Draft, post_all
from people.models import User

# Changes that people must hear of. A join address is never mailed: people join from our page.
TOLD_CHANGES = frozenset(
    {
        SessionChange.TIME,
        SessionChange.PLACE,
        SessionChange.LANGUAGE,
        SessionChange.TRAINERS,
    }
)
# On the day, that the address changed is worth a message, for those who had opened the old one; it
# leads to the page, and does not hold the address.
TOLD_ON_THE_DAY = TOLD_CHANGES | {SessionChange.JOIN_URL}
RESUMED = "resumed"  # a postponed session has a date again
ON_THE_DAY = timedelta(hours=36)  # this near, a change goes before every other message


class MaterialRefused(NoticeRefusal):
    """Slides or a recording that cannot be announced; the text says why."""


def tell_session_moved(*, session: Session, from_state: str, to_state: str, at: datetime) -> int:
    """Writes a notice to everyone concerned, trainers included, when a session is cancelled,
    postponed or takes place after all; other steps concern nobody. Returns how many.
    """
    people = Enrolment.objects.filter(session=session).live()
    if to_state == SessionState.CANCELLED:
        kind, fact = NoticeKind.SESSION_CANCELLED, "cancelled"
    elif to_state == SessionState.POSTPONED:
        kind, fact = NoticeKind.SESSION_POSTPONED, f"postponed:{_stamp(at)}"
    elif from_state == SessionState.POSTPONED:
        kind, fact = NoticeKind.SESSION_CHANGED, f"changed:{_stamp(at)}"
        people = people.confirmed()
    else:
        return 0
    return _tell(session, people, kind, fact, [RESUMED], at=at)


def tell_session_changed(*, session: Session, changes: Iterable[str], at: datetime) -> int:
    """Writes a notice to everyone who holds a seat, and to those who teach, when time, place,
    language or trainers change, and within 36 hours of a meeting when its join address does.
    Whoever teaches it no longer is told that as well.

    A postponed session is told when it has a date again, not while staff are typing. Returns how
    many.
    """
    names = frozenset(changes)
    if SessionChange.JOIN_URL in names and _priority(session, at=at) == Priority.URGENT:
        told = sorted(TOLD_ON_THE_DAY & names)
    else:
        told = sorted(TOLD_CHANGES & names)
    if not told or session.state not in LIVE_SESSION_STATES - {SessionState.POSTPONED}:
        return 0
    confirmed = Enrolment.objects.filter(session=session).confirmed()
    return _tell(
        session, confirmed, NoticeKind.SESSION_CHANGED, f"changed:{_stamp(at)}", told, at=at
    )


def tell_material_ready(*, session: Session, kind: str, by: User | None, at: datetime) -> int:
    """Tells everyone who holds or held a seat that the slides or the recording stand on the page of
    the training; each person once, however often it is called. Returns how many were not yet told.

    Refuses a recording before the session was held, and a session that is not announced or does
    not take place.
    """
    states = MATERIAL_STATES.get(NoticeKind(kind))
    if states is None:
        raise MaterialRefused(_("Only slides and recordings are announced here."))
    if session.state not in states:
        raise MaterialRefused(
            _("The recording is announced once the session has taken place.")
            if kind == NoticeKind.RECORDING_READY and session.state in LIVE_SESSION_STATES
            else _("This session does not take place, or is not announced yet.")
        )
    fact = NoticeKind(kind).value
    enrolments = untold(Enrolment.objects.confirmed().filter(session=session), fact)
    drafts = [
        Draft(
            NoticeKind(kind),
            enrolment.notice_key,  # type: ignore[attr-defined]
            enrolment.person,
            {"enrolment": enrolment.pk, "by": by.pk if by else None},
        )
        for enrolment in enrolments.select_related("person__profile")
    ]
    return post_all(drafts=drafts, at=at)


def _tell(
    session: Session,
    enrolments: QuerySet[Enrolment],
    kind: NoticeKind,
    fact: str,
    changes: Sequence[str],
    *,
    at: datetime,
) -> int:
    priority, names = _priority(session, at=at), [str(change) for change in changes]
    drafts = {
        enrolment.person_id: Draft(
            kind=kind,
            key=f"enrolment:{enrolment.pk}:session-{fact}",
            recipient=enrolment.person,
            context={
                "enrolment": enrolment.pk,
                "sequence": enrolment.calendar_sequence,
                "changes": names,
            },
            priority=priority,
        )
        for enrolment in enrolments.select_related("person__profile")
    }
    for trainer in session.trainers.select_related("person__profile"):
        draft = Draft(
            kind=kind,
            key=f"session:{session.pk}:trainer:{trainer.person_id}:{fact}",
            recipient=trainer.person,
            context={"session": session.pk, "changes": names},
            priority=priority,
        )
        drafts.setdefault(trainer.person_id, draft)  # one who also holds a seat is told once
    for person in _gone(session, at) if SessionChange.TRAINERS in names else ():
        draft = Draft(
            kind=kind,
            key=f"session:{session.pk}:trainer:{person.pk}:left:{_stamp(at)}",
            recipient=person,
            context={"session": session.pk, "changes": names, "left": True},
            priority=priority,
        )
        drafts.setdefault(person.pk, draft)
    return post_all(drafts=drafts.values(), at=at)


def _gone(session: Session, at: datetime) -> QuerySet[User]:
    """Those who ceased to teach the session at that moment."""
    moves = SessionTrainerChange.objects.filter(session=session, at=at, is_added=False)
    return User.objects.filter(pk__in=moves.values("person")).select_related("profile")


def _priority(session: Session, *, at: datetime) -> Priority:
    first = session.meetings.filter(ends_at__gte=at).aggregate(first=Min("starts_at"))["first"]
    return Priority.URGENT if first and first - at <= ON_THE_DAY else Priority.NORMAL


def _stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%S%f}"
