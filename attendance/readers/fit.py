"""Whether a report and an agenda speak of the same meeting: wrong file, wrong day, wrong zone."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from attendance.choices import ReasonCode
from attendance.readers.intervals import Interval, clip, held_seconds, seconds
from attendance.readers.report import Report, span_of
from people.letters import date_words, interval_words

_ENOUGH = 0.5  # share of the agenda that the meeting of the report must cover


def doubts(report: Report, meetings: Sequence[Interval]) -> list[tuple[ReasonCode, str]]:
    """What speaks against importing `report` for this agenda: a code and a sentence each.

    Empty when the meeting that the report describes (its host's, else everyone's connections)
    covers half the agenda of the days it touches, or when the report holds no times.
    """
    held = report.held or span_of(report.connections)
    if not held or not meetings:
        return []
    day = timedelta(days=1)
    same_days = [
        meeting for meeting in meetings if meeting[0] - day < held[1] and held[0] < meeting[1] + day
    ]
    if not same_days:
        sentence = _(
            "This report is of %(day)s; no meeting of this session was held then. "
            "Is it the right file?"
        )
        day_words = date_words(held[0], get_language(), with_weekday=False)
        return [(ReasonCode.OUTSIDE_WINDOW, sentence % {"day": day_words})]
    touched = [meeting for meeting in same_days if clip([held], [meeting])] or same_days
    share = seconds(clip([held], touched)) / held_seconds(touched, [])
    if share >= _ENOUGH:
        return []
    sentence = _(
        "According to this report the meeting was held %(interval)s, which covers %(percent)s %% "
        "of the agenda. Check the time zone, and that it is the right file."
    )
    interval = interval_words(*held, get_language())
    return [
        (ReasonCode.ZONE_SUSPECT, sentence % {"interval": interval, "percent": int(share * 100)})
    ]
