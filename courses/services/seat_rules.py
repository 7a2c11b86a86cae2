"""The rules of a seat: each refuses with one sentence, or is silent.

Asked by services.enrolments alone, with the person and the session already locked, when a seat is
asked for and again when one is given from the waiting list. They read this floor's own tables and
people's memberships; nothing here writes.
"""

from datetime import datetime
from typing import NoReturn

from django.db.models import Max, Min, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.choices import (
    DATED_SESSION_STATES,
    HELD_ENROLMENT_STATES,
    STAFF_ENROL_STATES,
    Audience,
    EnrolmentOrigin,
    SessionState,
)
from courses.models import Enrolment, Meeting, Session
from people.choices import EstablishmentKind
from people.letters import date_words, hour_words
from people.models import User
from people.services import Refusal


class SeatRefusal(Refusal):
    """No seat, no place on the list; the text says why."""


class EnrolmentClosed(SeatRefusal):
    """Not now: not open yet, paused, postponed, or past the deadline."""


class SessionOver(SeatRefusal):
    """The session has begun, is over or will not take place."""


class SessionUnknown(SeatRefusal):
    """A draft: for the public, it does not exist."""


class NotInAudience(SeatRefusal):
    pass


class TermLimitReached(SeatRefusal):
    pass


class ScheduleConflict(SeatRefusal):
    pass


class AccountClosed(SeatRefusal):
    pass


def _moment(at: datetime) -> dict[str, str]:
    language = get_language()
    return {"date": date_words(at, language), "hour": hour_words(at, language)}


def bounds_of(session: Session) -> tuple[datetime | None, datetime | None]:
    """Start of the first meeting and end of the last; None, None without a meeting. One query."""
    ends = Meeting.objects.filter(session=session).aggregate(
        first=Min("starts_at"), last=Max("ends_at")
    )
    return ends["first"], ends["last"]


def check_window(session: Session, *, origin: str, at: datetime) -> None:
    """May a seat of this session be asked for at this moment?

    A person asks while enrolment is open, before the deadline and before the first meeting (at the
    very second of either it is too late). Staff may seat someone from the announcement to the end
    of the last meeting.
    """
    state = SessionState(session.state)
    by_staff = origin != EnrolmentOrigin.WEB
    if state not in (STAFF_ENROL_STATES if by_staff else {SessionState.OPEN}):
        _refuse_state(state)
    starts_at, ends_at = bounds_of(session)
    if starts_at is None or ends_at is None:
        raise EnrolmentClosed(_("This session has no date yet."))
    if at >= (ends_at if by_staff else starts_at):
        raise SessionOver(
            _("This session began on %(date)s at %(hour)s: it is too late to enrol.")
            % _moment(starts_at)
        )
    if by_staff:
        return
    if session.enrolment_opens_at is not None and at < session.enrolment_opens_at:
        raise EnrolmentClosed(
            _("Enrolment opens at %(hour)s on %(date)s.") % _moment(session.enrolment_opens_at)
        )
    if session.enrolment_closes_at is not None and at >= session.enrolment_closes_at:
        raise EnrolmentClosed(
            _("Enrolment closed at %(hour)s on %(date)s.") % _moment(session.enrolment_closes_at)
        )


def why_shut(session: Session, *, at: datetime) -> str:
    """The sentence a person would be refused with at this moment, before any lock; else empty."""
    try:
        check_window(session, origin=EnrolmentOrigin.WEB, at=at)
    except SeatRefusal as refusal:
        return str(refusal)
    return ""


def _refuse_state(state: SessionState) -> NoReturn:
    match state:
        case SessionState.DRAFT:
            raise SessionUnknown(_("This session is not announced."))
        case SessionState.ANNOUNCED:
            raise EnrolmentClosed(_("Enrolment in this session is not open yet."))
        case SessionState.PAUSED:
            raise EnrolmentClosed(_("Enrolment in this session is paused for the moment."))
        case SessionState.POSTPONED:
            raise EnrolmentClosed(
                _("This session is postponed. Enrolment opens again with its new date.")
            )
        case SessionState.CANCELLED:
            raise SessionOver(_("This session is cancelled."))
        case _:
            raise SessionOver(_("This session is over."))


def check_person(person: User, session: Session, *, origin: str, at: datetime) -> None:
    """May this person hold a seat here? Account, audience, limit of the term, overlap."""
    if person.closed_at is not None or not person.is_active:
        raise AccountClosed(_("This account is closed."))
    _check_audience(person, session, origin=origin, at=at)
    _check_term_limit(person, session)
    _check_overlap(person, session)


def _check_audience(person: User, session: Session, *, origin: str, at: datetime) -> None:
    if session.audience == Audience.INVITATION and origin == EnrolmentOrigin.WEB:
        raise NotInAudience(_("Seats in this session are given by invitation."))
    if session.audience != Audience.NETWORK:
        return
    in_network = Q(establishment__kind=EstablishmentKind.NETWORK) | Q(community__isnull=False)
    current = person.memberships.verified().current(timezone.localdate(at))
    if not current.filter(in_network).exists():
        raise NotInAudience(
            _(
                "This session is kept for professionals of the network. Your membership of an "
                "establishment or of a community of practice must be verified first."
            )
        )


def _check_term_limit(person: User, session: Session) -> None:
    """At most `term.seats_per_person` seats in the term, past ones included, cancelled ones not."""
    if session.term is None:
        return
    limit = session.term.seats_per_person
    held = (
        Enrolment.objects.filter(
            person=person, state__in=HELD_ENROLMENT_STATES, session__term_id=session.term_id
        )
        .exclude(session=session)
        .exclude(session__state=SessionState.CANCELLED)
        .count()
    )
    if held >= limit:
        raise TermLimitReached(
            _(
                "You already hold %(held)d seats of the term “%(term)s”, where each person may "
                "hold %(limit)d. Give one up to take another."
            )
            % {"held": held, "limit": limit, "term": session.term}
        )


def _check_overlap(person: User, session: Session) -> None:
    """No meeting may overlap a meeting of another session where the person holds a seat."""
    overlaps = Q()
    for starts_at, ends_at in Meeting.objects.filter(session=session).values_list(
        "starts_at", "ends_at"
    ):
        overlaps |= Q(starts_at__lt=ends_at, ends_at__gt=starts_at)
    if not overlaps:
        return
    other = (
        Meeting.objects.filter(
            overlaps,
            session__state__in=DATED_SESSION_STATES,
            session__enrolments__person=person,
            session__enrolments__state__in=HELD_ENROLMENT_STATES,
        )
        .exclude(session=session)
        .select_related("session__course")
        .order_by("starts_at")
        .first()
    )
    if other is not None:
        raise ScheduleConflict(
            _("At that time you hold a seat in “%(course)s”, at %(hour)s on %(date)s.")
            % {"course": other.session.course, **_moment(other.starts_at)}
        )
