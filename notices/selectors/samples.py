"""Facts of example, for a message of which there is no true one to show: the newest session, and
plain values for the rest.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.choices import STRIKE_DELAY_HOURS, EnrolmentState, PoolKind, SessionChange
from courses.models import Session
from notices.selectors.words import (
    Facts,
    SessionFacts,
    address,
    moment_words,
    session_facts,
    terms,
)
from people.letters import date_words, hour_words, ordinal_words

SOMEBODY = "Camille Exemple"


def sample_facts(at: datetime) -> Facts:
    """The words of every kind at once, in the active language. Three queries at most."""
    session = _session(at)
    page = session.url
    moment = at + timedelta(days=2)
    rank = {"rank": ordinal_words(3, get_language()), "total": 12}
    words: dict[str, Any] = {
        "name": SOMEBODY,
        "session": session,
        "title": session.title,
        "facts": session.rows,
        "date": session.date,
        "hour": session.hour,
        "action_url": page,
        "cancel_url": page,
        "waiting_url": page,
        "session_url": page,
        "verify_url": address("certificates:verify_form"),
        "join_minutes": settings.JOIN_OPENS_MINUTES_BEFORE,
        "rank": _("%(rank)s of %(total)d") % rank,
        "asked_from": timezone.localdate(moment),
        "held": True,
        "was": str(EnrolmentState.CONFIRMED),
        "begins": True,
        "comes_from": "list",
        "until": moment,
        "again": True,
        "keeps_rank": True,
        "waited": True,
        "is_draw": True,
        "requests_close_at": moment,
        "motive": _("The trainer is ill."),
        "colleague": SOMEBODY,
        "unused": 3,
        "pool": str(PoolKind.ESTABLISHMENT.label),
        "release_at": moment,
        "points": 1,
        "expires_on": timezone.localdate(at + timedelta(days=365)),
        "delay_hours": STRIKE_DELAY_HOURS,
        "changes": [str(SessionChange.TIME.label).lower()],
        "closes_at": moment,
        "is_anonymous": True,
        "is_required": True,
        "number": "QC-2026-000001",
        "successor": "QC-2026-000002",
        "is_replaced": True,
    }
    return Facts(words)


def _session(at: datetime) -> SessionFacts:
    """The newest session with a date, or one that never was."""
    newest = (
        Session.objects.public()
        .filter(meetings__isnull=False)
        .select_related("course", "version")
        .prefetch_related("meetings")
        .order_by("-pk")
        .first()
    )
    if newest is not None:
        return session_facts(newest)
    starts_at = at + timedelta(days=10)
    title = _("Title of the training")
    return SessionFacts(
        title=title,
        date=date_words(starts_at, get_language()),
        hour=hour_words(starts_at, get_language()),
        is_online=True,
        url=address("cms:catalogue"),
        rows=terms(
            [(_("Training"), title), (_("Date and time (Montréal time)"), moment_words(starts_at))]
        ),
    )
