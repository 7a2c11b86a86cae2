"""What a message to many says to one person, read when it leaves; None once it does not concern
them any more: the mailing was stopped, the consent or the follow taken back, the seat given up.

A trial (the coordinator's own test, or a preview) belongs to no mailing's people and always says
what it would.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.choices import (
    HELD_ENROLMENT_STATES,
    LIVE_SESSION_STATES,
    Audience,
    SessionState,
)
from courses.models import Enrolment, Session
from courses.selectors.sessions import seat_summary, with_counts
from notices.choices import LEAVING_STATES, NoticeKind
from notices.letters import filled, one_line, paragraphs
from notices.models import Follow, Mailing, Notice
from notices.selectors.audiences import chosen
from notices.selectors.openings import (
    concerning,
    hour_for,
    own_follows,
    sessions_opening_on,
    told_sessions,
    without_own,
)
from notices.selectors.unsubscribing import unsubscribe_token
from notices.selectors.words import Facts, address, session_facts, terms
from people.choices import ConsentPurpose, in_language
from people.letters import date_words, hour_words, interval_words
from people.models import User
from people.selectors.consents import has_consented

LISTED = 40  # sessions of a term shown in its announcement; the catalogue has them all
ANNOUNCED_STATES = LIVE_SESSION_STATES - {SessionState.POSTPONED}


# ------------------------------------------------------------------ written by staff
def term_announced(notice: Notice, at: datetime) -> Facts | None:
    mailing, is_trial = _mailing(notice)
    person = notice.recipient
    if mailing is None or mailing.term is None:
        return None
    if not is_trial and not has_consented(person, ConsentPurpose.ANNOUNCEMENTS):
        return None
    coming = told_sessions().filter(term=mailing.term, state__in=ANNOUNCED_STATES)
    rows = list(coming.filter(starts_at__gt=at))
    values = {
        "programmation": one_line(in_language(mailing.term, "title")),
        "lien": address("cms:catalogue"),
    }
    words = _staff_words(notice, mailing, values) | {
        "facts": terms([(_title(row), _when(row, row.enrolment_opens_at, at)) for row in rows])[
            :LISTED
        ],
        "left_out": max(0, len(rows) - LISTED),
        "action_url": values["lien"],
    }
    return _refusable(person, words, news=True)


def session_message(notice: Notice, at: datetime) -> Facts | None:
    mailing, is_trial = _mailing(notice)
    if mailing is None or mailing.session is None:
        return None
    if not is_trial and not chosen(mailing).filter(person=notice.recipient).exists():
        return None
    session = session_facts(mailing.session)
    starts = [meeting.starts_at for meeting in mailing.session.meetings.all()]
    language = get_language()
    values = {
        "formation": session.title,
        "date": date_words(min(starts), language) if starts else _("date to come"),
        "heure": hour_words(min(starts), language) if starts else _("hour to come"),
        "lien": session.url,
    }
    return Facts(
        _staff_words(notice, mailing, values)
        | {"session": session, "facts": session.rows, "action_url": session.url}
    )


def _mailing(notice: Notice) -> tuple[Mailing | None, bool]:
    """The mailing, if its messages may leave now; and whether this one is a trial."""
    is_trial = notice.mailing_id is None
    mailing = (
        Mailing.objects.select_related("term", "session__course", "session__version")
        .prefetch_related("session__meetings")
        .filter(pk=notice.context["mailing"])
        .first()
    )
    if mailing is not None and not is_trial and mailing.state not in LEAVING_STATES:
        return None, is_trial
    return mailing, is_trial


def _staff_words(notice: Notice, mailing: Mailing, values: dict[str, str]) -> dict[str, Any]:
    """Subject and paragraphs with their placeholders filled."""
    profile = getattr(notice.recipient, "profile", None)
    said = {"nom": one_line(profile.printed_name) if profile else ""} | values
    subject = one_line(filled(in_language(mailing, "subject"), said))
    if notice.context.get("test"):
        subject = _("[Test] %(subject)s") % {"subject": subject}
    body = in_language(mailing, "body")
    return {"subject": subject, "paragraphs": [filled(each, said) for each in paragraphs(body)]}


# ------------------------------------------------------------------ openings
def enrolment_opens(notice: Notice, at: datetime) -> Facts | None:
    """The list of one day, each session with the hour at which it opens for this person."""
    mailing, _is_trial = _mailing(notice)
    person = notice.recipient
    if mailing is None or mailing.day is None:
        return None
    hours = {
        row: hour
        for row in without_own(person, sessions_opening_on(mailing.day))
        if (hour := hour_for(person, row, at=at)) is not None
        and hour > at
        and timezone.localdate(hour) == mailing.day
    }
    follows = own_follows(person, hours)
    news = has_consented(person, ConsentPurpose.ANNOUNCEMENTS)
    rows = list(hours) if news else concerning(follows, hours)
    if not rows:
        return None
    language = get_language()
    words = {
        "is_today": timezone.localdate(at) == mailing.day,  # it left late
        "date": date_words(mailing.day, language),
        "hour": hour_words(min(hours[row] for row in rows), language),
        "facts": terms([(_title(row), _when(row, hours[row], at)) for row in rows]),
        "sessions": [_linked(row) for row in rows],
        "action_url": _sign_in_for(rows),
    }
    return _refusable(person, words, news=news, follows=_about(follows, rows))


def enrolment_opened(notice: Notice, at: datetime) -> Facts | None:
    """To one who follows it: seats may be taken now. None once shut, or seated in that training."""
    mailing, _is_trial = _mailing(notice)
    person = notice.recipient
    if mailing is None:
        return None
    opened = told_sessions().filter(pk=mailing.session_id, state=SessionState.OPEN)
    session = next(iter(without_own(person, opened)), None)
    if session is None or _is_shut(session, at) or _is_seated(person, session):
        return None
    follows = own_follows(person, [session])
    if not follows:
        return None
    facts = session_facts(session)
    words = {
        "session": facts,
        "facts": facts.rows,
        "is_second": _is_second(session),
        "for_network": session.audience == Audience.NETWORK,
        "action_url": facts.url,
    }
    return _refusable(person, words, news=False, follows=follows)


def _is_shut(session: Session, at: datetime) -> bool:
    ends = [session.enrolment_closes_at, session.starts_at]
    return any(end is not None and end <= at for end in ends)


def _is_seated(person: User, session: Session) -> bool:
    """Whether the person holds a seat in another session of this training still to come."""
    return Enrolment.objects.filter(
        person=person,
        state__in=HELD_ENROLMENT_STATES,
        session__course=session.course_id,
        session__state__in=LIVE_SESSION_STATES,
    ).exists()


def _is_second(session: Session) -> bool:
    """Whether the training was full: this session was added to another, or all others are full."""
    if session.twin_of_id is not None:
        return True
    others = with_counts(
        Session.objects.filter(course=session.course_id, state=SessionState.OPEN)
    ).exclude(pk=session.pk)
    full = [seat_summary(other).is_full for other in others]
    return bool(full) and all(full)


# ------------------------------------------------------------------ what they share
def _title(session: Session) -> str:
    return one_line(in_language(session.version or session.course, "title"))


def _linked(session: Session) -> dict[str, str]:
    return {"title": _title(session), "url": address("courses:session", key=session.key)}


def _sign_in_for(sessions: Sequence[Session]) -> str:
    """Sign-in that leads on to the page of the only session, else to the catalogue."""
    then = (
        reverse("courses:session", kwargs={"key": sessions[0].key})
        if len(sessions) == 1
        else reverse("cms:catalogue")
    )
    return f"{address('account_login')}?next={then}"


def _when(session: Session, opens_at: datetime | None, at: datetime) -> str:
    """« mardi 17 novembre 2026, 12 h à 13 h · Inscription dès le jeudi 5 novembre, 10 h »."""
    language = get_language()
    first = next(iter(session.meetings.all()), None)
    parts = [interval_words(first.starts_at, first.ends_at, language)] if first else []
    if opens_at is not None and opens_at > at:
        parts.append(
            _("enrolment opens on %(date)s at %(hour)s")
            % {"hour": hour_words(opens_at, language), "date": date_words(opens_at, language)}
        )
    if session.audience == Audience.NETWORK:
        parts.append(_("for professionals of the network"))
    return " · ".join(parts)


def _about(follows: Sequence[Follow], rows: Sequence[Session]) -> list[Follow]:
    """Those of the follows that brought one of these sessions here."""
    return [follow for follow in follows if concerning([follow], rows)]


def _refusable(
    person: User, words: dict[str, Any], *, news: bool, follows: Sequence[Follow] = ()
) -> Facts:
    """With the link that ends all that brought this message here: the consent, the follows."""
    token = unsubscribe_token(person, news=news, follows=follows)
    url = address("notices:unsubscribe", token=token)
    reasons = {
        "unsubscribe_url": url,
        "is_news": news,
        "followed": [one_line(str(follow.subject)) for follow in follows],
    }
    return Facts(words | reasons, secrets=(token,), unsubscribe_url=url)


FACTS: dict[NoticeKind, Callable[[Notice, datetime], Facts | None]] = {
    NoticeKind.TERM_ANNOUNCED: term_announced,
    NoticeKind.SESSION_MESSAGE: session_message,
    NoticeKind.ENROLMENT_OPENS: enrolment_opens,
    NoticeKind.ENROLMENT_OPENED: enrolment_opened,
}
