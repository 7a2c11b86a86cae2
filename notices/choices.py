"""Every message the Academy sends, by name; which of them a person may refuse."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NoticeKind(models.TextChoices):
    SEAT_CONFIRMED = "seat_confirmed", _("Place confirmed")
    PUT_ON_WAITING_LIST = "put_on_waiting_list", _("On the waiting list")
    ENROLMENT_CANCELLED = "enrolment_cancelled", _("Withdrawal confirmed")
    PLACE_NOT_OBTAINED = "place_not_obtained", _("Place not obtained")
    SEAT_OFFERED = "seat_offered", _("Seat offered")
    OFFER_REMINDER = "offer_reminder", _("Reminder of an offer")
    OFFER_EXPIRED = "offer_expired", _("Offer left without an answer")
    OFFER_DECLINED = "offer_declined", _("Offer declined")
    SEAT_CALLED = "seat_called", _("Last-hour seat")
    SEAT_REQUESTED = "seat_requested", _("Request received")
    REQUEST_REFUSED = "request_refused", _("Request refused")
    SEAT_PASSED_ON = "seat_passed_on", _("Seat given to a colleague")
    POOL_RELEASE_NEAR = "pool_release_near", _("Reserved seats soon released")
    STRIKE_GIVEN = "strike_given", _("Seat left unused")
    REMINDER_WEEK = "reminder_week", _("Reminder, a week before")
    COMING_ASKED = "coming_asked", _("“Are you coming?”, three days before")
    REMINDER_DAY = "reminder_day", _("Reminder, the day before")
    REMINDER_HOUR = "reminder_hour", _("Reminder, an hour before")
    SESSION_CHANGED = "session_changed", _("Change of a session")
    SESSION_POSTPONED = "session_postponed", _("Session postponed")
    SESSION_CANCELLED = "session_cancelled", _("Session cancelled")
    SLIDES_READY = "slides_ready", _("Slides ready")
    RECORDING_READY = "recording_ready", _("Recording ready")
    SURVEY_OPENED = "survey_opened", _("Invitation to evaluate")
    CERTIFICATE_READY = "certificate_ready", _("Attestation ready")
    CERTIFICATE_ENDED = "certificate_ended", _("Attestation replaced or revoked")
    ACCOUNT_CLOSED = "account_closed", _("Account closed")
    TERM_ANNOUNCED = "term_announced", _("Announcement of a term")
    SESSION_MESSAGE = "session_message", _("Message to people of a session")
    ENROLMENT_OPENS = "enrolment_opens", _("Enrolment opens tomorrow")
    ENROLMENT_OPENED = "enrolment_opened", _("Enrolment is open")


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


class MailingKind(models.TextChoices):
    """Messages to many; each person's is a notice of the same name."""

    TERM_ANNOUNCED = "term_announced", _("Announcement of a term")
    SESSION_MESSAGE = "session_message", _("Message to people of a session")
    ENROLMENT_OPENS = "enrolment_opens", _("Enrolment opens tomorrow")
    ENROLMENT_OPENED = "enrolment_opened", _("Enrolment is open")


# Written by staff; the others come of themselves.
STAFF_MAILINGS = frozenset({MailingKind.TERM_ANNOUNCED, MailingKind.SESSION_MESSAGE})


# What staff may write in a text and each person reads filled in; by either name, in either text.
PLACEHOLDERS: dict[str, dict[str, tuple[str, str]]] = {
    MailingKind.TERM_ANNOUNCED: {
        "name": ("nom", "name"),
        "term": ("programmation", "term"),
        "link": ("lien", "link"),
    },
    MailingKind.SESSION_MESSAGE: {
        "name": ("nom", "name"),
        "training": ("formation", "training"),
        "date": ("date", "date"),
        "hour": ("heure", "hour"),
        "link": ("lien", "link"),
    },
}


class MailingState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("mailing", "Draft")
    SENDING = "sending", pgettext_lazy("mailing", "Being sent")
    STOPPED = "stopped", pgettext_lazy("mailing", "Stopped")
    SENT = "sent", pgettext_lazy("mailing", "Sent")


# `sent` is reached by the worker; `sent → sending` sends what failed once more.
MAILING_TRANSITIONS: dict[str, frozenset[str]] = {
    MailingState.DRAFT: frozenset({MailingState.SENDING}),
    MailingState.SENDING: frozenset({MailingState.STOPPED, MailingState.SENT}),
    MailingState.STOPPED: frozenset({MailingState.SENDING}),
    MailingState.SENT: frozenset({MailingState.SENDING}),
}
# Its words may still change: nobody, or nobody more, receives them.
EDITABLE_STATES = frozenset({MailingState.DRAFT, MailingState.STOPPED})
# Its messages may leave: being sent, or one that failed and is sent again.
LEAVING_STATES = frozenset({MailingState.SENDING, MailingState.SENT})

# Minutes before the next try; after the last one the notice is FAILED.
RETRY_MINUTES = (1, 5, 10, 20, 30, 60, 240)
# Minutes after which a notice still « being sent » was left behind by a worker that died.
STUCK_MINUTES = 10
# Days after which the words of a sent message are forgotten.
WORDS_KEPT_DAYS = 30
# Nothing more will happen to these by itself.
ENDED_STATES = frozenset({NoticeState.SENT, NoticeState.FAILED, NoticeState.DROPPED})
