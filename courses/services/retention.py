"""What the heart forgets, and when: one verb for each kind of data, all of them each day.

« After the session » counts from the last thing that happened to it: its last meeting, or a later
line of its history (Session.objects.over_since). Each verb may run twice, takes a batch of rows a
transaction, and returns how many it found. Seats, ranks and histories of sessions to come are never
touched; what figures rest on is detached from its person, not deleted (docs/decisions, 0019).
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Model, Q, QuerySet
from django.utils.timezone import localdate

from courses.choices import (
    ATTEMPTS_KEPT_DAYS,
    CONNECTIONS_KEPT_DAYS,
    GUESTS_KEPT_DAYS,
    PAST_SESSION_STATES,
    QUESTIONS_KEPT_DAYS,
    EnrolmentState,
    PoolKind,
)
from courses.models import (
    CalendarFeed,
    Enrolment,
    EnrolmentEvent,
    EnrolmentHold,
    Equivalence,
    JoinClick,
    ModuleProgress,
    Session,
    SessionGuest,
    Strike,
)
from courses.services.exchanges import PASSED_ON
from courses.services.gate import lock_people, lock_sessions
from courses.signals import enrolments_detached
from people.models import User
from people.selectors.addresses import verified_addresses_of
from people.services.stand_ins import stand_in_for

BATCH = 100  # rows, or people, a transaction
# Of one person, and of nobody once the account is closed.
OF_AN_ACCOUNT: tuple[type[Model], ...] = (CalendarFeed, EnrolmentHold, Equivalence, Strike)
# Closed in the very instant it was made: nobody is left to detach (people.services.stand_ins).
STANDS_IN = Q(person__closed_at=F("person__date_joined"))


def forget_due(*, at: datetime) -> dict[str, int]:
    """Everything whose time has come: kind of data → how many."""
    return {
        "guests": forget_guests(at=at),
        "questions": forget_questions(at=at),
        "strikes": forget_strikes(at=at),
        "holds": forget_holds(at=at),
        "join_clicks": forget_join_clicks(at=at),
        "attempts": detach_attempts(at=at),
        "closed_accounts": forget_closed_accounts(at=at),
    }


# ------------------------------------------------------------------ deleted
def forget_guests(*, at: datetime) -> int:
    """Addresses of guests, two years after the session, announced or not."""
    return _delete(SessionGuest.objects.filter(session__in=_over(GUESTS_KEPT_DAYS, at)))


def forget_questions(*, at: datetime) -> int:
    """Questions to the trainer, ninety days after the session. The enrolments stay."""
    asked = Enrolment.objects.filter(session__in=_over(QUESTIONS_KEPT_DAYS, at)).exclude(
        question=""
    )
    found = 0
    while ids := list(asked.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        found += Enrolment.objects.filter(pk__in=ids).update(question="")
    return found


def forget_join_clicks(*, at: datetime) -> int:
    """Presses of « Rejoindre », with the connections of the session, five years after it."""
    over = _over(CONNECTIONS_KEPT_DAYS, at)
    return _delete(JoinClick.objects.filter(meeting__session__in=over))


def forget_strikes(*, at: datetime) -> int:
    """Strikes that count no more, with what was said of them, from the day on which they expire.

    services.holds gives none for a seat lost so long ago: none comes back.
    """
    return _delete(Strike.objects.filter(expires_on__lte=localdate(at)))


def forget_holds(*, at: datetime) -> int:
    """Holds from the day on which they are lifted, and any after two terms."""
    today = localdate(at)
    old = today - timedelta(days=settings.STRIKE_DAYS)
    return _delete(EnrolmentHold.objects.filter(Q(until__lte=today) | Q(since__lte=old)))


def _over(days: int, at: datetime) -> QuerySet[Session]:
    return Session.objects.over_since(at - timedelta(days=days))


def _delete(rows: QuerySet[Any]) -> int:
    found = 0
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            found += rows.filter(pk__in=ids).delete()[0]
    return found


# ------------------------------------------------------------------ detached
def detach_attempts(*, at: datetime) -> int:
    """Detaches from their person, two years after the session, waits, offers, requests and seats
    given back: all that a person asked of a session without a seat kept to its end. Returns how
    many, a person and a session each.

    A stand-in takes the place of the person, one for each person and session, so that counts,
    ranks, lots and histories stay as they are and lead to nobody. Whoever held a seat to the end
    keeps all their rows there, with the presence that was counted for it; a strike not yet expired
    keeps them too. Locks the people, then the session. Sends enrolments_detached.
    """
    rows = Enrolment.objects.filter(session__in=_over(ATTEMPTS_KEPT_DAYS, at)).exclude(STANDS_IN)
    left = rows.exclude(
        state=EnrolmentState.CONFIRMED, session__state__in=PAST_SESSION_STATES
    ).order_by("session")
    found = 0
    for session_id in list(left.values_list("session", flat=True).distinct()):
        people = _people_to_detach(session_id)
        for start in range(0, len(people), BATCH):
            found += _detach(session_id, people[start : start + BATCH], at)
    return found


def _people_to_detach(session_id: int) -> list[int]:
    rows = Enrolment.objects.filter(session=session_id).order_by()
    is_seated = Q(state=EnrolmentState.CONFIRMED, session__state__in=PAST_SESSION_STATES)
    staying = rows.filter(is_seated | Q(strike__isnull=False)).values("person")
    people = rows.exclude(STANDS_IN).exclude(person__in=staying)
    return list(people.order_by("person").values_list("person", flat=True).distinct())


def _detach(session_id: int, person_ids: list[int], at: datetime) -> int:
    with transaction.atomic():
        people = lock_people(person_ids)
        session = lock_sessions([session_id])[session_id]
        enrolments: list[int] = []
        for person in people.values():
            enrolments += _replace(person, session, at)
        enrolments_detached.send(sender=Enrolment, enrolments=enrolments, at=at)
    return len(people)


def _replace(person: User, session: Session, at: datetime) -> list[int]:
    """Puts a stand-in in the place of the person in all their rows of that session: their keys."""
    stand_in = stand_in_for(
        person=person,
        since=session.term.starts_on if session.term else None,
        keeps_profession=session.pools.filter(kind=PoolKind.PROFESSION).exists(),
        at=at,
    )
    keys = list(
        Enrolment.objects.filter(session=session, person=person).values_list("pk", flat=True)
    )
    theirs = Q(enrolment__in=keys) | Q(enrolment__session=session, reason=PASSED_ON)
    EnrolmentEvent.objects.filter(theirs, by=person).update(by=stand_in)
    Enrolment.objects.filter(instead_of__in=keys).update(instead_of=None)
    Enrolment.objects.filter(pk__in=keys).update(person=stand_in, instead_of=None, question="")
    return keys


# ------------------------------------------------------------------ closed accounts
def forget_person(*, user: User) -> int:
    """Erases what served the account of somebody who leaves: calendar, holds, strikes,
    equivalences, modules begun and not completed, questions, invitations as a guest. Returns how
    many rows. Safe inside a receiver: no lock; seats are given back by the sweep.
    """
    addresses = {address.casefold() for address in verified_addresses_of(user)}
    guests = SessionGuest.objects.filter(address__in=addresses)
    asked = Enrolment.objects.filter(person=user).exclude(question="")
    return sum(
        [
            *(_all_of(model).filter(person=user).delete()[0] for model in OF_AN_ACCOUNT),
            _unfinished().filter(person=user).delete()[0],
            guests.delete()[0],
            asked.update(question=""),
        ]
    )


def forget_closed_accounts(*, at: datetime) -> int:
    """The same of every closed account, for what was written since it was closed."""
    found = 0
    for rows in [*(_all_of(model) for model in OF_AN_ACCOUNT), _unfinished()]:
        found += _delete(rows.filter(person__closed_at__lte=at))
    return found


def _all_of(model: type[Model]) -> QuerySet[Any]:
    return model._default_manager.all()


def _unfinished() -> QuerySet[Any]:
    return ModuleProgress.objects.filter(completed_at__isnull=True)
