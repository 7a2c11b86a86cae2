"""Through the door of a meeting: who holds a seat, from some minutes before until its end."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.choices import EnrolmentState, SessionState
from courses.models import Enrolment, JoinClick, Meeting
from courses.services.seat_rules import SeatRefusal
from people.letters import date_words, hour_words


class JoinRefused(SeatRefusal):
    """The meeting cannot be joined now, or not by this person."""


def join_opens_at(meeting: Meeting) -> datetime:
    """When « Rejoindre » comes alive: some minutes before the meeting."""
    return meeting.starts_at - timedelta(minutes=settings.JOIN_OPENS_MINUTES_BEFORE)


def record_join_click(*, enrolment: Enrolment, meeting: Meeting, at: datetime) -> str:
    """The meeting's address, for somebody who holds a seat, from T-15 min to its end.

    Records the click (a hint for matching names, never proof of presence) and reads the address at
    that very moment, so that a late change harms nobody. Raises JoinRefused.
    """
    with transaction.atomic():
        row = Enrolment.objects.select_related("session").get(pk=enrolment.pk)
        fresh = Meeting.objects.filter(pk=meeting.pk, session_id=row.session_id).first()
        if fresh is None or row.state != EnrolmentState.CONFIRMED:
            raise JoinRefused(_("Only a person who holds a seat joins this session."))
        if row.session.state in {SessionState.CANCELLED, SessionState.POSTPONED}:
            raise JoinRefused(_("This session is cancelled or postponed."))
        opens_at = join_opens_at(fresh)
        if at < opens_at:
            language = get_language()
            raise JoinRefused(
                _("You can join from %(hour)s, on %(date)s.")
                % {"hour": hour_words(opens_at, language), "date": date_words(opens_at, language)}
            )
        if at >= fresh.ends_at:
            raise JoinRefused(_("This meeting is over."))
        if not fresh.join_url:
            raise JoinRefused(_("The address of the meeting is not known yet. Try again shortly."))
        JoinClick.objects.create(enrolment=row, meeting=fresh, at=at)
    return fresh.join_url
