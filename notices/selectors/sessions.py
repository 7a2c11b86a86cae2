"""Messages about a whole session: to whoever holds a seat in it or waits, and to its trainers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from courses.choices import LIVE_ENROLMENT_STATES, EnrolmentState, SessionChange, SessionState
from courses.letters import CANCEL, REQUEST
from courses.models import Session, SessionEvent, SessionTrainerChange
from notices.choices import NoticeKind, NoticeState
from notices.letters import one_line
from notices.models import Notice
from notices.selectors.enrolments import about, find_enrolment, find_in_state, with_calendar
from notices.selectors.words import DATED_STATES, Facts, address, session_facts

MOTIVE_LENGTH = 1000


def session_changed(notice: Notice, at: datetime) -> Facts | None:
    """What changed since the last message about it, with the session as it now stands."""
    if "session" in notice.context:
        return _changed_for_trainer(notice)
    enrolment = find_in_state(notice, EnrolmentState.CONFIRMED)
    if enrolment is None or notice.context["sequence"] < enrolment.calendar_sequence:
        return None  # a newer change is on its way and tells this one too
    untold = _untold(notice, "enrolment")
    events = _events(enrolment.session, [moment for _context, moment in untold])
    words = about(enrolment, **_change_words(enrolment.session, untold, events))
    return with_calendar(notice, enrolment, words, method=REQUEST, at=at)


def session_moved_to(state: SessionState) -> Callable[[Notice, datetime], Facts | None]:
    """Facts of a session postponed or cancelled; whoever held a seat takes it off the calendar."""

    def facts(notice: Notice, at: datetime) -> Facts | None:
        if "session" in notice.context:
            return _called_off_for_trainer(notice, state)
        enrolment = find_enrolment(notice)
        if enrolment is None or enrolment.session.state != state:
            return None
        if enrolment.state not in LIVE_ENROLMENT_STATES:
            return None
        held = enrolment.state == EnrolmentState.CONFIRMED
        words = about(
            enrolment,
            held=held,
            was=str(enrolment.state),
            motive=_motive(_events(enrolment.session, [notice.queued_at])),
        )
        if state == SessionState.CANCELLED:
            words["action_url"] = address("cms:catalogue")
        if not held:  # an offer or a rank was in no calendar: there is nothing to take off
            return Facts(words)
        return with_calendar(notice, enrolment, words, method=CANCEL, at=at)

    return facts


# ------------------------------------------------------------------ trainers
def _taught(notice: Notice) -> Session | None:
    """The session of a message to a trainer, while that person still teaches it."""
    return (
        Session.objects.select_related("course", "version")
        .prefetch_related("meetings")
        .filter(pk=notice.context["session"], trainers__person=notice.recipient_id)
        .first()
    )


def _about_taught(session: Session, **words: Any) -> dict[str, Any]:
    facts = session_facts(session)
    return {
        "teaches": True,
        "session": facts,
        "facts": facts.rows,
        "date": facts.date,
        "hour": facts.hour,
        "action_url": facts.url,
    } | words


def _changed_for_trainer(notice: Notice) -> Facts | None:
    if notice.context.get("left"):
        return _left_by_trainer(notice)
    session = _taught(notice)
    if session is None or session.state not in DATED_STATES or _is_overtaken(notice):
        return None
    untold = _untold(notice, "session")
    events = _events(session, [moment for _context, moment in untold])
    return Facts(_about_taught(session, **_change_words(session, untold, events)))


def _left_by_trainer(notice: Notice) -> Facts | None:
    """To whoever teaches it no longer; None once they do again, or it has no date to come."""
    session = (
        Session.objects.select_related("course", "version")
        .prefetch_related("meetings")
        .filter(pk=notice.context["session"], state__in=DATED_STATES)
        .exclude(trainers__person=notice.recipient_id)
        .first()
    )
    if session is None:
        return None
    moments = [(notice.context, notice.queued_at)]
    words = _change_words(session, moments, _events(session, [notice.queued_at]))
    return Facts(_about_taught(session, leaves=True, **words))


def _called_off_for_trainer(notice: Notice, state: SessionState) -> Facts | None:
    session = _taught(notice)
    if session is None or session.state != state:
        return None
    motive = _motive(_events(session, [notice.queued_at]))
    return Facts(_about_taught(session, motive=motive))


def _is_overtaken(notice: Notice) -> bool:
    """Does a newer change wait for the same trainer? It tells this one too."""
    newer = _of_the_same(notice, "session").filter(pk__gt=notice.pk)
    return newer.exclude(state__in=[NoticeState.FAILED, NoticeState.DROPPED]).exists()


# ------------------------------------------------------------------ what changed
def _of_the_same(notice: Notice, name: str) -> Any:
    """Messages of the same kind to the same person about the same enrolment or session."""
    return Notice.objects.filter(
        recipient=notice.recipient_id,
        kind=NoticeKind.SESSION_CHANGED,
        **{f"context__{name}": notice.context[name]},
    )


def _untold(notice: Notice, name: str) -> list[tuple[dict[str, Any], datetime]]:
    """Context and moment of this change and of those before it that no message has told."""
    untold = [(notice.context, notice.queued_at)]
    earlier = _of_the_same(notice, name).filter(pk__lt=notice.pk).order_by("-pk")
    for state, context, queued_at in earlier.values_list("state", "context", "queued_at"):
        if state == NoticeState.SENT:
            break
        untold.append((context, queued_at))
    return untold


def _change_words(
    session: Session, untold: list[tuple[dict[str, Any], datetime]], events: list[SessionEvent]
) -> dict[str, Any]:
    names = sorted({name for context, _moment in untold for name in context["changes"]})
    words: dict[str, Any] = {"changes": [_change_name(name) for name in names]}
    if SessionChange.TRAINERS in names:
        words |= _trainers_words(session, [moment for _context, moment in untold])
    return words | {"motive": _motive(events)}


def _trainers_words(session: Session, moments: list[datetime]) -> dict[str, Any]:
    """Who comes and who goes, over all those moments: one who came and went is named nowhere."""
    moves = SessionTrainerChange.objects.filter(session=session, at__in=moments)
    balance: dict[Any, int] = {}
    for move in moves.select_related("person__profile").order_by("at", "pk"):
        balance[move.person] = balance.get(move.person, 0) + (1 if move.is_added else -1)
    come, gone = (
        [one_line(str(person)) for person, each in balance.items() if each == sign]
        for sign in (1, -1)
    )
    one_for_one = len(come) == len(gone) == 1
    return {"trainers_come": come, "trainers_gone": gone, "one_for_one": one_for_one}


def _events(session: Session, moments: list[datetime]) -> list[SessionEvent]:
    """What staff did to the session at those moments, the latest first."""
    events = SessionEvent.objects.filter(session=session, at__in=moments)
    return list(events.order_by("-at", "-pk"))


def _motive(events: list[SessionEvent]) -> str:
    """The reason staff gave for people to read; the latest when there are several."""
    return next((one_line(event.motive, MOTIVE_LENGTH) for event in events if event.motive), "")


def _change_name(name: str) -> str:
    """The name of a change inside a sentence."""
    label = str(SessionChange(name).label) if name in SessionChange.values else _("New date")
    return label[:1].lower() + label[1:]
