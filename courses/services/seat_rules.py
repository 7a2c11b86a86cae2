"""The rules of a seat: each refuses with one sentence, or is silent.

Asked by services.enrolments alone, with the person and the session already locked, when a seat is
asked for and again when one is given from the waiting list. They read this floor's own tables and
people's memberships; nothing here writes.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NoReturn

from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.choices import (
    OWN_ORIGINS,
    STAFF_ENROL_STATES,
    STRIKE_DELAY_HOURS,
    STRIKES_DELAYED,
    Audience,
    EnrolmentOrigin,
    HoldReason,
    SessionState,
)
from courses.models import Enrolment, Session
from courses.selectors.progress import has_completed
from courses.selectors.standing import (
    Dates,
    Standing,
    blocking_hold,
    dates_of,
    eligibility,
    is_guest,
    is_of_network,
    kept_pools,
    lots_are_due,
    opened_at,
    strike_points,
)
from people.letters import date_words, hour_words
from people.models import User
from people.services import Refusal


class SeatRefusal(Refusal):
    """No seat, no place on the list; the text says why."""


class EnrolmentClosed(SeatRefusal):
    """Not now: not open yet, paused, postponed, or past the deadline."""


class EnrolmentDelayed(EnrolmentClosed):
    """Open for others already: late withdrawals and absences count."""


class SessionOver(SeatRefusal):
    """The session has begun, is over or will not take place."""


class SessionUnknown(SeatRefusal):
    """A draft: for the public, it does not exist."""


class NotInAudience(SeatRefusal):
    pass


class TermLimitReached(SeatRefusal):
    """The person holds as many seats of the term as one may: an exchange is possible."""


class ScheduleConflict(SeatRefusal):
    """A meeting of another seat overlaps; `enrolment` is that seat: an exchange is possible."""

    def __init__(self, words: str, enrolment: Enrolment | None = None) -> None:
        super().__init__(words)
        self.enrolment = enrolment


class EnrolmentHeld(SeatRefusal):
    """A hold stands: a survey owed, or staff."""


class PrerequisiteMissing(SeatRefusal):
    pass


class AccountClosed(SeatRefusal):
    pass


def _moment(at: datetime) -> dict[str, str]:
    language = get_language()
    return {"date": date_words(at, language), "hour": hour_words(at, language)}


def check_window(
    person: User | None, session: Session, dates: Dates, *, origin: str, at: datetime
) -> None:
    """May a seat of this session be asked for at this moment?

    A person asks while enrolment is open, before the deadline and before the first meeting (at the
    very second of either it is too late); the people of a pool with an hour of its own, from that
    hour. Staff may seat someone from the announcement to the end of the last meeting.
    """
    state = SessionState(session.state)
    by_staff = origin not in OWN_ORIGINS
    if state not in (STAFF_ENROL_STATES if by_staff else {SessionState.OPEN}):
        if state == SessionState.ANNOUNCED:
            _check_hour(_opens_for(person, session, at=at), at=at)  # the hour is known: say it
        _refuse_state(state)
    starts_at, ends_at = dates.starts_at, dates.ends_at
    if starts_at is None or ends_at is None:
        raise EnrolmentClosed(_("This session has no date yet."))
    if at >= (ends_at if by_staff else starts_at):
        raise SessionOver(
            _("This session began on %(date)s at %(hour)s: it is too late to enrol.")
            % _moment(starts_at)
        )
    if by_staff:
        return
    if session.enrolment_closes_at is not None and at >= session.enrolment_closes_at:
        raise EnrolmentClosed(
            _("Enrolment closed at %(hour)s on %(date)s.") % _moment(session.enrolment_closes_at)
        )
    opens_at = _opens_for(person, session, at=at)
    _check_hour(opens_at, at=at)
    _check_delay(person, session, opens_at, at=at)
    if lots_are_due(session, at=at):
        raise EnrolmentClosed(
            _("The draw of this session is under way. Come back in a few minutes.")
        )


def _check_hour(opens_at: datetime | None, *, at: datetime) -> None:
    if opens_at is not None and at < opens_at:
        raise EnrolmentClosed(_("Enrolment opens at %(hour)s on %(date)s.") % _moment(opens_at))


def _opens_for(person: User | None, session: Session, *, at: datetime) -> datetime | None:
    """The earliest hour at which one may enrol: everybody's, or that of a pool of theirs."""
    opens_at = session.enrolment_opens_at
    if person is None:
        return opens_at
    if opens_at is not None and at < opens_at:
        early = [pool for pool in kept_pools(session, at=at) if pool.opens_at is not None]
        if early:
            mine = eligibility([person.pk], early, at=at)[person.pk]
            hours = [pool.opens_at for pool in early if pool.pk in mine and pool.opens_at]
            opens_at = min([opens_at, *hours])
    return opens_at


def _check_delay(
    person: User | None, session: Session, opens_at: datetime | None, *, at: datetime
) -> None:
    """Late withdrawals and absences that count make a person wait after the opening."""
    if person is None or not session.counts_strikes:
        return
    since = opens_at or opened_at(session)
    if since is None or strike_points(person, on=localdate(at)) < STRIKES_DELAYED:
        return
    yours_at = since + timedelta(hours=STRIKE_DELAY_HOURS)
    if at < yours_at:
        raise EnrolmentDelayed(
            _(
                "Because of late withdrawals or absences, enrolment opens for you at %(hour)s on "
                "%(date)s."
            )
            % _moment(yours_at)
        )


def why_shut(session: Session, *, at: datetime, person: User | None = None) -> str:
    """The sentence a person would be refused with at this moment, before any lock; else empty.

    Without a person, the sentence for anybody.
    """
    try:
        check_window(person, session, dates_of(session), origin=EnrolmentOrigin.WEB, at=at)
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


def check_person(
    person: User,
    session: Session,
    dates: Dates,
    standing: Standing,
    *,
    origin: str,
    at: datetime,
    given_up: Iterable[int] = (),
) -> None:
    """May this person hold a seat here? Account, audience, holds, prerequisite, limit, overlap.

    `given_up`: sessions whose seat is given up in the same transaction (an exchange).
    """
    if person.closed_at is not None or not person.is_active:
        raise AccountClosed(_("This account is closed."))
    _check_audience(person, session, origin=origin, at=at)
    _check_holds(person, session, at=at)
    _check_prerequisite(person, session)
    left_out = {session.pk, *given_up}
    _check_term_limit(session, standing, left_out)
    _check_overlap(dates, standing, left_out)


def _check_audience(person: User, session: Session, *, origin: str, at: datetime) -> None:
    if session.audience == Audience.EVERYONE:
        return
    if session.audience == Audience.INVITATION:
        if origin in OWN_ORIGINS and not is_guest(person, session):
            raise NotInAudience(_("Seats in this session are given by invitation."))
    elif not is_of_network(person, on=localdate(at)):
        raise NotInAudience(
            _(
                "This session is kept for professionals of the network. Your membership of an "
                "establishment or of a community of practice must be verified first."
            )
        )


def _check_holds(person: User, session: Session, *, at: datetime) -> None:
    reasons = {HoldReason.STAFF} | ({HoldReason.SURVEY} if session.survey_gate else set())
    hold = blocking_hold(person, on=localdate(at), reasons=reasons)
    if hold is None:
        return
    if hold.reason == HoldReason.SURVEY:
        raise EnrolmentHeld(
            _("Answer the survey of the last session you attended first; then come back here.")
        )
    raise EnrolmentHeld(
        _("Your enrolments are on hold. Write to the Academy's team: %(address)s.")
        % {"address": settings.SUPPORT_EMAIL}
    )


def _check_prerequisite(person: User, session: Session) -> None:
    course_id = session.prerequisite_id
    if course_id is None or has_completed(person, course_id):
        return
    raise PrerequisiteMissing(
        _(
            "This session asks that “%(course)s” be completed first. If you know its content "
            "already, ask the Academy's team to recognise an equivalence: %(address)s."
        )
        % {"course": session.prerequisite, "address": settings.SUPPORT_EMAIL}
    )


def _check_term_limit(session: Session, standing: Standing, left_out: set[int]) -> None:
    """At most `term.seats_per_person` seats in the term, past ones included, cancelled ones not."""
    if session.term is None:
        return
    limit = session.term.seats_per_person
    held = standing.seats_in_term(session.term.pk, without=left_out)
    if held >= limit:
        raise TermLimitReached(
            _(
                "You already hold %(held)d seats of the term “%(term)s”, where each person may "
                "hold %(limit)d. Give one up to take another."
            )
            % {"held": held, "limit": limit, "term": session.term}
        )


def _check_overlap(dates: Dates, standing: Standing, left_out: set[int]) -> None:
    """No meeting may overlap a meeting of another session where the person holds a seat.

    When one of the two is in person, the time of a walk is kept free between them.
    """
    for other in standing.held_slots(without=left_out):
        for slot in dates.slots:
            walk = slot.in_person or other.in_person
            margin = timedelta(minutes=settings.WALK_MINUTES if walk else 0)
            if slot.starts_at < other.ends_at + margin and slot.ends_at > other.starts_at - margin:
                course = Enrolment.objects.select_related("session__course").get(
                    pk=other.enrolment_id
                )
                raise ScheduleConflict(
                    _("At that time you hold a seat in “%(course)s”, at %(hour)s on %(date)s.")
                    % {"course": course.session.course, **_moment(other.starts_at)},
                    enrolment=course,
                )
