"""Who teaches a session: rows beside it, never without a trace, with a motive once announced."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from courses.choices import (
    LIVE_SESSION_STATES,
    SessionChange,
    SessionState,
    TrainerRole,
)
from courses.models import Session, SessionEvent, SessionTrainer, SessionTrainerChange
from courses.signals import session_changed
from people.models import User
from people.services import Refusal


class TrainerRefusal(Refusal):
    """A change of trainer that cannot be; the text says why."""


class MotiveMissing(TrainerRefusal):
    pass


class SettledSession(TrainerRefusal):
    pass


class NotATrainerHere(TrainerRefusal):
    pass


def write_trainers(
    session: Session,
    people: Sequence[User],
    *,
    by: User | None,
    at: datetime,
    motive: str = "",
    role: str = TrainerRole.TRAINER,
) -> bool:
    """Makes the session's trainers exactly `people`, in that order; True when somebody changed.

    Called under the session's lock. Roles already given are kept; a newcomer takes `role`. Each
    coming and going is one SessionTrainerChange.
    """
    standing = {row.person_id: row for row in session.trainers.all()}
    wanted = list(dict.fromkeys(person.pk for person in people))
    gone = [pk for pk in standing if pk not in wanted]
    come = [pk for pk in wanted if pk not in standing]
    if (gone or come) and session.state == SessionState.CLOSED:
        raise SettledSession(_("Presence is settled: reopen it before changing the trainers."))
    if (gone or come) and session.state != SessionState.DRAFT and not motive.strip():
        raise MotiveMissing(
            _("The session is announced: say why its trainers change. People will be told.")
        )
    session.trainers.filter(person_id__in=gone).delete()
    for position, pk in enumerate(wanted, start=1):
        SessionTrainer.objects.update_or_create(
            session=session,
            person_id=pk,
            defaults={"position": position},
            create_defaults={"position": position, "role": role},
        )
    SessionTrainerChange.objects.bulk_create(
        SessionTrainerChange(
            session=session, person_id=pk, is_added=is_added, motive=motive, by=by, at=at
        )
        for pks, is_added in ((gone, False), (come, True))
        for pk in pks
    )
    return bool(gone or come)


def assign_trainer(
    *,
    session: Session,
    person: User,
    by: User | None,
    at: datetime,
    motive: str = "",
    role: str = TrainerRole.TRAINER,
) -> SessionTrainer:
    """Adds a trainer at the end of the list. Idempotent. Locks the session."""
    with transaction.atomic():
        row = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
        people = [each.person for each in row.trainers.select_related("person")]
        if write_trainers(row, [*people, person], by=by, at=at, motive=motive, role=role):
            _tell(row, by=by, at=at, motive=motive)
        return row.trainers.get(person=person)


def replace_trainer(
    *,
    session: Session,
    old: User,
    new: User,
    by: User | None,
    at: datetime,
    motive: str,
) -> SessionTrainer:
    """Puts `new` in the place of `old`, in the same role. Locks the session.

    Refuses a motive left empty once the session is announced, and an `old` who does not teach it.
    """
    with transaction.atomic():
        row = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
        standing = list(row.trainers.select_related("person"))
        role = next((each.role for each in standing if each.person_id == old.pk), None)
        if role is None:
            raise NotATrainerHere(_("This person does not teach this session."))
        people = [new if each.person_id == old.pk else each.person for each in standing]
        if write_trainers(row, people, by=by, at=at, motive=motive, role=role):
            _tell(row, by=by, at=at, motive=motive)
        return row.trainers.get(person=new)


def _tell(session: Session, *, by: User | None, at: datetime, motive: str) -> None:
    SessionEvent.objects.create(
        session=session,
        from_state=session.state,
        to_state=session.state,
        changes={SessionChange.TRAINERS.value: True},
        motive=motive,
        by=by,
        at=at,
    )
    if session.state in LIVE_SESSION_STATES:
        session_changed.send(
            sender=Session, session=session, changes=frozenset({SessionChange.TRAINERS}), at=at
        )
