"""What a session asks of people and how its seats are given, in plain words. Pure: reads what is
already loaded, in the active language.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from courses.choices import (
    STRIKE_DELAY_HOURS,
    STRIKE_POINTS,
    STRIKES_DELAYED,
    STRIKES_LAST,
    Audience,
    OpeningMode,
    PoolKind,
    StrikeCause,
)
from people.choices import in_language
from people.letters import date_words, hour_words


@dataclass(frozen=True)
class Condition:
    """One sentence, and where it leads if it leads somewhere."""

    text: str
    url: str = ""
    link: str = ""


def is_by_request(session: Any, *, at: datetime) -> bool:
    """Whether a seat is asked for, not taken: by approval, or while a draw takes requests."""
    if session.needs_approval:
        return True
    closes_at = session.requests_close_at
    return session.opening_mode == OpeningMode.DRAW and (closes_at is None or at < closes_at)


def moment_words(at: datetime) -> str:
    """« 9 h le mardi 3 novembre 2026 », for sentences that begin with « à » or « jusqu’à »."""
    language = get_language()
    return _("%(hour)s on %(date)s") % {
        "hour": hour_words(at, language),
        "date": date_words(at, language),
    }


# ------------------------------------------------------------------ seats kept
def people_of(pool: Any) -> str:
    """The name of the people of a pool; empty for guests."""
    match pool.kind:
        case PoolKind.ESTABLISHMENT:
            return pool.establishment.short_name
        case PoolKind.COMMUNITY:
            return in_language(pool.community, "name")
        case PoolKind.PROFESSION:
            return in_language(pool.profession, "title")
        case _:
            return ""


def kept_for(pool: Any) -> str:
    """« 5 places réservées à l’établissement CHUM »."""
    count = pool.capacity
    values = {"count": count, "people": people_of(pool)}
    match pool.kind:
        case PoolKind.ESTABLISHMENT:
            words = ngettext(
                "%(count)d seat kept for %(people)s", "%(count)d seats kept for %(people)s", count
            )
        case PoolKind.COMMUNITY:
            words = ngettext(
                "%(count)d seat kept for the members of “%(people)s”",
                "%(count)d seats kept for the members of “%(people)s”",
                count,
            )
        case PoolKind.PROFESSION:
            words = ngettext(
                "%(count)d seat kept for the profession “%(people)s”",
                "%(count)d seats kept for the profession “%(people)s”",
                count,
            )
        case _:
            words = ngettext(
                "%(count)d seat kept for people invited",
                "%(count)d seats kept for people invited",
                count,
            )
    return words % values


def kept_until(pool: Any) -> str:
    """« 5 places réservées à l’établissement CHUM jusqu’au 3 novembre 2026 »: for a card."""
    if pool.release_at is None:
        return kept_for(pool)
    return _("%(seats)s until %(date)s") % {
        "seats": kept_for(pool),
        "date": date_words(pool.release_at, get_language(), with_weekday=False),
    }


def pool_sentence(pool: Any, left: int) -> str:
    """The same with its hour, and how many of those seats are still free: for a page."""
    seats = kept_for(pool)
    if pool.release_at is not None:
        seats = _("%(seats)s until %(hour)s on %(date)s; then they are open to everybody") % {
            "seats": seats,
            "hour": hour_words(pool.release_at, get_language()),
            "date": date_words(pool.release_at, get_language(), with_weekday=False),
        }
    free = (
        ngettext("%(count)d is still free", "%(count)d are still free", left) % {"count": left}
        if left
        else _("none is free any more")
    )
    return _("%(seats)s (%(free)s).") % {"seats": seats, "free": free}


def own_pool_sentence(pool: Any, *, at: datetime) -> str:
    """To one of its people: that these seats are theirs too, and from when."""
    name = people_of(pool) or _("people invited")
    if pool.opens_at is not None and at < pool.opens_at:
        return _("You may use the seats kept for %(people)s from %(moment)s.") % {
            "people": name,
            "moment": moment_words(pool.opens_at),
        }
    return _("You may use the seats kept for %(people)s.") % {"people": name}


# ------------------------------------------------------------------ rules
def conditions_of(
    session: Any, pools: Iterable[tuple[Any, int]], *, at: datetime, points: int | None = None
) -> list[Condition]:
    """Whom the session is for, which seats are kept, how they are given and what is asked.

    `pools`: those still kept, with their free seats. `points`: the reader's own late withdrawals
    and absences, where they count.
    """
    lines = [Condition(_audience(session))]
    lines += [Condition(pool_sentence(pool, left)) for pool, left in pools]
    if session.opening_mode == OpeningMode.DRAW:
        lines.append(Condition(_draw(session, at=at)))
    if session.needs_approval:
        lines.append(Condition(_("The Academy’s team reads each request and answers it by email.")))
    if session.prerequisite_id is not None:
        lines.append(_prerequisite(session.prerequisite))
    if session.survey_gate:
        lines.append(
            Condition(_("If you owe the survey of a session you attended, answer it first."))
        )
    if session.counts_strikes:
        lines.append(Condition(strikes_sentence()))
        if points:
            lines.append(
                Condition(
                    ngettext(
                        "You have %(count)d point at present.",
                        "You have %(count)d points at present.",
                        points,
                    )
                    % {"count": points}
                )
            )
    return lines


def card_notes(session: Any, pools: Iterable[Any], *, at: datetime) -> list[str]:
    """The same for a card of the catalogue: what differs from the usual, in a few words."""
    notes = []
    if session.audience == Audience.NETWORK:
        notes.append(_("For professionals of the network"))
    elif session.audience == Audience.INVITATION:
        notes.append(_("By invitation"))
    notes += [kept_until(pool) for pool in pools]
    if session.opening_mode == OpeningMode.DRAW:
        notes.append(_("Seats given by a draw"))
    if session.needs_approval:
        notes.append(_("Upon approval"))
    if session.prerequisite_id is not None:
        notes.append(_("With a prerequisite"))
    return notes


def _audience(session: Any) -> str:
    match session.audience:
        case Audience.NETWORK:
            return _(
                "For professionals of the network: your membership of an establishment or of a "
                "community of practice must be verified."
            )
        case Audience.INVITATION:
            return _("By invitation: only the people invited can enrol.")
        case _:
            return _("Open to everyone with an account.")


def _draw(session: Any, *, at: datetime) -> str:
    closes_at = session.requests_close_at
    if closes_at is None or at >= closes_at:
        return _("Seats were given by a draw; those left go to the first who ask.")
    return _(
        "Seats are given by a draw. Ask for one before %(moment)s: asking earlier gives no "
        "advantage. Whoever held fewer seats in the last two terms has better odds."
    ) % {"moment": moment_words(closes_at)}


def _prerequisite(course: Any) -> Condition:
    return Condition(
        _(
            "Asked for first: the training below. If you know its content already, ask the "
            "Academy’s team to recognise an equivalence."
        ),
        url=reverse("cms:course", kwargs={"key": course.key}),
        link=in_language(course, "title"),
    )


def strikes_sentence() -> str:
    """What late withdrawals and absences cost, where a session counts them."""
    return _(
        "Late withdrawals and absences count: %(late)d for a late withdrawal, %(absent)d for an "
        "absence, for %(days)d days. From %(delayed)d points you enrol %(hours)d hours after "
        "everybody; from %(last)d, you are served after everybody. You may explain what happened, "
        "and the Academy’s team decides."
    ) % {
        "late": STRIKE_POINTS[StrikeCause.LATE],
        "absent": STRIKE_POINTS[StrikeCause.ABSENT],
        "days": settings.STRIKE_DAYS,
        "delayed": STRIKES_DELAYED,
        "hours": STRIKE_DELAY_HOURS,
        "last": STRIKES_LAST,
    }
