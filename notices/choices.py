"""Every message the Academy sends, by name; which of them a person may refuse."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NoticeKind(models.TextChoices):
    SEAT_CONFIRMED = "seat_confirmed", _("Place confirmed")
    PUT_ON_WAITING_LIST = "put_on_waiting_list", _("On the waiting list")
    ENROLMENT_CANCELLED = "enrolment_cancelled", _("Withdrawal confirmed")
    PLACE_NOT_OBTAINED = "place_not_obtained", _("Place not obtained")
    SESSION_CHANGED = "session_changed", _("Change of a session")
    SESSION_POSTPONED = "session_postponed", _("Session postponed")
    SESSION_CANCELLED = "session_cancelled", _("Session cancelled")
    SURVEY_OPENED = "survey_opened", _("Invitation to evaluate")
    CERTIFICATE_READY = "certificate_ready", _("Attestation ready")
    CERTIFICATE_ENDED = "certificate_ended", _("Attestation replaced or revoked")
    ACCOUNT_CLOSED = "account_closed", _("Account closed")


class NoticeState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("notice", "Waiting")
    SENDING = "sending", pgettext_lazy("notice", "Being sent")
    SENT = "sent", pgettext_lazy("notice", "Sent")
    FAILED = "failed", pgettext_lazy("notice", "Failed")
    DROPPED = "dropped", pgettext_lazy("notice", "No longer true, not sent")


class Priority(models.IntegerChoices):
    """Lower goes first. Sign-in codes never queue: they pass the door at once."""

    URGENT = 1, _("Change on the day")
    NORMAL = 5, _("Normal")
    BULK = 9, _("Announcement")


# Minutes before the next try; after the last one the notice is FAILED.
RETRY_MINUTES = (1, 5, 10, 20, 30, 60, 240)
# Minutes after which a notice still « being sent » was left behind by a worker that died.
STUCK_MINUTES = 10
# Days after which the words of a sent message are forgotten.
WORDS_KEPT_DAYS = 30
# Nothing more will happen to these by itself.
ENDED_STATES = frozenset({NoticeState.SENT, NoticeState.FAILED, NoticeState.DROPPED})
